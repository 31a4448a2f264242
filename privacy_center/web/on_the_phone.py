"""'I am on the phone with you': the caller types the number of the call and the code here, and tells the code to nobody."""

from flask import Blueprint, Response, request

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.call import prove_in_call
from privacy_center.web.filters import words
from privacy_center.web.page import page
from privacy_center.web.units import transaction

on_the_phone = Blueprint("on_the_phone", __name__)


@on_the_phone.route("/on-the-phone", methods=["GET", "POST"])
def prove() -> Response:
    """Two fields; the same answer whichever of them is wrong."""
    if request.method == "GET":
        return _page()
    number, code = request.form.get("number", ""), request.form.get("code", "")
    try:
        with transaction() as session:
            proven = prove_in_call(session, number, code, address=request.remote_addr or "", at=clock.now())
        if not proven:  # after the transaction, so that the wrong try stays counted
            raise _wrong()
    except Refusal as refusal:
        return _page(typed=number, errors={"number": words(refusal.words)}, status=refusal.status)
    return _page(done=True)


def _wrong() -> Refusal:
    return Refusal(
        "通话号码或验证码不对，或已过期。请核对两个号码再试；还不行，请接线员重新发一个。",
        "The number of the call or the code is not right, or no longer works. Check both and try again; "
        "if that does not help, ask for a new code.",
        status=422,
        field="number",
    )


def _page(*, typed: str = "", errors: dict[str, str] | None = None, done: bool = False, status: int = 200) -> Response:
    return page("public/on_the_phone.html", typed=typed, errors=errors or {}, done=done, status=status)
