"""Whether a key means one row: a map may name a key that the database lets repeat, and NULL is in no database a key."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from privacy_center.datamap.live import LiveSchema
from privacy_center.errors import Words
from privacy_center.sources.planned import Obstacle, PlannedChange
from privacy_center.sources.rows import Key
from privacy_center.sources.write import Place, count_present

_INEXACT = (sa.Float, sa.Time, sa.Boolean, mysql.TIME)
"""Types whose values may come back other than they stand: `0.1` of four bytes, `25:00`, a truth value of SQLite written `yes`."""

LOST = Words(
    "表 {table} 的键 {columns} 读出来再查就找不到同一行（例如浮点数），没法删除。请换一个键，或把列改成精确的类型。",
    "Rows of the table {table} are not found again by their own {columns} (a floating-point number, for one), so they cannot be"
    " erased. Mark another key in the data map, or give the column an exact type.",
)
REPEATS = Words(
    "表 {table} 里有多行的 {columns} 相同，其中可能有别人的记录，不能动。请在数据地图里换成不会重复的主键，或去掉主键标记。",
    "Several rows of the table {table} have the same {columns}; some may be somebody else's, so none is touched. Mark a key that"
    " does not repeat in the data map, or none.",
)


def misleading_keys(
    connection: sa.Connection, schema: LiveSchema, changes: Sequence[PlannedChange]
) -> Iterator[Obstacle]:
    """An obstacle for each table where a planned key stands on several rows, or on none.

    Asks only where the database does not keep the key from repeating (never where the key itself says whose the row is),
    and where its values are not exact.
    """
    asked = [(one, Place(one.table, one.key_fields, keys)) for one in changes if (keys := _doubtful(schema, one))]
    counts = count_present(connection, [place for _, place in asked]) if asked else []
    for (change, place), count in zip(asked, counts, strict=True):
        names = ", ".join(change.key_fields)
        if count > len(place.keys) and not change.alike:
            yield Obstacle(change.collection, repeats(change.table.name, change.key_fields))
        if count < len(place.keys):
            yield Obstacle(change.collection, LOST.filled(table=change.table.name, columns=names))


def repeats(table: str, key_fields: Sequence[str]) -> Words:
    """That a key stands on several rows, in words."""
    return REPEATS.filled(table=table, columns=", ".join(key_fields))


def _doubtful(schema: LiveSchema, change: PlannedChange) -> list[Key]:
    if any(isinstance(change.table.c[name].type, _INEXACT) for name in change.key_fields):
        return list(change.keys)
    if change.alike:
        return []
    proven = any(set(key) <= set(change.key_fields) for key in schema.tables[change.table.name].proven_keys)
    return [key for key in change.keys if None in key or not proven]
