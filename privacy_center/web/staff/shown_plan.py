"""The plan of a request as the reviewer reads it: the bar, the problems, the items, and what is still in dispute."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.datamap.graph import DataMap, is_within
from privacy_center.errors import Words
from privacy_center.plans.freeze import items_of
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.plans.preview import ORDER, preview_items
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.rows import Ownership
from privacy_center.web.ledger import ledger_of
from privacy_center.web.staff.shown_items import ShownItem, ShownSystem, shown_systems
from privacy_center.web.staff.shown_request import identity_words
from privacy_center.web.staff.vocabulary import outcome_words
from privacy_center.web.units import center
from privacy_center.web.unsearched import StaffPlace, staff_places

CONTACTS = frozenset({"email", "phone_number"})
"""Kinds that may find more; a number of the company's stands on rows that were found already."""


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """`parts`: outcome, words and number of items, in the order of the bar; `counts`: the same by outcome. Items are what
    the customer reads as one, so that both speak of the same number; the table takes them apart by system and rules.

    `told_rows`: rows in those items. `offered`: identities nobody has proven. `others`: rows that are somebody else's;
    `left_out`: rows that nothing happens to and that are about nobody: products, stores. The customer sees neither.
    """

    plan: Plan
    items: list[PlanItem]
    systems: list[ShownSystem]
    parts: list[tuple[Outcome, str, int]]
    counts: dict[Outcome, int]
    told_rows: int
    offered: str
    others: int = 0
    left_out: int = 0
    places: list[StaffPlace] = field(default_factory=list)

    @property
    def items_told(self) -> int:
        """Items as the customer counts them."""
        return sum(self.counts.values())

    @property
    def lines(self) -> int:
        """Lines of the table."""
        return sum(len(system.items) for system in self.systems)

    @property
    def rows(self) -> int:
        return sum(item.row_count for item in self.items)

    @property
    def problems(self) -> list[Any]:
        """What the preflight found, without what stands among the places that were not looked into."""
        named = {one.collection for one in self.places if one.open}
        return [one for one in self.plan.problems if one["collection"] not in named]

    @property
    def blocked(self) -> bool:
        return self.plan.blocked

    @property
    def digest(self) -> str:
        return self.plan.digest

    @property
    def rules(self) -> str:
        return self.plan.rules_version[:12]

    @property
    def drafted_on(self) -> date:
        return self.plan.drafted_on

    @property
    def outcome_names(self) -> dict[Outcome, str]:
        return {one: outcome_words(one) for one in Outcome}

    def all_items(self) -> list[ShownItem]:
        """Every line, in the order of the table."""
        return [item for system in self.systems for item in system.items]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Something open that holds data until an event: an after-sales case, a refund, a bound card."""

    title: Words
    event: Words | None
    where: Words
    rows: int


def show_plan(session: Session, plan: Plan) -> ShownPlan:
    """The plan with its items, read in one statement."""
    items = items_of(session, plan.id)
    told = [item for item in items if not about_nobody(item.collection, item.decided_outcome or item.outcome)]
    systems = shown_systems(told, center().catalogue, categories_by_collection(center().data_map))
    ledger = ledger_of(preview_items(center().catalogue, center().data_map, items))
    counts = {one: len(ledger.lines_of(one)) for one in ORDER}
    parts = [(one, outcome_words(one), counts[one]) for one in ORDER if counts.get(one)]
    offered = _("、").join(
        _("%(kind)s %(n)s 个", kind=identity_words(kind), n=number)
        for kind, number in plan.offered.items()
        if kind in CONTACTS
    )
    left_out = sum(item.row_count for item in items) - sum(item.row_count for item in told)
    others = sum(item.row_count for item in told if item.ownership is Ownership.THIRD_PARTY)
    rows = sum(line.count for line in ledger.lines)
    return ShownPlan(
        plan, items, systems, parts, counts, rows, offered, others, left_out, staff_places(plan.unsearched)
    )


def about_nobody(collection: str, outcome: Outcome) -> bool:
    """Whether rows stay untouched and their collection holds nothing about a person: not worth a line to anybody."""
    return outcome is Outcome.KEEP and not center().data_map.collections[collection].personal


def disputes_in(plan: ShownPlan) -> list[Dispute]:
    """What in the plan waits for an event, one entry for each rule and collection."""
    found: dict[tuple[str, str], Dispute] = {}
    for item in plan.items:
        for hold in item.holds:
            if not hold["event"]:
                continue
            key = (hold["rule"], item.collection)
            before = found[key].rows if key in found else 0
            where = center().catalogue.collection(item.collection).title
            found[key] = Dispute(Words.read(hold["title"]), Words.read(hold["event"]), where, before + item.row_count)
    return list(found.values())


def categories_by_collection(data_map: DataMap) -> dict[str, list[str]]:
    """Collection → the personal data categories that its fields carry."""
    return {
        key: sorted(
            {
                category
                for field in one.fields.values()
                for category in (field.data_categories or one.data_categories)
                if is_within(category, "user")
            }
        )
        for key, one in data_map.collections.items()
    }
