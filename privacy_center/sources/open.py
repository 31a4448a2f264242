"""The company's databases, opened: the one place where engines to them are made."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.datamap.live import LiveSchema
from privacy_center.errors import Words
from privacy_center.sources.config import Access, SourceConfig
from privacy_center.sources.dialects import missing_file, open_source_engine
from privacy_center.sources.edition import read_edition
from privacy_center.sources.reflect import Reflected, family_of, reflect_schema
from privacy_center.sources.trouble import (
    HIDES_ROWS,
    NO_COLUMN,
    NO_FILE,
    NO_KEY,
    NO_TABLE,
    NOT_COMPARABLE,
    NOT_CONFIGURED,
    Trouble,
    Unavailable,
    explain,
)

STATEMENT_SECONDS = 30.0
STALE = timedelta(seconds=60)
_INCOMPARABLE = frozenset({"binary", "json", "array", "other"})
_LONG_TEXT = frozenset({"CLOB", "NCLOB", "LONGTEXT", "MEDIUMTEXT"})


class Sources:
    """Engines, live schemas and tables of every dataset. Opens on first use, reads each schema once; safe among threads."""

    def __init__(
        self, configs: Mapping[str, SourceConfig], data_map: DataMap, statement_seconds: float = STATEMENT_SECONDS
    ) -> None:
        self.configs = dict(configs)
        self.data_map = data_map
        self.statement_seconds = statement_seconds
        self.remembered: dict[Any, Any] = {}
        self._engines: dict[tuple[str, Access], sa.Engine] = {}
        self._optioned: dict[tuple[Any, ...], sa.Engine] = {}
        self._reflected: dict[str, Reflected] = {}
        self._read_at: dict[str, datetime] = {}
        self._lock = RLock()

    def engine(self, dataset: str) -> sa.Engine:
        """The engine of a dataset; datasets in the same database share one. Refuses a dataset without a source."""
        config = self._config(dataset)
        if missing_file(config):
            raise Unavailable(NO_FILE.filled(dataset=dataset))
        place = (config.url, config.access)
        with self._lock:
            if place not in self._engines:
                self._engines[place] = open_source_engine(config, self.statement_seconds)
            return self._engines[place]

    def look(self, dataset: str) -> sa.Connection:
        """A connection to read with. On PostgreSQL every statement stands for itself: two trips to the server fewer."""
        engine = self.engine(dataset)
        if engine.dialect.name != "postgresql":
            return engine.connect()
        return self._with_options(engine, isolation_level="AUTOCOMMIT").connect()

    def changing(self, dataset: str) -> sa.Engine:
        """The engine of a dataset whose transactions change something: on SQLite they lock at once."""
        return self._with_options(self.engine(dataset), writes=True)

    def _with_options(self, engine: sa.Engine, **options: object) -> sa.Engine:
        """The engine with options, over the same connections; made once, as each one made listens to events of its own."""
        known = (id(engine), *options.items())
        with self._lock:
            if known not in self._optioned:
                self._optioned[known] = engine.execution_options(**options)
            return self._optioned[known]

    def access(self, dataset: str) -> Access:
        """Whether we may change the dataset's database (`write`) or only look (`read`)."""
        return self._config(dataset).access

    def reflected(self, dataset: str) -> Reflected:
        """Live schema and tables, read from the database on first use. Refuses with `Unavailable`, saying why not."""
        found = self._reflected.get(dataset)
        if found is not None:
            return found
        engine = self.engine(dataset)
        with self._lock:
            if dataset not in self._reflected:
                try:
                    self._reflected[dataset] = reflect_schema(engine, self.configs[dataset].schema)
                except Trouble as error:
                    raise Unavailable(explain(error)) from error
                self._read_at[dataset] = clock.now()
            return self._reflected[dataset]

    def schema_of(self, dataset: str) -> LiveSchema:
        """What the live database says of itself, tables that the map does not know included."""
        return self.reflected(dataset).live

    def table(self, collection: str) -> sa.Table:
        """The table of a mapped collection, with the live database's types. Refuses one that is not there, and one of which
        our account does not see every row.
        """
        one = self.data_map.collections[collection]
        told = self.reflected(one.dataset)
        table = told.tables.get(one.name)
        if table is None:
            raise Unavailable(NO_TABLE.filled(table=one.name))
        if told.live.tables[one.name].hides_rows:
            raise Unavailable(HIDES_ROWS.filled(table=one.name))
        return table

    def folded(self, collection: str) -> frozenset[str]:
        """The columns of a collection whose text compares without regard to upper and lower case."""
        one = self.data_map.collections[collection]
        return frozenset(column for table, column in self.reflected(one.dataset).folded if table == one.name)

    def key_fields(self, collection: str) -> tuple[str, ...]:
        """The columns that tell rows apart: the map's primary key, the live one, a live unique set without NULLs, else
        every column whose values can be compared. Refuses a collection whose key column is not there, and one without a key
        where the column that says whose a row is cannot be compared, and a key that holds lists or documents.
        """
        known = self._proper_key(collection)
        for name in known:
            if family_of((table := self.table(collection)).c[name].type) in ("json", "array"):
                raise Unavailable(NOT_COMPARABLE.filled(table=table.name, column=name))
        return known or _comparable(self.table(collection), self._telling(collection))

    def keyless(self, collection: str) -> bool:
        """Whether rows are told apart only by all their values."""
        return not self._proper_key(collection)

    def shares_owner(self, collection: str) -> bool:
        """Whether rows with the same key are always the same person's, so that it may stand on several rows."""
        telling = self._telling(collection)
        return self.keyless(collection) or (bool(telling) and telling <= set(self.key_fields(collection)))

    def reachable(self, dataset: str) -> Words | None:
        """None when the database answers, else why it does not. A SQLite file answers when its first page can be read."""
        try:
            with self.engine(dataset).connect() as connection:
                is_file = connection.dialect.name == "sqlite"
                connection.execute(sa.text("SELECT count(*) FROM sqlite_master") if is_file else sa.select(1))
        except (Unavailable, *Trouble) as error:
            return explain(error)
        return None

    def refresh(self, dataset: str | None = None) -> None:
        """Forget what was read of one schema, or of all; the next use reads it again."""
        with self._lock:
            self.remembered.clear()
            if dataset is None:
                self._reflected.clear()
            else:
                self._reflected.pop(dataset, None)

    def refresh_if_stale(self, dataset: str) -> None:
        """Read a schema again that lacked something, when it was read more than 60 seconds ago."""
        if dataset in self._read_at and self._read_at[dataset] < clock.now() - STALE:
            self.refresh(dataset)

    def refresh_if_changed(self, dataset: str, connection: sa.Connection) -> None:
        """Read a schema again whose foreign keys or triggers are others than when it was read: one short statement."""
        if read_edition(connection, self.configs[dataset].schema) != self.reflected(dataset).edition:
            self.refresh(dataset)

    def close(self) -> None:
        """Let go of every connection."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
            self._optioned.clear()

    def _config(self, dataset: str) -> SourceConfig:
        if dataset not in self.configs:
            raise Unavailable(NOT_CONFIGURED.filled(dataset=dataset))
        return self.configs[dataset]

    def _telling(self, collection: str) -> frozenset[str]:
        """The columns that say whose a row is."""
        paths = [link.child_field for link in self.data_map.links_up.get(collection, ())]
        return frozenset(path.split(".", 1)[0] for path in (*paths, *self.data_map.collections[collection].identities))

    def _proper_key(self, collection: str) -> tuple[str, ...]:
        one, table = self.data_map.collections[collection], self.table(collection)
        live = self.schema_of(one.dataset).tables[one.name]
        if one.primary_key and not live.has_heirs:
            return _present(one, table)
        if live.primary_key in live.proven_keys:
            return live.primary_key
        filled = (names for names in live.proven_keys if all(not live.columns[name].nullable for name in names))
        return next(filled, ())


def _present(collection: Collection, table: sa.Table) -> tuple[str, ...]:
    for name in collection.primary_key:
        if name not in table.c:
            raise Unavailable(NO_COLUMN.filled(table=collection.name, column=name))
    return collection.primary_key


def _comparable(table: sa.Table, telling: frozenset[str]) -> tuple[str, ...]:
    """Columns that tell rows apart by value; those that say whose a row is are always among them, or all would be deleted
    that are alike in the rest.
    """

    def fits(column: sa.Column[Any]) -> bool:
        kind = column.type
        if column.key in telling:
            return _tells(table, column)
        return family_of(kind) not in _INCOMPARABLE and type(kind).__name__ not in _LONG_TEXT

    fitting = [one for one in table.c if fits(one)]
    exact = tuple(one.key for one in fitting if one.key in telling or not isinstance(one.type, sa.Float))
    return exact or tuple(one.key for one in fitting)


def _tells(table: sa.Table, column: sa.Column[Any]) -> bool:
    """True; refuses a column that cannot be compared with a value (SQLite's columns without a type can)."""
    family = family_of(column.type)
    if family in ("json", "array") or (family == "other" and not isinstance(column.type, sa.types.NullType)):
        raise Unavailable(NO_KEY.filled(table=table.name, column=column.name))
    return True
