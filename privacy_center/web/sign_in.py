"""Signing in: one field, one code. A known and an unknown contact see the same pages."""

from flask import Blueprint, Response, request, url_for
from flask import session as browser

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.outbox.sms.ways import can_call
from privacy_center.people.login import end_login
from privacy_center.people.sign_in import code_refusal
from privacy_center.web.code_attempt import attempt_for, send_code, take_code
from privacy_center.web.cookies import sent_cookie
from privacy_center.web.guard import own_path
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.units import center, transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_out
from privacy_center.web.welcome import welcome

sign_in = Blueprint("sign_in", __name__)


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
    attempt = attempt_for()
    if not attempt:
        return go(url_for("sign_in.ask", next=onward()))
    if request.method == "GET":
        return code_page(attempt)
    try:
        tokens = take_code(attempt, request.form.get("code", ""))
    except Refusal as refusal:
        return code_page(attempt, refusal)
    return welcome(tokens, onward()) if tokens else code_page(attempt, code_refusal())


@sign_in.post("/sign-out")
def leave() -> Response:
    """End the login and forget everything that this browser holds for it."""
    with transaction() as session:
        end_login(session, sent_cookie(CUSTOMER_COOKIE), clock.now())
    browser.clear()
    return let_out(go(url_for("public.entry")), CUSTOMER_COOKIE)


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
        asked_before=bool(refusal and attempt_for()),
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
