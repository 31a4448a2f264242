"""Foreign keys of PostgreSQL, read from its catalog: those that stand on, or point to, single partitions and tables that
inherit are among them, told of the table that holds their rows."""

from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa

from privacy_center.datamap.dots import inner_name
from privacy_center.datamap.live import LiveForeignKey

_KEYS = """
WITH RECURSIVE above (below, oid, steps) AS (
  SELECT i.inhrelid, i.inhparent, 1 FROM pg_inherits i
  UNION ALL SELECT above.below, i.inhparent, steps + 1 FROM above JOIN pg_inherits i ON i.inhrelid = above.oid
), place AS (
  SELECT c.oid, COALESCE(
    pg_partition_root(c.oid),
    CASE WHEN n.nspname <> COALESCE(:schema, current_schema()) THEN
      (SELECT above.oid FROM above JOIN pg_class whole ON whole.oid = above.oid JOIN pg_namespace o ON o.oid = whole.relnamespace
        WHERE above.below = c.oid AND o.nspname = COALESCE(:schema, current_schema()) ORDER BY steps LIMIT 1) END,
    c.oid) AS told
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')
)
SELECT cn.nspname, c.relname, k.oid, rn.nspname, r.relname, k.conname, a.attname, ra.attname, a.attnotnull,
       CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' END,
       COALESCE(to_jsonb(k) -> 'confdelsetcols' @> to_jsonb(pair.ours), false)
  FROM pg_constraint k
  JOIN pg_class c ON c.oid = COALESCE(pg_partition_root(k.conrelid), k.conrelid)
  JOIN pg_namespace cn ON cn.oid = c.relnamespace
  JOIN place ON place.oid = k.confrelid JOIN pg_class r ON r.oid = place.told
  JOIN pg_namespace rn ON rn.oid = r.relnamespace
  CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (ours, theirs, number)
  JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.ours
  JOIN pg_attribute ra ON ra.attrelid = k.confrelid AND ra.attnum = pair.theirs
 WHERE k.contype = 'f' AND k.conparentid = 0 AND COALESCE(:schema, current_schema()) IN (cn.nspname, rn.nspname)
 ORDER BY 1, 2, k.conname, k.oid, pair.number
"""


class PostgresKey(NamedTuple):
    """One foreign key: the schema and table that carry it, its columns that may not be empty, and the key itself.
    `elsewhere`: the table stands in another schema than the one that was read.
    """

    schema: str
    table: str
    filled: frozenset[str]
    key: LiveForeignKey
    elsewhere: bool


def read_postgres_keys(connection: sa.Connection, schema: str | None) -> list[PostgresKey]:
    """Every foreign key from or to a table of the schema (None: the connection's own), each once for the same columns.

    `referred_schema` of a key is None where that is this schema.
    """
    asked = sa.text(_KEYS).bindparams(sa.bindparam("schema", schema, type_=sa.String()))
    own = schema or connection.execute(sa.text("SELECT current_schema()")).scalar()
    found: dict[PostgresKey, None] = {}
    for place, rows in groupby(connection.execute(asked).all(), lambda row: tuple(row[:6])):
        parts = list(rows)
        key = LiveForeignKey(
            columns=tuple(inner_name(row[6]) for row in parts),
            referred_table=place[4],
            referred_columns=tuple(inner_name(row[7]) for row in parts),
            ondelete=parts[0][9],
            referred_schema=None if place[3] == own else place[3],
            cleared=tuple(inner_name(row[6]) for row in parts if row[10]),
        )
        filled = frozenset(inner_name(row[6]) for row in parts if row[8])
        found[PostgresKey(place[0], place[1], filled, key, place[0] != own)] = None
    return list(found)
