"""Conditions that pick rows by their keys, in pieces that every database can swallow."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from privacy_center.sources.rows import Key

CHUNK = 500
"""Keys per condition: below the depth of an expression that SQLite takes (1,000), and the parameters of every database."""


def rows_with(table: sa.Table, key_fields: Sequence[str], keys: Iterable[Key]) -> list[sa.ColumnElement[bool]]:
    """Conditions that together match exactly the rows with these keys, at most 500 keys each; no keys, no conditions.

    A value that is None matches where the column is NULL (rows without a key are known by all their values).
    """
    columns = [table.c[name] for name in key_fields]
    filled: list[Key] = []
    holed: list[Key] = []
    for key in keys:
        (holed if None in key else filled).append(key)
    return [
        *(_pick_filled(columns, part) for part in pieces(filled)),
        *(_pick_holed(columns, part) for part in pieces(holed)),
    ]


def pieces(keys: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """The sequence in parts of at most `size`, in order."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _pick_filled(columns: Sequence[sa.Column[Any]], keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(keys)


def _pick_holed(columns: Sequence[sa.Column[Any]], keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """One comparison per row: no list matches a NULL."""
    return sa.or_(*(sa.and_(*(_matches(*pair) for pair in zip(columns, key, strict=True))) for key in keys))


def _matches(column: sa.Column[Any], value: Any) -> sa.ColumnElement[bool]:
    return column.is_(None) if value is None else column == value
