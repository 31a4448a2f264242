"""Connections that were kept: whether one still answers is asked only after it lay idle.

Asking at every use costs a round trip for each transaction. A server that goes away breaks a connection in use anyway;
what has to be found out beforehand is the connection that a restart, a firewall or a time limit cut off while it lay idle.
"""

import time
from typing import Any

import sqlalchemy as sa

IDLE_SECONDS = 5.0


def ask_after_idling(engine: sa.Engine) -> None:
    """Ask a kept connection that lay idle for longer than 5 seconds before it is used; one that is gone is replaced,
    with all others of its age.
    """
    sa.event.listen(engine, "checkin", _note_time)
    sa.event.listen(engine, "checkout", lambda connection, record, _: _ask(engine.dialect, connection, record))


def _note_time(_connection: Any, record: Any) -> None:
    record.info["idle_since"] = time.monotonic()


def _ask(dialect: Any, connection: Any, record: Any) -> None:
    since = record.info.get("idle_since")
    if since is None or time.monotonic() - since < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise sa.exc.InvalidatePoolError("the connection is gone") from error
