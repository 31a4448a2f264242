"""Messages: what must leave the building, and what a person finds in the inbox."""

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base


class MessageKind(enum.StrEnum):
    """By which way a message leaves."""

    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"


class MessageState(enum.StrEnum):
    """`parked`: given up and waiting for a person; `dropped`: nothing to send (not on file, or out of time)."""

    WAITING = "waiting"
    SENT = "sent"
    PARKED = "parked"
    DROPPED = "dropped"


class OutboxMessage(Base):
    """One message to one address. Address and content are emptied once it has left or was dropped."""

    __tablename__ = "outbox_message"
    __table_args__ = (sa.Index(None, "state", "next_at"),)

    kind: Mapped[MessageKind]
    person_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    address_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.contact"})
    language: Mapped[str] = mapped_column(sa.String(16))
    template: Mapped[str] = mapped_column(sa.String(60))
    context_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    dedupe_key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    identity_kind: Mapped[str | None] = mapped_column(sa.String(40))
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(sa.String(200))


class InboxMessage(Base):
    """What a person reads after signing in: the source of truth of every notice, in both languages."""

    __tablename__ = "inbox_message"
    __table_args__ = (sa.Index(None, "person_id", "sent_at"),)

    person_id: Mapped[uuid.UUID]
    template: Mapped[str] = mapped_column(sa.String(60))
    request_reference: Mapped[str | None] = mapped_column(sa.String(32))
    words_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
    dedupe_key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class DemoMail(Base):
    """What would have been sent, shown on the mailbox page of the demo. Empty everywhere else."""

    __tablename__ = "demo_mailbox"

    kind: Mapped[MessageKind]
    address_sealed: Mapped[bytes] = mapped_column(info={"category": "user.contact"})
    words_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
    at: Mapped[datetime] = mapped_column(index=True)
