"""After an erasure: does any text of any mapped collection still hold what identifies the person?

Two ways to look. `scan_indexed` asks the indexed columns at once, for one person. `scan_full` reads every text of every
collection once, for many people together, and finds identifiers inside longer text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.datamap.live import LiveTable
from privacy_center.errors import Refusal, Words
from privacy_center.sources.needles import Identifiers, Needles
from privacy_center.sources.one_of import one_of
from privacy_center.sources.open import Sources
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import SKIPPED_BY_MAP, Trouble, explain

ROWS_AT_A_TIME = 1000
TEXTUAL = frozenset({"text", "json", "array"})


@dataclass(frozen=True, slots=True)
class Hit:
    """An identifier of `kind` stands in this row and column. `person`: the token it was looked for under, no identity."""

    collection: str
    key: Key
    column: str
    person: str
    kind: str


@dataclass(slots=True)
class Progress:
    """What a scan has seen: rows read, and the collections it could not read, with the reason."""

    rows: int = 0
    skipped: dict[str, Words] = field(default_factory=dict)


def scan_indexed(
    sources: Sources, data_map: DataMap, identifiers: Identifiers, progress: Progress | None = None, person: str = ""
) -> list[Hit]:
    """Rows in which a column that leads an index equals one of the identifiers: one query for each collection.

    Without `progress` a collection that cannot be read is refused; with it, it is noted there and the rest goes on.
    """
    needles = Needles({person: identifiers})
    return list(_each(sources, data_map, progress, lambda *where: _ask_indexes(*where, needles)))


def scan_full(
    sources: Sources, data_map: DataMap, people: Mapping[str, Identifiers], progress: Progress | None = None
) -> Iterator[Hit]:
    """Hits for all these people (token → identifiers) in one pass over every text and JSON column of every collection.

    Rows stream, 1,000 at a time, so memory does not grow with the tables. Identifiers are found inside longer text, not
    inside longer numbers. Collections that cannot be read: as with `scan_indexed`.
    """
    needles = Needles(people)
    return _each(sources, data_map, progress, lambda *where: _read_all(*where, needles, progress))


@dataclass(frozen=True, slots=True)
class _Look:
    """One collection being looked at: its table, its key, and the columns that are looked into with the kind they carry."""

    collection: str
    table: sa.Table
    key_fields: tuple[str, ...]
    columns: Mapping[str, str | None]

    @property
    def statement(self) -> sa.Select[Any]:
        names = (*self.key_fields, *self.columns)
        return sa.select(*(self.table.c[name].label(f"c{place}") for place, name in enumerate(names)))

    def hits(self, row: sa.Row[Any], needles: Needles) -> Iterator[Hit]:
        split = len(self.key_fields)
        for (column, kind), value in zip(self.columns.items(), row[split:], strict=True):
            if value is not None:
                for person, found in sorted(needles.in_value(value, kind)):
                    yield Hit(self.collection, tuple(row[:split]), column, person, found)


_Looking = Callable[[Sources, Collection], Iterator[Hit]]


def _each(sources: Sources, data_map: DataMap, progress: Progress | None, look: _Looking) -> Iterator[Hit]:
    for collection in data_map.collections.values():
        if collection.skip_processing and not _keeps_copy(sources, collection):
            _note(progress, collection.key, SKIPPED_BY_MAP)
            continue
        try:
            yield from look(sources, collection)
        except (Refusal, *Trouble) as error:
            if progress is None:
                raise
            _note(progress, collection.key, explain(error))


def _keeps_copy(sources: Sources, collection: Collection) -> bool:
    """Whether a collection that the map leaves out is a stored copy, in which values stay after they were deleted."""
    try:
        live = sources.schema_of(collection.dataset).tables.get(collection.name)
    except Refusal:
        return False
    return live is not None and live.materialized


def _note(progress: Progress | None, collection: str, words: Words) -> None:
    if progress is not None:
        progress.skipped[collection] = words


def _look_at(sources: Sources, collection: Collection, columns: Iterable[str]) -> _Look:
    kinds = {path: kind for path, kind in collection.identities.items() if "." not in path}
    looked = {name: kinds.get(name) for name in columns}
    return _Look(collection.key, sources.table(collection.key), tuple(sources.key_fields(collection.key)), looked)


def _live(sources: Sources, collection: Collection) -> LiveTable:
    table = sources.table(collection.key)
    return sources.schema_of(collection.dataset).tables[table.name]


def _ask_indexes(sources: Sources, collection: Collection, needles: Needles) -> Iterator[Hit]:
    look = _remember(sources, ("indexed", collection.key), lambda: _indexed(sources, collection))
    fitting = {name: _fitting(look.table.c[name], needles.whole_values(kind)) for name, kind in look.columns.items()}
    asked = {name: values for name, values in fitting.items() if values}
    if not asked:
        return
    statement = _remember(sources, ("indexed", collection.key, *asked), lambda: _any_of(look, asked))
    with sources.look(collection.dataset) as connection:
        for row in connection.execute(statement, {f"{name}_0": values for name, values in asked.items()}):
            yield from look.hits(row, needles)


def _remember(sources: Sources, what: tuple[str, ...], make: Callable[[], Any]) -> Any:
    """What is made of a schema, made once for as long as the schema is remembered: every look asks the same of it."""
    known = sources.remembered.get(what)
    if known is None:
        known = sources.remembered[what] = make()
    return known


def _any_of(look: _Look, columns: Iterable[str]) -> sa.Select[Any]:
    return look.statement.where(sa.or_(*(one_of([look.table.c[name]], name) for name in columns)))


def _indexed(sources: Sources, collection: Collection) -> _Look:
    """The columns that lead an index and can hold an identifier."""
    live, table = _live(sources, collection), sources.table(collection.key)
    leading = {
        columns[0]
        for columns in (live.primary_key, *live.unique_sets, *(one.columns for one in live.indexes))
        if columns
    }
    readable = {name for name in leading if live.columns[name].family == "text" or name in collection.identities}
    there = readable & set(live.columns)
    return _look_at(sources, collection, sorted(name for name in there if _is_compared(table.c[name].type)))


def _is_compared(kind: sa.types.TypeEngine[Any]) -> bool:
    return isinstance(kind, sa.String | sa.Integer | sa.Numeric) and not isinstance(kind, sa.Enum)


def _fitting(column: sa.Column[Any], values: list[str]) -> list[Any]:
    """The values that the column could hold at all."""
    if isinstance(column.type, sa.String):
        return [one for one in values if column.type.length is None or len(one) <= column.type.length]
    return [int(one) for one in values if one.isdecimal() and len(one) < 19]


def _read_all(sources: Sources, collection: Collection, needles: Needles, progress: Progress | None) -> Iterator[Hit]:
    live = _live(sources, collection)
    look = _look_at(sources, collection, [name for name, one in live.columns.items() if one.family in TEXTUAL])
    if not look.columns or not len(needles):
        return
    with sources.engine(collection.dataset).connect() as connection:
        for row in _pages(connection, look, live):
            if progress is not None:
                progress.rows += 1
            yield from look.hits(row, needles)


def _pages(connection: sa.Connection, look: _Look, live: LiveTable) -> Iterator[sa.Row[Any]]:
    """Every row: by the key in pages where the table has one (no statement runs long), else in one stream."""
    keys = [look.table.c[name] for name in look.key_fields]
    if tuple(live.primary_key) != look.key_fields or any(isinstance(key.type, sa.Enum) for key in keys):
        yield from connection.execute(look.statement.execution_options(yield_per=ROWS_AT_A_TIME))
        return
    page = look.statement.order_by(*keys).limit(ROWS_AT_A_TIME)
    rows = connection.execute(page).all()
    while rows:
        yield from rows
        if len(rows) < ROWS_AT_A_TIME:
            return
        rows = connection.execute(page.where(_after(keys, tuple(rows[-1])[: len(keys)]))).all()


def _after(keys: list[sa.Column[Any]], last: Key) -> sa.ColumnElement[bool]:
    """Rows whose key comes after the last one read; the first part alone narrows the index."""
    later = keys[-1] > last[-1]
    for column, value in reversed(list(zip(keys[:-1], last[:-1], strict=True))):
        later = sa.or_(column > value, sa.and_(column == value, later))
    return sa.and_(keys[0] >= last[0], later)
