"""Taking a request, writing to the customer, and notes between reviewers."""

from flask import Response, request, url_for

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.thread import reply
from privacy_center.review.desk import add_note, assign
from privacy_center.review.duties import check_may_write
from privacy_center.web.filters import words
from privacy_center.web.guard import own_path
from privacy_center.web.page import go
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.request_page import draw_request
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import transaction


@staff.post("/requests/<reference>/take")
def take(reference: str) -> Response:
    """Assign the request to oneself; refused where one may not decide it."""
    with transaction() as session:
        asked = request_by_reference(session, reference)
        assign(session, asked, to=me(), by=me(), at=clock.now())
    page = url_for("staff.request_page", reference=reference, done="taken")
    return go(own_path(request.form.get("back", ""), page))


@staff.post("/requests/<reference>/messages")
def say(reference: str) -> Response:
    """Write to the customer."""
    try:
        with transaction() as session:
            asked = request_by_reference(session, reference)
            check_may_write(session, asked, me())
            reply(session, asked, text=request.form.get("message", ""), actor=actor(), at=clock.now())
    except Refusal as refusal:
        return _again(reference, "message", refusal)
    return go(url_for("staff.request_page", reference=reference, done="sent") + "#thread")


@staff.post("/requests/<reference>/notes")
def note(reference: str) -> Response:
    """A note for colleagues; the customer may ask to read it."""
    try:
        with transaction() as session:
            asked = request_by_reference(session, reference)
            check_may_write(session, asked, me())
            add_note(session, asked, text=request.form.get("note", ""), by=me(), at=clock.now())
    except Refusal as refusal:
        return _again(reference, "note", refusal)
    return go(url_for("staff.request_page", reference=reference, done="noted") + "#notes")


def _again(reference: str, field: str, refusal: Refusal) -> Response:
    errors = {field: words(refusal.words)}
    return draw_request(reference, chosen=request.form, errors=errors, status=refusal.status)
