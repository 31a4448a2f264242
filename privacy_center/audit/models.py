"""The audit trail: one row for every act and every look, each carrying the hash of the one before."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # on SQLite only INTEGER is the row id itself


class AuditEntry(Base):
    """Who did what, when, on whose behalf. Never changed and never removed: the database refuses both.

    `details` is canonical JSON without personal data: ids, references, categories, counts. `content_sealed` is what was
    shown, masked, under the data subject's own key: when that key is destroyed the chain still holds.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.Index(None, "subject_id", "seq"),
        sa.Index(None, "request_reference", "seq"),
        sa.Index(None, "actor_id", "seq"),
    )

    id = None  # the sequence is the key: a random one would only slow the chain down
    seq: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(sa.String(16))
    actor_id: Mapped[str] = mapped_column(sa.String(64))
    actor_role: Mapped[str] = mapped_column(sa.String(64))
    act: Mapped[str] = mapped_column(sa.String(80))
    subject_id: Mapped[uuid.UUID | None]
    request_reference: Mapped[str | None] = mapped_column(sa.String(32))
    details: Mapped[str] = mapped_column(sa.Text)
    content_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary, info={"category": "user"})
    previous_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class SignedHead(Base):
    """The newest entry of an hour, signed. It waits here until it has been brought to the place of the export."""

    __tablename__ = "audit_head"

    number: Mapped[int] = mapped_column(unique=True)
    hour: Mapped[datetime] = mapped_column(unique=True)
    seq: Mapped[int] = mapped_column(BIG)
    hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    at: Mapped[datetime]
    key_id: Mapped[int]
    signature: Mapped[bytes] = mapped_column(sa.LargeBinary(64))
    exported_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(sa.String(200))
