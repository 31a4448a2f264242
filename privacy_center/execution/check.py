"""Read the databases again: is gone what should be gone, is masked what should be masked?"""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.execution.change import Change
from privacy_center.execution.mark import unlike_marks
from privacy_center.execution.work import DatasetWork
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.masks import masks_for
from privacy_center.sources.masking import Mask, MaskKind
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import Key
from privacy_center.sources.write import count_present

STILL_THERE = Words(
    "{collection}：有 {count} 行本该删除，但还在。", "{collection}: {count} rows that should be gone are still there."
)
NOT_MASKED = Words(
    "{collection}：有 {count} 行没有按计划清空。", "{collection}: {count} rows are not masked as planned."
)
NOT_MARKED = Words(
    "{collection}：有 {count} 条的限制标记与计划不符。",
    "{collection}: the restriction mark of {count} records is not as planned.",
)


@dataclass(slots=True)
class Checked:
    """What a second look found, in rows by collection. `cleared`: fields that were cleared, where that was counted. `wrong`: what does not agree with the plan, in words."""

    remaining: dict[str, int] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)
    cleared: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[Words] = field(default_factory=list)


def check_database(ground: Ground, work: DatasetWork, change: Change) -> Checked:
    """Look again in one database: count what was to be deleted, compare what was to be masked."""
    checked = Checked()
    with ground.sources.look(work.dataset) as connection:
        checked.remaining = count_remaining(ground, connection, work.sheet)
        _compare_remaining(work, change, checked)
        for collection, rows in change.sheet.rows.items():
            _check_masks(ground, connection, change.sheet, collection, rows, checked)
            if unlike := unlike_marks(ground, connection, work.dataset, change.sheet, collection):
                checked.wrong.append(NOT_MARKED.filled(collection=collection, count=unlike))
    return checked


def count_remaining(ground: Ground, connection: sa.Connection, sheet: Sheet) -> dict[str, int]:
    """Rows to be deleted that are there now, by collection, in one statement."""
    places = {key: keys for key in sheet.rows if (keys := sheet.of(key, Action.DELETE))}
    counts = count_present(
        connection, [(ground.sources.table(key), sheet.key_fields[key], keys) for key, keys in places.items()]
    )
    return dict(zip(places, counts, strict=True))


def _compare_remaining(work: DatasetWork, change: Change, checked: Checked) -> None:
    """Of the rows planned for deletion only those may remain that were turned inside the transaction."""
    for collection, count in checked.remaining.items():
        leaving = set(work.sheet.of(collection, Action.DELETE))
        stayed = sum(
            1
            for key, one in change.sheet.rows.get(collection, {}).items()
            if key in leaving and one.action is not Action.DELETE
        )
        if count > stayed:
            checked.wrong.append(STILL_THERE.filled(collection=collection, count=count - stayed))


def _check_masks(
    ground: Ground, connection: sa.Connection, sheet: Sheet, collection: str, rows: dict[Key, Any], checked: Checked
) -> None:
    alike: dict[tuple[str, ...], list[Key]] = {}
    for key, decision in rows.items():
        if decision.action in (Action.MASK, Action.RESTRICT, Action.SEAL) and decision.fields:
            alike.setdefault(decision.fields, []).append(key)
    for fields, keys in alike.items():
        masks = [mask for mask in masks_for(ground, collection, fields) if not mask.nested and _foretold(mask)]
        table, names = ground.sources.table(collection), sheet.key_fields[collection]
        found = read_rows(connection, table, names, keys, [mask.path for mask in masks])
        unlike = sum(1 for key, values in found if not _as_masked(masks, key, values))
        checked.masked[collection] = checked.masked.get(collection, 0) + len(keys) - unlike
        if unlike:
            checked.wrong.append(NOT_MASKED.filled(collection=collection, count=unlike))


def _foretold(mask: Mask) -> bool:
    return mask.strategy.kind is not MaskKind.RANDOM


def _as_masked(masks: list[Mask], key: Key, values: tuple[Any, ...]) -> bool:
    return all(_same(mask.value(key), value) for mask, value in zip(masks, values, strict=True))


def _same(expected: Any, found: Any) -> bool:
    """Equal, or equal as written: databases give back the same number or moment in another Python type."""
    if expected is None or found is None:
        return expected is found
    return expected == found or str(expected).rstrip() == str(found).rstrip()
