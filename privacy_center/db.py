"""The privacy center's own database: engine, base class of the models, and one way to open a unit of work."""

import enum
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from privacy_center.idle import ask_after_idling


class UTCDateTime(sa.TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database; a naive one is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table of the privacy center: named constraints, UTC moments, enums stored by value, random ids."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime,
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[Any]: sa.JSON(none_as_null=True),
        enum.StrEnum: sa.Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4, sort_order=-1)


CONNECTIONS = 10
"""Kept on a server, enough for the threads of the web or of a worker: one more is opened and closed at each use."""

LOCK_WAIT = 30
"""Seconds that a connection to SQLite waits for another one's lock."""


def open_engine(url: str, **options: Any) -> sa.Engine:
    """An engine on the privacy center's own database (SQLite or PostgreSQL); `options` as SQLAlchemy takes them.

    On SQLite every transaction that may write begins with BEGIN IMMEDIATE, so that what was read inside it still holds
    when it writes; without that, the driver lets two writers read the same row and lose one update.
    """
    pooled = {} if url.startswith("sqlite") else {"pool_size": CONNECTIONS, "max_overflow": CONNECTIONS}
    engine = sa.create_engine(url, hide_parameters=True, **pooled, **options)
    ask_after_idling(engine)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_for_looks(url: str) -> sa.Engine:
    """Connections of their own on which every statement stands for itself: to switch one over and back takes time."""
    return open_engine(url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={LOCK_WAIT * 1000}")
    _keep_a_log_of_writes(connection)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _keep_a_log_of_writes(connection: sqlite3.Connection) -> None:
    """Switch a file to WAL, once for all its connections.

    SQLite refuses at once, whatever `busy_timeout` says, where two switch a new file at the same moment, because neither
    could let the other go first; whoever was refused asks again.
    """
    given_up = time.monotonic() + LOCK_WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > given_up:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: sa.Connection) -> None:
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


class Database:
    """The privacy center's own database, and the only place where its transactions begin and end.

    Rooms receive a `Session` and never commit. What a room needs beside it (the keyring) travels in `session.info`.
    """

    def __init__(self, url: str, **info: object) -> None:
        self.url = url
        self.engine = open_engine(url)
        self._writing = sessionmaker(self.engine, expire_on_commit=False, info=info)
        reading = self.engine.execution_options(read_only=True)
        self._reading = sessionmaker(reading, expire_on_commit=False, autoflush=False, info=info)
        self._looks = reading if self.engine.dialect.name == "sqlite" else _open_for_looks(url)
        self._looking = sessionmaker(self._looks, expire_on_commit=False, autoflush=False, info=info)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One unit of work: all of it is kept, or none of it is."""
        session = self._writing()
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look that changes nothing; whatever was added is thrown away."""
        session = self._reading()
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """The same for pages, without the two round trips to a server that begin and end a transaction.

        Each statement sees what is kept when it begins, as READ COMMITTED has it anyway. A lock would not outlive its
        statement, so whoever needs one opens `reading()`.
        """
        session = self._looking()
        try:
            yield session
        finally:
            session.close()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        self._looks.dispose()
