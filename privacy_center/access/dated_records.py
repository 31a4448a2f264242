"""A person's records of some kinds in the order of time, the newest first, for pages that show them one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from privacy_center.access.groups import visible_rows
from privacy_center.datamap.graph import Collection, is_within
from privacy_center.errors import Words
from privacy_center.sources.open import Sources
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import FoundCollection, Key, Located
from privacy_center.sources.trouble import Trouble, Unavailable, explain

Paths = Mapping[str, Sequence[str]]
"""Collection → the fields of it that may be shown."""


@dataclass(frozen=True, slots=True)
class DatedRecord:
    """One record. `at`: its newest moment, None where it has none; `told`: whether a field that is shown says so."""

    collection: str
    key_fields: tuple[str, ...]
    key: Key
    at: datetime | None
    told: bool


@dataclass(slots=True)
class DatedRecords:
    """The records, the newest first, those without a moment last. `silent`: collection → why it could not be asked."""

    records: list[DatedRecord] = field(default_factory=list)
    silent: dict[str, Words] = field(default_factory=dict)


def dated_records(sources: Sources, located: Located, paths: Paths, zone: str) -> DatedRecords:
    """The person's own and shared records in these collections. `zone`: the company's, on whose clock a moment without a zone
    is. Reads moments only.
    """
    every, data_map = DatedRecords(), sources.data_map
    for key in paths:
        if key in located.skipped:
            every.silent[key] = located.skipped[key]
        found = located.collections.get(key)
        if found is None or not visible_rows(found):
            continue
        try:
            every.records += _dated(sources, data_map.collections[key], found, paths[key], ZoneInfo(zone))
        except (Unavailable, *Trouble) as error:
            every.silent[key] = explain(error)
    every.records.sort(key=lambda one: (one.at is not None, one.at.timestamp() if one.at else 0.0), reverse=True)
    return every


def _dated(
    sources: Sources, collection: Collection, found: FoundCollection, shown: Sequence[str], zone: ZoneInfo
) -> Iterator[DatedRecord]:
    table, keys = sources.table(collection.key), [row.key for row in visible_rows(found)]
    fields = _moments(table, collection, shown)
    told = bool(set(fields) & set(shown))
    with sources.engine(collection.dataset).connect() as connection:
        at = {
            key: max((one for value in values if (one := _moment(value, zone))), default=None)
            for key, values in read_rows(connection, table, found.key_fields, keys, fields)
        }
    return (DatedRecord(collection.key, found.key_fields, key, at[key], told) for key in keys if key in at)


def _moments(table: sa.Table, collection: Collection, shown: Sequence[str]) -> list[str]:
    """The fields that say when: moments among what is shown, then moments about nobody, then days and texts that are shown."""
    about_nobody = [
        path
        for path, one in collection.fields.items()
        if not any(is_within(category, "user") for category in one.data_categories or collection.data_categories)
    ]
    exact = (sa.DateTime, sa.TIMESTAMP)
    return (
        _of_types(table, shown, exact)
        or _of_types(table, about_nobody, exact)
        or _of_types(table, shown, (sa.Date, sa.String))
    )


def _of_types(table: sa.Table, paths: Sequence[str], types: tuple[type, ...]) -> list[str]:
    return [path for path in paths if path in table.c and isinstance(table.c[path].type, types)]


def _moment(value: Any, zone: ZoneInfo) -> datetime | None:
    """The moment that a value says, with its zone; None for what is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=zone)
