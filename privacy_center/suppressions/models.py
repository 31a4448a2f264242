"""Contacts that must not get marketing, kept as keyed hashes so that a "no" outlives the data it was said in."""

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.datamap.marketing_refusal import LONGEST_CHANNEL
from privacy_center.db import Base


class SuppressionSource(enum.StrEnum):
    """`erasure`: a row that said "no" was erased or cleared. `staff`, `system`: entered by a person, by a company system."""

    ERASURE = "erasure"
    STAFF = "staff"
    SYSTEM = "system"


class Suppression(Base):
    """One contact that refused one channel (empty: every channel). Nothing leads from it to a person but a request's id.

    `value_index`: keyed hash of the contact in its one spelling. `removed_at`: the contact agreed anew; the entry stays until
    its period is over, so that the same request does not write it again.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        sa.UniqueConstraint("request_id", "value_index", "channel"),
        sa.Index(None, "value_index"),
    )

    kind: Mapped[str] = mapped_column(sa.String(60))
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    channel: Mapped[str] = mapped_column(sa.String(LONGEST_CHANNEL))
    added_at: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[SuppressionSource]
    request_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("privacy_request.id", ondelete="SET NULL"), index=True
    )
    added_by: Mapped[str] = mapped_column(sa.String(60))
    reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    removed_at: Mapped[datetime | None] = mapped_column(index=True)
    removed_by: Mapped[str | None] = mapped_column(sa.String(60))
    removal_reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
