"""The plan of a request as the reviewer reads it: the bar, the problems, the items, and what is still in dispute."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.datamap.graph import DataMap, is_within
from privacy_center.errors import Words
from privacy_center.execution.record_states import RecordStates, record_states
from privacy_center.plans.freeze import items_of
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.plans.preview import ORDER, is_about_nobody, preview_items
from privacy_center.retention.signing import DecidingPack, unsigned_packs
from privacy_center.retention.verdict import Outcome
from privacy_center.review.drafts import drafted_overrides
from privacy_center.review.overrides import Override
from privacy_center.sources.rows import Ownership
from privacy_center.web.ledger import ledger_of
from privacy_center.web.preview_words import shown_states
from privacy_center.web.staff.shown_items import ShownItem, ShownSystem, shown_systems
from privacy_center.web.staff.shown_request import identity_words
from privacy_center.web.staff.vocabulary import outcome_words
from privacy_center.web.units import center
from privacy_center.web.unsearched import StaffPlace, staff_places

CONTACTS = frozenset({"email", "phone_number"})
"""Kinds that may find more; a number of the company's stands on rows that were found already."""


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """`parts`: outcome, words and number of records, in the order of the bar: the records of which the customer reads.
    `counts`: by outcome, the items that the customer reads as one. `drafted`: what the reader chose for single records.
    `states`: what became of each record, once the plan was handed in.

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
    drafted: Mapping[str, Override] = field(default_factory=dict)
    states: RecordStates | None = None

    @property
    def exceptions(self) -> list[ShownSystem]:
        """The lines that need thought, by system: undecided, decided otherwise, held, waiting."""
        return self._of(plain=False)

    @property
    def plain(self) -> list[ShownSystem]:
        """The lines that go or stay as the rules say, by system."""
        return self._of(plain=True)

    def _of(self, *, plain: bool) -> list[ShownSystem]:
        found = [ShownSystem(one.dataset, [it for it in one.items if it.plain == plain]) for one in self.systems]
        return [one for one in found if one.items]

    @property
    def plain_rows(self) -> int:
        """Records in the plain lines."""
        return sum(it.rows for one in self.plain for it in one.items)

    @property
    def waiting(self) -> int:
        """Records that wait for a person's decision."""
        return sum(it.waiting for it in self.all_items())

    @property
    def people(self) -> int:
        """How many people the unclear records lead to."""
        return len({item.person_mark for item in self.items if item.person_mark})

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
        """What the preflight found, each with the `title` of its records, without the places that were not looked into."""
        named = {one.collection for one in self.places if one.open}
        catalogue = center().catalogue
        return [
            one | {"title": catalogue.collection(one["collection"]).title}
            for one in self.plan.problems
            if one["collection"] not in named
        ]

    @property
    def unsigned(self) -> list[DecidingPack]:
        """The rule packs behind its holds that counsel has not signed."""
        return unsigned_packs(hold for item in self.items for hold in item.holds)

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


def show_plan(session: Session, plan: Plan, member: str = "") -> ShownPlan:
    """The plan with its items, and what a member of staff has chosen for single records of it."""
    drafted = drafted_overrides(session, plan.request_id, plan.id, member) if member and plan.request_id else {}
    items = items_of(session, plan.id)
    data_map = center().data_map
    told = [one for one in items if not is_about_nobody(data_map, one.collection, one.decided_outcome or one.outcome)]
    systems = shown_systems(
        told, center().catalogue, categories_by_collection(center().data_map), center().data_map, drafted
    )
    states = record_states(session, plan, items)
    for line in (one for system in systems for one in system.items):
        line.done = shown_states(states, [uuid.UUID(one) for one in line.ids])
    ledger = ledger_of(preview_items(center().catalogue, center().data_map, items))
    counts = {one: len(ledger.lines_of(one)) for one in ORDER}
    told_of = {one: sum(line.count for line in ledger.lines_of(one)) for one in ORDER}
    parts = [(one, outcome_words(one), told_of[one]) for one in ORDER if told_of[one]]
    offered = _("、").join(
        _("%(kind)s %(n)s 个", kind=identity_words(kind), n=number)
        for kind, number in plan.offered.items()
        if kind in CONTACTS
    )
    left_out = sum(item.row_count for item in items) - sum(item.row_count for item in told)
    others = sum(item.row_count for item in told if item.ownership is Ownership.THIRD_PARTY)
    rows = sum(line.count for line in ledger.lines)
    return ShownPlan(
        plan,
        items,
        systems,
        parts,
        counts,
        rows,
        offered,
        others,
        left_out,
        staff_places(plan.unsearched),
        drafted,
        states,
    )


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
