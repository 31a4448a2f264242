"""Count what a run clears, field by field, from what the database holds before and after."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from privacy_center.execution.models import ExecutionStep
from privacy_center.plans.decision import Action, Decision, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.masks import masks_for
from privacy_center.sources.masking import Mask, MaskKind
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import Key

CLEARING = (Action.MASK, Action.RESTRICT, Action.SEAL)


@dataclass(slots=True)
class ClearedCount:
    """Records of one collection, and the same field by field: a record counts for each field that holds something."""

    records: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, paths: Iterable[str]) -> None:
        """One more record, with the fields that are meant; nothing where there are none."""
        named = list(paths)
        self.records += bool(named)
        self.fields.update(named)

    def as_json(self) -> dict[str, Any]:
        """The form in which a step keeps it; fields of which nothing was cleared are left out."""
        return {"records": self.records, "fields": {path: count for path, count in self.fields.items() if count > 0}}

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "ClearedCount":
        """What `as_json` wrote."""
        return cls(written["records"], Counter(written["fields"]))


def count_filled(ground: Ground, connection: sa.Connection, sheet: Sheet) -> dict[str, ClearedCount]:
    """The fields that the sheet clears and that still hold something of the customer's, by collection. Reads only.

    A field that is empty, or already holds its mask, has nothing to clear.
    """
    counts: dict[str, ClearedCount] = {}
    for collection, rows in sheet.rows.items():
        count = ClearedCount()
        for masks, key, values in _read_masked(ground, connection, sheet, collection, rows):
            count.add(mask.path for mask, value in zip(masks, values, strict=True) if _holds_content(mask, key, value))
        if count.records:
            counts[collection] = count
    return counts


def count_cleared(
    ground: Ground, connection: sa.Connection, step: ExecutionStep, planned: Sheet, done: Sheet
) -> dict[str, dict[str, Any]]:
    """What was cleared, by collection: what held something when the step first began and does not now, and the fields of
    records that were to be deleted and were cleared instead.
    """
    before = {key: ClearedCount.read(one) for key, one in (step.filled or {}).items()}
    left = count_filled(ground, connection, _without_random(ground, planned))
    turned = _count_turned(ground, connection, planned, done)
    cleared = {}
    for collection in done.rows:
        first, rest = before.get(collection, ClearedCount()), left.get(collection, ClearedCount())
        more = turned.get(collection, ClearedCount())
        fields = Counter(first.fields)
        fields.subtract(rest.fields)
        fields.update(more.fields)
        count = ClearedCount(first.records - rest.records + more.records, fields)
        if written := count.as_json()["fields"]:
            cleared[collection] = {"records": max(count.records, *written.values()), "fields": written}
    return cleared


def rows_cleared_already(
    ground: Ground, connection: sa.Connection, sheet: Sheet, collections: Iterable[str]
) -> dict[str, dict[Key, tuple[str, ...]]]:
    """The rows of these collections in which all that the sheet clears is clear, with these fields. Reads only.

    A field whose mask is drawn at random tells nothing; a row with no other counts as cleared.
    """
    cleared: dict[str, dict[Key, tuple[str, ...]]] = {}
    for collection in collections:
        rows = sheet.rows.get(collection, {})
        for masks, key, values in _read_masked(ground, connection, sheet, collection, rows):
            pairs = [(mask, value) for mask, value in zip(masks, values, strict=True) if not _is_random(mask)]
            if not any(_holds_content(mask, key, value) for mask, value in pairs):
                cleared.setdefault(collection, {})[key] = tuple(mask.path for mask in masks)
    return cleared


def _count_turned(ground: Ground, connection: sa.Connection, planned: Sheet, done: Sheet) -> dict[str, ClearedCount]:
    """Records planned to be deleted that were cleared instead: the fields that hold their mask now."""
    counts: dict[str, ClearedCount] = {}
    for collection, rows in done.rows.items():
        leaving = set(planned.of(collection, Action.DELETE))
        instead = {key: one for key, one in rows.items() if key in leaving and one.action in CLEARING}
        count = counts.setdefault(collection, ClearedCount())
        for masks, key, values in _read_masked(ground, connection, done, collection, instead):
            pairs = zip(masks, values, strict=True)
            count.add(mask.path for mask, value in pairs if not _holds_content(mask, key, value) or _is_random(mask))
    return counts


def _without_random(ground: Ground, sheet: Sheet) -> Sheet:
    """The same sheet without fields whose masks are drawn at random: a value drawn once is told from no other."""
    plain = Sheet({}, sheet.key_fields, sheet.keyless)
    for collection, rows in sheet.rows.items():
        kept: dict[tuple[str, ...], tuple[str, ...]] = {}
        for one in rows.values():
            if one.action in CLEARING and one.fields not in kept:
                masks = masks_for(ground, collection, one.fields)
                kept[one.fields] = tuple(mask.path for mask in masks if not _is_random(mask))
        plain.rows[collection] = {
            key: Decision(one.ownership, one.outcome, one.action, kept.get(one.fields, ())) for key, one in rows.items()
        }
    return plain


def _read_masked(
    ground: Ground, connection: sa.Connection, sheet: Sheet, collection: str, rows: Mapping[Key, Decision]
) -> Iterator[tuple[list[Mask], Key, tuple[Any, ...]]]:
    """Masks, key and present values of every record that is still there and of which something is cleared."""
    alike: dict[tuple[str, ...], list[Key]] = {}
    for key, decision in rows.items():
        if decision.action in CLEARING and decision.fields:
            alike.setdefault(decision.fields, []).append(key)
    table = ground.sources.table(collection) if alike else None
    for fields, keys in alike.items():
        masks = masks_for(ground, collection, fields)
        paths = [mask.path for mask in masks]
        for key, values in read_rows(connection, table, sheet.key_fields[collection], keys, paths):
            yield masks, key, values


def _is_random(mask: Mask) -> bool:
    return mask.strategy.kind is MaskKind.RANDOM


def _holds_content(mask: Mask, key: Key, value: Any) -> bool:
    """Whether a value says something that its mask does not; of a list inside a document, any of its members."""
    if isinstance(value, list) and mask.nested:
        return any(_holds_content(mask, key, one) for one in value)
    if value is None or value in ("", b"", [], {}):
        return False
    if _is_random(mask):
        return True
    expected = mask.value(key)
    return expected is None or (expected != value and str(expected).rstrip() != str(value).rstrip())
