"""What a later look would do otherwise than a frozen plan, row by row."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.plans.decision import Action
from privacy_center.plans.draft import DraftedPlan, describe
from privacy_center.plans.freeze import items_of, keys_in
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.retention.signing import without_packs
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.row_keys import write_keys


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a row: the verdict, the act, and all the rest (reasons, ends, fields) as one text."""

    outcome: Outcome
    action: Action
    rest: str


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of one collection that change alike. `was` None: found only now; `now` None: not there any more.

    Where both say the same verdict and act, the reasons, ends or fields differ. `rows` counts rows.
    """

    collection: str
    was: tuple[Outcome, Action] | None
    now: tuple[Outcome, Action] | None
    rows: int

    @property
    def kind(self) -> str:
        """ "added", "removed", "changed", or "reasons" where verdict and act are the same and only the why differs."""
        if self.was is None:
            return "added"
        if self.now is None:
            return "removed"
        return "reasons" if self.was == self.now else "changed"


Row = tuple[str, str]


def what_changed(session: Session, frozen: Plan, fresh: DraftedPlan) -> list[Change]:
    """What differs between a frozen plan and a later draft, by collection; nothing when they would do the same.

    Opens the sealed row keys; answers counts, never keys.
    """
    before, after = dict(_frozen_rows(session, frozen)), dict(_fresh_rows(fresh))
    counts: Counter[tuple[str, Told | None, Told | None]] = Counter()
    for row in before.keys() | after.keys():
        was, now = before.get(row), after.get(row)
        if was != now:
            counts[row[0], was, now] += 1
    return _grouped(counts)


def _grouped(counts: Mapping[tuple[str, Told | None, Told | None], int]) -> list[Change]:
    alike: Counter[tuple[str, Any, Any]] = Counter()
    for (collection, was, now), rows in counts.items():
        alike[collection, _step(was), _step(now)] += rows
    found = [Change(collection, was, now, rows) for (collection, was, now), rows in alike.items()]
    return sorted(found, key=lambda one: (one.collection, str(one.was), str(one.now)))


def _step(told: Told | None) -> tuple[Outcome, Action] | None:
    return (told.outcome, told.action) if told else None


def _frozen_rows(session: Session, plan: Plan) -> Iterator[tuple[Row, Told]]:
    for item in items_of(session, plan.id):
        told = Told(item.outcome, item.action, _written(_as_drafted(item)))
        for key in write_keys(keys_in(session, item)):
            yield (item.collection, json.dumps(key)), told


def _fresh_rows(fresh: DraftedPlan) -> Iterator[tuple[Row, Told]]:
    for collection, decision, keys in fresh.sheet.groups():
        told = Told(decision.outcome, decision.action, _written(describe(collection, decision)))
        for key in write_keys(keys):
            yield (collection, json.dumps(key)), told


def _as_drafted(item: PlanItem) -> dict[str, object]:
    """A frozen item in the words of `draft.describe`."""
    return {
        "collection": item.collection,
        "ownership": item.ownership.value,
        "verdict": item.outcome.value,
        "action": item.action.value,
        "fields": item.fields,
        "holds": item.holds,
        "reason": item.reason,
        **({"waived": item.waived} if item.waived else {}),
        **({"person": item.person_mark} if item.person_mark else {}),
    }


def _written(said: Mapping[str, object]) -> str:
    return json.dumps(without_packs(said), sort_keys=True, ensure_ascii=False)
