"""What the rules on unusual access have seen: how far they have read, what they count, and the items to settle."""

import enum
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.audit.models import BIG
from privacy_center.db import Base


class AnomalyCursor(Base):
    """The last entry of the chain that the rules have read. One row."""

    __tablename__ = "anomaly_cursor"

    name: Mapped[str] = mapped_column(sa.String(20), unique=True)
    seq: Mapped[int] = mapped_column(BIG)


class AnomalyMark(Base):
    """One entry that a rule counts, for as long as the rule's window is. `what`: what is told apart, if anything."""

    __tablename__ = "anomaly_mark"
    __table_args__ = (sa.Index(None, "rule", "group_key", "at"),)

    rule: Mapped[str] = mapped_column(sa.String(60))
    group_key: Mapped[str] = mapped_column(sa.String(120))
    seq: Mapped[int] = mapped_column(BIG)
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(sa.String(80))
    weight: Mapped[int] = mapped_column(BIG)


class Severity(enum.StrEnum):
    """How quickly an item has to be settled."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Settled(enum.StrEnum):
    """What came of looking into it."""

    EXPLAINED = "explained"
    MISTAKE = "mistake"
    MISUSE = "misuse"
    RULE_TOO_STRICT = "rule_too_strict"


class Anomaly(Base):
    """An item that the security officer must settle. `words` are the rule's as they stood; `counted`: the highest count."""

    __tablename__ = "anomaly"
    __table_args__ = (sa.Index(None, "rule", "group_key", "last_at"),)

    rule: Mapped[str] = mapped_column(sa.String(60))
    group_key: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[dict[str, Any]]
    severity: Mapped[Severity]
    threshold: Mapped[int] = mapped_column(BIG)
    counted: Mapped[int] = mapped_column(BIG)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by: Mapped[str | None] = mapped_column(sa.String(40))
    outcome: Mapped[Settled | None]
    reason_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})


class AnomalyLine(Base):
    """One entry of the chain behind an item."""

    __tablename__ = "anomaly_line"
    __table_args__ = (sa.UniqueConstraint("anomaly_id", "seq"),)

    anomaly_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("anomaly.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(BIG, index=True)
