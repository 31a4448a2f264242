"""Change one database: everything in one transaction, with rules and placed holds asked again inside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from privacy_center.execution.carried import (
    carried_along,
    keep_off,
    refuse_carrying,
    refuse_what_cannot_be_cleared,
)
from privacy_center.execution.exact import refuse_other_counts
from privacy_center.execution.keep_refusals import refuse_changed_refusals
from privacy_center.execution.mark import mark_records
from privacy_center.execution.work import DatasetWork
from privacy_center.holds.lookup import HoldsByRecord
from privacy_center.plans.anchor import anchor_rows
from privacy_center.plans.decision import Action, Decision, Sheet
from privacy_center.plans.draft import facts_for
from privacy_center.plans.ground import Ground
from privacy_center.plans.masks import masks_for
from privacy_center.plans.models import STATUTORY
from privacy_center.plans.references import clear_of_holds
from privacy_center.plans.scope import CollectionScope
from privacy_center.plans.settle import decide_row, may_waive
from privacy_center.retention.verdict import Hold, Outcome
from privacy_center.sources.keys import rows_with
from privacy_center.sources.order import deletion_order
from privacy_center.sources.rows import FoundRow, Key, Ownership
from privacy_center.sources.together import delete_together, mask_together, refuses_together
from privacy_center.sources.write import Place, delete_rows, mask_rows, null_link


class Differs(Exception):
    """The database no longer agrees with the plan: rows are gone, newly held, or newly referred to."""


@dataclass(slots=True)
class Change:
    """What was done. `sheet`: the acts that took effect. `newly_held`: rows the plan would erase and a rule now holds.

    `missing`: planned rows that were not there. `seen`: rows read and locked, alike rows as often as they are there.
    Counts are in rows by collection.
    """

    sheet: Sheet
    newly_held: dict[str, dict[Key, Decision]] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    seen: dict[str, list[Key]] = field(default_factory=dict)


def change_database(ground: Ground, work: DatasetWork, today: date) -> Change:
    """Make the work true in its database, in one transaction, safe to repeat.

    First as planned, many tables in one statement, every deletion guarded by the rules as they stand today. If a single row
    differs, a hold was placed on one, or the database takes them only one by one, all of it is rolled back and done again
    after a look at each row: what has become held or referred to stays, what is gone is left out.
    """
    engine = ground.sources.changing(work.dataset)
    if work.exact:
        try:
            with engine.begin() as connection:
                _apply_exactly(ground, connection, work, today)
            return Change(work.sheet)
        except (Differs, sa.exc.IntegrityError):
            pass
        except sa.exc.DBAPIError as error:
            if not refuses_together(error):
                raise
    with engine.begin() as connection:
        references = keep_off(ground, connection, work.sheet, work.dataset)
        refuse_changed_refusals(ground, connection, work)
        change = _look_again(ground, connection, work, today)
        refuse_what_cannot_be_cleared(ground, connection, change.sheet, work.sheet, work.dataset)
        refuse_carrying(ground, connection, change.sheet, references, today)
        _masked, deleted = apply_sheet(ground, connection, work.dataset, change.sheet, today)
        refuse_other_counts(ground, connection, change.sheet, change.seen, deleted)
    return change


def _apply_exactly(ground: Ground, connection: sa.Connection, work: DatasetWork, today: date) -> None:
    references = keep_off(ground, connection, work.sheet, work.dataset)
    refuse_changed_refusals(ground, connection, work)
    if references and carried_along(ground, connection, work.sheet, references, today):
        raise Differs("rows that stay would be carried along")
    guards = {collection: _guard(ground, collection, today) for collection in work.sheet.rows}
    masked, deleted = apply_sheet(ground, connection, work.dataset, work.sheet, today, guards, together=True)
    for collection, rows in work.sheet.rows.items():
        going = len(work.sheet.of(collection, Action.DELETE))
        if (masked.get(collection, 0), deleted.get(collection, 0)) != (len(rows) - going, going):
            raise Differs(collection)
    for (collection, key), placed in _placed_on(ground, work.sheet, today).items():
        if not _knows(work.sheet.rows[collection][key], placed):
            raise Differs(f"a hold was placed in {collection}")


def _placed_on(ground: Ground, sheet: Sheet, today: date) -> HoldsByRecord:
    """The placed holds on the rows of a sheet; asked once these are locked, so that none can come after."""
    return ground.hold_register.on(sheet.rows, sheet.key_fields, today)


def _knows(planned: Decision, placed: Iterable[Hold]) -> bool:
    """Whether a row was planned with all of these placed holds, so that nothing of what they keep changes."""
    return {hold.rule for hold in placed} <= {hold.rule for hold in planned.holds}


def _guard(ground: Ground, collection_key: str, today: date) -> sa.ColumnElement[bool] | None:
    """SQL that is true only for rows no rule holds today; None where no rule speaks of the collection."""
    return clear_of_holds(ground, collection_key, today) if ground.rules.rules_for(collection_key) else None


def apply_sheet(
    ground: Ground,
    connection: sa.Connection,
    dataset: str,
    sheet: Sheet,
    today: date,
    guards: Mapping[str, sa.ColumnElement[bool] | None] | None = None,
    *,
    together: bool = False,
) -> tuple[dict[str, int], dict[str, int]]:
    """Carry out the acts of a sheet, masking first, then deletion from children to parents. Returns rows masked (or held
    and so left as they are) and rows deleted, each by collection.

    `together`: what does not depend on each other goes in one statement, where the database can.
    """
    masked = _mask(ground, connection, sheet, guards or {}, together)
    mark_records(ground, connection, dataset, sheet, today)
    return masked, _delete(ground, connection, dataset, sheet, guards or {}, together)


def _masked_alike(rows: Mapping[Key, Decision]) -> dict[tuple[tuple[str, ...], bool], list[Key]]:
    """Keys by the fields to mask, and by whether the row is held (no guard applies to what stays anyway)."""
    alike: dict[tuple[tuple[str, ...], bool], list[Key]] = {}
    for key, decision in rows.items():
        if decision.action in (Action.MASK, Action.RESTRICT, Action.SEAL):
            alike.setdefault((decision.fields, decision.action is not Action.MASK), []).append(key)
    return alike


def _mask(
    ground: Ground,
    connection: sa.Connection,
    sheet: Sheet,
    guards: Mapping[str, sa.ColumnElement[bool] | None],
    together: bool,
) -> dict[str, int]:
    """Mask rows; where nothing needs masking they count as done, since they stay as they are."""
    done, wanted = dict.fromkeys(sheet.rows, 0), []
    for collection, rows in sheet.rows.items():
        for (fields, held), keys in _masked_alike(rows).items():
            guard = None if held else guards.get(collection)
            place = Place(ground.sources.table(collection), sheet.key_fields[collection], keys, guard)
            if fields:
                wanted.append((collection, place, masks_for(ground, collection, fields)))
            else:
                done[collection] += len(keys)
    if together:
        counts = mask_together(connection, [(place, masks) for _collection, place, masks in wanted])
    else:
        counts = [mask_rows(connection, p.table, p.key_fields, p.keys, masks, p.where) for _key, p, masks in wanted]
    for (collection, _place, _masks), count in zip(wanted, counts, strict=True):
        done[collection] += count
    return done


def _delete(
    ground: Ground,
    connection: sa.Connection,
    dataset: str,
    sheet: Sheet,
    guards: Mapping[str, sa.ColumnElement[bool] | None],
    together: bool,
) -> dict[str, int]:
    leaving = {key: sheet.of(key, Action.DELETE) for key in sheet.rows}
    names = {ground.data_map.collections[key].name: key for key, keys in leaving.items() if keys}
    wished = _wished(ground, names)
    order = deletion_order(ground.sources.schema_of(dataset), list(names), wished)
    for table, columns in order.breaks:
        key = names[table]
        null_link(connection, ground.sources.table(key), sheet.key_fields[key], leaving[key], columns, guards.get(key))
    # Foreign keys are checked when a statement has ended, so all may go in one; what the map wants first goes first.
    waves = (order.steps,) if together and not wished else order.waves
    done: dict[str, int] = {}
    for wave in waves:
        keys = [names[table] for table in wave]
        places = [
            Place(ground.sources.table(key), sheet.key_fields[key], leaving[key], guards.get(key)) for key in keys
        ]
        counts = delete_together(connection, places) if together else [delete_rows(connection, *p) for p in places]
        done |= zip(keys, counts, strict=True)
    return done


def _wished(ground: Ground, names: Mapping[str, str]) -> dict[str, list[str]]:
    """Table → tables of the same database that the map wants erased before it (`erase_after`)."""
    tables = {key: name for name, key in names.items()}
    wished = {name: ground.data_map.collections[key].erase_after for name, key in names.items()}
    return {name: [tables[key] for key in first if key in tables] for name, first in wished.items() if first}


def _look_again(ground: Ground, connection: sa.Connection, work: DatasetWork, today: date) -> Change:
    """The work as the database allows it now, decided inside the transaction that will change it."""
    sheet = Sheet({}, dict(work.sheet.key_fields), set(work.sheet.keyless), work.sheet.untouched, work.sheet.scope)
    change = Change(sheet)
    facts = {
        collection: _read_facts(ground, connection, collection, work.sheet.key_fields[collection], list(rows), today)
        for collection, rows in work.sheet.rows.items()
    }
    placed = _placed_on(ground, work.sheet, today)
    for collection, rows in facts.items():
        _judge_again(ground, work, collection, rows, placed, change, today)
    anchor_rows(ground, sheet, connection, work.dataset, today, planned=True)
    return change


def _judge_again(
    ground: Ground,
    work: DatasetWork,
    collection: str,
    facts: Iterable[tuple[Key, Key]],
    placed: HoldsByRecord,
    change: Change,
    today: date,
) -> None:
    rows, seen = work.sheet.rows[collection], change.sheet.rows.setdefault(collection, {})
    read = change.seen.setdefault(collection, [])
    for key, known in facts:
        read.append(key)
        planned, holding = rows[key], placed.get((collection, key), ())
        by_person = (collection, key) in work.by_person
        now = planned
        if by_person:
            ask = planned.action in (Action.DELETE, Action.MASK) and _by_law(ground, collection, known, today)
        else:
            ask = planned.outcome is Outcome.ERASE
        if ask or not _knows(planned, holding):
            now = _judge_row(ground, collection, key, known, planned, holding, today)
        seen[key] = now
        if now is not planned:
            change.newly_held.setdefault(collection, {})[key] = now
    change.missing[collection] = len(rows) - len(seen)


def _by_law(ground: Ground, collection: str, facts: Key, today: date) -> bool:
    """Whether a rule that no person may override holds a row today."""
    return any(hold.authority.value in STATUTORY for hold in ground.rules.judge(collection, facts, today).holds)


def _judge_row(
    ground: Ground,
    collection: str,
    key: Key,
    facts: Key,
    planned: Decision,
    placed: tuple[Hold, ...],
    today: date,
) -> Decision:
    verdict = ground.rules.judge(collection, facts, today)
    if not placed and (verdict.outcome is Outcome.ERASE or may_waive(verdict, planned.waived)):
        return planned
    scope = CollectionScope(planned.asked, planned.whole)
    needed = ground.rules.fields_used(collection)
    return decide_row(FoundRow(key, Ownership.OWN, facts), verdict, scope, needed, placed=placed)


def _read_facts(
    ground: Ground,
    connection: sa.Connection,
    collection: str,
    names: tuple[str, ...],
    keys: list[Key],
    today: date,
) -> list[tuple[Key, Key]]:
    """Key and facts of the rows that are still there, locked until the transaction ends where the database can."""
    table = ground.sources.table(collection)
    columns = [table.c[name] for name in names] + facts_for(ground, today)(collection)
    found: list[tuple[Key, Key]] = []
    for condition in rows_with(table, names, keys):
        wanted = sa.select(*columns).where(condition).with_for_update()
        found += [(tuple(row[: len(names)]), tuple(row[len(names) :])) for row in connection.execute(wanted)]
    return found
