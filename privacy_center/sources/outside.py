"""Foreign keys that come from other schemas, or other databases, of the same server: no map knows them, yet they hold."""

from collections.abc import Iterable, Iterator
from itertools import groupby

import sqlalchemy as sa

from privacy_center.datamap.dots import database_name, inner_name
from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable

_MYSQL = """
SELECT k.table_schema, k.table_name, k.constraint_name, k.referenced_table_name, k.column_name,
       k.referenced_column_name, c.is_nullable = 'NO', r.delete_rule
  FROM information_schema.key_column_usage k
  JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema
       AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
  JOIN information_schema.columns c ON c.table_schema = k.table_schema AND c.table_name = k.table_name
       AND c.column_name = k.column_name
 WHERE k.referenced_table_schema = COALESCE(:schema, DATABASE()) AND k.table_schema <> k.referenced_table_schema
 ORDER BY 1, 2, 3, k.ordinal_position
"""
OutsideKey = tuple[str, str, frozenset[str], LiveForeignKey]
"""A schema, a table in it, the columns of a foreign key that may not be empty, and the key."""


def outside_tables(told: Iterable[OutsideKey]) -> dict[str, LiveTable]:
    """`schema.table` → a table elsewhere on the server with the foreign keys by which it refers to tables of the schema that
    was read, and only the columns of those.
    """
    found: dict[tuple[str, str], tuple[dict[str, LiveColumn], list[LiveForeignKey]]] = {}
    for place, name, filled, key in told:
        columns, keys = found.setdefault((place, name), ({}, []))
        columns |= {column: LiveColumn(column, "other", nullable=column not in filled) for column in key.columns}
        keys.append(key)
    return {
        f"{place}.{name}": LiveTable(name, columns, foreign_keys=tuple(keys), elsewhere=place)
        for (place, name), (columns, keys) in found.items()
    }


def read_mysql_outside(connection: sa.Connection, schema: str | None) -> Iterator[OutsideKey]:
    """The foreign keys from other databases into this one. MariaDB tells of tables on which the account has rights."""
    statement = sa.text(_MYSQL).bindparams(sa.bindparam("schema", type_=sa.String()))
    rows = connection.execute(statement, {"schema": schema}).all()
    for (place, name, key), told in groupby(rows, lambda row: tuple(row[:3])):
        parts = list(told)
        ours, theirs = tuple(inner_name(row[4]) for row in parts), tuple(inner_name(row[5]) for row in parts)
        filled = frozenset(inner_name(row[4]) for row in parts if row[6])
        yield place, name, filled, LiveForeignKey(ours, parts[0][3], theirs, parts[0][7], name=key)


def bare_table(schema: LiveSchema, name: str) -> sa.Table:
    """A table that the map does not know, here or elsewhere on the server: its names alone."""
    live = schema.any_table(name)
    columns = (sa.Column(database_name(column), key=column) for column in live.columns)
    info = {"dialect": schema.dialect}
    return sa.Table(live.name, sa.MetaData(), *columns, schema=live.elsewhere or schema.schema, info=info)
