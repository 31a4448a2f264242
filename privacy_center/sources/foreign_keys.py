"""Foreign keys of a schema, and into it from elsewhere. SQLite's are taken from SQLite itself: SQLAlchemy reads them from the
text of CREATE TABLE and misses what stands there in small letters or on several lines, ON DELETE among it."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.reflection import ObjectKind, ObjectScope

from privacy_center.datamap.dots import database_name, inner_name
from privacy_center.datamap.live import LiveForeignKey, LiveTable
from privacy_center.sources.outside import outside_tables, read_mysql_outside
from privacy_center.sources.postgres_keys import PostgresKey, read_postgres_keys

_ON_SQLITE = sa.text(
    'SELECT t.name, k.id, k."table", k."from", k."to", k.on_delete FROM sqlite_master t, pragma_foreign_key_list(t.name) k'
    " WHERE t.type = 'table' ORDER BY t.name, k.id, k.seq"
)


def read_foreign_keys(
    inspector: sa.Inspector,
    connection: sa.Connection,
    schema: str | None,
    columns: Mapping[Any, Any],
    keys: Mapping[Any, Any],
) -> tuple[dict[str, tuple[LiveForeignKey, ...]], dict[str, LiveTable]]:
    """Table → its foreign keys, and the tables elsewhere on the server that refer to this schema (None: the connection's
    own). `columns`, `keys`: what SQLAlchemy tells of columns and primary keys, by (schema, table).
    """
    kind = connection.dialect.name
    if kind == "sqlite":
        return _by_name(_on_sqlite(connection, columns, keys)), {}
    if kind == "postgresql":
        told = read_postgres_keys(connection, schema)
        return _grouped(one for one in told if not one.elsewhere), outside_tables(
            (one.schema, one.table, one.filled, one.key) for one in told if one.elsewhere
        )
    reflected = inspector.get_multi_foreign_keys(schema=schema, kind=ObjectKind.ANY, scope=ObjectScope.DEFAULT)
    found = {place: tuple(_as_told(one) for one in keys) for place, keys in reflected.items()}
    return _by_name(found), outside_tables(read_mysql_outside(connection, schema))


def _by_name(found: Mapping[Any, tuple[LiveForeignKey, ...]]) -> dict[str, tuple[LiveForeignKey, ...]]:
    return {place[1]: keys for place, keys in found.items()}


def _grouped(told: Iterable[PostgresKey]) -> dict[str, tuple[LiveForeignKey, ...]]:
    found: dict[str, list[LiveForeignKey]] = {}
    for one in told:
        found.setdefault(one.table, []).append(one.key)
    return {name: tuple(keys) for name, keys in found.items()}


def _as_told(told: Mapping[str, Any]) -> LiveForeignKey:
    return LiveForeignKey(
        columns=tuple(inner_name(name) for name in told["constrained_columns"]),
        referred_table=told["referred_table"],
        referred_columns=tuple(inner_name(name) for name in told["referred_columns"]),
        ondelete=(told.get("options") or {}).get("ondelete"),
        referred_schema=told.get("referred_schema"),
        name=told.get("name"),
    )


def _on_sqlite(
    connection: sa.Connection, columns: Mapping[Any, Any], keys: Mapping[Any, Any]
) -> dict[Any, tuple[LiveForeignKey, ...]]:
    """Names are given as the tables have them: a foreign key may write them in any capitals, or leave out the key."""
    places = {place[1].lower(): place for place in columns}
    names = {
        place: {database_name(one["name"]).lower(): one["name"] for one in told} for place, told in columns.items()
    }
    found: dict[Any, list[LiveForeignKey]] = {}
    for (child, _number, parent), rows in groupby(connection.execute(_ON_SQLITE), lambda row: row[:3]):
        parts, place, referred = list(rows), places.get(child.lower()), places.get(parent.lower())
        if place is None or referred is None:
            continue  # a table that is not there
        key = (keys.get(referred) or {}).get("constrained_columns") or ()
        theirs = (
            tuple(key)
            if parts[0][4] is None
            else tuple(names[referred].get(one[4].lower(), inner_name(one[4])) for one in parts)
        )
        ours = tuple(names[place].get(one[3].lower(), inner_name(one[3])) for one in parts)
        rule = None if parts[0][5] == "NO ACTION" else parts[0][5]
        found.setdefault(place, []).append(LiveForeignKey(ours, referred[1], theirs, rule))
    return {place: tuple(reversed(keys)) for place, keys in found.items()}
