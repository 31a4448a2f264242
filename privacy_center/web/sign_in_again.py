"""'I got no code': send it again to the same contact, or have it read out by a call."""

import uuid

from flask import Blueprint, Response, request, url_for

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.sign_in import send_again
from privacy_center.web.code_attempt import attempt_for, keep_attempt
from privacy_center.web.code_words import say_wait_a_minute
from privacy_center.web.page import go
from privacy_center.web.sign_in import code_page, onward
from privacy_center.web.units import transaction

again = Blueprint("sign_in_again", __name__)


@again.post("/sign-in/code/again")
def send() -> Response:
    """A new code to the contact that was typed before, after a minute at the earliest; `by=call` has it read out."""
    attempt = attempt_for()
    if not attempt:
        return go(url_for("sign_in.ask", next=onward()))
    try:
        with say_wait_a_minute(), transaction() as session:
            started = send_again(
                session,
                uuid.UUID(attempt["id"]),
                browser_token=attempt["browser"],
                address=request.remote_addr or "",
                at=clock.now(),
                by_call=request.form.get("by") == "call",
                only_if_order=attempt.get("order"),
            )
    except Refusal as refusal:
        return code_page(attempt, refusal)
    keep_attempt(started, attempt["browser"], order=attempt.get("order"))
    return go(url_for("sign_in.code", next=onward()))
