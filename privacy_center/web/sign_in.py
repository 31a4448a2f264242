"""Signing in: one field, one code. A known and an unknown contact see the same pages."""

import secrets
import uuid

from flask import Blueprint, Response, request, url_for
from flask import session as browser

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.outbox.sms.ways import can_call
from privacy_center.people.contact import mask_contact
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.login import end_login
from privacy_center.people.sign_in import SignInAttempt, code_refusal, finish_proof, start_sign_in
from privacy_center.people.step_up import Proof
from privacy_center.web.cookies import sent_cookie
from privacy_center.web.guard import own_path
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.units import center, transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_out
from privacy_center.web.welcome import open_for, welcome

sign_in = Blueprint("sign_in", __name__)

ATTEMPT = "sign_in"


@sign_in.route("/sign-in", methods=["GET", "POST"])
def ask() -> Response:
    """Where can a code reach you? One field: an e-mail address or a phone number. Other ways stand below."""
    if request.method == "GET":
        return _ask_page()
    typed = request.form.get("contact", "")
    try:
        send_code(typed)
    except Refusal as refusal:
        return _ask_page(typed, refusal)
    return go(url_for("sign_in.code", next=onward()))


@sign_in.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Response:
    """The code that was sent, if the contact is on file; the page does not say whether it is."""
    attempt = browser.get(ATTEMPT)
    if not attempt:
        return go(url_for("sign_in.ask", next=onward()))
    if request.method == "GET":
        return code_page(attempt)
    try:
        tokens = _take_code(attempt)
    except Refusal as refusal:
        return code_page(attempt, refusal)
    return welcome(tokens, onward()) if tokens else code_page(attempt, code_refusal())


def _take_code(attempt: dict[str, str]) -> tuple[str, str] | None:
    """The tokens of a new login for whom the right code proves; None for a wrong one."""
    at, typed = clock.now(), request.form.get("code", "")
    with transaction() as session:
        contact = finish_proof(session, uuid.UUID(attempt["id"]), typed, attempt["browser"], "sign_in", at)
        if contact is None:
            return None
        person = find_or_create_person(session, contact.kind, contact.value, at, language=language())
        return open_for(session, person.id, Proof("code", contact), at)


@sign_in.post("/sign-out")
def leave() -> Response:
    """End the login and forget everything that this browser holds for it."""
    with transaction() as session:
        end_login(session, sent_cookie(CUSTOMER_COOKIE), clock.now())
    browser.clear()
    return let_out(go(url_for("public.entry")), CUSTOMER_COOKIE)


def send_code(typed: str, order: str | None = None) -> None:
    """Queue a code for the contact that was typed; with `order`, it leaves only if that order names this contact."""
    bound = secrets.token_urlsafe(24)
    with transaction() as session:
        started = start_sign_in(
            session,
            typed=typed,
            browser_token=bound,
            address=request.remote_addr or "",
            language=language(),
            at=clock.now(),
            only_if_order=order,
        )
    keep_attempt(started, bound, order)


def keep_attempt(started: SignInAttempt, bound: str, order: str | None = None) -> None:
    """What the code page needs of this attempt, in the browser's signed cookie."""
    kept = {"id": str(started.id), "browser": bound, "to": mask_contact(started.contact), "kind": started.contact.kind}
    browser[ATTEMPT] = kept | ({"order": order} if order is not None else {})


def onward() -> str:
    """Where to go on to after signing in."""
    return own_path(request.values.get("next", ""), "/me/")


def _ask_page(typed: str = "", refusal: Refusal | None = None) -> Response:
    errors = {"contact": refusal.words.spoken(language())} if refusal else {}
    settings = center().settings
    return page(
        "public/sign_in.html",
        errors=errors,
        typed=typed,
        next=onward(),
        company_account=settings.oidc.name if settings.oidc.issuer else None,
        by_order=bool(settings.orders.number),
        status=refusal.status if refusal else 200,
    )


def code_page(attempt: dict[str, str], refusal: Refusal | None = None) -> Response:
    """The page on which the code is entered; a phone can be rung where calls are set up."""
    settings = center().settings
    return page(
        "public/sign_in_code.html",
        errors={"code": refusal.words.spoken(language())} if refusal else {},
        sent_to=attempt["to"],
        by_call=attempt.get("kind") == "phone_number" and can_call(settings.sms, demo=settings.demo),
        next=onward(),
        status=refusal.status if refusal else 200,
    )
