"""Entries that are appended as the transaction ends, so that others who append wait for a moment and not for all of it."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from privacy_center.audit.append import record

WAITING = "audit.waiting"


def record_at_end(session: Session, **entry: Any) -> None:
    """Append one entry (what `record` takes) just before the caller's transaction is kept; never without it.

    Inside a savepoint it is appended at once, so that it goes when the savepoint is taken back.
    """
    if session.in_nested_transaction():
        record(session, **entry)
    else:
        session.info.setdefault(WAITING, []).append(entry)


@sa.event.listens_for(Session, "before_commit")
def _append_waiting(session: Session) -> None:
    """Everything else is written first: from the first entry to the commit everybody else who appends waits."""
    if session.in_nested_transaction() or not session.info.get(WAITING):
        return
    session.flush()
    for entry in session.info.pop(WAITING):
        record(session, **entry)


@sa.event.listens_for(Session, "after_soft_rollback")
def _forget_waiting(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop(WAITING, None)
