"""Personal data in plain text in our own database, where it should not be: found by its shape, or because we know it."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.datamap.shapes import is_bank_card, is_email, is_mobile, is_resident_id
from privacy_center.keys.sealing import open_text
from privacy_center.keys.subjects import Destroyed
from privacy_center.people.identity import VALUE
from privacy_center.people.models import PersonIdentity

KNOWN_IN_PLAIN = frozenset({"staff_member.email"})
"""Columns that hold such a value by design: staff are written to, and named to no customer."""
LONG_ENOUGH = 6  # a known value shorter than this is a number of anything
BATCH = 1_000

_MAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DIGITS = re.compile(r"(?<![A-Za-z0-9_.-])\+?[0-9](?:[ -]?[0-9]){9,20}[Xx]?(?![A-Za-z0-9_.-])")
"""Chinese is written without blanks: a number may stand right beside its signs."""
_WORDS = (re.compile(r"[\w@.+-]{6,254}"), re.compile(r"[A-Za-z0-9_@.+-]{6,254}"))
_CARD_STARTS = frozenset("3456")  # the first digit of a payment card's issuer (ISO/IEC 7812-1)
_SYSTEM = frozenset({"information_schema", "pg_catalog"})


@dataclass(frozen=True, slots=True)
class PlainValue:
    """Where something stands in plain text, and what it looks like; never the value."""

    column: str
    row: str
    shape: str


def known_values(session: Session) -> frozenset[str]:
    """Every identity value that somebody has proven, in small letters."""
    found = set()
    for sealed in session.scalars(sa.select(PersonIdentity.value_sealed).execution_options(yield_per=BATCH)):
        try:
            found.add(open_text(session, sealed, VALUE).lower())
        except Destroyed:
            continue
    return frozenset(value for value in found if len(value) >= LONG_ENOUGH)


def find_plain(engine: sa.Engine, known: frozenset[str], allowed: Iterable[str] = ()) -> Iterator[PlainValue]:
    """Every text and JSON value of every table in our database that holds the shape of a phone number, e-mail address,
    resident ID or bank card, or a known value. `allowed`: addresses of the company's own, which are nobody's secret.
    """
    inspector, ours = sa.inspect(engine), {one.lower() for one in allowed if one}
    schemas = (
        [None]
        if engine.dialect.name == "sqlite"
        else [one for one in inspector.get_schema_names() if one not in _SYSTEM]
    )
    for schema in schemas:
        for name in inspector.get_table_names(schema=schema):
            table = sa.Table(name, sa.MetaData(), schema=schema, autoload_with=engine)
            yield from _in_table(engine, table, lambda text: shape_in(text, known, ours))


def shape_in(text: str, known: frozenset[str], ours: Iterable[str] = ()) -> str | None:
    """What a text, or the texts in a JSON document, hold of somebody: a word for its shape; None where it is nothing."""
    text = unicodedata.normalize("NFKC", "\n".join(_said_in(text)))
    for mail in _MAIL.findall(text):
        if is_email(mail) and mail.lower() not in ours:
            return "email"
    for digits in _DIGITS.findall(text):
        if is_resident_id(digits):
            return "resident_id"
        if is_mobile(digits):
            return "phone_number"
        if digits[0] in _CARD_STARTS and is_bank_card(digits):
            return "bank_card"
    words = (word for form in _WORDS for word in form.findall(text))
    return "known identity" if known and any(word.lower().strip(".") in known for word in words) else None


def _said_in(text: str) -> Iterator[str]:
    """The text, or every name and value in the JSON document that it is: JSON writes Chinese and line ends as `\\u8bf7`, `\\n`."""
    try:
        waiting = [json.loads(text)] if text[:1] in ("{", "[", '"') else [text]
    except (ValueError, RecursionError):
        waiting = [text]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found
        else:
            yield str(found)


def _in_table(engine: sa.Engine, table: sa.Table, look: Callable[[str], str | None]) -> Iterator[PlainValue]:
    names = [f"{table.name}.{column.name}" for column in table.columns]
    texts = [
        column
        for column, name in zip(table.columns, names, strict=True)
        if isinstance(column.type, (sa.String, sa.JSON)) and name not in KNOWN_IN_PLAIN
    ]
    if not texts:
        return
    keys = list(table.primary_key) or texts[:1]
    wanted = sa.select(
        *keys, *(sa.cast(column, sa.Text).label(f"text_{number}") for number, column in enumerate(texts))
    )
    with engine.execution_options(read_only=True).connect() as connection:
        for row in connection.execution_options(yield_per=BATCH).execute(wanted):
            for number, column in enumerate(texts):
                shape = look(row[len(keys) + number] or "")
                if shape:
                    yield PlainValue(f"{table.name}.{column.name}", ", ".join(map(str, row[: len(keys)])), shape)
