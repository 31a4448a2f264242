"""Giving a case to somebody, or taking it back: what opens it to a complaint specialist."""

import sqlalchemy as sa
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.desk import assign
from privacy_center.web.filters import words
from privacy_center.web.page import go
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.request_page import draw_request
from privacy_center.web.staff.who import me
from privacy_center.web.units import transaction


@staff.post("/requests/<reference>/assignee")
def hand_over(reference: str) -> Response:
    """Give the case to the member chosen, or take it back from whoever has it. It is on record, and shows at once."""
    wanted, at = request.form.get("assignee", ""), clock.now()
    try:
        with transaction() as session:
            asked = request_by_reference(session, reference)
            to = _chosen(session, wanted) if wanted else None
            assign(session, asked, to=to, by=me(), at=at)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        errors = {"assignee": words(refusal.words)}
        return draw_request(reference, chosen=request.form, errors=errors, status=refusal.status)
    return go(url_for("staff.request_page", reference=reference, done="given" if wanted else "taken_back"))


def _chosen(session: Session, number: str) -> StaffMember:
    found = session.scalars(sa.select(StaffMember).where(StaffMember.number == number)).one_or_none()
    if found is None:
        raise Refusal("选一位同事。", "Choose a colleague.", status=422, field="assignee")
    return found
