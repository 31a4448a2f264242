"""Changes in a company database: set-based, inside the transaction of whoever calls, safe to repeat."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from privacy_center.sources.keys import picks, pieces, rows_with
from privacy_center.sources.masking import Mask
from privacy_center.sources.nested import mask_inside
from privacy_center.sources.read import read_values
from privacy_center.sources.rows import Key

PARAMETERS = 30_000
"""Parameters of one counting statement at most: SQLite takes 32,766."""

MARK_TEXT = "restricted"
"""What a text column of marks says of a restricted row."""

Guard = sa.ColumnElement[bool] | None


class Place(NamedTuple):
    """Rows of one table by key; `where` narrows them further."""

    table: sa.Table
    key_fields: Sequence[str]
    keys: Sequence[Key]
    where: Guard = None


def delete_rows(
    connection: sa.Connection, table: sa.Table, key_fields: Sequence[str], keys: Sequence[Key], guard: Guard = None
) -> int:
    """Delete the rows with these keys for which `guard` is true (the rest is left). Returns rows deleted."""
    return sum(
        connection.execute(_built(one.lasting, _delete, table, one.condition, guard), one.values).rowcount
        for one in picks(table, key_fields, keys)
    )


def mask_rows(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    masks: Sequence[Mask],
    guard: Guard = None,
) -> int:
    """Overwrite fields of the rows with these keys for which `guard` is true. Returns rows that now hold the masks.

    One UPDATE per 500 rows where every value is the same for all; else one prepared UPDATE run for each row.
    """
    if not masks or not keys:
        return 0
    if all(mask.constant and not mask.nested for mask in masks):
        return _set_columns(connection, table, key_fields, keys, {m.path: m.value(()) for m in masks}, guard)
    return _set_row_by_row(connection, table, key_fields, keys, masks, guard)


def null_link(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    columns: Iterable[str],
    guard: Guard = None,
) -> int:
    """Empty the columns of a foreign key in rows that are about to be deleted, so that a cycle can be. Returns rows."""
    return _set_columns(connection, table, key_fields, keys, dict.fromkeys(columns), guard)


def mark_rows(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    column: str,
    today: date | None,
) -> int:
    """Set the column by which the company's own systems know a restricted row; `today` None takes the mark away.

    A truth value becomes true, a date the day of the restriction, a text `restricted`; a row that is marked already keeps
    its day. Returns rows that were marked or freed.
    """
    kind = table.c[column].type
    guard = None if today is None else ~_is_marked(table.c[column])
    value: Any = None
    if isinstance(kind, sa.Boolean):
        value = today is not None
    elif today is not None:
        value = _day_as(kind, today)
    elif not table.c[column].nullable:
        value = "" if isinstance(kind, sa.String) else 0
    return _set_columns(connection, table, key_fields, keys, {column: value}, guard)


def count_marked(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Iterable[Key],
    column: str,
    *,
    marked: bool,
) -> int:
    """How many of the rows with these keys are there and marked, or there and not marked."""
    is_marked = _is_marked(table.c[column])
    counting = sa.select(sa.func.count()).select_from(table)
    conditions = rows_with(table, key_fields, keys)
    return sum(
        connection.execute(counting.where(condition, is_marked if marked else ~is_marked)).scalar_one()
        for condition in conditions
    )


def _is_marked(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """TRUE or FALSE, never unknown: whether a column holds the mark that `mark_rows` sets."""
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return sa.and_(column.is_not(None), column)
    empty = "" if isinstance(kind, sa.String) else 0 if isinstance(kind, sa.Integer) else None
    return column.is_not(None) if empty is None else sa.and_(column.is_not(None), column != empty)


def _day_as(kind: Any, today: date) -> Any:
    if isinstance(kind, sa.DateTime):
        return datetime.combine(today, time.min)
    if isinstance(kind, sa.Date):
        return today
    return 1 if isinstance(kind, sa.Integer) else MARK_TEXT


def count_present(connection: sa.Connection, places: Sequence[Place | tuple[Any, ...]]) -> list[int]:
    """How many rows of each place are there now, in the order given: one statement for all, or for each 30,000 parameters."""
    counts = [0] * len(places)
    asked = [(index, Place(*place), part) for index, place in enumerate(places) for part in pieces(Place(*place).keys)]
    for batch in _batches(asked):
        parts, values, lasting = [], {}, True
        for slot, (index, place, keys) in enumerate(batch):
            for one in picks(place.table, place.key_fields, keys, f"k{slot}"):
                parts.append((index, place.table, one.condition, place.where))
                values |= one.values
                lasting = lasting and one.lasting
        for index, count in connection.execute(_built(lasting, _count, tuple(parts)), values):
            counts[index] += count
    return counts


def _batches(asked: Iterable[tuple[int, Place, Sequence[Key]]]) -> Iterator[list[tuple[int, Place, Sequence[Key]]]]:
    """What fits into one statement each, in order. A key of several columns takes one parameter more than it has columns."""
    batch, held = [], 0
    for one in asked:
        _, place, keys = one
        cost = len(keys) * (len(place.key_fields) + 1)
        if batch and held + cost > PARAMETERS:
            yield batch
            batch, held = [], 0
        batch.append(one)
        held += cost
    if batch:
        yield batch


@lru_cache(maxsize=1024)
def _count(parts: tuple[tuple[int, sa.Table, sa.ColumnElement[bool], Guard], ...]) -> Any:
    counting = [
        _guarded(sa.select(sa.literal(index), sa.func.count()).select_from(table).where(condition), where)
        for index, table, condition, where in parts
    ]
    return sa.union_all(*counting) if len(counting) > 1 else counting[0]


@lru_cache(maxsize=1024)
def _delete(table: sa.Table, condition: sa.ColumnElement[bool], guard: Guard) -> Any:
    return _guarded(sa.delete(table).where(condition), guard)


@lru_cache(maxsize=1024)
def _update(
    table: sa.Table, condition: sa.ColumnElement[bool], guard: Guard, names: tuple[tuple[str, bool], ...]
) -> Any:
    """Sets each of the named columns to NULL (`True`) or to the parameter `set_<name>`."""
    assigned = {
        table.c[name]: sa.null() if empty else sa.bindparam(f"set_{name}", type_=table.c[name].type)
        for name, empty in names
    }
    return _guarded(sa.update(table).where(condition).values(assigned), guard)


def _built(lasting: bool, make: Any, *parts: Any) -> Any:
    """A statement: built once where all its parts last, each time where one does not."""
    return make(*parts) if lasting else make.__wrapped__(*parts)


def _guarded(statement: Any, guard: Guard) -> Any:
    return statement if guard is None else statement.where(guard)


def _set_columns(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    values: dict[str, Any],
    guard: Guard,
) -> int:
    names = tuple((name, value is None) for name, value in values.items())
    given = {f"set_{name}": value for name, value in values.items() if value is not None}
    return sum(
        connection.execute(
            _built(one.lasting, _update, table, one.condition, guard, names), given | one.values
        ).rowcount
        for one in picks(table, key_fields, keys)
    )


def _set_row_by_row(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    masks: Sequence[Mask],
    guard: Guard,
) -> int:
    whole = [mask for mask in masks if not mask.nested]
    drawn = [mask for mask in whole if not mask.constant]
    inside = _by_column([mask for mask in masks if mask.nested])
    bound = [mask.path for mask in drawn] + list(inside)
    assigned: dict[Any, Any] = {table.c[name]: sa.bindparam(f"set_{name}", type_=table.c[name].type) for name in bound}
    assigned |= {table.c[m.path]: sa.null() if m.value(()) is None else m.value(()) for m in whole if m.constant}
    statement = _guarded(sa.update(table).where(*_one_row(table, key_fields)).values(assigned), guard)
    documents = _documents(connection, table, key_fields, keys, list(inside), guard)
    sent = []
    for key in keys if not inside else documents:
        values = {f"set_{mask.path}": mask.value(key) for mask in drawn}
        values |= {
            f"set_{name}": _masked_document(document, inside[name], key)
            for name, document in zip(inside, documents.get(key, ()), strict=False)
        }
        sent.append(values | {f"key_{name}": part for name, part in zip(key_fields, key, strict=True)})
    if not sent:
        return 0
    return connection.execute(statement, sent[0] if len(sent) == 1 else sent).rowcount  # a list costs trips of its own


def _one_row(table: sa.Table, key_fields: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [
        table.c[name].is_not_distinct_from(sa.bindparam(f"key_{name}", type_=table.c[name].type))
        if table.c[name].nullable
        else table.c[name] == sa.bindparam(f"key_{name}")
        for name in key_fields
    ]


def _by_column(masks: Sequence[Mask]) -> dict[str, list[Mask]]:
    ordered = sorted(masks, key=lambda mask: mask.path.split(".", 1)[0])
    return {name: list(same) for name, same in groupby(ordered, lambda mask: mask.path.split(".", 1)[0])}


def _documents(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    columns: list[str],
    guard: Guard,
) -> dict[Key, tuple[Any, ...]]:
    return read_values(connection, table, key_fields, keys, columns, guard) if columns else {}


def _masked_document(document: Any, masks: Sequence[Mask], key: Key) -> Any:
    return mask_inside(document, {mask.path.split(".", 1)[1]: mask.value(key) for mask in masks})
