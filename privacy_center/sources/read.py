"""Rows of a company database, read by key."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from privacy_center.sources.keys import picks
from privacy_center.sources.nested import inside
from privacy_center.sources.rows import Key


def read_rows(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    columns: Sequence[str],
    limit: int | None = None,
    where: sa.ColumnElement[bool] | None = None,
) -> Iterator[tuple[Key, tuple[Any, ...]]]:
    """(key, values in the order of `columns`) of the rows that are still there, at most `limit`, 500 keys a statement.

    A column may be a dotted path into a JSON document; it gives what stands there, a list where the way leads through one.
    Rows come as they are read, so that 40,000 of them need the memory of 500.
    """
    split = len(key_fields)
    parts = [name.split(".") for name in columns]
    names = (*key_fields, *(part[0] for part in parts))
    left = limit
    for one in picks(table, key_fields, keys[:limit] if where is None else keys):
        make = _select if one.lasting and where is None and left is None else _select.__wrapped__
        for row in connection.execute(make(table, names, one.condition, where, left), one.values):
            values = zip(row[split:], parts, strict=True)
            yield tuple(row[:split]), tuple(inside(value, part[1:]) for value, part in values)
            left = left - 1 if left is not None else None
        if left == 0:
            return


@lru_cache(maxsize=1024)
def _select(
    table: sa.Table,
    names: tuple[str, ...],
    condition: sa.ColumnElement[bool],
    where: sa.ColumnElement[bool] | None,
    limit: int | None,
) -> sa.Select[Any]:
    """The columns of the rows that meet the conditions: kept for every set of keys, as it is asked again and again."""
    wanted = sa.select(*(table.c[name].label(f"c{place}") for place, name in enumerate(names))).where(condition)
    return (wanted if where is None else wanted.where(where)).limit(limit)


def read_values(
    connection: sa.Connection,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Sequence[Key],
    columns: Sequence[str],
    where: sa.ColumnElement[bool] | None = None,
) -> dict[Key, tuple[Any, ...]]:
    """What the columns of these rows hold now, by key and in the order of `columns`: for sealing before they are masked."""
    return dict(read_rows(connection, table, key_fields, keys, columns, where=where))
