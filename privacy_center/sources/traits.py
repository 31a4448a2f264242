"""What tables do beside holding rows: hide some, keep old ones, share their keys with others, take no changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from privacy_center.sources.view_bases import referred_under

_POSTGRES = """
SELECT c.relname, 'hides', ''
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)
   AND (EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive)
        OR NOT EXISTS (SELECT FROM pg_policy p CROSS JOIN LATERAL unnest(p.polroles) AS of_role
                        WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('*', 'r')
                          AND pg_get_expr(p.polqual, p.polrelid) = 'true'
                          AND (of_role = 0 OR pg_has_role(of_role, 'USAGE'))))
UNION ALL
SELECT p.relname, 'heirs', ''
  FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = p.relnamespace
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND p.relkind = 'r'
UNION ALL
SELECT c.relname, 'part', p.relname
  FROM pg_class c JOIN pg_class p ON p.oid = pg_partition_root(c.oid) JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relispartition AND p.relnamespace = c.relnamespace
   AND c.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT v.relname, 'beneath', MIN(b.relname) FROM (
  WITH RECURSIVE under (view, oid) AS (
    SELECT c.oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind = 'v'
    UNION
    SELECT under.view, d.refobjid FROM under JOIN pg_rewrite r ON r.ev_class = under.oid AND r.rulename = '_RETURN'
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
  ) SELECT under.view, under.oid FROM under
  ) AS under JOIN pg_class v ON v.oid = under.view JOIN pg_class b ON b.oid = under.oid
 WHERE EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = under.oid) GROUP BY v.relname
UNION ALL
SELECT c.relname, 'fixed', ''
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind IN ('v', 'm')
   AND pg_relation_is_updatable(c.oid, true) & 20 <> 20
"""
_HEIRS = """
WITH RECURSIVE above (name, oid, steps) AS (
  SELECT c.relname, i.inhparent, 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = COALESCE(:schema, current_schema()) AND NOT c.relispartition AND c.relkind IN ('r', 'f')
  UNION ALL SELECT above.name, i.inhparent, steps + 1 FROM above JOIN pg_inherits i ON i.inhrelid = above.oid
) SELECT above.name, p.relname FROM above JOIN pg_class p ON p.oid = above.oid JOIN pg_namespace n ON n.oid = p.relnamespace
   WHERE n.nspname = COALESCE(:schema, current_schema()) ORDER BY above.name, steps, p.relname
"""
_MYSQL = """
SELECT table_name, 'history', '' FROM information_schema.tables
 WHERE table_schema = COALESCE(:schema, DATABASE()) AND table_type = 'SYSTEM VERSIONED'
UNION ALL
SELECT table_name, 'loose', engine FROM information_schema.tables
 WHERE table_schema = COALESCE(:schema, DATABASE()) AND engine IN ('MyISAM', 'Aria', 'MEMORY', 'CSV', 'ARCHIVE')
UNION ALL
SELECT table_name, 'fixed', '' FROM information_schema.views
 WHERE table_schema = COALESCE(:schema, DATABASE()) AND is_updatable = 'NO'
"""
_SQLITE = "SELECT name, 'fixed', '' FROM sqlite_master WHERE type = 'view' AND :schema IS NULL"
_THIS = sa.text("SELECT DATABASE()")
_ASKED = {"postgresql": _POSTGRES, "mysql": _MYSQL, "mariadb": _MYSQL, "sqlite": _SQLITE}


@dataclass(frozen=True, slots=True)
class Traits:
    """Names of tables. `hides`: row-level security keeps rows from our account. `history`: what is changed or deleted
    stays readable as an old version. `heirs`: rows of tables that inherit from it are among its own, so no key of it is
    unique. `loose` (→ engine): changes cannot be rolled back. `fixed`: a view whose rows cannot be changed. `parts`:
    partition → the table of which it is one. `above`: a table that inherits → those from which it does, the nearest first.
    `beneath`: view → a table under it to which foreign keys refer.
    """

    hides: frozenset[str] = frozenset()
    history: frozenset[str] = frozenset()
    heirs: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    loose: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beneath: Mapping[str, str] = field(default_factory=dict)

    def of(self, table: str) -> dict[str, Any]:
        """The traits of one table, by the names that a `LiveTable` has for them."""
        return {
            "hides_rows": table in self.hides,
            "keeps_history": table in self.history,
            "has_heirs": table in self.heirs,
            "fixed": table in self.fixed,
            "referred_beneath": self.beneath.get(table, ""),
            "loose": self.loose.get(table, ""),
        }


def read_traits(connection: sa.Connection, schema: str | None) -> Traits:
    """The traits of every table and view of the schema (None: the connection's own), in a few statements."""
    asked = _ASKED.get(connection.dialect.name)
    if asked is None:
        return Traits()
    found: dict[str, dict[str, str]] = {}
    for name, trait, other in _rows(connection, asked, schema):
        found.setdefault(trait, {})[name] = other
    named = {trait: frozenset(found.get(trait, ())) for trait in ("hides", "history", "heirs", "fixed")}
    above: dict[str, tuple[str, ...]] = {}
    for name, parent in _rows(connection, _HEIRS, schema) if named["heirs"] else ():
        above[name] = (*above.get(name, ()), parent)
    by_name = {
        trait: found.get(key, {}) for trait, key in (("loose", "loose"), ("parts", "part"), ("beneath", "beneath"))
    }
    if asked is _MYSQL:
        by_name["beneath"] = referred_under(connection, schema or connection.execute(_THIS).scalar_one())
    return Traits(**named, **by_name, above=above)


def _rows(connection: sa.Connection, statement: str, schema: str | None) -> sa.CursorResult[Any]:
    text = sa.text(statement).bindparams(sa.bindparam("schema", schema, type_=sa.String()))
    return connection.execute(text)
