"""Foreign keys that come from other schemas, or other databases, of the same server: no map knows them, yet they hold."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable

_POSTGRES = """
SELECT n.nspname, c.relname, k.conname, r.relname, a.attname, ra.attname, a.attnotnull,
       CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class r ON r.oid = k.confrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
  CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (ours, theirs, place)
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = pair.ours
  JOIN pg_attribute ra ON ra.attrelid = r.oid AND ra.attnum = pair.theirs
 WHERE k.contype = 'f' AND k.conparentid = 0
   AND rn.nspname = COALESCE(:schema, current_schema()) AND n.oid <> rn.oid
 ORDER BY 1, 2, 3, pair.place
"""
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
_ASKED = {"postgresql": _POSTGRES, "mysql": _MYSQL, "mariadb": _MYSQL}


def read_outside(connection: sa.Connection, schema: str | None) -> dict[str, LiveTable]:
    """`schema.table` → a table elsewhere on the server with the foreign keys by which it refers to tables of this schema
    (None: the connection's own), and only the columns of those. MariaDB tells of tables on which the account has rights.
    """
    asked = _ASKED.get(connection.dialect.name)
    if asked is None:
        return {}
    statement = sa.text(asked).bindparams(sa.bindparam("schema", type_=sa.String()))
    rows = connection.execute(statement, {"schema": schema}).all()
    return {
        f"{place}.{name}": _table(place, name, list(told)) for (place, name), told in groupby(rows, lambda row: row[:2])
    }


def bare_table(schema: LiveSchema, name: str) -> sa.Table:
    """A table that the map does not know, here or elsewhere on the server: its names alone."""
    live = schema.any_table(name)
    columns = (sa.Column(column) for column in live.columns)
    info = {"dialect": schema.dialect}
    return sa.Table(live.name, sa.MetaData(), *columns, schema=live.elsewhere or schema.schema, info=info)


def _table(place: str, name: str, told: Iterable[Any]) -> LiveTable:
    columns, keys = {}, []
    for key, rows in groupby(told, lambda row: row[2]):
        parts = list(rows)
        columns |= {row[4]: LiveColumn(row[4], "other", nullable=not row[6]) for row in parts}
        ours, theirs = tuple(row[4] for row in parts), tuple(row[5] for row in parts)
        keys.append(LiveForeignKey(ours, parts[0][3], theirs, parts[0][7], name=key))
    return LiveTable(name, columns, foreign_keys=tuple(keys), elsewhere=place)
