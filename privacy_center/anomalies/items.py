"""The items that unusual access led to: finding them, reading the lines behind them, settling them."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.anomalies.models import Anomaly, AnomalyLine, Settled
from privacy_center.audit.append import record
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import OutOfDate, Refusal, Words, refuse_wrong
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.people.staff.conflict import indexes_close_to, numbers_of, persons_close_to
from privacy_center.people.staff.models import StaffMember

REASON = "anomaly.reason"
LONGEST = 2_000
PAGE = 25


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait, and how many of those should be settled by now."""

    open: int
    overdue: int


def anomalies(session: Session, *, settled: bool, skip: int = 0, limit: int = PAGE) -> list[Anomaly]:
    """Items, those that wait by their day, those that are settled by when they were, the newest first."""
    found = sa.select(Anomaly).where(Anomaly.settled_at.is_not(None) if settled else Anomaly.settled_at.is_(None))
    order = (Anomaly.settled_at.desc(),) if settled else (Anomaly.due_at, Anomaly.opened_at)
    return list(session.scalars(found.order_by(*order, Anomaly.id).offset(skip).limit(limit)))


def count_items(session: Session, at: datetime) -> Counts:
    """What waits for the security officer."""
    late = sa.func.count().filter(Anomaly.due_at < at)
    waiting, overdue = session.execute(sa.select(sa.func.count(), late).where(Anomaly.settled_at.is_(None))).one()
    return Counts(waiting, overdue)


def count_settled(session: Session) -> int:
    """How many were settled."""
    return session.scalar(sa.select(sa.func.count()).where(Anomaly.settled_at.is_not(None))) or 0


def anomaly_by_id(session: Session, item: uuid.UUID) -> Anomaly:
    """One item; refuses (404) where there is none."""
    found = session.get(Anomaly, item)
    if found is None:
        raise Refusal("没有这一项。请回到列表。", "There is no such item. Go back to the list.", status=404)
    return found


def lines_behind(session: Session, item: uuid.UUID, limit: int = 200) -> list[AuditEntry]:
    """The entries of the chain behind an item, newest first; the first 200."""
    mine = sa.select(AuditEntry).join(AnomalyLine, AnomalyLine.seq == AuditEntry.seq)
    newest = mine.where(AnomalyLine.anomaly_id == item).order_by(AuditEntry.seq.desc()).limit(limit)
    return list(session.scalars(newest))


def count_lines(session: Session, item: uuid.UUID) -> int:
    """How many entries are behind an item."""
    return session.scalar(sa.select(sa.func.count()).where(AnomalyLine.anomaly_id == item)) or 0


def being_checked(session: Session, entries: Collection[int]) -> set[int]:
    """Which of these entries stand behind an item that is not settled."""
    if not entries:
        return set()
    waiting = sa.select(AnomalyLine.seq).join(Anomaly, Anomaly.id == AnomalyLine.anomaly_id)
    return set(session.scalars(waiting.where(AnomalyLine.seq.in_(entries), Anomaly.settled_at.is_(None))))


def is_concerned(session: Session, item: Anomaly, staff: StaffMember) -> bool:
    """Whether the item is about what this member did, or about their own data or that of somebody close to them.

    An entry about somebody who was new bears no person, only the blind index of a contact (64 hex signs, so nothing else
    in its details looks like it).
    """
    mine = sa.select(AuditEntry.seq).join(AnomalyLine, AnomalyLine.seq == AuditEntry.seq)
    by_index = [AuditEntry.details.contains(index.hex()) for index in indexes_close_to(session, staff)]
    about = sa.or_(
        AuditEntry.actor_id.in_(numbers_of(session, staff)),
        AuditEntry.subject_id.in_(persons_close_to(staff)),
        sa.and_(AuditEntry.subject_id.is_(None), sa.or_(sa.false(), *by_index)),
    )
    return session.scalar(mine.where(AnomalyLine.anomaly_id == item.id, about).limit(1)) is not None


def settle(
    session: Session, item: Anomaly, *, by: StaffMember, outcome: Settled | None, reason: str, at: datetime
) -> None:
    """Close an item with what came of it and why. Refuses (403) the person concerned, (422) no outcome or reason,
    (409) one that was settled meanwhile.
    """
    if is_concerned(session, item, by):
        raise Refusal(
            "这一项与您本人有关，须由别人处理。请转给另一位安全负责人。",
            "This item concerns you, so somebody else must settle it. Hand it to another security officer.",
            status=403,
        )
    refuse_wrong(_wrong_conclusion(outcome, reason))
    values = {
        "settled_at": at,
        "settled_by": by.number,
        "outcome": outcome,
        "reason_sealed": seal_text(session, reason.strip(), REASON),
    }
    still = sa.and_(Anomaly.id == item.id, Anomaly.settled_at.is_(None))
    if session.execute(sa.update(Anomaly).where(still).values(**values)).rowcount != 1:
        raise OutOfDate("这一项已经有人处理了。请刷新页面。", "Somebody has settled this item. Load the page again.")
    told = {"item": str(item.id), "rule": item.rule, "outcome": outcome.value}
    record(session, actor=by.as_actor(), act="anomaly.settled", details=told, at=at)


def reason_of(session: Session, item: Anomaly) -> str:
    """Why it was settled as it was; nothing while it waits."""
    return show_text(session, item.reason_sealed, REASON)


def _wrong_conclusion(outcome: Settled | None, reason: str) -> dict[str, Words]:
    wrong = {}
    if outcome is None:
        wrong["outcome"] = Words("选一个结论。", "Choose what came of it.")
    if not 0 < len(reason.strip()) <= LONGEST:
        wrong["reason"] = Words(
            "写明查了什么、凭什么这样定，最多 2000 字。",
            "Say what you looked into and what it showed, in at most 2,000 characters.",
        )
    return wrong
