"""What one column of a live database most likely holds, and why a person should look before believing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from privacy_center.datamap.column_names import (
    agrees,
    category_by_comment,
    category_by_name,
    category_of_shape,
    has_shape,
    is_about_a_value,
    is_about_people,
    is_about_staff,
    is_beside_the_own,
    is_book_keeping,
    words_of,
)
from privacy_center.datamap.guessed_references import GuessedReference
from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from privacy_center.datamap.shapes import shape_of

Samples = Mapping[tuple[str, str], Sequence[Any]]
OPERATIONS = "system.operations"
BIRTH = "user.demographic.date_of_birth"
NAMES_OF_THINGS = "values look like personal names, but the table is not about people 值像人名，但表与人无关"
OWN = "is it the person's own? 是本人的吗"
_PLAIN = frozenset(
    ("email", "mail", "emailaddress", "mailaddress", "phone", "phonenumber", "mobile", "mobilephone", "tel")
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category for a column; `check` says why a person must look, and is empty where name and values agree."""

    category: str
    check: str = ""
    identity: str | None = None


NUMBERS_AND_TEXT = frozenset({"text", "integer", "number", "array", "other"})
"""The families of values that can hold an address or a number of a person: no flag, no time, no document."""


def suggest_column(table: LiveTable, column: LiveColumn, values: Sequence[Any]) -> Suggestion:
    """A category from the column's name and the shape of sampled values; only what both say is sure."""
    named = _named(column)
    shape, surely = shape_of(values)
    if named and named[0] == BIRTH and column.family == "date":
        return Suggestion(BIRTH)
    if shape == "han_name" and surely and words_of(column.name) in ("name", "xm", "名字", "名称"):
        return Suggestion("user.name", "" if _is_about_a_person(table, column) else NAMES_OF_THINGS)
    if named and named[0] == "user.unique_id" and _is_key(table, column.name):
        refers = any(column.name in one.columns for one in table.foreign_keys)
        return Suggestion(named[0], "", None if refers else named[1])
    if named:
        return _by_name(*named, column, shape, surely)
    if shape and surely:
        return Suggestion(
            category_of_shape(shape), f"values look like {shape}, the name does not say so 值像，列名未说明"
        )
    if _is_key(table, column.name):
        return Suggestion(OPERATIONS)
    if is_book_keeping(column.name, column.family):
        return Suggestion(OPERATIONS)
    if shape:
        return Suggestion("user", f"some values look like {shape} 部分值像这一类")
    return Suggestion("user", "not recognised; what does it hold? 无法识别，请确认内容")


def _named(column: LiveColumn) -> tuple[str, str | None] | None:
    """What name or comment say the column holds; nothing where its values cannot be that, or where it is about one."""
    by_name = category_by_name(column.name)
    found = by_name or (category_by_comment(column.comment) if column.comment else None)
    if found is None or found[0] == BIRTH:
        return found
    if column.family not in NUMBERS_AND_TEXT and (found[1] or has_shape(found[0])):
        return None
    return None if by_name and has_shape(found[0]) and is_about_a_value(column.name) else found


def _is_about_a_person(table: LiveTable, column: LiveColumn) -> bool:
    """Whether a table is a list of people: by its name, or because a contact or a birthday stands beside the name."""
    beside = (one for one in table.columns.values() if one.name != column.name)
    personal = ("user.contact", "user.government_id", BIRTH, "user.demographic.gender")
    return (
        is_about_people(table.name)
        or is_about_staff(table.name)
        or any((found := _named(one)) is not None and found[0].startswith(personal) for one in beside)
    )


def _by_name(category: str, identity: str | None, column: LiveColumn, shape: str | None, surely: bool) -> Suggestion:
    """A kind of identity only where the values are that, or none were seen in a column of text."""
    own = None if is_beside_the_own(column.name) else identity
    if shape and surely and agrees(shape, category):
        return Suggestion(category, "", own)
    if shape and surely and has_shape(category):
        return Suggestion("user", f"the name says {category}, values look like {shape} 列名与值不一致")
    own = None if column.family in ("integer", "number") and has_shape(category) else own
    if shape and surely:
        return Suggestion(category, f"by its name; values look like {shape} 仅凭列名，值像另一类", own)
    return Suggestion(category, "by its name only 仅凭列名", own)


def _is_key(table: LiveTable, column: str) -> bool:
    return column in table.primary_key or any(column in one.columns for one in table.foreign_keys)


def choose_identities(
    live: LiveSchema,
    found: Mapping[tuple[str, str], Suggestion],
    guessed: Mapping[tuple[str, str], GuessedReference] = MappingProxyType({}),
) -> dict[tuple[str, str], str]:
    """The columns that may start a search, with why a person must look (empty where it is sure).

    A table of people is one with a unique e-mail, phone or number, or named like one; each such column of it counts. Anywhere
    else they may be somebody else's (a recipient's), so other tables are taken only where there is no table of people: first
    those that refer to nobody. A table that stands by itself is taken as well where its column is called e-mail or phone and
    nothing else: no search would come to it otherwise. Tables about the company's own staff are left for a person.
    """
    candidates = {place: one for place, one in found.items() if one.identity and not is_about_staff(place[0])}
    unique = {place for place in candidates if _is_unique(live.tables[place[0]], place[1])}
    tables = {table for table, _ in unique} | {table for table, _ in candidates if is_about_people(table)}
    tables = tables or {table for table, _ in candidates if not _refers(live.tables[table])}
    alone = _standing_alone(live, guessed)
    tables |= {table for table, column in candidates if table in alone and words_of(column).replace("_", "") in _PLAIN}
    return {
        place: OWN if one.check or place not in unique else ""
        for place, one in candidates.items()
        if place[0] in tables or not tables
    }


def _standing_alone(live: LiveSchema, guessed: Mapping[tuple[str, str], GuessedReference]) -> set[str]:
    """Tables that no key leads to or from, whether the database declares it or its name says so."""
    pairs = [(name, one.referred_table) for name, table in live.tables.items() for one in table.foreign_keys]
    pairs += [(table, one.table) for (table, _), one in guessed.items()]
    connected = {name for pair in pairs for name in pair}
    return {name for name, table in live.tables.items() if name not in connected and not table.is_view}


def _is_unique(table: LiveTable, column: str) -> bool:
    return (column,) in (table.primary_key, *table.unique_sets)


def tables_of_people(
    live: LiveSchema, identities: Mapping[tuple[str, str], str], guessed: Mapping[tuple[str, str], GuessedReference]
) -> frozenset[str]:
    """The tables that lead to an identity by foreign keys or guessed references: to their rows other rows belong."""
    referred = {name: {one.referred_table for one in _outward(table, live)} for name, table in live.tables.items()}
    for (name, _column), reference in guessed.items():
        if not reference.role:
            referred[name].add(reference.table)
    leading = {table for table, _ in identities}
    while more := {
        name for name in live.tables if name not in leading and not is_about_staff(name) and referred[name] & leading
    }:
        leading |= more
    return frozenset(leading)


def _outward(table: LiveTable, live: LiveSchema) -> list[LiveForeignKey]:
    return [one for one in table.foreign_keys if one.referred_schema in (None, live.schema)]


def _refers(table: LiveTable) -> bool:
    return any(one.referred_table != table.name for one in table.foreign_keys)
