"""'It was not me': by the number of a notice, without signing in, or signed in. Opening a page never does anything."""

from datetime import timedelta

from flask import Blueprint, Response, request, url_for

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.people.not_me.tokens import read_stop_token, use_stop_token
from privacy_center.people.rate import Limit, count_once
from privacy_center.privacy_requests.freeze import freeze_person
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.units import transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_out, signed_in

freeze = Blueprint("freeze", __name__)

TRIES = Limit("not_me.address", 30, timedelta(hours=1))


@freeze.route("/not-me", methods=["GET", "POST"])
def not_me() -> Response:
    """What a person can do whose contact somebody else has used. POST: on to the page of the number that was typed."""
    if request.method == "GET":
        return _page()
    typed = request.form.get("number", "")
    number = read_stop_token(typed)
    if not number:
        refusal = _unknown() if typed.strip() else _none_typed()
        return _page(typed=typed, errors={"number": words(refusal.words)}, status=422)
    return go(url_for("freeze.by_number", number=number))


@freeze.route("/not-me/<number>", methods=["GET", "POST"])
def by_number(number: str) -> Response:
    """The page that a notice leads to. GET looks nothing up, so that a mail scanner stops nobody; the button does it."""
    if request.method == "GET":
        return _page(number=number)
    at = clock.now()
    try:
        with transaction() as session:
            count_once(session, TRIES, request.remote_addr or "", at)
            person = use_stop_token(session, number, at)
            if person is not None:
                stopped = freeze_person(session, person, how="notice", actor=Actor("customer", str(person)), at=at)
        if person is None:  # after the transaction, so that the wrong try stays counted
            raise _unknown()
    except Refusal as refusal:
        return _page(typed=number, errors={"number": words(refusal.words)}, status=refusal.status)
    return let_out(_page(done=True, stopped=stopped), CUSTOMER_COOKIE)


@freeze.route("/me/stop", methods=["GET", "POST"])
def stop() -> Response:
    """The same for somebody who is signed in: the inbox and the home page lead here."""
    if request.method == "GET":
        return _page()
    who, at = signed_in(), clock.now()
    with transaction() as session:
        actor = Actor("customer", str(who.person))
        stopped = freeze_person(session, who.person, how="login", actor=actor, at=at)
    return let_out(_page(done=True, stopped=stopped), CUSTOMER_COOKIE)


def _none_typed() -> Refusal:
    return Refusal(
        "写下通知里的 16 位号码。找不到通知，可以用下面的办法。",
        "Enter the 16 signs from the notice. If you cannot find it, use one of the ways below.",
        status=422,
        field="number",
    )


def _unknown() -> Refusal:
    return Refusal(
        "这个号码用过了、过期了，或抄错了一位。如果还没有叫停，请打电话给我们。",
        "This number has been used, has run out, or one sign is wrong. If nothing has been stopped yet, call us.",
        status=422,
        field="number",
    )


def _page(
    *,
    done: bool = False,
    stopped: list[str] | None = None,
    number: str = "",
    typed: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    signed_out = {"visitor": None} if done else {}  # the menu of a login that has just ended would lead nowhere
    return page(
        "public/not_me.html",
        **signed_out,
        done=done,
        stopped=stopped or [],
        number=number,
        typed=typed,
        errors=errors or {},
        status=status,
    )
