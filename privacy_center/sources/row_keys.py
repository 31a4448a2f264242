"""Row keys as JSON and back, with their types: what a frozen plan must still find the same rows by."""

import base64
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from privacy_center.sources.rows import Key

_PLAIN = (str, int, float, bool, type(None))


def write_keys(keys: Iterable[Key]) -> list[list[Any]]:
    """Keys as lists that JSON can carry; a value JSON has no word for becomes `{type: text}`."""
    return [[_write(value) for value in key] for key in keys]


def read_keys(written: Iterable[list[Any]]) -> list[Key]:
    """Keys as `write_keys` wrote them, with the types they had."""
    return [tuple(_read(value) for value in key) for key in written]


def _write(value: Any) -> Any:
    match value:
        case datetime():
            return {"datetime": value.isoformat()}
        case date() | time() | Decimal() | uuid.UUID():
            return {type(value).__name__: str(value)}
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(bytes(value)).decode()}
        case _ if isinstance(value, _PLAIN):
            return value
    return {"str": str(value)}


_READERS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "Decimal": Decimal,
    "UUID": uuid.UUID,
    "bytes": base64.b64decode,
    "str": str,
}


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _READERS[kind](text)


def plain_key(fields: tuple[str, ...], key: Key) -> dict[str, Any]:
    """A key for people and for JSON output: field → value, dates and the like as text."""
    return {name: value if isinstance(value, _PLAIN) else str(value) for name, value in zip(fields, key, strict=True)}
