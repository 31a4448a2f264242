"""Messages that were given up: seen by a person, and sent again by a person."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.outbox.models import MessageState, OutboxMessage


def parked_messages(session: Session, limit: int = 100) -> list[OutboxMessage]:
    """The messages that wait for a person, newest first."""
    parked = sa.select(OutboxMessage).where(OutboxMessage.state == MessageState.PARKED)
    return list(session.scalars(parked.order_by(OutboxMessage.created_at.desc()).limit(limit)))


def count_waiting(session: Session) -> dict[str, int]:
    """How many messages stand in each state."""
    counted = sa.select(OutboxMessage.state, sa.func.count()).group_by(OutboxMessage.state)
    return {state.value: count for state, count in session.execute(counted)}


def send_again(session: Session, message: uuid.UUID, at: datetime) -> None:
    """Let a parked message try again from the start; refuses one that is not parked."""
    again = sa.update(OutboxMessage).where(OutboxMessage.id == message, OutboxMessage.state == MessageState.PARKED)
    if session.execute(again.values(state=MessageState.WAITING, attempts=0, next_at=at)).rowcount != 1:
        raise Refusal("这条消息没有停发，不用重发。", "This message is not parked; there is nothing to send again.")
