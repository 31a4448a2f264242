"""Fields as SQL: a column, or a place inside the JSON document that a column holds."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from privacy_center.datamap.dots import inner_name
from privacy_center.sources.reflect import family_of
from privacy_center.sources.trouble import NO_COLUMN, NOT_COMPARABLE, Unavailable


def expression_for(table: sa.Table, path: str, dialect: str, *, compared: bool) -> sa.ColumnElement[Any]:
    """The field at a dotted path, as something to select and, where `compared`, to compare with plain values.

    A place inside a JSON document is read as text. Types without a plain value (an address range, a SQLite column without a type) are compared as text.
    Refuses a column that is not there, and one whose type cannot be compared.
    """
    if path in table.c:
        return _comparable(table, table.c[path]) if compared else table.c[path]
    if inner_name(path) in table.c:
        return expression_for(table, inner_name(path), dialect, compared=compared)
    head, *rest = path.split(".")
    if head not in table.c:
        raise Unavailable(NO_COLUMN.filled(table=table.name, column=head))
    document = _document(table, table.c[head], dialect)
    return (document[rest[0]] if len(rest) == 1 else document[tuple(rest)]).as_string()


def _comparable(table: sa.Table, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    family = family_of(column.type)
    if family in ("json", "array"):
        raise Unavailable(NOT_COMPARABLE.filled(table=table.name, column=column.name))
    if family == "other":
        return sa.cast(column, sa.Text)
    return column


def _document(table: sa.Table, column: sa.Column[Any], dialect: str) -> Any:
    family = family_of(column.type)
    if family == "json":
        return column
    if family != "text":
        raise Unavailable(NOT_COMPARABLE.filled(table=table.name, column=column.name))
    if dialect == "postgresql":
        return sa.cast(column, postgresql.JSONB)
    return sa.type_coerce(column, sa.JSON)
