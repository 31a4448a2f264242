"""The inbox: the full words of every message; e-mail and SMS only say that there is one."""

import sqlalchemy as sa
from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.looks.questions import questions_of
from privacy_center.outbox.inbox import count_unread, notices_for, read_notice
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.web.customer.identity import me
from privacy_center.web.page import go, page
from privacy_center.web.units import reading, transaction

inbox = Blueprint("inbox", __name__, url_prefix="/me/inbox")


@inbox.route("/", methods=["GET", "POST"])
def show() -> Response:
    """The newest messages; POST marks all of them as read."""
    if request.method == "POST":
        with transaction() as session:
            for one in notices_for(session, me().person):
                if one.read_at is None:
                    read_notice(session, me().person, one.id, clock.now())
        return go(url_for("inbox.show"))
    with reading() as session:
        notices = notices_for(session, me().person)
        unread = count_unread(session, me().person)
        places = _places(session, {one.reference for one in notices if one.reference})
    return page("customer/inbox.html", notices=notices, unread=unread, places=places, active="inbox")


def _places(session: Session, references: set[str]) -> dict[str, str]:
    """Reference → the page of what a message is about: a request, or a question about a look."""
    asked = sa.select(PrivacyRequest.reference).where(
        PrivacyRequest.person_id == me().person, PrivacyRequest.reference.in_(references)
    )
    places = {one: url_for("requests.show", reference=one) for one in session.scalars(asked)}
    if references - places.keys():
        for seq, one in questions_of(session, me().person).items():
            places[one.reference] = url_for("who_looked.question", seq=seq)
    return places
