"""Password and code once more, before something dangerous; then on to where one was, with what was typed."""

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.models import LoginKind
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.prove import proof_refusal, prove_again, prove_by_passkey
from privacy_center.web.filters import words
from privacy_center.web.guard import own_path
from privacy_center.web.page import go, page
from privacy_center.web.passkey_site import answered_passkey
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.gate import confirm_page
from privacy_center.web.staff.who import me
from privacy_center.web.units import transaction
from privacy_center.web.visitor import signed_in

KEPT = "kept:"


@staff.route("/confirm", methods=["GET", "POST"])
def confirm() -> Response:
    """A fresh proof opens dangerous steps for five minutes. A form that waited for it is sent with one more press."""
    onward = own_path(request.values.get("next", ""), "/staff/")
    if request.method == "GET":
        return _confirm_page(onward)
    typed, errors = request.form, _prove()
    if errors:
        return _confirm_page(onward, errors)
    if typed.get("sends") == "yes" and _takes_forms(onward):
        return page("staff/carry_on.html", next=onward, kept=_kept())
    return go(onward)


def _prove() -> dict[str, str]:
    """What was wrong with the proof that was given, by field; empty when it holds."""
    at, typed = clock.now(), request.form
    try:
        with transaction() as session:
            member = session.get_one(StaffMember, me().id)
            if typed.get("do") == "passkey":
                key = answered_passkey(session, LoginKind.STAFF, at)
                proven = prove_by_passkey(session, member, signed_in().login, owner=key.owner_id, at=at)
            else:
                proofs = {"password": typed.get("password", ""), "code": typed.get("code", "")}
                proven = prove_again(session, member, signed_in().login, at=at, **proofs)
    except Refusal as refusal:
        return {refusal.field or "passkey": words(refusal.words)}
    return {} if proven else {"password": words(proof_refusal().words)}


def _confirm_page(onward: str, errors: dict[str, str] | None = None) -> Response:
    sends, status = request.form.get("sends") == "yes", 422 if errors else 200
    return confirm_page(onward, _kept(), sends=sends, errors=errors, status=status)


def _kept() -> list[tuple[str, str]]:
    """What was typed into the form that waits."""
    return [
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT) and name != f"{KEPT}csrf_token"
    ]


def _takes_forms(path: str) -> bool:
    """Whether a staff page at this path takes a form."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(path.split("?")[0], method="POST")
    except HTTPException:
        return False
    return str(endpoint).startswith("staff.")
