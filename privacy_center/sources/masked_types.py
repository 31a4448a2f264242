"""Masked values in the type of the column that must hold them."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from privacy_center.errors import Refusal
from privacy_center.sources.as_written import SetAsWritten
from privacy_center.sources.masked_formats import Draw

FIXED_TEXT = "[erased]"
"""ASCII, so that a column in any character set can hold it."""

_INTEGER_LIMITS = {"TINYINT": 2**7, "MEDIUMINT": 2**23}
_BARE: dict[str, Any] = {
    "INET": "0.0.0.0",
    "CIDR": "0.0.0.0/32",
    "MACADDR": "00:00:00:00:00:00",
    "TSVECTOR": "",
    "HSTORE": {},
    "MONEY": "0",
    "YEAR": 1970,
    "OID": 0,
}


class NoMask(Refusal):
    """A column of a type for which no masked value is known."""


def fixed_value(kind: TypeEngine[Any], text: str | None = None) -> Any:
    """One value for every row: `text` (or `[erased]`) for text, the emptiest value of every other type.

    Dates become 1900-01-01, moments 1970-01-02 (the first day that a TIMESTAMP of MariaDB holds in every time zone).
    Text that can be read as the type (`"0"`, `"1999-01-01"`, `"false"`) is taken as said. Refuses a type it does not know.
    """
    if isinstance(kind, sa.Enum):
        return text if text in kind.enums else kind.enums[0]
    if isinstance(kind, SetAsWritten):
        return ""
    if isinstance(kind, sa.String):
        return _fit(text if text is not None else FIXED_TEXT, kind.length)
    if text is not None and (read := _reader(kind)) and (value := _read(read, text)) is not None:
        return value
    return _drawn_or_empty(kind, None)


def drawn_value(kind: TypeEngine[Any], draw: Draw) -> Any:
    """A value drawn for one row, in the type, length and range of the column. Refuses a type it does not know."""
    if isinstance(kind, sa.Enum):
        return kind.enums[draw.number(len(kind.enums))]
    if isinstance(kind, SetAsWritten):
        return ""
    if isinstance(kind, sa.String):
        return draw.letters(min(kind.length or 32, 32))
    return _drawn_or_empty(kind, draw)


def integer_limit(kind: TypeEngine[Any]) -> int:
    """The first positive whole number that is too big for the column."""
    if isinstance(kind, sa.Numeric | sa.Float):
        return 10 ** max(min(kind.precision or 9, 15) - (getattr(kind, "scale", None) or 0), 0)
    if isinstance(kind, sa.SmallInteger):
        return 2**15
    return 2**62 if isinstance(kind, sa.BigInteger) else _INTEGER_LIMITS.get(_name(kind), 2**31)


def _drawn_or_empty(kind: TypeEngine[Any], draw: Draw | None) -> Any:
    for families, make in _MAKERS:
        if isinstance(kind, families):
            return make(kind, draw)
    if _name(kind) in _BARE:
        return _BARE[_name(kind)]
    raise NoMask(
        f"不知道怎样脱敏 {_name(kind)} 类型的列。请把列改为可空，或改为删除整行。",
        f"No masked value is known for a column of type {_name(kind)}. Let the column be empty, or delete the whole row.",
    )


def _boolean(_kind: TypeEngine[Any], draw: Draw | None) -> bool:
    return bool(draw.number(2)) if draw else False


def _integer(kind: TypeEngine[Any], draw: Draw | None) -> int:
    if _name(kind) == "TINYINT" and getattr(kind, "display_width", None) == 1:
        return draw.number(2) if draw else 0
    return 1 + draw.number(integer_limit(kind) - 1) if draw else 0


def _numeric(kind: Any, draw: Draw | None) -> Any:
    whole = draw.number(integer_limit(kind)) if draw else 0
    return Decimal(whole) if kind.asdecimal else float(whole)


def _date(_kind: TypeEngine[Any], draw: Draw | None) -> date:
    return date(1900, 1, 1) + timedelta(days=draw.number(36500) if draw else 0)


def _moment(kind: TypeEngine[Any], draw: Draw | None) -> datetime:
    aware = bool(getattr(kind, "timezone", False))
    seconds = draw.number(900_000_000) if draw else 0
    return datetime(1970, 1, 2, tzinfo=UTC if aware else None) + timedelta(seconds=seconds)


def _time(kind: TypeEngine[Any], draw: Draw | None) -> time:
    second = draw.number(86400) if draw else 0
    aware = bool(getattr(kind, "timezone", False))
    return time(second // 3600, second // 60 % 60, second % 60, tzinfo=UTC if aware else None)


def _uuid(kind: Any, draw: Draw | None) -> Any:
    value = uuid.UUID(bytes=draw.bytes(16), version=4) if draw else uuid.UUID(int=0)
    return value if kind.as_uuid else str(value)


def _bytes(kind: Any, draw: Draw | None) -> bytes:
    return draw.bytes(min(kind.length or 32, 32)) if draw else b""


def _bits(kind: Any, _draw: Draw | None) -> Any:
    """Zeros: text of the column's length on PostgreSQL, a number of no bits set on MariaDB."""
    if isinstance(kind, postgresql.BIT):
        return "0" * (kind.length or 1) if not kind.varying else ""
    return 0


_MAKERS: tuple[tuple[tuple[type, ...], Callable[[Any, Draw | None], Any]], ...] = (
    ((sa.Boolean,), _boolean),
    ((sa.Integer,), _integer),
    ((sa.Numeric, sa.Float), _numeric),
    ((sa.DateTime,), _moment),
    ((sa.Date,), _date),
    ((sa.Time,), _time),
    ((sa.Interval, postgresql.INTERVAL), lambda _kind, _draw: timedelta(0)),
    ((sa.Uuid,), _uuid),
    ((sa.JSON,), lambda _kind, _draw: {}),
    ((sa.ARRAY,), lambda _kind, _draw: []),
    ((sa.types._Binary,), _bytes),
    ((postgresql.BIT, mysql.BIT), _bits),
)


def _reader(kind: TypeEngine[Any]) -> Callable[[str], Any] | None:
    readers: tuple[tuple[type, Callable[[str], Any]], ...] = (
        (sa.Boolean, lambda said: {"true": True, "false": False, "1": True, "0": False}[said.lower()]),
        (sa.Integer, int),
        (sa.Float, float),
        (sa.Numeric, Decimal),
        (sa.DateTime, datetime.fromisoformat),
        (sa.Date, date.fromisoformat),
        (sa.Uuid, uuid.UUID),
    )
    return next((read for family, read in readers if isinstance(kind, family)), None)


def _read(read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except (ValueError, KeyError, ArithmeticError):
        return None


def _fit(text: str, length: int | None) -> str:
    if length is None or len(text) <= length:
        return text
    return "*" * length if text == FIXED_TEXT else text[:length]


def _name(kind: TypeEngine[Any]) -> str:
    return type(kind).__name__.upper()
