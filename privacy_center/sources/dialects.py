"""How each kind of database is opened: time limits, read-only where we may only read, honest transactions on SQLite."""

import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from privacy_center.idle import ask_after_idling
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.odd_spelling import teach_sqlite

CONNECT_SECONDS = 5
CONNECTIONS = 8
"""Kept to one company database on a server, as many as a worker has threads: one more is opened and closed at each use."""
_CHECK_EVERY = 10_000
_UNKNOWN_VARIABLE = 1193
_PLAN_ONCE = "SELECT set_config(name, 'force_generic_plan', false) FROM pg_settings WHERE name = 'plan_cache_mode'"


def open_source_engine(config: SourceConfig, statement_seconds: float) -> sa.Engine:
    """An engine on one company database, with a small pool; a statement that takes longer than the limit is stopped.

    The execution option `writes=True` opens a SQLite transaction with BEGIN IMMEDIATE; without it, with BEGIN.
    """
    url = sa.make_url(config.url)
    opener = {"postgresql": _open_postgres, "mysql": _open_mysql, "sqlite": _open_sqlite}.get(url.get_backend_name())
    if opener is None:
        engine = sa.create_engine(url, pool_size=CONNECTIONS, max_overflow=4, hide_parameters=True)
    else:
        engine = opener(url, config.access == "read", statement_seconds)
    ask_after_idling(engine)
    return engine


def missing_file(config: SourceConfig) -> bool:
    """Whether it is a SQLite file that is not there; SQLite would make an empty one in its place."""
    path = _file_of(config.url)
    return path is not None and not path.exists()


@lru_cache(maxsize=256)
def _file_of(address: str) -> Path | None:
    url = sa.make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":memory:", "file:")):
        return None
    return Path(url.database)


def _pooled(url: sa.URL, connect_args: dict[str, Any]) -> sa.Engine:
    return sa.create_engine(
        url,
        connect_args=connect_args,
        pool_size=CONNECTIONS,
        max_overflow=4,
        pool_timeout=30,
        pool_recycle=1800,
        hide_parameters=True,
    )


def _open_postgres(url: sa.URL, read_only: bool, seconds: float) -> sa.Engine:
    given = url.query.get("options", "")
    options = [given if isinstance(given, str) else " ".join(given), f"-c statement_timeout={int(seconds * 1000)}"]
    if read_only:
        options.append("-c default_transaction_read_only=on")
    url = url.difference_update_query(["options"])
    engine = _pooled(url, {"connect_timeout": CONNECT_SECONDS, "options": " ".join(filter(None, options))})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        """Rows are found by key, so one plan serves every statement of a kind; else the server plans each anew, which takes
        longer than carrying it out. PostgreSQL before version 12 has no such setting."""
        connection.autocommit = True
        connection.execute(_PLAN_ONCE)
        connection.autocommit = False

    return engine


def _open_mysql(url: sa.URL, read_only: bool, seconds: float) -> sa.Engine:
    patience = int(seconds) + CONNECT_SECONDS
    url = url if "charset" in url.query else url.update_query_dict({"charset": "utf8mb4"})
    engine = _pooled(url, {"connect_timeout": CONNECT_SECONDS, "read_timeout": patience, "write_timeout": patience})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            _limit_mysql(cursor, seconds)
            if read_only:
                cursor.execute("SET SESSION TRANSACTION READ ONLY")

    return engine


def _limit_mysql(cursor: Any, seconds: float) -> None:
    try:
        cursor.execute(f"SET SESSION max_statement_time = {seconds:g}")
    except Exception as error:
        if error.args[:1] != (_UNKNOWN_VARIABLE,):
            raise
        cursor.execute(f"SET SESSION max_execution_time = {int(seconds * 1000)}")


def _open_sqlite(url: sa.URL, read_only: bool, seconds: float) -> sa.Engine:
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": min(seconds, CONNECT_SECONDS)})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        teach_sqlite(connection)
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        connection.set_progress_handler(lambda: time.monotonic() > record.info.get("until", float("inf")), _CHECK_EVERY)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @sa.event.listens_for(engine, "before_cursor_execute")
    def start_clock(connection: sa.Connection, *_rest: Any) -> None:
        connection.info["until"] = time.monotonic() + seconds

    return engine
