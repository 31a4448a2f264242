"""Whether the foreign keys and triggers of a database are still those that were read: one short statement."""

import sqlalchemy as sa

_POSTGRES = """
SELECT concat_ws(' ', (SELECT concat(count(*), '/', max(oid), '/', max(xmin::text::bigint)) FROM pg_constraint WHERE contype = 'f'),
       (SELECT concat(count(*), '/', max(t.xmin::text::bigint), '/', max(p.xmin::text::bigint))
          FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal),
       (SELECT concat(count(*), '/', max(xmin::text::bigint)) FROM pg_rewrite))
"""
_MYSQL = """
SELECT CONCAT_WS(' ', (SELECT CONCAT(COUNT(*), '/', COALESCE(SUM(CRC32(CONCAT_WS(' ', table_name, constraint_name, delete_rule,
                              referenced_table_name))), 0)) FROM information_schema.referential_constraints
                        WHERE unique_constraint_schema = COALESCE(:schema, DATABASE())),
       (SELECT CONCAT(COUNT(*), '/', COALESCE(SUM(CRC32(action_statement)), 0)) FROM information_schema.triggers
         WHERE event_object_schema = COALESCE(:schema, DATABASE())))
"""
_STATEMENTS = {"postgresql": _POSTGRES, "mysql": _MYSQL, "mariadb": _MYSQL, "sqlite": "PRAGMA schema_version"}


def read_edition(connection: sa.Connection, schema: str | None) -> str:
    """A text that differs once foreign keys, triggers or rewrite rules have changed; empty for other databases."""
    statement = _STATEMENTS.get(connection.dialect.name)
    if statement is None:
        return ""
    text = sa.text(statement)
    if ":schema" in statement:
        text = text.bindparams(sa.bindparam("schema", schema, type_=sa.String()))
    return str(connection.execute(text).scalar())
