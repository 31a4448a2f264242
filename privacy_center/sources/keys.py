"""Conditions that pick rows by their keys, in pieces that every database can swallow."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from privacy_center.sources.one_of import key_values, one_of
from privacy_center.sources.rows import Key

CHUNK = 500
"""Keys per condition: below the depth of an expression that SQLite takes (1,000), and the parameters of every database."""


class Pick(NamedTuple):
    """A condition and the parameters to execute it with.

    `lasting`: the same object serves every set of keys of these columns, so what is built of it is worth keeping; building
    a statement takes longer than sending it.
    """

    condition: sa.ColumnElement[bool]
    values: dict[str, Any]
    lasting: bool = True


def picks(table: sa.Table, key_fields: Sequence[str], keys: Iterable[Key], name: str = "k") -> list[Pick]:
    """Conditions that together match exactly the rows with these keys, at most 500 keys each; no keys, no conditions.

    A value that is None matches where the column is NULL (rows without a key are known by all their values). `name`
    begins the names of the parameters.
    """
    filled: list[Key] = []
    holed: list[Key] = []
    for key in keys:
        (holed if None in key else filled).append(key)
    found = [Pick(_pick_filled(table, tuple(key_fields), name), key_values(part, name)) for part in pieces(filled)]
    columns = [table.c[field] for field in key_fields]
    return found + [Pick(_pick_holed(columns, part), {}, lasting=False) for part in pieces(holed)]


def rows_with(table: sa.Table, key_fields: Sequence[str], keys: Iterable[Key]) -> list[sa.ColumnElement[bool]]:
    """The same as `picks`, with the keys inside the conditions."""
    columns = [table.c[field] for field in key_fields]
    found = picks(table, key_fields, keys)
    return [one_of(columns, "k", one.values) if one.lasting else one.condition for one in found]


def pieces(keys: Sequence[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """The sequence in parts of at most `size`, in order."""
    return (keys[start : start + size] for start in range(0, len(keys), size))


@lru_cache(maxsize=2048)
def _pick_filled(table: sa.Table, key_fields: tuple[str, ...], name: str) -> sa.ColumnElement[bool]:
    return one_of([table.c[field] for field in key_fields], name)


def _pick_holed(columns: Sequence[sa.Column[Any]], keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """One comparison per row: no list matches a NULL."""
    return sa.or_(*(sa.and_(*(_matches(*pair) for pair in zip(columns, key, strict=True))) for key in keys))


def _matches(column: sa.Column[Any], value: Any) -> sa.ColumnElement[bool]:
    return column.is_(None) if value is None else column == value
