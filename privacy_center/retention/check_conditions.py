"""Conditions held against the map and the live database: names, datasets, types."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.datamap.live import LiveColumn
from privacy_center.retention.condition import (
    ORDERED,
    All,
    AnyOf,
    Compare,
    Exists,
    Not,
    OtherField,
    Related,
    Today,
    fields_of,
)
from privacy_center.retention.rule import Until

Live = Callable[[str, str], LiveColumn | None]
"""What a column is in the database, by collection key and field; None where that is not known."""


def not_looked(_collection: str, _field: str) -> LiveColumn | None:
    """No database was asked yet: then nobody says what a column holds, since the map's types are poorer than a database's."""
    return None


DATE_NAME = re.compile(r".*(?:^|_)(?:at|on|date|time|day|datetime|until)|.*(?:日期|时间|日)", re.IGNORECASE)
MAP_FAMILIES = {"string": "text", "float": "number"}
DAYS = frozenset({"date", "datetime"})


@dataclass(frozen=True)
class Checked:
    """A rule being checked on one collection. `certain`: what is checked must hold for the rule to hold."""

    zh: str
    en: str
    collection: Collection
    names: Mapping[str, str]
    data_map: DataMap
    live: Live | None
    place: Place
    certain: bool = True

    def column(self, name: str) -> str:
        return self.names.get(name, name)

    def live_column(self, name: str) -> LiveColumn | None:
        return self.live(self.collection.key, self.column(name)) if self.live else None

    def family(self, name: str) -> str | None:
        """What kind of values a field holds: from the live database, else from the map; None where nobody says."""
        column = self.live_column(name)
        if column is not None or self.live is not_looked:
            return column.family if column else None
        said = (self.collection.fields[self.column(name)].data_type or "").lower()
        return MAP_FAMILIES.get(said, said) or None

    def error(self, name: str, zh: str, en: str) -> None:
        self.place.within(field=self.column(name)).error(f"{self.zh}：{zh}", f"{self.en}: {en}")

    def warn(self, name: str, zh: str, en: str) -> None:
        self.place.within(field=self.column(name)).warn(f"{self.zh}：{zh}", f"{self.en}: {en}")


def check_condition(condition: Any, checked: Checked) -> None:
    """Adds what is wrong with a condition whose field names are known to exist."""
    match condition:
        case Compare():
            _check_compare(condition, checked)
        case All(all=parts):
            for part in parts:
                check_condition(part, checked)
        case AnyOf(any=parts):
            for part in parts:
                check_condition(part, replace(checked, certain=False))
        case Not(not_=part):
            check_condition(part, replace(checked, certain=False))
        case Exists(exists=related):
            _check_related(related, checked)


def check_start(until: Until, checked: Checked) -> None:
    """Adds what is wrong with the column from which a period counts."""
    if until.of and until.from_:
        for inside in _inside_of(until.of, frozenset({until.from_}), checked):
            check_day(until.from_, inside)
    elif until.from_:
        check_day(until.from_, checked)


def check_day(name: str, checked: Checked) -> None:
    """Adds what is wrong with a field that must hold days: another type, or text that only perhaps does."""
    family = checked.family(name)
    if family is None or family in DAYS:
        return
    column = checked.column(name)
    if family == "text" and DATE_NAME.fullmatch(column):
        checked.warn(
            name,
            f"{column} 是文本。会按 ISO 8601（2026-01-31）读；读不懂的行交人工。",
            f"{column} is text. It is read as ISO 8601 (2026-01-31); rows that cannot be read wait for a person.",
        )
        return
    checked.error(
        name,
        f"{column} 是 {family}，不是日期，不能拿来算日子。换一个日期字段。",
        f"{column} is {family}, not a date; no days can be counted from it. Name a date column.",
    )


def _check_compare(one: Compare, checked: Checked) -> None:
    column = checked.live_column(one.field)
    if one.operator == "is_null" and column is not None and not column.nullable:
        tell = checked.error if checked.certain else checked.warn
        tell(
            one.field,
            f"{column.name} 在数据库里不能为空，is: null 永远不成立。",
            f"{column.name} can never be empty in the database, so is: null never holds.",
        )
    for value in one.value if isinstance(one.value, tuple) else (one.value,):
        if isinstance(value, OtherField):
            _check_other(one, value, checked)
        elif isinstance(value, date | Today):
            check_day(one.field, checked)
        elif value is not None:
            _check_value(one, value, checked)


def _check_other(one: Compare, other: OtherField, checked: Checked) -> None:
    left, right = checked.family(one.field), checked.family(other.field)
    alike = (DAYS | {"text"}, {"integer", "number"})
    if left and right and left != right and not any({left, right} <= kinds for kinds in alike):
        checked.error(
            one.field,
            f"{left} 不能和 {other.field}（{right}）比较。",
            f"{left} cannot be compared with {other.field} ({right}).",
        )


def _check_value(one: Compare, value: Any, checked: Checked) -> None:
    family, column = checked.family(one.field), checked.live_column(one.field)
    if column is not None and column.choices and str(value) not in column.choices:
        only = ", ".join(column.choices)
        checked.error(
            one.field,
            f"{column.name} 只有这些值：{only}；没有 {value!r}。",
            f"{column.name} only ever is one of {only}; there is no {value!r}.",
        )
        return
    if family is None or _fits(value, family, one.operator):
        return
    checked.error(
        one.field,
        f"{checked.column(one.field)} 是 {family}，不能和 {value!r} 比较。",
        f"{checked.column(one.field)} is {family} and cannot be compared with {value!r}.",
    )


def _fits(value: Any, family: str, operator: str) -> bool:
    match family:
        case "integer" | "number":
            return not isinstance(value, str) or value.lstrip("-").replace(".", "", 1).isdigit()
        case "boolean":
            return value in (True, False, 0, 1) and operator not in ORDERED
        case "text":
            return isinstance(value, str) or (not isinstance(value, bool) and operator not in ORDERED)
        case "date" | "datetime":
            return isinstance(value, str) and _is_day(value)
        case "uuid":
            return isinstance(value, str) and _is_uuid(value)
    return family in ("time", "other")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _check_related(related: Related, checked: Checked) -> None:
    for inside in _inside_of(related, fields_of(related.when), checked):
        check_condition(related.when, inside)


def _inside_of(related: Related, fields: frozenset[str], checked: Checked) -> Iterator[Checked]:
    """The related collection as a place to check in, if it can be reached and has those fields; else what is wrong."""
    collection = checked.data_map.collections.get(related.collection)
    if collection is None:
        hint = did_you_mean(related.collection, checked.data_map.collections)
        checked.place.error(
            f"{checked.zh}：数据地图里没有集合 {related.collection}。{hint.zh}",
            f"{checked.en}: the data map has no collection {related.collection}.{hint.en}",
        )
        return
    if collection.dataset != checked.collection.dataset:
        checked.place.error(
            f"{checked.zh}：只能查同一个库；{related.collection} 在另一个库。",
            f"{checked.en}: rules reach within one dataset only; {related.collection} is in another.",
        )
        return
    place = checked.place.within(dataset=collection.dataset, collection=collection.name)
    inside = replace(checked, collection=collection, names={}, place=place, certain=True)
    unknown = sorted((set(related.on) | fields) - set(collection.fields))
    for name in unknown:
        hint = did_you_mean(name, collection.fields)
        inside.error(
            name, f"{collection.key} 没有字段 {name}。{hint.zh}", f"{collection.key} has no field {name}.{hint.en}"
        )
    if not unknown:
        yield inside
