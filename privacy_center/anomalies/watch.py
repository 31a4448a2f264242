"""Reading what is new in the record, once, and opening an item where a rule's threshold is reached.

A cursor says how far was read; it moves in the same transaction in which marks and items are written. So a worker that is
killed, restarted, or one of several neither leaves out an entry nor counts it twice.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.anomalies.models import AnomalyCursor, AnomalyMark
from privacy_center.anomalies.open import Burst, lines_of_settled, open_or_extend
from privacy_center.anomalies.outside import sweeps_from_outside
from privacy_center.anomalies.rule import Rule, RuleSet
from privacy_center.anomalies.seen import Seen, Surroundings, close_to_staff, counts, read_entry
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.purposes import ACTS
from privacy_center.db import Database

CURSOR = "record"
BATCH = 2_000
LATE = timedelta(days=3)
"""For how long after its window a mark is kept, for looks that other systems send late."""


def watch(database: Database, rules: RuleSet, around: Surroundings, at: datetime) -> int:
    """Read everything new; answers how many items were opened. Safe in any number of workers."""
    opened = 0
    with database.reading() as session:
        waiting = _waiting(session, rules, at)
    while waiting:
        with database.transaction() as session:
            read, found = _read_on(session, rules, around, at)
            opened += found
        waiting = read == BATCH
    return opened


def _waiting(session: Session, rules: RuleSet, at: datetime) -> bool:
    read = session.scalar(sa.select(AnomalyCursor.seq).where(AnomalyCursor.name == CURSOR)) or 0
    newest = session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    return newest > read or any(True for _ in sweeps_from_outside(session, rules.rules, at))


def _read_on(session: Session, rules: RuleSet, around: Surroundings, at: datetime) -> tuple[int, int]:
    """One batch: how many looks were read, how many items were opened."""
    after, newest = _take_cursor(session), session.scalar(sa.select(sa.func.max(AuditEntry.seq))) or 0
    looks = _looks_between(session, after, newest)
    read = newest if len(looks) < BATCH else looks[-1].seq
    if read > after:
        session.execute(sa.update(AnomalyCursor).where(AnomalyCursor.name == CURSOR).values(seq=read))
    opened = sum(_judge(session, rule, looks, around, at) for rule in rules.rules if rule.source == "record")
    for rule, burst in list(sweeps_from_outside(session, rules.rules, at)):
        opened += open_or_extend(session, rule, burst, at)
    if looks:
        session.execute(sa.delete(AnomalyMark).where(AnomalyMark.at < at - rules.longest_window - LATE))
    return len(looks), opened


def _looks_between(session: Session, after: int, newest: int) -> list[Seen]:
    """The looks of staff after one entry, up to another, oldest first. Entries are kept in their order, so none is skipped."""
    new = sa.select(AuditEntry).where(AuditEntry.seq > after, AuditEntry.seq <= newest)
    new = new.where(AuditEntry.act.in_(list(ACTS)), AuditEntry.actor_kind == "staff")
    new = new.order_by(AuditEntry.seq).limit(BATCH).options(sa.orm.defer(AuditEntry.content_sealed))
    return [read_entry(one) for one in session.scalars(new)]


def _take_cursor(session: Session) -> int:
    """How far was read; whoever else reads waits here until this transaction ends."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {"id": uuid.uuid4(), "name": CURSOR, "seq": 0}
    put = dialect.insert(AnomalyCursor.__table__).values(values)
    put = put.on_conflict_do_update(index_elements=["name"], set_={"seq": AnomalyCursor.__table__.c.seq})
    return session.execute(put.returning(AnomalyCursor.__table__.c.seq)).scalar_one()


def _judge(session: Session, rule: Rule, looks: Sequence[Seen], around: Surroundings, at: datetime) -> int:
    close = close_to_staff(session, looks) if rule.of.subject else {}
    mine = [one for one in looks if one.group(rule.by) and counts(rule.of, one, around, close)]
    if rule.count == "people":
        mine = [one for one in mine if one.subject]
    if not mine:
        return 0
    session.execute(sa.insert(AnomalyMark), [_mark(rule, one) for one in mine])
    groups: dict[str, list[Seen]] = {}
    for one in mine:
        groups.setdefault(one.group(rule.by)[:120], []).append(one)
    return sum(_judge_group(session, rule, group, new, at) for group, new in groups.items())


def _mark(rule: Rule, one: Seen) -> dict[str, object]:
    group, what = one.group(rule.by)[:120], one.subject if rule.count == "people" else ""
    return {
        "id": uuid.uuid4(), "rule": rule.key, "group_key": group, "seq": one.seq, "at": one.at, "what": what,
        "weight": one.records if rule.count == "records" else 1,
    }  # fmt: skip


def _judge_group(session: Session, rule: Rule, group: str, new: Sequence[Seen], at: datetime) -> int:
    """Whether any window that holds a new entry reaches the threshold. What was settled once does not count again."""
    first, last = min(one.at for one in new), max(one.at for one in new)
    near = sa.select(AnomalyMark).where(
        AnomalyMark.rule == rule.key,
        AnomalyMark.group_key == group,
        AnomalyMark.at > first - rule.window,
        AnomalyMark.at < last + rule.window,
        AnomalyMark.seq.not_in(lines_of_settled(rule.key, group)),
    )
    burst = fullest_window(group, list(session.scalars(near.order_by(AnomalyMark.at, AnomalyMark.seq))), rule)
    return open_or_extend(session, rule, burst, at) if burst else 0


def fullest_window(group: str, marks: Sequence[AnomalyMark], rule: Rule) -> Burst | None:
    """Everything in windows that reach the threshold, and the highest count; None where none does. `marks` by time."""
    behind: dict[int, datetime] = {}
    highest, begin = 0, 0
    told: Counter[str] = Counter()
    weight = 0
    for end, mark in enumerate(marks):
        told[mark.what] += 1
        weight += mark.weight
        while marks[begin].at <= mark.at - rule.window:
            told[marks[begin].what] -= 1
            weight -= marks[begin].weight
            begin += 1
        count = _different(told) if rule.count == "people" else weight
        if count >= rule.threshold:
            highest = max(highest, count)
            behind |= {one.seq: one.at for one in marks[begin : end + 1]}
    return Burst(group, highest, min(behind.values()), max(behind.values()), tuple(behind)) if behind else None


def _different(told: Counter[str]) -> int:
    return sum(times > 0 for times in told.values())
