"""Decisions of reviewers, and the notes they leave for each other."""

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base


class Choice(enum.StrEnum):
    """What a reviewer decides."""

    APPROVE = "approve"
    APPROVE_PART = "approve_part"
    REFUSE = "refuse"
    ASK = "ask"


class DecisionState(enum.StrEnum):
    """`waiting`: a second person has not looked yet; `final`: it took effect; `sent_back`: the second person said no."""

    WAITING = "waiting"
    FINAL = "final"
    SENT_BACK = "sent_back"


class ReviewDecision(Base):
    """One decision on one request: by whom, why, and who confirmed it where two are needed.

    `overrides_sealed` holds, per plan item or single record of one, the outcome chosen instead of the planned one, with reason code and text;
    `hold_reasons_sealed`, per rule that does not bind by itself, why records are kept on it.
    """

    __tablename__ = "review_decision"
    __table_args__ = (sa.Index(None, "request_id", "first_at"), sa.Index(None, "state"))

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    plan_digest: Mapped[str | None] = mapped_column(sa.String(64))
    choice: Mapped[Choice]
    state: Mapped[DecisionState]
    reason_codes: Mapped[list[Any]]
    text_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    overrides_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    hold_reasons_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    override_count: Mapped[int]
    row_count: Mapped[int]
    why_second: Mapped[list[Any]]
    first_by: Mapped[str] = mapped_column(sa.String(40))
    first_at: Mapped[datetime]
    second_by: Mapped[str | None] = mapped_column(sa.String(40))
    second_at: Mapped[datetime | None]
    second_text_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})


class DecisionDraft(Base):
    """What a reviewer has chosen for items and single records before the decision is submitted; gone with the decision."""

    __tablename__ = "decision_draft"
    __table_args__ = (sa.UniqueConstraint("request_id", "member"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    plan_id: Mapped[uuid.UUID]
    member: Mapped[str] = mapped_column(sa.String(40))
    overrides_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
    changed_at: Mapped[datetime]


class OpenedRecord(Base):
    """Which member of staff has opened which record of a plan item (`record`: its number, from 1)."""

    __tablename__ = "opened_record"
    __table_args__ = (sa.UniqueConstraint("plan_item_id", "record", "member"), sa.Index(None, "request_id", "member"))

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    plan_item_id: Mapped[uuid.UUID]
    record: Mapped[int]
    member: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]


class DecisionOpened(Base):
    """What the second person opened of a waiting decision: `change` is the key of an override, an item or one record of it."""

    __tablename__ = "decision_opened"
    __table_args__ = (sa.UniqueConstraint("decision_id", "change", "staff_number"),)

    decision_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("review_decision.id", ondelete="CASCADE"))
    change: Mapped[str] = mapped_column(sa.String(60))
    staff_number: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]


class InternalNote(Base):
    """A note between reviewers. The data subject may ask to see it: write it so."""

    __tablename__ = "review_note"
    __table_args__ = (sa.Index(None, "request_id", "at"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    author: Mapped[str] = mapped_column(sa.String(40))
    at: Mapped[datetime]
    text_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
