"""What an entry of the audit trail costs beside a bare insert of the same row into a table with the same indexes."""

import statistics
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.db import Database

ENTRIES, TURNS = 100, 4
REACH = 1.0
"""Milliseconds that an entry may take at most, in the middle."""
SUBJECT, REFERENCE, AT = uuid.uuid4(), "PC-1234-5678-9ABC", clock.now()
Write = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Appended:
    """Medians in milliseconds: an entry, and a bare insert. `where`: which database, and whose transaction."""

    where: str
    entry: float
    bare: float


def compare_appends(**urls: str) -> list[Appended]:
    """Append and insert in turns, at each of these databases, inside one transaction and each in its own."""
    return [one for name, url in urls.items() for one in _compare(name, url)]


def _compare(name: str, url: str) -> list[Appended]:
    database = Database(url)
    writes = {"entry": _append, "bare": _bare_insert(database.engine)}
    inside: dict[str, list[float]] = {one: [] for one in writes}
    alone: dict[str, list[float]] = {one: [] for one in writes}
    for turn in range(TURNS + 1):
        for kind, write in writes.items():
            together, apart = _write_together(database, write), _write_apart(database, write)
            if turn:
                inside[kind] += together
                alone[kind] += apart
    database.close()
    said = {"inside a transaction": inside, "in a transaction of its own": alone}
    return [Appended(f"{name}, {how}", _middle(took["entry"]), _middle(took["bare"])) for how, took in said.items()]


def _append(session: Session) -> object:
    actor, details = Actor("staff", "R1", "reviewer"), {"choice": "approve", "rows": 12}
    return record(
        session, actor=actor, act="request.decided", subject=SUBJECT, request=REFERENCE, details=details, at=AT
    )


def _bare_insert(engine: sa.Engine) -> Write:
    """A table like the audit trail without a chain, and what puts a row of the same size into it."""
    entries = AuditEntry.__table__
    columns = [sa.Column(one.name, one.type, primary_key=one.primary_key, autoincrement=False) for one in entries.c]
    bare = sa.Table("bare_entry", sa.MetaData(), *columns)
    for index in entries.indexes:
        sa.Index(f"bare_{index.name}", *[bare.c[one.name] for one in index.columns])
    entries.create(engine, checkfirst=True)
    bare.create(engine)
    insert, number = sa.insert(bare), iter(range(1, 1_000_000))
    row = {
        "at": AT, "actor_kind": "staff", "actor_id": "R1", "actor_role": "reviewer", "act": "request.decided",
        "subject_id": SUBJECT, "request_reference": REFERENCE, "details": '{"choice":"approve","rows":12}',
        "previous_hash": bytes(32), "hash": bytes(32),
    }  # fmt: skip
    return lambda session: session.execute(insert, {"seq": next(number), **row})


def _write_together(database: Database, write: Write) -> list[float]:
    with database.transaction() as session:
        return [_seconds(lambda: write(session)) for _ in range(ENTRIES)]


def _write_apart(database: Database, write: Write) -> list[float]:
    def write_and_keep() -> None:
        with database.transaction() as session:
            write(session)

    return [_seconds(write_and_keep) for _ in range(ENTRIES)]


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _middle(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000
