"""A condition as SQLAlchemy Core on a collection's table: the same for one customer's rows and for a sweep of all.

SQL's own three values are kept: TRUE, FALSE, and unknown where a fact is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from privacy_center.retention.condition import All, AnyOf, Compare, Exists, Not, OtherField, Related, Today
from privacy_center.retention.days import local_day
from privacy_center.retention.sql_days import apply, compare_day, compare_fields, is_empty, kind_of, unknown

TableOf = Callable[[str], sa.Table | None]


@dataclass(frozen=True)
class Ground:
    """What a condition is compiled on. `names`: alias → column, for rules about kinds of record."""

    table: sa.FromClause
    table_of: TableOf
    today: date
    zone: ZoneInfo
    names: Mapping[str, str]

    def column(self, name: str) -> sa.ColumnElement | None:
        """The column of a field, or None where the live table lacks it."""
        return self.table.c.get(self.names.get(name, name))


def compile_condition(condition: Any, ground: Ground) -> sa.ColumnElement[bool]:
    """SQL for a condition; a column or table that is missing makes it unknown, never true or false."""
    match condition:
        case Compare():
            return _compare(condition, ground)
        case All(all=parts):
            return sa.and_(*(compile_condition(part, ground) for part in parts))
        case AnyOf(any=parts):
            return sa.or_(*(compile_condition(part, ground) for part in parts))
        case Not(not_=part):
            return sa.not_(compile_condition(part, ground))
        case Exists(exists=related):
            return _exists(related, ground)
    raise TypeError(f"not a condition: {condition!r}")


def parent_column(related: Related, name: str, ground: Ground) -> sa.ColumnElement | None:
    """The value of a column in the row (the latest, if several) that this row's key leads to; None where tables lack it."""
    table = ground.table_of(related.collection)
    if table is None:
        return None
    inner = Ground(table.alias(), ground.table_of, ground.today, ground.zone, {})
    column = inner.column(name)
    pairs = [(inner.column(theirs), ground.column(ours)) for theirs, ours in related.on.items()]
    if column is None or any(one is None for pair in pairs for one in pair):
        return None
    links = [_link(theirs, ours) for theirs, ours in pairs]
    latest = sa.func.max(column, type_=column.type)
    return sa.select(latest).select_from(inner.table).where(*links).correlate(ground.table).scalar_subquery()


def three_valued(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """1 where true, 0 where false, NULL where unknown: the same integer from every database."""
    return sa.case((condition, 1), (sa.not_(condition), 0), else_=sa.null())


def _compare(condition: Compare, ground: Ground) -> sa.ColumnElement[bool]:
    column = ground.column(condition.field)
    if column is None:
        return unknown()
    match condition.operator:
        case "is_null":
            return is_empty(column, ground.zone)
        case "not_null":
            return sa.not_(is_empty(column, ground.zone))
        case "in":
            return sa.or_(*(_one(column, "eq", value, ground) for value in condition.value))
        case "not_in":
            return sa.and_(*(_one(column, "ne", value, ground) for value in condition.value))
    return _one(column, condition.operator, condition.value, ground)


def _one(column: sa.ColumnElement, operator: str, value: Any, ground: Ground) -> sa.ColumnElement[bool]:
    if isinstance(value, OtherField):
        other = ground.column(value.field)
        return unknown() if other is None else compare_fields(column, operator, other, ground.zone)
    if isinstance(value, Today):
        value = value.on(ground.today)
    kind = kind_of(column)
    if isinstance(value, str) and kind in ("date", "local", "moment"):
        value = local_day(value, ground.zone)
    if isinstance(value, date):
        return compare_day(column, operator, value, ground.zone)
    literal = _literal(value, kind)
    return unknown() if literal is None else apply(column, operator, literal)


def _literal(value: Any, kind: str) -> Any:
    """The value as the column holds it: text in a text column, numbers in a number column; None where it cannot be."""
    if value is None:
        return None
    if kind == "text":
        return value if isinstance(value, str) else None if isinstance(value, bool) else str(value)
    if kind == "boolean":
        return sa.true() if value in (True, 1) else sa.false() if value in (False, 0) else None
    if kind in ("integer", "number"):
        return _number(value)
    return value if kind == "other" else None


def _number(value: Any) -> int | float | None:
    if not isinstance(value, str):
        return int(value) if isinstance(value, bool) else value
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return None


def _exists(related: Related, ground: Ground) -> sa.ColumnElement[bool]:
    """EXISTS that can also be unknown: no row is for certain such a row, but one of them might be."""
    table = ground.table_of(related.collection)
    if table is None:
        return unknown()
    inner = Ground(table.alias(), ground.table_of, ground.today, ground.zone, {})
    pairs = [(inner.column(theirs), ground.column(ours)) for theirs, ours in related.on.items()]
    if any(column is None for pair in pairs for column in pair):
        return unknown()
    links = [_link(theirs, ours) for theirs, ours in pairs]
    if related.when is None:
        return _any_row(inner, ground, *links)
    condition = compile_condition(related.when, inner)
    maybe = _any_row(inner, ground, *links, three_valued(condition).is_(None))
    return sa.or_(_any_row(inner, ground, *links, condition), sa.case((maybe, sa.null()), else_=0) == 1)


def _any_row(inner: Ground, outer: Ground, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.select(sa.literal(1)).select_from(inner.table).where(*conditions).correlate(outer.table).exists()


def _link(theirs: sa.ColumnElement, ours: sa.ColumnElement) -> sa.ColumnElement[bool]:
    """Equal keys; a number against a text is compared as text, as the databases hold the same key both ways."""
    if (kind_of(theirs) == "text") != (kind_of(ours) == "text"):
        theirs, ours = sa.cast(theirs, sa.String(255)), sa.cast(ours, sa.String(255))
    return theirs == ours
