"""The side table that tells a company's own systems which of its records are restricted, where tables have no column for it.

One table a database: the record's table, its key as text, since when, until when at least, and the rules that hold it. The
key as text is worked out by the database itself, by the same expression when a record is entered and when it is looked up.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from privacy_center.sources.keys import rows_with
from privacy_center.sources.rows import Key

LONGEST_REASON = 200
LONGEST_KEY = 500
_TABLE_NAME = 120


@lru_cache(maxsize=64)
def restriction_table(name: str, schema: str | None) -> sa.Table:
    """The side table as SQLAlchemy sees it. Text compares byte by byte: keys that differ in case are two records."""
    exact = {"mysql": {"charset": "utf8mb4", "collation": "utf8mb4_bin"}}

    def text(length: int) -> sa.types.TypeEngine[str]:
        kind = sa.String(length)
        return kind.with_variant(mysql.VARCHAR(length, **exact["mysql"]), "mysql", "mariadb")

    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("table_name", text(_TABLE_NAME), primary_key=True),
        sa.Column("record_key", text(LONGEST_KEY), primary_key=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("reason", sa.String(LONGEST_REASON), nullable=False),
        schema=schema,
    )


def key_text(table: sa.Table, key_fields: Sequence[str], dialect: str) -> sa.ColumnElement[str]:
    """A record's key as text, as the side table has it: a key of one column as it is written, of several joined by `/`.

    In a key of several, `~` and `/` within a part are written `~0` and `~1`. Binary keys are in hexadecimal.
    """
    parts = [_part(table.c[name], dialect) for name in key_fields]
    if len(parts) == 1:
        return parts[0]
    whole = _escaped(parts[0])
    for part in parts[1:]:
        whole = whole.concat("/").concat(_escaped(part))
    return whole


def _part(column: sa.Column, dialect: str) -> sa.ColumnElement[str]:
    if isinstance(column.type, sa.types._Binary):
        return sa.func.encode(column, "hex") if dialect == "postgresql" else sa.func.hex(column, type_=sa.String)
    written = sa.cast(column, sa.String)
    return written.collate("C") if dialect == "postgresql" else written


def _escaped(part: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.replace(sa.func.replace(part, "~", "~0", type_=sa.String), "/", "~1", type_=sa.String)


def enter_records(
    connection: sa.Connection,
    side: sa.Table,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Iterable[Key],
    *,
    since: date,
    until: date | None,
    reason: str,
) -> None:
    """Enter the records with these keys as restricted; one that is entered keeps its first day, with a new end and reason."""
    written = key_text(table, key_fields, connection.dialect.name)
    reason = reason[:LONGEST_REASON]
    for condition in rows_with(table, key_fields, keys):
        mine = sa.select(written).where(condition)
        known = sa.update(side).where(*_of(side, table, mine)).values(until=until, reason=reason)
        connection.execute(known)
        entered = sa.exists().where(side.c.table_name == table.name, side.c.record_key == written)
        new = sa.select(
            sa.literal(table.name, sa.String),
            written,
            sa.literal(since, sa.Date),
            sa.literal(until, sa.Date),
            sa.literal(reason, sa.String),
        ).where(condition, ~entered)
        connection.execute(sa.insert(side).from_select([column.name for column in side.c], new))


def take_out_records(
    connection: sa.Connection, side: sa.Table, table: sa.Table, key_fields: Sequence[str], keys: Sequence[Key]
) -> None:
    """Take the records with these keys out, also those whose row is gone where the key is a number or a text."""
    written = key_text(table, key_fields, connection.dialect.name)
    for condition in rows_with(table, key_fields, keys):
        connection.execute(sa.delete(side).where(*_of(side, table, sa.select(written).where(condition))))
    plain = [text for key in keys if (text := _as_text(key)) is not None]
    for start in range(0, len(plain), LONGEST_KEY):
        mine = side.c.record_key.in_(plain[start : start + LONGEST_KEY])
        connection.execute(sa.delete(side).where(side.c.table_name == table.name, mine))


def tables_entered(connection: sa.Connection, side: sa.Table, names: Iterable[str]) -> set[str]:
    """Of these tables, those of which any record is entered."""
    wanted = sa.select(side.c.table_name).where(side.c.table_name.in_(sorted(names))).distinct()
    return set(connection.scalars(wanted))


def count_entered(
    connection: sa.Connection,
    side: sa.Table,
    table: sa.Table,
    key_fields: Sequence[str],
    keys: Iterable[Key],
    *,
    entered: bool,
) -> int:
    """How many of the records with these keys are there and entered, or there and not entered."""
    written = key_text(table, key_fields, connection.dialect.name)
    there = sa.exists().where(side.c.table_name == table.name, side.c.record_key == written)
    counting = sa.select(sa.func.count()).select_from(table)
    conditions = rows_with(table, key_fields, keys)
    return sum(
        connection.execute(counting.where(condition, there if entered else ~there)).scalar_one()
        for condition in conditions
    )


def _of(side: sa.Table, table: sa.Table, keys: sa.Select) -> tuple[sa.ColumnElement[bool], ...]:
    return side.c.table_name == table.name, side.c.record_key.in_(keys)


def _as_text(key: Key) -> str | None:
    """A key as the database would write it; None where that is not the same everywhere (times, decimals, truth values)."""
    if not all(type(part) in (int, str) for part in key):
        return None
    if len(key) == 1:
        return str(key[0])
    return "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in key)
