"""The decision letter before it is sent: the plan as it would stand, in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from markupsafe import Markup

from privacy_center.errors import Words
from privacy_center.plans.followed import customer_words, other_requests
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.plans.preview import preview_items
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.verdict import Hold, Outcome, latest_end_first
from privacy_center.review.decide import Ruling
from privacy_center.review.models import Choice
from privacy_center.review.overrides import Override, decided_reason, parts_of
from privacy_center.review.placed import hold_to_come
from privacy_center.review.reasons import letter_words
from privacy_center.web.ledger import Ledger, ledger_of
from privacy_center.web.page import render_block
from privacy_center.web.surroundings import company
from privacy_center.web.units import center, reading
from privacy_center.web.unsearched import reach_of_plan


@dataclass(frozen=True)
class _AsDecided:
    """The records of a plan item that share a decision, as they would stand after it; the rest is the item's own."""

    item: PlanItem
    row_count: int
    outcome: Outcome
    holds: list[Any]
    reason: dict[str, Any] | None
    decided_outcome: Outcome | None = None
    decided_reason: dict[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.item, name)


def ledger_after(items: list[PlanItem], overrides: Mapping[str, Override]) -> Ledger:
    """The customer's lines with the overrides in place, without what stays and is about nobody."""
    decided = [
        _as_decided(item, override, len(numbers)) for item in items for override, numbers in parts_of(item, overrides)
    ]
    return ledger_of(preview_items(center().catalogue, center().data_map, decided))


def _as_decided(item: PlanItem, override: Override | None, rows: int) -> _AsDecided:
    if override is None:
        return _AsDecided(item, rows, item.outcome, item.holds, item.reason)
    holds = [] if override.outcome is Outcome.ERASE else item.holds
    if override.outcome is Outcome.RESTRICT:
        joined = sorted((hold_to_come(override), *map(Hold.read, holds)), key=latest_end_first)
        holds = [hold.as_json() for hold in joined]
    reason = decided_reason(override)
    return _AsDecided(item, rows, override.outcome, holds, reason, decided_reason=reason)


def write_letter(asked: PrivacyRequest, ruling: Ruling, items: list[PlanItem], plan: Plan | None = None) -> Markup:
    """The letter as HTML, in the language in which the customer asked; with what `plan` could not look into."""
    told = ledger_after(items, ruling.overrides) if ruling.choice in (Choice.APPROVE, Choice.APPROVE_PART) else None
    reader = g.get("language")
    g.language = letter_language(asked)
    try:
        return Markup(
            render_block(
                "staff/letter.html",
                "letter",
                choice=ruling.choice,
                asked=asked,
                told=told,
                reach=reach_of_plan(plan),
                refused_contacts=plan.refused_contacts if plan else 0,
                others=_others_in(asked),
                text=ruling.text,
                grounds=letter_words(ruling.reason_codes),
                company=company(),
            )
        )
    finally:
        g.language = reader


def _others_in(asked: PrivacyRequest) -> list[Words]:
    """Records that were dealt with in another request, in the customer's words."""
    with reading() as session:
        return customer_words(other_requests(session, asked), done_only=True)


def letter_language(asked: PrivacyRequest) -> str:
    """The language tag of the letter, "zh-CN" or "en"."""
    return "en" if asked.language.startswith("en") else "zh-CN"
