"""How long the proof of a long record takes: its own SQLite file, one million looks, signed heads, verified whole.

Run by itself: `python -m tests.bench.chain [ENTRIES]`.
"""

import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from privacy_center.audit.link import FIRST, link_hash
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.verify import Head, verify_chain
from privacy_center.db import Database
from privacy_center.db_upgrade import upgrade_database
from privacy_center.keys.canonical import canonical_text

ENTRIES = 1_000_000
BATCH = 10_000
REACH = 60.0
"""Seconds in which one million entries must be proven."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One measurement: entries, heads they were held against, seconds."""

    entries: int
    heads: int
    seconds: float


def prove_chain(entries: int = ENTRIES) -> Proof:
    """Write that many entries as looks are written, and time the verification of all of them against hourly heads."""
    with tempfile.TemporaryDirectory(prefix="chain-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'own.db'}")
        upgrade_database(database)
        heads = list(fill_chain(database, entries))
        begun = time.perf_counter()
        with database.reading() as session:
            found = verify_chain(session, heads)
        seconds = time.perf_counter() - begun
        database.close()
    assert found.ok and found.entries == entries, found
    return Proof(entries, len(heads), seconds)


def fill_chain(database: Database, entries: int) -> Iterator[Head]:
    """The chain, batch by batch; a head for every batch."""
    previous, table = FIRST, AuditEntry.__table__
    names = [column.name for column in table.columns]
    put = f"INSERT INTO audit_entry ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    with database.engine.begin() as connection:
        for index in table.indexes:
            index.drop(connection)
    for first in range(1, entries + 1, BATCH):
        rows = []
        for seq in range(first, min(first + BATCH, entries + 1)):
            row = _look(seq, previous)
            previous = row["hash"]
            rows.append(tuple(row[name] for name in names))
        with database.engine.begin() as connection:
            connection.exec_driver_sql(put, rows)
        yield Head(seq, previous)


def _look(seq: int, previous: bytes) -> dict[str, Any]:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seq)
    subject, case, content = uuid.UUID(int=seq % 5_000), f"PC-{seq % 9_000:012}", bytes(160)
    who = ("staff", f"S{seq % 300:04}", "reviewer")
    hashed = link_hash(previous, seq, at, who, "data.look", subject, case, DETAILS, content)
    return {
        "seq": seq, "at": at.strftime("%Y-%m-%d %H:%M:%S.%f"), "actor_kind": who[0], "actor_id": who[1], "actor_role": who[2], "act": "data.look",
        "subject_id": subject.hex, "request_reference": case, "details": DETAILS, "content_sealed": content,
        "previous_hash": previous, "hash": hashed,
    }  # fmt: skip


DETAILS = canonical_text(
    {
        "channel": "staff_page",
        "data": ["user.contact", "user.financial", "user.name"],
        "department": "个人信息保护组",
        "page": "request",
        "purpose": "request.review",
        "system": "privacy-center",
    }
)


def told(proof: Proof) -> str:
    """The measurement in a line."""
    return (
        f"{proof.entries:,} entries of the record verified against {proof.heads} heads in {proof.seconds:.1f} s "
        f"({proof.seconds / proof.entries * 1e6:.1f} µs each)"
    )


if __name__ == "__main__":
    print(told(prove_chain(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)))
