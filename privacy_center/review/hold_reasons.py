"""Why records are kept on a rule that binds nobody by itself: the reviewer's written reason, rule by rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from privacy_center.errors import Refusal, Words
from privacy_center.retention.verdict import Outcome

LONGEST = 500
FIELD = "hold-reason-"
"""What the form fields of these reasons begin with; the key of the rule follows."""


class HeldItem(Protocol):
    """What is read of a plan item."""

    id: Any
    outcome: Any
    row_count: int
    collection: str
    holds: list[Any]

    @property
    def statutory(self) -> bool: ...


@dataclass(slots=True)
class WeakRule:
    """A rule on whose force alone records are kept. `rows`: how many; `collections`: where they stand."""

    key: str
    title: Words
    citation: Words
    authority: str
    rows: int
    collections: list[str]

    @property
    def field(self) -> str:
        return FIELD + self.key


def rules_to_justify(items: Iterable[HeldItem], overridden: Iterable[str] = ()) -> list[WeakRule]:
    """The rules below a delegated rule on whose force alone an approval restricts records.

    `overridden`: ids (text) of items that a person decided by themselves; their reason stands with the override.
    """
    decided = set(overridden)
    found: dict[str, WeakRule] = {}
    for item in items:
        if item.outcome != Outcome.RESTRICT or str(item.id) in decided or item.statutory:
            continue
        if any(not hold.get("needs_human_reason") for hold in item.holds):
            continue
        for hold in item.holds:
            rule = found.setdefault(hold["rule"], _weak_rule(hold))
            rule.rows += item.row_count
            rule.collections += [item.collection] if item.collection not in rule.collections else []
    return list(found.values())


def missing_reasons(rules: Iterable[WeakRule], reasons: Mapping[str, str]) -> dict[str, Words]:
    """Form field → what to do, for every rule without a written reason, or with one that is too long."""
    return {rule.field: _write(rule) for rule in rules if not 0 < len(reasons.get(rule.key, "").strip()) <= LONGEST}


def check_hold_reasons(rules: Iterable[WeakRule], reasons: Mapping[str, str]) -> dict[str, str]:
    """The reasons for these rules; refuses (422) where one is missing."""
    weak = list(rules)
    for field, words in missing_reasons(weak, reasons).items():
        raise Refusal(words.zh, words.en, status=422, field=field)
    return {rule.key: reasons[rule.key].strip() for rule in weak}


def _weak_rule(hold: Mapping[str, Any]) -> WeakRule:
    title, citation = Words.read(hold.get("title")), Words.read(hold.get("citation"))
    return WeakRule(hold["rule"], title, citation, hold["authority"], 0, [])


def _write(rule: WeakRule) -> Words:
    return Words(
        f"“{rule.title.zh}”不是法律、法规的要求，请写明为什么仍须保留（最多 {LONGEST} 字）。",
        f"“{rule.title.en}” is not required by law. Write why the records are kept (at most {LONGEST} characters).",
    )
