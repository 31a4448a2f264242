"""What a customer may give up so that it can be deleted with the rest: unused points, a voucher."""

from dataclasses import dataclass
from typing import Any

from privacy_center.errors import Words
from privacy_center.plans.draft import DraftedPlan
from privacy_center.retention.verdict import Outcome
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class Waivable:
    """A rule that keeps something only for the customer: what it is, and why it waits."""

    rule: str
    title: Words
    why: Words


def waivable_in(drafted: DraftedPlan) -> dict[str, Waivable]:
    """Rule key → what waits in a drafted plan and may be given up."""
    found = {}
    for _collection, decision, _keys in drafted.sheet.groups():
        for hold in decision.holds if decision.outcome is Outcome.ASK else ():
            if hold.waivable:
                found.setdefault(hold.rule, Waivable(hold.rule, hold.title, hold.customer))
    return found


def waivable_holds(holds: dict[str, dict[str, Any]]) -> list[Waivable]:
    """The same from the holds of a request, as they are kept."""
    return [Waivable(rule, Words.read(one["title"]), Words.read(one["reason"])) for rule, one in holds.items()]


def waived_titles(rules: list[str]) -> list[tuple[str, Words]]:
    """Rule key and title of what has been given up; a rule that is gone by now is left out."""
    house = center()
    known = {rule.key: rule.title for key in house.data_map.collections for rule in house.rules.rules_for(key)}
    return [(key, known[key]) for key in rules if key in known]
