"""Deciding one item otherwise than planned: why that is allowed, and what never is."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.plans.models import PlanItem
from privacy_center.plans.split import split_item
from privacy_center.retention.verdict import Outcome
from privacy_center.review.reasons import all_reasons, check_reasons
from privacy_center.sources.rows import Ownership

SINGLE = "/"
"""Between the id of an item and the number of a record in it, where a decision is about that record alone."""
CHOICES = frozenset({Outcome.ERASE, Outcome.RESTRICT, Outcome.KEEP})


class Item(Protocol):
    """What a decision needs of a plan item."""

    id: uuid.UUID
    collection: str
    ownership: Any
    outcome: Any
    row_count: int

    @property
    def statutory(self) -> bool: ...

    @property
    def held_by_hand(self) -> bool: ...

    def override(self, outcome: Any, reason: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Override:
    """The outcome chosen for one item, with a reason from the catalogue and the reviewer's own words."""

    outcome: Outcome
    reason_code: str
    text: str

    def as_json(self) -> dict[str, str]:
        return {"outcome": self.outcome.value, "reason_code": self.reason_code, "text": self.text}

    @classmethod
    def read(cls, told: Mapping[str, str]) -> "Override":
        return cls(Outcome(told["outcome"]), told["reason_code"], told["text"])


def record_key(item_id: object, number: int) -> str:
    """How a decision names one record of an item; `number` counts from 1 in the order of the item's records."""
    return f"{item_id}{SINGLE}{number}"


def read_key(key: str) -> tuple[str, int | None]:
    """The item that a decision names, and the number of the record where it is about one alone."""
    item_id, _, number = key.partition(SINGLE)
    return item_id, int(number) if number.isdigit() and len(number) < 10 else None


def singles_of(item: Item, overrides: Mapping[str, Override]) -> dict[int, Override]:
    """Record number → what was decided for that record of an item alone."""
    mine = f"{item.id}{SINGLE}"
    found = {read_key(key)[1]: one for key, one in overrides.items() if key.startswith(mine)}
    return {number: one for number, one in sorted(found.items(), key=lambda pair: pair[0] or 0) if number}


def parts_of(item: Item, overrides: Mapping[str, Override]) -> list[tuple[Override | None, list[int]]]:
    """The records of an item by what is decided for them, as (decision, record numbers); None: as planned.

    What is decided for the item as a whole comes first and covers every record that has no decision of its own.
    """
    singles = singles_of(item, overrides)
    rest = [number for number in range(1, item.row_count + 1) if number not in singles]
    parts: list[tuple[Override | None, list[int]]] = [(overrides.get(str(item.id)), rest)] if rest else []
    alike: dict[Override, list[int]] = {}
    for number, one in singles.items():
        alike.setdefault(one, []).append(number)
    return parts + list(alike.items())


def check_overrides(items: Mapping[str, Item], overrides: Mapping[str, Override]) -> None:
    """Refuses (422) an item that is not in the plan, a missing reason or text, and what no person may decide.

    No person may erase what a law, an administrative regulation or a delegated rule holds, nor anybody else's rows, nor
    rows that others use as well.
    """
    for key, override in overrides.items():
        item_id, number = read_key(key)
        item = items.get(item_id)
        if item is None or (key != item_id and not 0 < (number or 0) <= item.row_count):
            raise Refusal(
                "调整的项目不在方案里。请刷新页面。", "An item is not in the plan. Reload the page.", status=422
            )
        check_reasons([override.reason_code], "override", override.text)
        if not override.text.strip() or override.outcome not in CHOICES:
            raise Refusal(
                "调整须选择结果并写明理由。",
                "Choose an outcome and write why it is decided otherwise.",
                status=422,
                field=key,
            )
        _check_possible(item, override.outcome, key)


def undecided(items: Iterable[Item], overrides: Mapping[str, Override]) -> list[Item]:
    """The items with a record that waits for a person and has not been decided."""
    return [
        item
        for item in items
        if item.outcome == Outcome.MANUAL and any(one is None for one, _numbers in parts_of(item, overrides))
    ]


def apply_overrides(
    session: Session, items: Mapping[str, PlanItem], overrides: Mapping[str, Override]
) -> list[tuple[PlanItem, Override]]:
    """Write what was decided into the plan's items, with the words the customer reads; returns the items it fell on.

    Records that were decided one by one become items of their own, in the same transaction.
    """
    applied: list[tuple[PlanItem, Override]] = []
    for item_id in dict.fromkeys(read_key(key)[0] for key in overrides):
        item = items[item_id]
        parts = parts_of(item, overrides)
        some_left = len(singles_of(item, overrides)) < item.row_count
        if len(parts) == 1:
            targets = [item]
        elif some_left:
            targets = [item, *split_item(session, item, [numbers for _one, numbers in parts[1:]])]
        else:
            targets = split_item(session, item, [numbers for _one, numbers in parts])
        decided = [one for one, _numbers in parts]
        for target, override in zip(targets, decided, strict=True):
            if override is not None:
                target.override(override.outcome, decided_reason(override))
                applied.append((target, override))
    return applied


def decided_reason(override: Override) -> dict[str, str]:
    """Why an item is decided otherwise, as plan items keep it: the sentence of the reason, and what staff wrote (`customer`)."""
    return all_reasons()[override.reason_code].letter.as_json() | {"customer": override.text.strip()}


def _check_possible(item: Item, outcome: Outcome, key: str) -> None:
    """Refuses what no person may decide for this item."""
    if item.ownership == Ownership.THIRD_PARTY and outcome is not Outcome.KEEP:
        raise Refusal(
            "这些记录属于其他人，不能按这个申请处理。",
            "These records belong to somebody else, so this request cannot change them.",
            status=422,
            field=key,
        )
    if outcome is Outcome.ERASE:
        _check_erasable(item, key)


def _check_erasable(item: Item, key: str) -> None:
    if item.held_by_hand:
        raise Refusal(
            "这些记录有人工保留，不能改为删除。请先在保留台账中结束保留。",
            "These records are on a hold placed by staff. End the hold in the hold register first.",
            status=422,
            field=key,
        )
    if item.statutory:
        raise Refusal(
            f"{item.collection} 由法律、行政法规或法律授权的规定要求保存，任何人都不能改为删除。请按建议保留。",
            f"{item.collection} is held by a law, an administrative regulation or a rule that a law delegates; no person may "
            "decide to erase it. Keep it as suggested.",
            status=422,
            field=key,
        )
    if item.ownership == Ownership.SHARED:
        raise Refusal(
            f"{item.collection} 中的这些记录还有别人在用，不能删除。",
            f"Somebody else still uses these rows of {item.collection}, so they cannot be erased.",
            status=422,
            field=key,
        )
