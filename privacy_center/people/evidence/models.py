"""Pictures that prove who somebody is: sealed, looked at once, and gone after the decision."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base


class Evidence(Base):
    """One picture of one case. `picture_sealed` is emptied at the decision, at the latest when `expires_at` has come.

    `fingerprint` is a keyed hash of what was uploaded: it says later that two uploads were the same, and shows nothing.
    """

    __tablename__ = "evidence"

    case_id: Mapped[uuid.UUID] = mapped_column(index=True)
    shows: Mapped[str] = mapped_column(sa.String(40))
    picture_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.government_id"})
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    destroyed_at: Mapped[datetime | None]
    destroyed_because: Mapped[str | None] = mapped_column(sa.String(40))


class EvidenceLook(Base):
    """One member of staff may look at one picture once. Only the hash of the token that opens it is kept."""

    __tablename__ = "evidence_look"
    __table_args__ = (sa.UniqueConstraint("evidence_id", "staff_number"),)

    evidence_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("evidence.id", ondelete="CASCADE"))
    staff_number: Mapped[str] = mapped_column(sa.String(40))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    granted_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
