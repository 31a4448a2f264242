"""Identity values as databases really hold them: blanks at the ends, full-width signs, brackets, several in one column.

Exact forms are looked up by an index first. Whether a column holds anything else is asked once a minute; only then is it
read with an expression that takes the oddities away. What it finds is judged by its value, so it may find too much.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from privacy_center import clock
from privacy_center.sources.identities import (
    BLANKS,
    EMAIL,
    PHONE,
    PUNCTUATION,
    bare_text,
    normalise_identity,
    spellings,
)

KEPT = timedelta(seconds=60)
SQLITE_BARE, SQLITE_MATCHES = "privacy_center_bare", "privacy_center_matches"

_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
_USUAL_NUMBER = "^([+]?[0-9]+|([+]?(00)?86[ -])?(1[0-9]{10}|1[0-9]{2} [0-9]{4} [0-9]{4}|1[0-9]{2}-[0-9]{4}-[0-9]{4}))$"
_ODD_ENDS = f"^[{BLANKS}]|[{BLANKS}]$|[！-～]"
_SEVERAL = {EMAIL: "[;,|<>\\[\"'、，；]", PHONE: '[;,|/\\["、，；]'}


@dataclass(frozen=True, slots=True)
class Holds:
    """What a column of identities holds beside the usual: capitals (in addresses), odd spellings, several values at once."""

    capitals: bool = False
    odd: bool = False
    several: bool = False


def question(column: sa.ColumnElement[Any], kind: str, dialect: str) -> tuple[sa.ColumnElement[Any], ...]:
    """What to select of the whole table to learn what the column holds (`Holds`, in its order), 1 or 0 or NULL each."""
    odd = sa.not_(_matches(column, _USUAL_NUMBER, dialect)) if kind == PHONE else _matches(column, _ODD_ENDS, dialect)
    capitals = column != sa.func.lower(column) if kind == EMAIL else sa.false()
    several = holds_several(column, kind, dialect)
    return tuple(sa.func.max(sa.case((one, 1), else_=0)) for one in (capitals, odd, several))


def holds_several(column: sa.ColumnElement[Any], kind: str, dialect: str) -> sa.ColumnElement[bool]:
    """TRUE for values with the signs that stand between several, or around an address; FALSE for kinds without a form."""
    return _matches(column, _SEVERAL[kind], dialect) if kind in _SEVERAL else sa.false()


def remembered(known: dict[Any, Any], key: tuple[str, str]) -> Holds | None:
    """What was learnt of a column within the last minute."""
    kept = known.get(("holds", *key))
    return kept[1] if kept and kept[0] > clock.now() - KEPT else None


def remember(known: dict[Any, Any], key: tuple[str, str], answer: Any) -> Holds:
    """Keep the answer to `question` for a minute."""
    holds = Holds(*(bool(part) for part in answer)) if answer is not None else Holds()
    known[("holds", *key)] = (clock.now(), holds)
    return holds


def bare(column: sa.ColumnElement[Any], kind: str, dialect: str) -> sa.ColumnElement[Any]:
    """The column without blanks, in half-width signs; addresses in small letters, phone numbers without punctuation."""
    dropped = PUNCTUATION if kind == PHONE else BLANKS
    if dialect == "sqlite":
        return getattr(sa.func, SQLITE_BARE)(kind, column)
    if dialect == "postgresql":
        kept = [(full, half) for full, half in zip(_FULL, _HALF, strict=True) if half not in dropped]
        gone = dropped + "".join(full for full, half in zip(_FULL, _HALF, strict=True) if half in dropped)
        plain = sa.func.translate(column, "".join(full for full, _ in kept) + gone, "".join(half for _, half in kept))
        return sa.func.lower(plain) if kind == EMAIL else plain
    text: sa.ColumnElement[Any] = sa.cast(column, mysql.CHAR(charset="utf8mb4"))
    for sign in dropped:
        text = sa.func.replace(text, sign, "")
    if kind != PHONE:
        return sa.collate(text, "utf8mb4_unicode_ci")
    for full, half in zip("０１２３４５６７８９＋", "0123456789+", strict=True):
        text = sa.func.replace(text, full, half)
    return text


def bare_forms(kind: str, value: str) -> set[str]:
    """The forms that `bare` makes of every spelling of a value."""
    normal = normalise_identity(kind, value)
    forms = {bare_value(kind, form) for form in (*spellings(kind, value), normal)}
    return forms | {f"+860{normal}", f"860{normal}", f"00860{normal}"} if kind == PHONE else forms


def bare_value(kind: str, text: str) -> str:
    """What `bare` makes of one value."""
    text = bare_text(text)
    if kind == PHONE:
        return "".join(sign for sign in text if sign not in PUNCTUATION)
    text = "".join(sign for sign in text if sign not in BLANKS)
    return text.lower() if kind == EMAIL else text


def teach_sqlite(connection: Any) -> None:
    """Give a SQLite connection the two functions that its SQL does not have."""
    connection.create_function(SQLITE_BARE, 2, _bare_or_null, deterministic=True)
    connection.create_function(SQLITE_MATCHES, 2, _match_or_null, deterministic=True)


def _bare_or_null(kind: str, value: Any) -> str | None:
    return None if value is None or isinstance(value, bytes) else bare_value(kind, str(value))


def _match_or_null(pattern: str, value: Any) -> int | None:
    return None if value is None or isinstance(value, bytes) else int(re.search(pattern, str(value)) is not None)


def _matches(column: sa.ColumnElement[Any], pattern: str, dialect: str) -> sa.ColumnElement[bool]:
    if dialect == "sqlite":
        return getattr(sa.func, SQLITE_MATCHES)(pattern, column) == 1
    return column.regexp_match(pattern)
