"""Signing in: one field, one code. A known and an unknown contact see the same pages."""

import secrets
import uuid

from flask import Blueprint, Response, request, url_for
from flask import session as browser

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.errors import Refusal
from privacy_center.people.contact import mask_contact
from privacy_center.people.login import end_login, open_login
from privacy_center.people.models import LoginKind
from privacy_center.people.sign_in import code_refusal, finish_sign_in, start_sign_in
from privacy_center.web.guard import own_path
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.units import transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_in, let_out

sign_in = Blueprint("sign_in", __name__)

ATTEMPT = "sign_in"


@sign_in.route("/sign-in", methods=["GET", "POST"])
def ask() -> Response:
    """Where can a code reach you? One field: an e-mail address or a phone number."""
    if request.method == "GET":
        return _ask_page()
    typed = request.form.get("contact", "")
    try:
        _send_code(typed)
    except Refusal as refusal:
        return _ask_page(typed, refusal)
    return go(url_for("sign_in.code", next=_next()))


@sign_in.route("/sign-in/code", methods=["GET", "POST"])
def code() -> Response:
    """The code that was sent, if the contact is on file; the page does not say whether it is."""
    attempt = browser.get(ATTEMPT)
    if not attempt:
        return go(url_for("sign_in.ask", next=_next()))
    if request.method == "GET":
        return _code_page(attempt)
    at, token = clock.now(), None
    with transaction() as session:
        person = finish_sign_in(
            session,
            uuid.UUID(attempt["id"]),
            request.form.get("code", ""),
            attempt["browser"],
            at,
            language=language(),
        )
        if person is not None:
            _, token = open_login(session, kind=LoginKind.CUSTOMER, owner=person.id, at=at)
            record(session, actor=Actor("customer", str(person.id)), act="login.open", subject=person.id, at=at)
    if token is None:
        return _code_page(attempt, code_refusal())
    browser.clear()
    return let_in(go(own_path(_next(), "/me/")), CUSTOMER_COOKIE, token)


@sign_in.post("/sign-out")
def leave() -> Response:
    """End the login and forget everything that this browser holds for it."""
    with transaction() as session:
        end_login(session, request.cookies.get(CUSTOMER_COOKIE, ""), clock.now())
    browser.clear()
    return let_out(go(url_for("public.entry")), CUSTOMER_COOKIE)


def _send_code(typed: str) -> None:
    bound = secrets.token_urlsafe(24)
    with transaction() as session:
        started = start_sign_in(
            session,
            typed=typed,
            browser_token=bound,
            address=request.remote_addr or "",
            language=language(),
            at=clock.now(),
        )
    browser[ATTEMPT] = {"id": str(started.id), "browser": bound, "to": mask_contact(started.contact)}


def _next() -> str:
    return own_path(request.values.get("next", ""), "/me/")


def _ask_page(typed: str = "", refusal: Refusal | None = None) -> Response:
    errors = {"contact": refusal.words.spoken(language())} if refusal else {}
    status = refusal.status if refusal else 200
    return page("public/sign_in.html", errors=errors, typed=typed, next=_next(), status=status)


def _code_page(attempt: dict[str, str], refusal: Refusal | None = None) -> Response:
    errors = {"code": refusal.words.spoken(language())} if refusal else {}
    status = refusal.status if refusal else 200
    return page("public/sign_in_code.html", errors=errors, sent_to=attempt["to"], next=_next(), status=status)
