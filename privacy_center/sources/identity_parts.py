"""What stands in one identity column: one value, an address with a name around it, or several in a list."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from privacy_center.sources.identities import EMAIL, PHONE, is_phone

_PLAIN_ADDRESS = re.compile(r"[^\s@<>,;:\"'|\[\]()]+@[^\s@<>,;:\"'|\[\]()]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"'|\[\](){}、]+@[^\s@<>,;:\"'|\[\](){}、]+")
_PLAIN_NUMBER = re.compile(r"\+?[0-9]{5,16}")
_LISTS = re.compile(r"[,;|\n\[{\"、]")
_BETWEEN = re.compile(r"[,;|/\n\[\]\"'、]+")


def parts_of(kind: str, raw: Any, listed: bool = False) -> tuple[Any, ...]:
    """The identity values in a value of a column; none where it is NULL or blank. `listed`: the map says that it is a list.

    Addresses and phone numbers are told apart by their form, so a list of them is one whatever the map says.
    """
    if raw is None:
        return ()
    if isinstance(raw, list | tuple | dict | set):
        return tuple(part for text in _texts(raw) for part in parts_of(kind, text, listed))
    if not isinstance(raw, str):
        return (raw,)
    if kind == EMAIL and _PLAIN_ADDRESS.fullmatch(raw):
        return (raw,)
    if kind == PHONE and _PLAIN_NUMBER.fullmatch(raw):
        return (raw,)
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text:
        return ()
    return _split(kind, raw, text, listed)


def _split(kind: str, raw: str, text: str, listed: bool) -> tuple[Any, ...]:
    if kind == EMAIL:
        return tuple(dict.fromkeys(_ADDRESS.findall(text))) or (raw,)
    if kind == PHONE:
        if not listed and is_phone(text) and not _LISTS.search(text):
            return (raw,)
        return tuple(part for part in _pieces(text) if is_phone(part)) or (raw,)
    return tuple(_pieces(text)) if listed else (raw,)


def _pieces(text: str) -> Iterator[str]:
    if text.startswith(("[", "{")):
        try:
            yield from (one.strip() for one in _texts(json.loads(text)) if one.strip())
            return
        except ValueError:
            pass
    yield from (one.strip() for one in _BETWEEN.split(text) if one.strip())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
