"""Where the keys of data subjects are kept: a database of its own, never the one that holds what they seal.

A backup of our own database then opens nothing of a person whose key was destroyed.
"""

import logging
import os
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from privacy_center.db import UTCDateTime, open_engine

SUBJECTS_FILE = "subjects.db"
_log = logging.getLogger(__name__)

_keys = sa.Table(
    "subject_key",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("owner", sa.Uuid, unique=True),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("master", sa.Integer, nullable=False, index=True),
    sa.Column("created_at", UTCDateTime, nullable=False),
    sa.Column("destroyed_at", UTCDateTime),
)
_READ = sa.select(_keys.c.id, _keys.c.wrapped)
_BY_ID = _READ.where(_keys.c.id == sa.bindparam("key_id", type_=sa.Uuid))
_BY_OWNER = _READ.where(_keys.c.owner == sa.bindparam("of_owner", type_=sa.Uuid))
_GIVE = sa.update(_keys).where(_keys.c.id == sa.bindparam("key_id", type_=sa.Uuid))
_GIVE = _GIVE.values(owner=sa.bindparam("of_owner", type_=sa.Uuid))


@dataclass(frozen=True, slots=True, repr=False)
class KeptKey:
    """One key as it is kept; `wrapped` is None once it was destroyed."""

    id: uuid.UUID
    wrapped: bytes | None


class KeyStore:
    """The table of subject keys, in SQLite beside the key files or on a PostgreSQL of its own. Opened on first use."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self._path = None if url else folder / SUBJECTS_FILE
        self._url = url or f"sqlite:///{self._path}"
        self._opened: sa.Engine | None = None

    def by_id(self, key: uuid.UUID) -> KeptKey | None:
        """A key by its id, destroyed ones as well; None where there never was one."""
        return self._one(_BY_ID, {"key_id": key})

    def by_owner(self, owner: uuid.UUID) -> KeptKey | None:
        """The key of a data subject, if there is one."""
        return self._one(_BY_OWNER, {"of_owner": owner})

    def put_spares(self, wrapped: Mapping[uuid.UUID, bytes], master: int, at: datetime) -> None:
        """Keep new keys that belong to nobody yet; they are on the disk when this returns."""
        rows = [{"id": key, "wrapped": one, "master": master, "created_at": at} for key, one in wrapped.items()]
        with self._engine.begin() as connection:
            connection.execute(sa.insert(_keys), rows)
        if self._path is not None:
            _to_disk(self._path.with_name(f"{self._path.name}-wal"))

    def give(self, key: uuid.UUID, owner: uuid.UUID) -> uuid.UUID:
        """Give a spare key to a data subject; answers the id of their key: this one, or one given a moment before."""
        try:
            with self._engine.begin() as connection:
                connection.execute(_GIVE, {"key_id": key, "of_owner": owner})
        except sa.exc.IntegrityError:
            with self._reading() as connection:
                given: uuid.UUID = connection.execute(_BY_OWNER, {"of_owner": owner}).one().id
            return given
        return key

    def destroy(self, owner: uuid.UUID, also: Collection[uuid.UUID], at: datetime) -> set[uuid.UUID]:
        """Overwrite the key of a data subject, and those of `also`; their ids and the moment stay. Answers the ids.

        What the database keeps of it besides is swept away at once, see `sweep`; where that does not go, it is logged.
        """
        empty = {"owner": None, "wrapped": None, "destroyed_at": at}
        theirs = sa.and_(sa.or_(_keys.c.owner == owner, _keys.c.id.in_(also)), _keys.c.wrapped.is_not(None))
        with self._engine.begin() as connection:
            gone = set(connection.scalars(sa.update(_keys).where(theirs).values(empty).returning(_keys.c.id)))
        if gone:
            self._sweep_after_destroying()
        return gone

    def sweep(self) -> bool:
        """Empty what the database keeps of destroyed keys; False where the role of the store may not.

        SQLite zeroes freed bytes and its log of writes is emptied. PostgreSQL keeps the old version of a row until it is
        vacuumed, which goes outside a transaction only; a role that does not own the table is skipped with a warning.
        """
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                raw: Any = connection.connection.dbapi_connection
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return True
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.driver_connection
            said: list[str | None] = []
            hear = lambda notice: said.append(notice.severity_nonlocalized)  # noqa: E731
            raw.add_notice_handler(hear)
            try:
                connection.exec_driver_sql(f"VACUUM {_keys.name}")
            finally:
                raw.remove_notice_handler(hear)
        return "WARNING" not in said

    def wrapped_by_others(self, master: int, limit: int) -> Sequence[KeptKey]:
        """Keys that another master key than `master` wraps, at most `limit`."""
        stale = _READ.where(_keys.c.master != master, _keys.c.wrapped.is_not(None)).order_by(_keys.c.id).limit(limit)
        with self._reading() as connection:
            return [KeptKey(row.id, row.wrapped) for row in connection.execute(stale)]

    def wrap_anew(self, changed: Sequence[tuple[KeptKey, bytes]], master: int) -> int:
        """Keep keys in their new wrapping, in one transaction; one that was destroyed meanwhile stays destroyed."""
        done = 0
        with self._engine.begin() as connection:
            for key, wrapped in changed:
                mine = sa.update(_keys).where(_keys.c.id == key.id, _keys.c.wrapped == key.wrapped)
                done += connection.execute(mine.values(wrapped=wrapped, master=master)).rowcount
        return done

    def close(self) -> None:
        """Let go of every connection."""
        if self._opened is not None:
            self._opened.dispose()

    def _one(self, wanted: sa.Select[Any], given: dict[str, Any]) -> KeptKey | None:
        with self._reading() as connection:
            found = connection.execute(wanted, given).one_or_none()
        return KeptKey(found.id, found.wrapped) if found else None

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._engine.connect().execution_options(read_only=True) as connection:
            yield connection

    @property
    def _engine(self) -> sa.Engine:
        if self._opened is None:
            if self._path is not None:
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            engine = open_engine(self._url)
            if engine.dialect.name == "sqlite":
                sa.event.listen(engine, "connect", _zero_what_is_freed)
            with engine.begin() as connection:
                _keys.metadata.create_all(connection)
            self._opened = engine
        return self._opened

    def _sweep_after_destroying(self) -> None:
        """The key is destroyed whatever becomes of this, so nothing is raised."""
        try:
            if self.sweep():
                return
        except sa.exc.SQLAlchemyError:
            _log.exception("sweeping the key store failed")
        _log.warning(
            "the key store keeps rows of destroyed keys until PostgreSQL vacuums subject_key: see docs/keys.md"
        )


def _zero_what_is_freed(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA secure_delete=ON")


def _to_disk(path: Path) -> None:
    """A key must outlive a power cut if anything that it sealed does."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
