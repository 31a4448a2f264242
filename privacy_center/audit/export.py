"""Signed heads brought to a place of one's own: a folder that is only added to, or a command of the company's.

Each head waits in our own table until it has left. A worker claims it first, so several workers do not export it twice;
in the folder a line that is there already is not written again, whatever was killed in between.
"""

import fcntl
import os
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.heads import KeptHead, kept_head, sign_due_head
from privacy_center.audit.models import SignedHead
from privacy_center.config import AuditSettings
from privacy_center.db import Database

CLAIMED = timedelta(minutes=5)
AGAIN_AFTER = timedelta(minutes=1)
COMMAND_SECONDS = 30


@dataclass(frozen=True, slots=True)
class ExportState:
    """How the export stands. `waiting`: heads that have not left; `error`: what the last attempt said."""

    last: datetime | None
    heads: int
    waiting: int
    oldest_waiting: datetime | None
    failures: int
    error: str


def export_due(database: Database, settings: AuditSettings, at: datetime) -> int:
    """Sign this hour's head and bring every head that waits to its place; answers how many left.

    Without a folder or a command heads are signed and wait: the staff page shows it. A failure is noted with the head.
    """
    with database.reading() as session:
        if not _something_to_do(session, settings, at):
            return 0
    with database.transaction() as session:
        sign_due_head(session, at)
    left = 0
    while settings.is_set and (row := _claim(database, at)):
        try:
            bring_out(kept_head(row), settings)
        except (OSError, subprocess.SubprocessError) as trouble:
            _note_failure(database, row, trouble, at)
            break
        _note_done(database, row, at)
        left += 1
    return left


def bring_out(head: KeptHead, settings: AuditSettings) -> None:
    """Append the head to the month's file (mode 0600, fsync), and give it to the command on its standard input.

    Raises OSError or SubprocessError: the folder cannot be written, the command fails or takes more than 30 seconds.
    """
    if settings.export:
        append_line(Path(settings.export) / f"heads-{head.at[:7]}.jsonl", head.line())
    if settings.command:
        said = {"input": head.line() + "\n", "text": True, "timeout": COMMAND_SECONDS, "check": True}
        subprocess.run(settings.command, **said, capture_output=True)  # type: ignore[call-overload]


def append_line(path: Path, line: str) -> None:
    """Add one line to a file that is never rewritten, unless it stands there; on the disk when this returns."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with os.fdopen(os.dup(handle), "rb") as file:
            there = file.read()
        if line.encode() in there.split(b"\n"):
            return
        torn = b"" if not there or there.endswith(b"\n") else b"\n"
        _write_all(handle, torn + line.encode() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_all(handle: int, told: bytes) -> None:
    """All of it or OSError: a disk that fills up takes a part without a word, and refuses what is left."""
    while told:
        told = told[os.write(handle, told) :]


def export_state(session: Session) -> ExportState:
    """What staff and monitoring see of the export."""
    waits = SignedHead.exported_at.is_(None)
    first = session.scalars(sa.select(SignedHead).where(waits).order_by(SignedHead.number).limit(1)).one_or_none()
    last, heads = session.execute(sa.select(sa.func.max(SignedHead.exported_at), sa.func.count())).one()
    waiting = session.scalar(sa.select(sa.func.count()).select_from(SignedHead).where(waits)) or 0
    failed = first is not None and first.failures > 0
    return ExportState(
        last,
        heads,
        waiting,
        first.at if first else None,
        first.failures if failed else 0,
        first.error or "" if failed else "",
    )


def _something_to_do(session: Session, settings: AuditSettings, at: datetime) -> bool:
    newest = session.scalar(sa.select(sa.func.max(SignedHead.hour)))
    if newest is None or at - newest >= timedelta(hours=1):
        return True
    return settings.is_set and session.scalar(sa.select(SignedHead.id).where(*_free(at)).limit(1)) is not None


def _free(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    unclaimed = sa.or_(SignedHead.claimed_until.is_(None), SignedHead.claimed_until <= at)
    return (SignedHead.exported_at.is_(None), unclaimed)


def _claim(database: Database, at: datetime) -> SignedHead | None:
    """The first head that waits, if nobody is at it: heads leave in their order."""
    with database.transaction() as session:
        waits = sa.select(SignedHead).where(SignedHead.exported_at.is_(None)).order_by(SignedHead.number).limit(1)
        row = session.scalars(waits).one_or_none()
        if row is None:
            return None
        take = sa.update(SignedHead).where(SignedHead.id == row.id, *_free(at)).values(claimed_until=at + CLAIMED)
        taken = session.execute(take.execution_options(synchronize_session=False)).rowcount == 1
        session.expunge(row)
        return row if taken else None


def _note_done(database: Database, row: SignedHead, at: datetime) -> None:
    with database.transaction() as session:
        done = {"exported_at": at, "claimed_until": None, "error": None}
        session.execute(sa.update(SignedHead).where(SignedHead.id == row.id).values(**done))


def _note_failure(database: Database, row: SignedHead, trouble: Exception, at: datetime) -> None:
    said = trouble.strerror if isinstance(trouble, OSError) and trouble.strerror else type(trouble).__name__
    noted = {"failures": SignedHead.failures + 1, "error": said[:200], "claimed_until": at + AGAIN_AFTER}
    with database.transaction() as session:
        session.execute(sa.update(SignedHead).where(SignedHead.id == row.id).values(**noted))
