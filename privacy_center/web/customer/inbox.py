"""The inbox: the full words of every message; e-mail and SMS only say that there is one."""

from flask import Blueprint, Response, request, url_for

from privacy_center import clock
from privacy_center.outbox.inbox import count_unread, notices_for, read_notice
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
    return page("customer/inbox.html", notices=notices, unread=unread, active="inbox")
