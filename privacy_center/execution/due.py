"""What has come due by itself: cooling-off times that ended, messages that wait, holds that end, the daily sweep."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.execution.models import ExecutionRun, ScanRecord
from privacy_center.execution.office import Office
from privacy_center.execution.proceed import HandIn, datasets_of, execute_now
from privacy_center.execution.release import find_due, is_unchanged, open_release, requests_with_holds
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import ready_to_execute

SWEEP_LOCK = 0x5043_5357_4545_50


def begin_ready(office: Office, hand_in: HandIn, at: datetime) -> int:
    """Hand in every request whose time to change one's mind is over. Returns how many."""
    with office.database.reading() as session:
        ready = ready_to_execute(session, at)
    for request_id in ready:
        with office.database.transaction() as session:
            if request_id in ready_to_execute(session, at):
                execute_now(session, session.get_one(PrivacyRequest, request_id), hand_in, at)
    return len(ready)


def release_due(
    office: Office,
    hand_in: HandIn,
    at: datetime,
    *,
    today: date | None = None,
    collection: str | None = None,
    request_id: uuid.UUID | None = None,
) -> list[ExecutionRun]:
    """Ask about everything held (of one collection, of one request) and hand in a release for what no rule holds now.

    `today` is the local date to judge on. A database that does not answer is asked again at the next sweep. The company's
    databases are asked before our own is written to; a request whose register has changed by then waits for the next sweep.
    """
    day = today or office.today(at)
    with office.database.reading() as session:
        held = requests_with_holds(session, collection=collection)
    opened = []
    for one in held if request_id is None else [one for one in held if one == request_id]:
        with office.database.reading() as session:
            due = find_due(session, office, one, day)
        if not due.rows:
            continue
        with office.database.transaction() as session:
            lock_sweep(session)
            if one in requests_with_holds(session) and is_unchanged(session, due):
                run = open_release(session, office, due, at)
                if run is not None:
                    hand_in(session, run, datasets_of(session, run))
                    opened.append(run)
    return opened


def lock_sweep(session: Session) -> None:
    """Only one worker sweeps at a time: SQLite's write lock does it, PostgreSQL takes an advisory lock."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(SWEEP_LOCK)))


def sweep_is_due(office: Office, at: datetime) -> bool:
    """Whether today's sweep (after `sweep_hour`, local time) has not begun yet."""
    local = at.astimezone(ZoneInfo(office.settings.timezone))
    if local.hour < office.settings.sweep_hour:
        return False
    begin = local.replace(hour=0, minute=0, second=0, microsecond=0)
    with office.database.reading() as session:
        done = session.scalar(sa.select(sa.func.count()).select_from(ScanRecord).where(ScanRecord.started_at >= begin))
    return not done
