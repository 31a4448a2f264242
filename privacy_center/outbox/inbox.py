"""Reading a person's inbox."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.keys.sealing import DESTROYED, show_json
from privacy_center.outbox.models import InboxMessage
from privacy_center.outbox.queue import WORDS

UNREAD = sa.select(sa.func.count()).where(
    InboxMessage.person_id == sa.bindparam("person"), InboxMessage.read_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Notice:
    """One message as its reader sees it."""

    id: uuid.UUID
    title: Words
    body: Words
    reference: str | None
    sent_at: datetime
    read_at: datetime | None


def notices_for(session: Session, person: uuid.UUID, *, limit: int = 50, reference: str | None = None) -> list[Notice]:
    """The newest messages of one person, newest first; `reference` keeps those of one request."""
    found = sa.select(InboxMessage).where(InboxMessage.person_id == person)
    if reference is not None:
        found = found.where(InboxMessage.request_reference == reference)
    newest = found.order_by(InboxMessage.sent_at.desc(), InboxMessage.id).limit(limit)
    return [_open(session, message) for message in session.scalars(newest)]


def read_notice(session: Session, person: uuid.UUID, notice: uuid.UUID, at: datetime) -> Notice:
    """One message, marked as read; refuses with 404 what is not this person's."""
    message = session.get(InboxMessage, notice)
    if message is None or message.person_id != person:
        raise Refusal(
            "没有这条通知。请回到通知列表。", "There is no such message. Go back to the list of messages.", status=404
        )
    message.read_at = message.read_at or at
    return _open(session, message)


def count_unread(session: Session, person: uuid.UUID) -> int:
    """How many messages the person has not opened."""
    return session.scalar(UNREAD, {"person": person}) or 0


def _open(session: Session, message: InboxMessage) -> Notice:
    words = show_json(session, message.words_sealed, WORDS, {"title": DESTROYED.as_json(), "body": DESTROYED.as_json()})
    title, body = Words.read(words["title"]), Words.read(words["body"])
    return Notice(message.id, title, body, message.request_reference, message.sent_at, message.read_at)
