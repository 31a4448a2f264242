"""Which lines of a decision keep sensitive information."""

from collections.abc import Mapping

from privacy_center.retention.verdict import Outcome
from privacy_center.review.overrides import Override
from privacy_center.sources.rows import Ownership
from privacy_center.web.staff.shown_items import ShownItem
from privacy_center.web.staff.shown_plan import ShownPlan


def keeps_sensitive(plan: ShownPlan | None, overrides: Mapping[str, Override]) -> set[str]:
    """The ids of plan items of the customer's own that stay and whose collection holds sensitive categories."""
    if plan is None:
        return set()
    return {one for item in plan.all_items() if item.sensitive and _stays(item, overrides) for one in item.ids}


def _stays(item: ShownItem, overrides: Mapping[str, Override]) -> bool:
    changed = overrides.get(item.ids[0])
    outcome = changed.outcome if changed else item.first.outcome
    return item.first.ownership is Ownership.OWN and outcome in (Outcome.RESTRICT, Outcome.KEEP)
