"""Holds that a person placed: the hold itself, the records it keeps, a keyed hash of each record, and what happened to it."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base
from privacy_center.errors import Words
from privacy_center.holds.kinds import KINDS, KindWords, PlacedKind
from privacy_center.retention.verdict import PLACED


class PlacedHold(Base):
    """One hold placed by a member of staff, on records of one or several collections.

    `customer` and `ends_when` are sentences in both languages. `last_day`: the last local day on which it protects, where
    that is known. Ending one that takes two people is proposed by the first (`end_proposed_by`) and done by the second.
    `request_id`: the request in which it was placed, if any; the hold outlives it.
    """

    __tablename__ = "placed_hold"

    request_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("privacy_request.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[PlacedKind]
    reason_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
    customer: Mapped[dict[str, Any]]
    ends_when: Mapped[dict[str, Any]]
    owner: Mapped[str] = mapped_column(sa.String(40), index=True)
    authority: Mapped[str] = mapped_column(sa.String(120))
    matter: Mapped[str] = mapped_column(sa.String(120), index=True)
    placed_by: Mapped[str] = mapped_column(sa.String(40))
    placed_at: Mapped[datetime]
    review_on: Mapped[date] = mapped_column(index=True)
    last_day: Mapped[date | None]
    end_proposed_by: Mapped[str | None] = mapped_column(sa.String(40))
    end_proposed_at: Mapped[datetime | None]
    end_reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    ended_by: Mapped[str | None] = mapped_column(sa.String(40))
    ended_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def rule(self) -> str:
        """The key under which it stands among the holds of a record."""
        return f"{PLACED}{self.id}"

    @property
    def words(self) -> KindWords:
        return KINDS[self.kind]

    @property
    def ends_when_words(self) -> Words:
        """What ends it, as part of a sentence."""
        return Words.read(self.ends_when)


class PlacedRecords(Base):
    """The records of one collection that a hold keeps. `fields`: only these fields; empty: the whole record."""

    __tablename__ = "placed_hold_records"
    __table_args__ = (sa.UniqueConstraint("hold_id", "collection"),)

    hold_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("placed_hold.id", ondelete="CASCADE"))
    collection: Mapped[str] = mapped_column(sa.String(200), index=True)
    fields: Mapped[list[Any]]
    key_fields: Mapped[list[Any]]
    row_count: Mapped[int]
    keys_sealed: Mapped[bytes] = mapped_column(info={"category": "user.unique_id", "context": "placed_hold:{id}"})


class PlacedKey(Base):
    """A keyed hash of one record that a hold keeps, by which any plan finds the hold."""

    __tablename__ = "placed_hold_key"
    __table_args__ = (sa.UniqueConstraint("records_id", "key_hash"),)

    records_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("placed_hold_records.id", ondelete="CASCADE"))
    key_hash: Mapped[str] = mapped_column(sa.String(64), index=True)


class PlacedHoldEvent(Base):
    """What happened to a placed hold: placed, reviewed, given to somebody else, proposed to end, ended."""

    __tablename__ = "placed_hold_event"
    __table_args__ = (sa.Index(None, "hold_id", "at"),)

    hold_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("placed_hold.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(sa.String(40))
    act: Mapped[str] = mapped_column(sa.String(40))
    details: Mapped[dict[str, Any]]
    reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
