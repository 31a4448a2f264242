"""What one column of a live database most likely holds, and why a person should look before believing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from privacy_center.datamap.column_names import agrees, category_by_name, category_of_shape, has_shape, is_book_keeping
from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from privacy_center.datamap.shapes import shape_of

Samples = Mapping[tuple[str, str], Sequence[Any]]
OPERATIONS = "system.operations"


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

    A column that is unique in its table, or in a table that refers to nobody, most likely tells whose the row is. In other
    tables an e-mail or a phone may be somebody else's (a recipient's): those are left for a person to add.
    """
    candidates = {place: one for place, one in found.items() if one.identity}
    chosen = {}
    for (table, column), one in candidates.items():
        unique = (column,) in (live.tables[table].primary_key, *live.tables[table].unique_sets)
        if unique and not one.check:
            chosen[table, column] = ""
        elif unique or not _refers(live.tables[table]):
            chosen[table, column] = "is it the person's own? 是本人的吗"
    return chosen or dict.fromkeys(candidates, "is it the person's own? 是本人的吗")


def tables_of_people(live: LiveSchema, identities: Mapping[tuple[str, str], str]) -> frozenset[str]:
    """The tables that lead to an identity by foreign keys: to their rows other rows belong."""
    leading = {table for table, _ in identities}
    while more := {
        name
        for name, table in live.tables.items()
        if name not in leading and any(one.referred_table in leading for one in _outward(table, live))
    }:
        leading |= more
    return frozenset(leading)


def _outward(table: LiveTable, live: LiveSchema) -> list[LiveForeignKey]:
    return [one for one in table.foreign_keys if one.referred_schema in (None, live.schema)]


def _refers(table: LiveTable) -> bool:
    return any(one.referred_table != table.name for one in table.foreign_keys)
