"""What somebody can say was not them: changes of contact that can be undone, the tokens of notices, and what was frozen."""

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base


class ChangeKind(enum.StrEnum):
    """What was done to the contacts. `COUNTER`: staff put a new contact in place of a lost one."""

    ADDED = "added"
    REPLACED = "replaced"
    REMOVED = "removed"
    COUNTER = "counter"


class ContactChange(Base):
    """One change of contacts. Until `hold_until` it can be undone, and nothing is handed out or deleted.

    `old_identity` and `new_identity` are ids of rows of `person_identity`; `moved_from` is the person who had proven the
    new contact before staff gave it to this one. `old_index` is the blind index of the contact that was given up: whoever
    proves it next is somebody else, and records that carry it are not theirs.
    """

    __tablename__ = "contact_change"
    __table_args__ = (sa.Index(None, "person_id", "hold_until"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind]
    old_identity: Mapped[uuid.UUID | None]
    old_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32), index=True)
    new_identity: Mapped[uuid.UUID | None]
    moved_from: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    hold_until: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class StopToken(Base):
    """What a notice carries so that its reader can stop everything without signing in. Only its hash is kept."""

    __tablename__ = "stop_token"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class PersonFreeze(Base):
    """Somebody said that it was not them. Until staff lift it, nothing of theirs is approved, carried out or submitted."""

    __tablename__ = "person_freeze"
    __table_args__ = (sa.Index(None, "person_id", "lifted_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    how: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None] = mapped_column(index=True)
    lifted_by: Mapped[str | None] = mapped_column(sa.String(40))
    verified_how: Mapped[str | None] = mapped_column(sa.String(40))
    document: Mapped[str | None] = mapped_column(sa.String(60))
    went_on: Mapped[bool | None]
    reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
