"""Messages that leave the building: what waits, what was given up, and sending it again."""

import uuid

import sqlalchemy as sa
from flask import Response, url_for

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.outbox.models import MessageState, OutboxMessage
from privacy_center.outbox.parked import count_waiting, parked_messages, send_again
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.who import actor
from privacy_center.web.units import reading, transaction


@staff.get("/messages")
def messages() -> Response:
    """How many stand in each state; those that wait and those that were given up, without address or content."""
    with reading() as session:
        parked = parked_messages(session)
        counts = count_waiting(session)
        waiting = sa.select(OutboxMessage).where(OutboxMessage.state == MessageState.WAITING)
        queued = list(session.scalars(waiting.order_by(OutboxMessage.next_at).limit(50)))
    return page("staff/messages.html", parked=parked, queued=queued, counts=counts)


@staff.post("/messages/<uuid:message>/resend")
def resend(message: uuid.UUID) -> Response:
    """Let a message that was given up try again."""
    at = clock.now()
    with transaction() as session:
        send_again(session, message, at)
        record(session, actor=actor(), act="message.resent", details={"message": str(message)}, at=at)
    return go(url_for("staff.messages"))
