"""Mark restricted records for the company's own systems, in the transaction that changes them, and look whether the marks are there."""

from collections.abc import Iterable, Iterator
from datetime import date

import sqlalchemy as sa

from privacy_center.plans.decision import Action, Decision, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.restriction import RESTRICTING, Restriction, mark_of, side_table
from privacy_center.sources.restriction_table import (
    count_entered,
    enter_records,
    tables_entered,
    take_out_records,
)
from privacy_center.sources.rows import Key
from privacy_center.sources.write import count_marked, mark_rows

BY_A_PERSON = "by-decision"
"""The reason in the side table for what a person has kept."""


def mark_records(ground: Ground, connection: sa.Connection, dataset: str, sheet: Sheet, today: date) -> None:
    """Set the marks of records that are restricted from now on, and take away those of records that are free.

    Before the deletions of the same transaction: entries of a side table are found by the records themselves.
    """
    for collection in sheet.rows:
        if (column := ground.catalogue.markers.get(collection)) is not None:
            table, names = ground.sources.table(collection), sheet.key_fields[collection]
            mark_rows(connection, table, names, sheet.of(collection, *RESTRICTING), column, today)
            mark_rows(connection, table, names, sheet.of(collection, Action.MASK), column, None)
    listed = [collection for collection in sheet.rows if _mark(ground, sheet, collection) is Restriction.SIDE_TABLE]
    if listed:
        _take_out(ground, connection, dataset, sheet, listed)
        for collection in listed:
            _enter(ground, connection, dataset, sheet, collection, today)


def unlike_marks(ground: Ground, connection: sa.Connection, dataset: str, sheet: Sheet, collection: str) -> int:
    """How many records of a collection are there without the mark they should have, or with one they should not have."""
    mark = _mark(ground, sheet, collection)
    restricted, free = sheet.of(collection, *RESTRICTING), sheet.of(collection, Action.MASK)
    table, names = ground.sources.table(collection), sheet.key_fields[collection]
    if mark is Restriction.COLUMN:
        column = ground.catalogue.markers[collection]
        unmarked = count_marked(connection, table, names, restricted, column, marked=False)
        return unmarked + count_marked(connection, table, names, free, column, marked=True)
    if mark is Restriction.SIDE_TABLE:
        side = side_table(ground, dataset)
        unmarked = count_entered(connection, side, table, names, restricted, entered=False)
        return unmarked + count_entered(connection, side, table, names, free, entered=True)
    return 0


def _mark(ground: Ground, sheet: Sheet, collection: str) -> Restriction:
    return mark_of(ground.catalogue, collection, keyless=collection in sheet.keyless)


def _take_out(
    ground: Ground, connection: sa.Connection, dataset: str, sheet: Sheet, collections: Iterable[str]
) -> None:
    """Records that go or are emptied leave the side table; most were never in it, which one statement tells."""
    side = side_table(ground, dataset)
    leaving = {key: rows for key in collections if (rows := sheet.of(key, Action.DELETE, Action.MASK))}
    names = {ground.sources.table(key).name: key for key in leaving}
    for name in sorted(tables_entered(connection, side, names)) if names else ():
        key = names[name]
        take_out_records(connection, side, ground.sources.table(key), sheet.key_fields[key], leaving[key])


def _enter(ground: Ground, connection: sa.Connection, dataset: str, sheet: Sheet, collection: str, today: date) -> None:
    side, table = side_table(ground, dataset), ground.sources.table(collection)
    for (until, reason), keys in _alike(sheet.rows[collection].items()):
        said = {"since": today, "until": until, "reason": reason}
        enter_records(connection, side, table, sheet.key_fields[collection], keys, **said)


def _alike(rows: Iterable[tuple[Key, Decision]]) -> Iterator[tuple[tuple[date | None, str], list[Key]]]:
    """Keys of restricted records by what the side table says of them: the last day of all holds, and the rules."""
    alike: dict[tuple[date | None, str], list[Key]] = {}
    for key, decision in rows:
        if decision.action in RESTRICTING:
            ends = [hold.until for hold in decision.holds]
            until = max((end for end in ends if end), default=None) if None not in ends else None
            reason = " ".join(sorted({BY_A_PERSON if hold.placed else hold.rule for hold in decision.holds}))
            alike.setdefault((until, reason or BY_A_PERSON), []).append(key)
    yield from alike.items()
