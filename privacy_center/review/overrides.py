"""Deciding one item otherwise than planned: why that is allowed, and what never is."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from privacy_center.errors import Refusal
from privacy_center.retention.verdict import Outcome
from privacy_center.review.reasons import all_reasons, check_reasons
from privacy_center.sources.rows import Ownership

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


def check_overrides(items: Mapping[str, Item], overrides: Mapping[str, Override]) -> None:
    """Refuses (422) an item that is not in the plan, a missing reason or text, and what no person may decide.

    No person may erase what a law, an administrative regulation or a delegated rule holds, nor anybody else's rows, nor
    rows that others use as well.
    """
    for key, override in overrides.items():
        item = items.get(key)
        if item is None:
            raise Refusal(
                "改判的项目不在方案里。请刷新页面。", "An item is not in the plan. Reload the page.", status=422
            )
        check_reasons([override.reason_code], "override", override.text)
        if not override.text.strip() or override.outcome not in CHOICES:
            raise Refusal(
                "改判须选择结果并写明理由。",
                "Choose an outcome and write why it is decided otherwise.",
                status=422,
                field=key,
            )
        if override.outcome is Outcome.ERASE:
            _check_erasable(item, key)


def undecided(items: Iterable[Item], overrides: Mapping[str, Override]) -> list[Item]:
    """The items that wait for a person and have not been decided."""
    return [item for item in items if item.outcome == Outcome.MANUAL and str(item.id) not in overrides]


def apply_overrides(items: Mapping[str, Item], overrides: Mapping[str, Override]) -> None:
    """Write what was decided into the plan's items, with the words the customer reads."""
    for key, override in overrides.items():
        items[key].override(override.outcome, all_reasons()[override.reason_code].letter.as_json())


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
    if item.ownership == Ownership.THIRD_PARTY:
        raise Refusal(
            f"{item.collection} 中的这些记录属于其他人，不能删除。",
            f"These rows of {item.collection} belong to somebody else and cannot be erased.",
            status=422,
            field=key,
        )
