"""Draft a plan: look, judge, anchor. Reads only."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection
from privacy_center.errors import Words
from privacy_center.holds.lookup import HoldsByRecord
from privacy_center.people.age import AgeSign
from privacy_center.plans.age import age_on_file
from privacy_center.plans.anchor import anchor_rows
from privacy_center.plans.decision import Action, Decision, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.live_check import problems_of_map_and_rules
from privacy_center.plans.problem import Problem
from privacy_center.plans.references import table_of
from privacy_center.plans.refusals import count_refused_contacts
from privacy_center.plans.scope import scope_of
from privacy_center.plans.settle import settle
from privacy_center.plans.unsearched import Unsearched, find_unsearched, problems_of
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.retention.signing import without_packs
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.locate import locate
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Located
from privacy_center.sources.trouble import Trouble, Unavailable, explain


@dataclass(slots=True)
class DraftedPlan:
    """What would happen to every row found, and what stands in the way. `today`: the local date it was judged on.

    `age`: what the dates of birth on file say on that day, no more of them. `refused_contacts`: on how many contacts the rows
    refuse marketing, which is kept when they go.
    """

    sheet: Sheet
    today: date
    scope: RequestScope
    rules_version: str
    skipped: dict[str, Words] = field(default_factory=dict)
    unsearched: list[Unsearched] = field(default_factory=list)
    offered: dict[str, set[str]] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    queries: int = 0
    disputed: str | None = None
    age: AgeSign | None = None
    refused_contacts: int = 0

    @property
    def digest(self) -> str:
        """SHA-256 over the scope and every row's key and decision: plans that would do the same have the same digest."""
        running = hashlib.sha256(self.rules_version.encode())
        running.update(json.dumps(self.scope.as_json(), sort_keys=True, ensure_ascii=False).encode())
        for collection, decision, keys in self.sheet.groups():
            described = without_packs(describe(collection, decision))
            running.update(json.dumps(described, sort_keys=True, ensure_ascii=False).encode())
            for written in write_keys(keys):
                running.update(json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode())
        return running.hexdigest()

    def rows(self, *outcomes: Outcome) -> int:
        """How many rows have one of the outcomes."""
        return sum(1 for rows in self.sheet.rows.values() for one in rows.values() if one.outcome in outcomes)


def draft_plan(
    ground: Ground,
    identities: Mapping[str, Iterable[str]],
    scope: RequestScope | None,
    today: date,
    waived: Iterable[str] = (),
) -> DraftedPlan:
    """The plan for one person: every row, its verdict, its action. `scope` None means everything.

    `waived`: keys of rules whose protection the customer gives up (unused points, say).

    Sends reading statements to the company's databases and nothing else; a database that does not answer is a problem
    of the plan, never an empty answer.
    """
    located = locate(ground.sources, ground.data_map, identities, facts_for(ground, today))
    scope = scope or EVERYTHING
    sheet = settle(ground, located, scope, today, frozenset(waived), placed_on(ground, located, today))
    plan = DraftedPlan(
        sheet, today, scope, ground.rules.version, offered=located.offered, identifiers=located.identifiers
    )
    plan.unsearched = find_unsearched(ground, located.skipped, lambda one: is_about(one, ground, scope))
    plan.skipped = {one.collection: one.words for one in plan.unsearched} | {
        key: why for key, why in located.skipped.items() if not ground.data_map.collections[key].personal
    }
    plan.queries, plan.disputed = located.queries, located.disputed
    plan.age = age_on_file(ground, located, today)
    plan.problems = _problems_of_search(ground, located, plan.unsearched)
    plan.problems += [one for one in problems_of_map_and_rules(ground) if one.collection not in located.skipped]
    for dataset in _datasets_with(sheet, Action.DELETE):
        plan.problems += _anchor(ground, sheet, dataset, today)
    refused = count_refused_contacts(ground, sheet.groups(), sheet.key_fields, located.identifiers)
    plan.refused_contacts = refused[0]
    plan.problems += refused[1]
    return plan


def placed_on(ground: Ground, located: Located, today: date) -> HoldsByRecord:
    """The holds that people placed on what was found. `today`: local date."""
    found = located.collections
    records = {key: [row.key for row in one.rows] for key, one in found.items()}
    return ground.hold_register.on(records, {key: one.key_fields for key, one in found.items()}, today)


def _anchor(ground: Ground, sheet: Sheet, dataset: str, today: date) -> list[Problem]:
    """Anchor what one database refers to; where that cannot be read, nothing of it may be approved."""
    try:
        with ground.sources.engine(dataset).connect() as connection:
            anchor_rows(ground, sheet, connection, dataset, today)
    except Unavailable as refusal:
        return [Problem(dataset, refusal.words)]
    except Trouble as trouble:
        return [Problem(dataset, explain(trouble))]
    return []


def facts_for(ground: Ground, today: date) -> Callable[[str], list[sa.ColumnElement]]:
    """The columns that let the database tell, row by row, what the rules need to know on a day."""

    def facts(collection_key: str) -> list[sa.ColumnElement]:
        collection = ground.data_map.collections[collection_key]
        return ground.rules.facts(collection, ground.sources.table(collection_key), table_of(ground), today)

    return facts


def describe(collection: str, decision: Decision) -> dict[str, object]:
    """A decision as JSON, the same for the digest, the terminal and a frozen plan."""
    return {
        "collection": collection,
        "ownership": decision.ownership.value,
        "verdict": decision.outcome.value,
        "action": decision.action.value,
        "fields": list(decision.fields),
        "holds": [hold.as_json() for hold in decision.holds],
        "reason": decision.reason.as_json() if decision.reason else None,
        **({"waived": list(decision.waived)} if decision.waived else {}),
        **({"person": decision.person_mark} if decision.person_mark else {}),
    }


def totals(ground: Ground, sheet: Sheet) -> dict[str, dict[str, dict[str, int]]]:
    """Rows by outcome per data category and per collection, and in all."""
    by_category: dict[str, dict[str, int]] = {}
    by_collection: dict[str, dict[str, int]] = {}
    every: dict[str, int] = {}
    for collection, decision, keys in sheet.groups():
        outcome = decision.outcome.value
        _add(every, outcome, len(keys))
        _add(by_collection.setdefault(collection, {}), outcome, len(keys))
        for category in sorted(
            {c for f in ground.data_map.collections[collection].fields.values() for c in f.data_categories}
        ):
            _add(by_category.setdefault(category, {}), outcome, len(keys))
    return {"rows": {"all": every}, "collections": by_collection, "categories": by_category}


def _add(counts: dict[str, int], name: str, number: int) -> None:
    counts[name] = counts.get(name, 0) + number


def _datasets_with(sheet: Sheet, *actions: Action) -> list[str]:
    """Datasets in which at least one row falls under one of the actions."""
    found = {key.split(".", 1)[0] for key in sheet.rows if sheet.of(key, *actions)}
    return sorted(found)


def is_about(collection: Collection, ground: Ground, scope: RequestScope) -> bool:
    """Whether a request of this scope is about a collection, searched or not: of chosen records, those of their groups."""
    if scope.selection is None:
        return scope.categories is None or not scope_of(collection, ground.data_map, None, scope).empty
    known = ground.data_map.collections
    chosen = {ground.catalogue.group_of(known[key]).key for key in scope.collections if key in known}
    return ground.catalogue.group_of(collection).key in chosen


def _problems_of_search(ground: Ground, located: Located, unsearched: list[Unsearched]) -> list[Problem]:
    """A collection that could not be searched makes the plan incomplete; one that the map leaves out and that holds nothing
    about people, or is declared out of scope, does not.
    """
    named = {one.collection for one in unsearched}
    return problems_of(unsearched) + [
        Problem(collection, why)
        for collection, why in sorted(located.skipped.items())
        if collection not in named and not ground.data_map.collections[collection].skip_processing
    ]
