"""Opening an item for a burst that a rule found, or adding to the one that waits already."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.anomalies.models import Anomaly, AnomalyLine
from privacy_center.anomalies.rule import Rule
from privacy_center.audit.append import Actor, record
from privacy_center.people.staff.roles import Role
from privacy_center.people.staff.tell import tell_staff

WATCH = Actor("system", "anomalies")
MOST_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Burst:
    """What was counted for one group: the highest count, from when to when, and the entries behind it."""

    group: str
    count: int
    first: datetime
    last: datetime
    entries: tuple[int, ...] = ()


def open_or_extend(session: Session, rule: Rule, burst: Burst, at: datetime) -> int:
    """1 when an item was opened; 0 when one that waits, and touches this burst, grew. It is recorded and told once."""
    waiting = sa.select(Anomaly).where(
        Anomaly.rule == rule.key,
        Anomaly.group_key == burst.group,
        Anomaly.settled_at.is_(None),
        Anomaly.last_at >= burst.first - rule.window,
    )
    item = session.scalars(waiting.order_by(Anomaly.last_at.desc()).limit(1)).one_or_none()
    if item is not None:
        item.counted, item.last_at = max(item.counted, burst.count), max(item.last_at, burst.last)
        item.first_at = min(item.first_at, burst.first)
        _add_lines(session, item.id, burst)
        return 0
    item = Anomaly(
        id=uuid.uuid4(),
        rule=rule.key,
        group_key=burst.group,
        title={"title": rule.title, "why": rule.why, "by": rule.by, "count": rule.count},
        severity=rule.severity,
        threshold=rule.threshold,
        counted=burst.count,
        first_at=burst.first,
        last_at=burst.last,
        opened_at=at,
        due_at=at + rule.due_within,
    )
    session.add(item)
    session.flush()
    _add_lines(session, item.id, burst)
    told = {"item": str(item.id), "rule": rule.key, "severity": rule.severity.value, "counted": burst.count}
    record(session, actor=WATCH, act="anomaly.opened", details=told, at=at)
    hour = at.strftime("%Y%m%d%H")
    tell_staff(session, Role.SECURITY_OFFICER, "anomaly_waiting", {}, dedupe_key=f"anomaly:{hour}", at=at)
    return 1


def lines_of_settled(rule: str, group: str) -> sa.Select[tuple[int]]:
    """The entries that stand behind settled items of a rule and a group."""
    settled = sa.and_(Anomaly.rule == rule, Anomaly.group_key == group, Anomaly.settled_at.is_not(None))
    return sa.select(AnomalyLine.seq).join(Anomaly, Anomaly.id == AnomalyLine.anomaly_id).where(settled)


def _add_lines(session: Session, item: uuid.UUID, burst: Burst) -> None:
    if not burst.entries:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{"id": uuid.uuid4(), "anomaly_id": item, "seq": seq} for seq in burst.entries[:MOST_LINES]]
    put = dialect.insert(AnomalyLine.__table__).on_conflict_do_nothing(index_elements=["anomaly_id", "seq"])
    session.execute(put, rows)
