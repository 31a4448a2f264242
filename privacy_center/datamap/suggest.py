"""What one column of a live database most likely holds, and why a person should look before believing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from privacy_center.datamap.column_names import (
    agrees,
    category_by_name,
    category_of_shape,
    has_shape,
    is_about_people,
    is_about_staff,
    is_book_keeping,
    words_of,
)
from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from privacy_center.datamap.shapes import shape_of

Samples = Mapping[tuple[str, str], Sequence[Any]]
OPERATIONS = "system.operations"
BIRTH = "user.demographic.date_of_birth"
OWN = "is it the person's own? 是本人的吗"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category for a column; `check` says why a person must look, and is empty where name and values agree."""

    category: str
    check: str = ""
    identity: str | None = None


def suggest_column(table: LiveTable, column: LiveColumn, values: Sequence[Any]) -> Suggestion:
    """A category from the column's name and the shape of sampled values; only what both say is sure."""
    named = category_by_name(column.name) or (category_by_name(column.comment) if column.comment else None)
    shape, surely = shape_of(values)
    if named and named[0] == BIRTH and column.family == "date":
        return Suggestion(BIRTH)
    if shape == "han_name" and surely and words_of(column.name) in ("name", "xm", "名字", "名称"):
        return Suggestion("user.name")
    if named and named[0] == "user.unique_id" and _is_key(table, column.name):
        refers = any(column.name in one.columns for one in table.foreign_keys)
        return Suggestion(named[0], "", None if refers else named[1])
    if named:
        return _by_name(*named, shape, surely)
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


def _by_name(category: str, identity: str | None, shape: str | None, surely: bool) -> Suggestion:
    if shape and surely and agrees(shape, category):
        return Suggestion(category, "", identity)
    if shape and surely and has_shape(category):
        return Suggestion("user", f"the name says {category}, values look like {shape} 列名与值不一致")
    if shape and surely:
        return Suggestion(category, f"by its name; values look like {shape} 仅凭列名，值像另一类", identity)
    return Suggestion(category, "by its name only 仅凭列名", identity)


def _is_key(table: LiveTable, column: str) -> bool:
    return column in table.primary_key or any(column in one.columns for one in table.foreign_keys)


def choose_identities(live: LiveSchema, found: Mapping[tuple[str, str], Suggestion]) -> dict[tuple[str, str], str]:
    """The columns that may start a search, with why a person must look (empty where it is sure).

    A table of people is one with a unique e-mail, phone or number, or named like one; each such column of it counts. Anywhere
    else they may be somebody else's (a recipient's), so other tables are taken only where there is no table of people: first
    those that refer to nobody. Tables about the company's own staff are left for a person.
    """
    candidates = {place: one for place, one in found.items() if one.identity and not is_about_staff(place[0])}
    unique = {place for place in candidates if _is_unique(live.tables[place[0]], place[1])}
    tables = {table for table, _ in unique} | {table for table, _ in candidates if is_about_people(table)}
    tables = tables or {table for table, _ in candidates if not _refers(live.tables[table])}
    return {
        place: OWN if one.check or place not in unique else ""
        for place, one in candidates.items()
        if place[0] in tables or not tables
    }


def _is_unique(table: LiveTable, column: str) -> bool:
    return (column,) in (table.primary_key, *table.unique_sets)


def tables_of_people(live: LiveSchema, identities: Mapping[tuple[str, str], str]) -> frozenset[str]:
    """The tables that lead to an identity by foreign keys: to their rows other rows belong."""
    leading = {table for table, _ in identities}
    while more := {
        name
        for name, table in live.tables.items()
        if name not in leading and not is_about_staff(name)
        if any(one.referred_table in leading for one in _outward(table, live))
    }:
        leading |= more
    return frozenset(leading)


def _outward(table: LiveTable, live: LiveSchema) -> list[LiveForeignKey]:
    return [one for one in table.foreign_keys if one.referred_schema in (None, live.schema)]


def _refers(table: LiveTable) -> bool:
    return any(one.referred_table != table.name for one in table.foreign_keys)
