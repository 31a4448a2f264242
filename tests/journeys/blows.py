"""How a process of ours is killed at a chosen point, from outside: SQLAlchemy is watched, our code knows nothing of it."""

import os
import re
import signal
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

WRITES = re.compile(r"\s*(with\s+done0\s+as\s*\(\s*)?(insert|update|delete)\b", re.IGNORECASE)
"""Changes of several tables in one statement stand inside a WITH."""
CLOCKWORK = re.compile(r"\b(worker_beat|outbox_message SET)\b", re.IGNORECASE)
"""What is written by the clock, whatever else is done: beats and deliveries are no boundaries of the work."""


@dataclass(frozen=True)
class Blow:
    """Where a process dies: just before or just after its n-th commit that wrote something, or before its n-th statement.

    Statements are counted within runs only. `sleeps`: it is not killed; the thread that came there waits at the gate, and
    the parent stops the whole process. A process that stopped itself would stand still wherever its other threads are,
    and its own thread runs on for a moment: with luck into a transaction, whose locks then nobody can get past.
    """

    where: str = "never"
    number: int = 0
    sleeps: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Watch:
    """Counts what passes through every engine of this process, and strikes when the time has come.

    `gate`: a named pipe; who reads from it waits until the parent has opened it for writing and closed it again.
    """

    blow: Blow
    gate: Path
    commits: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _written: dict[int, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Watch every engine that is and will be made in this process."""
        sa.event.listen(sa.Engine, "before_cursor_execute", self._see_statement)
        sa.event.listen(sa.Engine, "after_cursor_execute", self._see_write)
        commit = DefaultDialect.do_commit

        def do_commit(dialect: Any, connection: Any) -> None:
            """Between these two calls to `_reach` lies the commit itself."""
            with self._lock:
                what = self._written.pop(_name_of(connection), None)
            if what is None:
                return commit(dialect, connection)
            with self._lock:
                self.commits.append(what)
                number = len(self.commits)
            self._reach("before", number)
            commit(dialect, connection)
            self._reach("after", number)

        DefaultDialect.do_commit = do_commit  # type: ignore[method-assign]
        sa.event.listen(sa.Engine, "rollback", self._forget)

    def _see_statement(self, _connection: sa.Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if CLOCKWORK.search(statement) or not _in_the_work():
            return
        with self._lock:
            self.statements.append(" ".join(statement.split())[:70])
            number = len(self.statements)
        self._reach("statement", number)

    def _see_write(self, connection: sa.Connection, cursor: Any, statement: str, *_rest: Any) -> None:
        returning = "RETURNING" in statement and (_in_the_work() or "executor_id=" in statement.replace(" ", ""))
        wrote = WRITES.match(statement) and (cursor.rowcount > 0 or returning)
        if wrote and not CLOCKWORK.search(statement):
            with self._lock:
                self._written.setdefault(_name_of(connection.connection), " ".join(statement.split())[:70])

    def _forget(self, connection: sa.Connection) -> None:
        with self._lock:
            self._written.pop(_name_of(connection.connection), None)

    def _reach(self, where: str, number: int) -> None:
        if (where, number) != (self.blow.where, self.blow.number):
            return
        if not self.blow.sleeps:
            os.kill(os.getpid(), signal.SIGKILL)
        self.gate.read_bytes()


def _name_of(connection: Any) -> int:
    """The connection of the driver, however wrapped."""
    return id(getattr(connection, "dbapi_connection", connection))


def _in_the_work() -> bool:
    """Whether this thread carries out a step, and is not one that beats, makes rounds or polls."""
    from dbos._context import get_local_dbos_context

    context = get_local_dbos_context()
    return context is not None and context.is_within_workflow()
