"""Values that cross column types: an integer key against a varchar key, a typed number against a bigint column."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from privacy_center.sources.reflect import family_of

NONE_SUCH: Any = object()
"""What a column of this type cannot hold; there is nothing to search for."""

Cast = Callable[[Any], Any]
_BITS = (("TINYINT", 16), ("SMALLINT", 16), ("MEDIUMINT", 32), ("BIGINT", 64))


def cast_for(kind: TypeEngine[Any], dialect: str) -> Cast:
    """How to turn any value into one that a column of this type compares with; `NONE_SUCH` where it holds no such value.

    Text becomes a number only where the number is written just so: `7` is 7, `007` is not.
    """
    if isinstance(kind, sa.Enum):
        return _enum_cast(kind)
    family = family_of(kind)
    if family == "text":
        return _text_cast(getattr(kind, "length", None))
    if family == "integer":
        return _integer_cast(kind, dialect)
    if family == "number":
        return _number_cast(getattr(kind, "scale", None), isinstance(kind, sa.Float))
    return _CASTS.get(family, _same)


def as_text(value: Any) -> str:
    """The text by which values of different types are compared: 7, Decimal("7.00") and "7" are all `7`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal | float):
        return _plain(value)
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def comparer(one: TypeEngine[Any], other: TypeEngine[Any], folded: bool) -> Cast:
    """How to make values of two columns comparable in Python, as their database compares them."""
    families = {family_of(one), family_of(other)}
    if families == {"integer"}:
        return _same
    if families & {"uuid", "binary"}:
        return _hexadecimal
    if families == {"text"} and not folded and not isinstance(one, sa.CHAR) and not isinstance(other, sa.CHAR):
        return _same
    if folded:
        return lambda value: as_text(value).rstrip(" ").casefold()
    return lambda value: as_text(value).rstrip(" ")


def _same(value: Any) -> Any:
    return value


def _hexadecimal(value: Any) -> str:
    text = as_text(value)
    return text.replace("-", "").lower() if len(text) in (32, 36) else text


def _plain(value: Decimal | float) -> str:
    number = Decimal(str(value))
    if not number.is_finite():
        return str(value)
    return str(int(number)) if number == number.to_integral_value() else format(number.normalize(), "f")


def _integer_cast(kind: TypeEngine[Any], dialect: str) -> Cast:
    bits = _bits(kind) if dialect == "postgresql" else {"mysql": 65}.get(dialect, 64)
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1

    def cast(value: Any) -> Any:
        if type(value) is int:
            return value if low <= value <= high else NONE_SUCH
        text = as_text(value)
        digits = text[1:] if text.startswith("-") else text
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20) or str(int(text)) != text:
            return NONE_SUCH
        return int(text) if low <= int(text) <= high else NONE_SUCH

    return cast


def _bits(kind: TypeEngine[Any]) -> int:
    if isinstance(kind, sa.BigInteger):
        return 64
    if isinstance(kind, sa.SmallInteger):
        return 16
    return next((bits for name, bits in _BITS if name == type(kind).__name__), 32)


def _number_cast(scale: int | None, binary: bool) -> Cast:
    def cast(value: Any) -> Any:
        text = as_text(value)
        try:
            number = Decimal(text)
        except InvalidOperation:
            return NONE_SUCH
        if not number.is_finite() or _plain(number) != text:
            return NONE_SUCH
        if scale is not None and -int(number.as_tuple().exponent) > scale:
            return NONE_SUCH
        return float(number) if binary else number

    return cast


def _enum_cast(kind: sa.Enum) -> Cast:
    allowed = frozenset(kind.enums)
    return lambda value: value if value in allowed else NONE_SUCH


def _uuid_cast(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(bytes=value) if isinstance(value, bytes) else uuid.UUID(str(value))
    except ValueError:
        return NONE_SUCH


def _binary_cast(value: Any) -> Any:
    if isinstance(value, bytes):
        return value
    return value.bytes if isinstance(value, uuid.UUID) else as_text(value).encode()


def _boolean_cast(value: Any) -> Any:
    return {"1": True, "0": False, "true": True, "false": False}.get(as_text(value).lower(), NONE_SUCH)


def _moment_cast(kind: type[date]) -> Cast:
    def cast(value: Any) -> Any:
        if isinstance(value, datetime) is (kind is datetime) and isinstance(value, kind):
            return value
        try:
            return kind.fromisoformat(value) if isinstance(value, str) else NONE_SUCH
        except ValueError:
            return NONE_SUCH

    return cast


def _text_cast(length: int | None) -> Cast:
    def cast(value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            return value.hex if length == 32 else str(value)
        text = as_text(value)
        return NONE_SUCH if "\x00" in text else text

    return cast


_CASTS: dict[str, Cast] = {
    "uuid": _uuid_cast,
    "binary": _binary_cast,
    "boolean": _boolean_cast,
    "date": _moment_cast(date),
    "datetime": _moment_cast(datetime),
}
