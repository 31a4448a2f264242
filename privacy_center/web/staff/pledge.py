"""The confidentiality pledge: read it, sign it with one's name and password, print it."""

from flask import Response, request, url_for

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.passwords import check_password
from privacy_center.people.staff.pledge import pledge_holds, pledge_text, pledges_of, sign_pledge, signed_pledge
from privacy_center.people.staff.prove import proof_refusal
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.who import me
from privacy_center.web.units import reading, transaction


@staff.get("/pledge")
def pledge() -> Response:
    """The text in force, and when one signed it."""
    return _pledge_page()


@staff.post("/pledge")
def sign_own_pledge() -> Response:
    """Sign the version that was shown. A wrong password counts as a wrong try."""
    typed, at = request.form, clock.now()
    try:
        with transaction() as session:
            member = session.get_one(StaffMember, me().id)
            found = check_password(session, member.number, typed.get("password", ""), at)
            if found is not None:
                sign_pledge(session, member, version=typed.get("version", ""), name=typed.get("name", ""), at=at)
    except Refusal as refusal:
        return _pledge_page({refusal.field or "name": words(refusal.words)}, status=refusal.status)
    if found is None:
        return _pledge_page({"password": words(proof_refusal().words)}, status=422)
    return go(url_for("staff.pledge"))


def _pledge_page(errors: dict[str, str] | None = None, *, status: int = 200) -> Response:
    with reading() as session:
        member = session.get_one(StaffMember, me().id)
        text = pledge_text(session)
        signed = signed_pledge(session, member, text.version)
        told = {
            "text": text,
            "signed": signed,
            "genuine": signed is not None and pledge_holds(session, signed),
            "earlier": [one for one in pledges_of(session, member) if one.version != text.version],
        }
    name = request.form.get("name", "")
    return page("staff/pledge.html", member=me(), errors=errors or {}, typed=name, status=status, **told)
