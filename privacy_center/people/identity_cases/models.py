"""Cases in which somebody cannot prove who they are by a code, or asks for somebody else."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base


class Path(enum.StrEnum):
    """Why a person has to look: a lost number, a child's guardian, an agent, a relative of somebody who has died."""

    LOST_NUMBER = "lost_number"
    MINOR = "minor"
    AGENT = "agent"
    DECEASED = "deceased"


class CaseState(enum.StrEnum):
    """Where a case stands. A closed one does not open again: whoever was refused may file another."""

    OPEN = "open"
    SECOND = "second"
    APPROVED = "approved"
    REFUSED = "refused"


class IdentityCase(Base):
    """One case. Whom it concerns is what was typed (sealed); nobody looks it up before a decision.

    `asker_id` proved a contact by a code. `document` is a kind and the last four signs, never more. `outcome_reference` is
    the privacy request that followed from an approval.
    """

    __tablename__ = "identity_case"
    __table_args__ = (sa.Index(None, "state", "filed_at"), sa.Index(None, "asker_id", "filed_at"))

    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    path: Mapped[Path]
    state: Mapped[CaseState]
    asker_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    facts_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})
    wants: Mapped[str] = mapped_column(sa.String(20))
    language: Mapped[str] = mapped_column(sa.String(16))
    filed_at: Mapped[datetime]
    due_on: Mapped[date]
    verified_how: Mapped[str | None] = mapped_column(sa.String(40))
    verified_by: Mapped[str | None] = mapped_column(sa.String(40))
    verified_at: Mapped[datetime | None]
    document: Mapped[str | None] = mapped_column(sa.String(60))
    decided_by: Mapped[str | None] = mapped_column(sa.String(40))
    decided_at: Mapped[datetime | None]
    reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    why_second: Mapped[list[Any]]
    second_by: Mapped[str | None] = mapped_column(sa.String(40))
    second_at: Mapped[datetime | None]
    outcome_reference: Mapped[str | None] = mapped_column(sa.String(32), index=True)


class CaseAtCounter(Base):
    """The one case that a member of staff has in hand at a counter, since when (UTC)."""

    __tablename__ = "case_at_counter"

    staff_number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    case_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("identity_case.id", ondelete="CASCADE"), index=True)
    taken_at: Mapped[datetime]
