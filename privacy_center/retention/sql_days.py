"""Comparing stored days in SQL: by the company's calendar, on date, timestamp and text columns alike.

SQLite has no dates: whatever is declared there is compared as text.
"""

import operator as operators
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from privacy_center.retention.days import LOCAL_TEXT, known_offsets, wall_text, zoned_text
from privacy_center.retention.days import midnight as local_midnight

Kind = Literal["date", "local", "moment", "text", "integer", "number", "boolean", "other"]
DAY = timedelta(days=1)


class by_dialect(FunctionElement):
    """Ways to say the same: the first everywhere, the second on SQLite, a third, where given, on MariaDB and MySQL."""

    type = sa.Boolean()
    inherit_cache = True
    name = "by_dialect"


@compiles(by_dialect)
def _typed(element: by_dialect, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(next(iter(element.clauses)), **options)})"


@compiles(by_dialect, "sqlite")
def _as_text(element: by_dialect, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(list(element.clauses)[1], **options)})"


@compiles(by_dialect, "mysql", "mariadb")
def _on_mariadb(element: by_dialect, compiler: Any, **options: Any) -> str:
    typed, _text, *own = element.clauses
    return f"({compiler.process(own[0] if own else typed, **options)})"


def kind_of(column: sa.ColumnElement) -> Kind:
    """What the values of a column are, as far as comparing goes. `local`: moments without a zone."""
    type_ = column.type
    if isinstance(type_, sa.DateTime):
        zoned = getattr(type_, "timezone", False) or type(type_).__name__ == "DATETIMEOFFSET"
        return "moment" if zoned else "local"
    families: tuple[tuple[type, Kind], ...] = (
        (sa.Date, "date"),
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.Numeric, "number"),
        (sa.Enum, "text"),
        (sa.String, "text"),
    )
    return next((kind for family, kind in families if isinstance(type_, family)), "other")


def before(column: sa.ColumnElement, day: date, zone: ZoneInfo) -> sa.ColumnElement[bool]:
    """TRUE where the local day of the column is before `day`; unknown where it is empty or cannot be read as a day."""
    kind = kind_of(column)
    if kind == "text":
        return _text_before(column, day, zone)
    if kind == "date":
        typed = column < sa.literal(day, sa.Date)
    elif kind == "local":
        typed = column < sa.literal(datetime(day.year, day.month, day.day), sa.DateTime)  # noqa: DTZ001 - local by meaning
    elif kind == "moment":
        typed = column < sa.literal(local_midnight(day, zone), sa.DateTime(timezone=True))
    else:
        return unknown()
    return by_dialect(typed, _text_before(sa.cast(column, sa.String), day, zone))


def is_empty(column: sa.ColumnElement, zone: ZoneInfo) -> sa.ColumnElement[bool]:
    """TRUE where the column is NULL; unknown where it holds what is neither NULL nor a fact.

    That is the day 0000-00-00 of MariaDB, a day on SQLite that cannot be read as one, and blank text.
    """
    kind = kind_of(column)
    if kind == "text":
        return _unless(sa.func.trim(column) == "", column)
    if kind not in ("date", "local", "moment"):
        return column.is_(None)
    readable = _text_before(sa.cast(column, sa.String), date.max, zone)
    on_sqlite = _unless(sa.and_(column.is_not(None), readable.is_(None)), column)
    return by_dialect(column.is_(None), on_sqlite, _unless(sa.func.year(column) == 0, column))


def _unless(odd: sa.ColumnElement[bool], column: sa.ColumnElement) -> sa.ColumnElement[bool]:
    return sa.case((odd, sa.null()), (column.is_(None), 1), else_=0) == 1


def compare_day(column: sa.ColumnElement, operator: str, day: date, zone: ZoneInfo) -> sa.ColumnElement[bool]:
    """The local day of a column against a day. Operators: lt le gt ge eq ne."""
    match operator:
        case "lt":
            return before(column, day, zone)
        case "ge":
            return sa.not_(before(column, day, zone))
        case "le":
            return before(column, day + DAY, zone)
        case "gt":
            return sa.not_(before(column, day + DAY, zone))
        case "eq":
            return sa.and_(before(column, day + DAY, zone), sa.not_(before(column, day, zone)))
    return sa.or_(before(column, day, zone), sa.not_(before(column, day + DAY, zone)))


def _text_before(text: sa.ColumnElement, day: date, zone: ZoneInfo) -> sa.ColumnElement[bool]:
    """ISO text sorts as time does, so long as one compares like with like: local with local, each offset with its own."""
    plain = sa.func.replace(text, "T", " ")
    cases = [(text.regexp_match(LOCAL_TEXT), plain < day.isoformat())]
    for minutes in known_offsets(zone):
        cases.append((text.regexp_match(zoned_text(minutes)), plain < wall_text(day, zone, minutes)))
    return sa.case(*(when for case in cases for when in _one_or_zero(*case)), else_=sa.null()) == 1


def compare_fields(
    left: sa.ColumnElement, operator: str, right: sa.ColumnElement, zone: ZoneInfo
) -> sa.ColumnElement[bool]:
    """Two columns of one row against each other; moments by the moment, a date with anything by the day.

    Unknown where one is empty, where a text is no ISO date, or where the kinds cannot be compared.
    """
    kinds = {kind_of(left), kind_of(right)}
    if kinds <= {"date", "local", "moment"}:
        return by_dialect(_typed_fields(left, operator, right, zone), _text_fields(left, operator, right, zone))
    if kinds == {"text"}:
        plain = operator in ("eq", "ne")
        return apply(left, operator, right) if plain else _text_fields(left, operator, right, zone)
    if kinds <= {"date", "local", "moment", "text"}:
        return by_dialect(unknown(), _text_fields(left, operator, right, zone))
    if len(kinds) == 1 or kinds <= {"integer", "number"}:
        return apply(left, operator, right)
    return unknown()


def _typed_fields(left: sa.ColumnElement, operator: str, right: sa.ColumnElement, zone: ZoneInfo) -> sa.ColumnElement:
    if kind_of(left) == kind_of(right):
        return apply(left, operator, right)
    by_day = "date" in (kind_of(left), kind_of(right))
    return apply(_local(left, zone, by_day), operator, _local(right, zone, by_day))


def _local(column: sa.ColumnElement, zone: ZoneInfo, by_day: bool) -> sa.ColumnElement:
    """A column as local time without a zone, or as the local day (`timezone()` is PostgreSQL's)."""
    if kind_of(column) == "moment":
        column = sa.func.timezone(zone.key, column, type_=sa.DateTime())
    return sa.cast(column, sa.Date) if by_day else column


def _text_fields(left: sa.ColumnElement, operator: str, right: sa.ColumnElement, zone: ZoneInfo) -> sa.ColumnElement:
    left, right = sa.cast(left, sa.String(40)), sa.cast(right, sa.String(40))
    both_local = left.regexp_match(LOCAL_TEXT) & right.regexp_match(LOCAL_TEXT)
    both_long = both_local & (sa.func.length(left) > 10) & (sa.func.length(right) > 10)
    moments = apply(sa.func.replace(left, "T", " "), operator, sa.func.replace(right, "T", " "))
    days = apply(sa.func.substr(left, 1, 10), operator, sa.func.substr(right, 1, 10))
    cases = [(both_long, moments), (both_local, days)]
    for minutes in known_offsets(zone):
        pattern = zoned_text(minutes)
        cases.append((left.regexp_match(pattern) & right.regexp_match(pattern), moments))
    return sa.case(*(when for case in cases for when in _one_or_zero(*case)), else_=sa.null()) == 1


def _one_or_zero(
    when: sa.ColumnElement[bool], true: sa.ColumnElement[bool]
) -> tuple[tuple[sa.ColumnElement, int], ...]:
    return (sa.and_(when, true), 1), (when, 0)


def apply(left: sa.ColumnElement, operator: str, right: Any) -> sa.ColumnElement[bool]:
    """A plain comparison. Operators: lt le gt ge eq ne."""
    return {
        "lt": operators.lt,
        "le": operators.le,
        "gt": operators.gt,
        "ge": operators.ge,
        "eq": operators.eq,
        "ne": operators.ne,
    }[operator](left, right)


def unknown() -> sa.ColumnElement[bool]:
    """A condition that is neither true nor false."""
    return sa.literal_column("NULL") == sa.literal_column("1")
