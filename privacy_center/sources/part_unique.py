"""Columns whose values are kept apart in part: by an index over an expression or over some rows, or with NULL counted in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.dots import database_name

Told = Mapping[str, Any]
_BY_EXPRESSION = sa.text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE UNIQUE%'")


def unlisted_indexes(connection: sa.Connection) -> dict[str, list[str]]:
    """Table → what its unique indexes are over, as written. SQLite alone: SQLAlchemy leaves out those over expressions."""
    if connection.dialect.name != "sqlite":
        return {}
    found: dict[str, list[str]] = {}
    for table, statement in connection.execute(_BY_EXPRESSION):
        over = re.split(r"\bwhere\b", statement.split("(", 1)[1], flags=re.IGNORECASE)[0]
        found.setdefault(table, []).append(over)
    return found


def part_unique(
    columns: Iterable[Told], indexes: Iterable[Told], uniques: Iterable[Told], written: Iterable[str] = ()
) -> tuple[tuple[str, ...], ...]:
    """The sets of columns of one table that a unique index keeps apart without proving them unique."""
    computed = {one["name"]: one["computed"]["sqltext"] for one in columns if one.get("computed")}
    names = [one["name"] for one in columns]
    found = [tuple(_named_in(text, names)) for text in written]
    for one in (*(index for index in indexes if index["unique"]), *uniques):
        over = [*(one.get("expressions") or one["column_names"])]
        if one.get("expressions") or _is_partial(one) or any(name in computed for name in over):
            found.append(tuple(_named_in(" ".join(computed.get(name, name) for name in over), names)))
    return tuple(dict.fromkeys(columns for columns in found if columns))


def one_null(indexes: Iterable[Told], uniques: Iterable[Told]) -> frozenset[str]:
    """The columns of one table that may be NULL in one row only (`NULLS NOT DISTINCT` of PostgreSQL)."""
    strict = (one for one in (*indexes, *uniques) if (one.get("dialect_options") or {}).get(_STRICT))
    return frozenset(name for one in strict for name in one["column_names"] if name)


_STRICT = "postgresql_nulls_not_distinct"


def _is_partial(told: Told) -> bool:
    return any(key.endswith("_where") for key in told.get("dialect_options") or {})


def _named_in(text: str, names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if re.search(rf"\b{re.escape(database_name(name))}\b", text, re.IGNORECASE))
