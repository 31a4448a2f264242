"""What a live schema does not tell: what our account may do, the triggers, and checks that reflection leaves out."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from privacy_center.datamap.dots import database_name
from privacy_center.datamap.live import LiveCheck
from privacy_center.sources.triggers import Trigger, read_triggers


@dataclass(frozen=True, slots=True)
class Rights:
    """`granted`: (table, right, column) where `*` stands for any; None where the database could not tell.

    `triggers`: table → the triggers (and rewrite rules of PostgreSQL) that run when rows change or go. `checks`: table →
    CHECKs that stand at a column, which SQLAlchemy does not reflect on MariaDB.
    """

    granted: frozenset[tuple[str, str, str]] | None = None
    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)
    checks: Mapping[str, tuple[LiveCheck, ...]] = field(default_factory=dict)

    def may_delete(self, table: str) -> bool:
        """Whether rows of the table can be deleted; true where that is not known."""
        return self._has(table, "DELETE", "*")

    def may_update(self, table: str, columns: Iterable[str]) -> bool:
        """Whether these columns can be overwritten; true where that is not known."""
        return all(self._has(table, "UPDATE", name) for name in columns)

    def _has(self, table: str, right: str, column: str) -> bool:
        if self.granted is None:
            return True
        return any((one, right, part) in self.granted for one in (table, "*") for part in (database_name(column), "*"))


def read_rights(connection: sa.Connection, schema: str | None, access: str = "write") -> Rights:
    """The rights of the connection's account on every table of the schema (None: the connection's own): a few statements.

    Nothing is granted where `access` is `read`.
    """
    reader = _READERS.get(connection.dialect.name)
    rights = reader(connection, schema) if reader else Rights()
    return replace(rights, granted=frozenset()) if access == "read" else rights


_POSTGRES_RIGHTS = """
SELECT c.relname, 'DELETE', '*' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind IN ('r', 'p', 'v', 'f')
   AND has_table_privilege(c.oid, 'DELETE')
UNION ALL
SELECT c.relname, 'UPDATE', '*' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind IN ('r', 'p', 'v', 'f')
   AND has_table_privilege(c.oid, 'UPDATE')
UNION ALL
SELECT c.relname, 'UPDATE', a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = COALESCE(:schema, current_schema()) AND c.relkind IN ('r', 'p', 'v', 'f')
   AND NOT has_table_privilege(c.oid, 'UPDATE') AND has_column_privilege(c.oid, a.attnum, 'UPDATE')
"""
_MYSQL_RIGHTS = """
SELECT '*', privilege_type, '*' FROM information_schema.user_privileges WHERE grantee = {me}
UNION ALL
SELECT '*', privilege_type, '*' FROM information_schema.schema_privileges
 WHERE grantee = {me} AND COALESCE(:schema, DATABASE()) LIKE table_schema
UNION ALL
SELECT table_name, privilege_type, '*' FROM information_schema.table_privileges
 WHERE grantee = {me} AND table_schema = COALESCE(:schema, DATABASE())
UNION ALL
SELECT table_name, privilege_type, column_name FROM information_schema.column_privileges
 WHERE grantee = {me} AND table_schema = COALESCE(:schema, DATABASE())
""".format(me="CONCAT('''', REPLACE(CURRENT_USER(), '@', '''@'''), '''')")
_MARIADB_CHECKS = """
SELECT table_name, check_clause, constraint_name FROM information_schema.check_constraints
 WHERE constraint_schema = COALESCE(:schema, DATABASE()) AND level = 'Column' ORDER BY 1, 3
"""


def _on_postgres(connection: sa.Connection, schema: str | None) -> Rights:
    asked = {"schema": schema}
    granted = connection.execute(_text(_POSTGRES_RIGHTS), asked)
    return Rights(frozenset(tuple(row) for row in granted), read_triggers(connection, schema))


def _on_mysql(connection: sa.Connection, schema: str | None) -> Rights:
    """Rights that come from a role are not told here, so with a role nothing is claimed."""
    asked = {"schema": schema}
    triggers = read_triggers(connection, schema)
    checks = _column_checks(connection, asked)
    if connection.execute(sa.text("SELECT CURRENT_ROLE()")).scalar() not in (None, "NONE"):
        return Rights(None, triggers, checks)
    granted = connection.execute(_text(_MYSQL_RIGHTS), asked)
    return Rights(frozenset(tuple(row) for row in granted), triggers, checks)


def _column_checks(connection: sa.Connection, asked: Mapping[str, str | None]) -> dict[str, tuple[LiveCheck, ...]]:
    if not getattr(connection.dialect, "is_mariadb", False):
        return {}
    found: dict[str, list[LiveCheck]] = {}
    for table, clause, column in connection.execute(_text(_MARIADB_CHECKS), asked):
        found.setdefault(table, []).append(LiveCheck(clause, column))
    return {table: tuple(checks) for table, checks in found.items()}


def _on_sqlite(connection: sa.Connection, _schema: str | None) -> Rights:
    triggers = read_triggers(connection, None)
    file = connection.engine.url.database
    locked = connection.execute(sa.text("PRAGMA query_only")).scalar() == 1 or (file and not os.access(file, os.W_OK))
    return Rights(frozenset() if locked else None, triggers)


def _text(statement: str) -> sa.TextClause:
    return sa.text(statement).bindparams(sa.bindparam("schema", type_=sa.String()))


_READERS: dict[str, Callable[[sa.Connection, str | None], Rights]] = {
    "postgresql": _on_postgres,
    "mysql": _on_mysql,
    "mariadb": _on_mysql,
    "sqlite": _on_sqlite,
}
