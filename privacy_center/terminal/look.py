"""Commands that only look: locate, plan, datamap generate."""

import re
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.datamap.generate import columns_to_sample, suggest_dataset
from privacy_center.plans.decision import Decision
from privacy_center.plans.draft import DraftedPlan, draft_plan, totals
from privacy_center.plans.overlap import overlaps
from privacy_center.plans.preflight import preflight
from privacy_center.retention.deletable_from import deletable_from
from privacy_center.retention.signing import DecidingPack, unsigned_packs
from privacy_center.sources.locate import locate
from privacy_center.sources.row_keys import plain_key
from privacy_center.sources.rows import FoundCollection, Located, Ownership
from privacy_center.sources.sample import look_at
from privacy_center.terminal.asked import asked_identities, asked_scope
from privacy_center.terminal.opening import open_to_act, open_to_look
from privacy_center.terminal.say import say, spoken, unsigned_mark


def run_locate(arguments: Namespace) -> int:
    """Find every row of a person and say whose each is."""
    center = open_to_look(arguments.home)
    located = locate(center.sources, center.data_map, asked_identities(center, arguments))
    document = describe_located(located)
    say(arguments, document, _located_lines(located))
    return 0


def describe_located(located: Located) -> dict[str, Any]:
    """What was found, as JSON."""
    return {
        "collections": {key: _by_ownership(found) for key, found in sorted(located.collections.items()) if found.rows},
        "skipped": {key: spoken(words) for key, words in sorted(located.skipped.items())},
        "offered": {kind: len(values) for kind, values in sorted(located.offered.items())},
        "queries": located.queries,
    }


def _by_ownership(found: FoundCollection) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {"own": [], "shared": [], "third_party": []}
    for row in found.rows:
        said: dict[str, Any] = {"key": plain_key(found.key_fields, row.key)}
        if row.why:
            said["why"] = spoken(row.why)
        if row.ownership is Ownership.UNCLEAR:
            said["unclear"] = True
        rows["third_party" if row.ownership is Ownership.UNCLEAR else row.ownership.value].append(said)
    return rows


def _located_lines(located: Located) -> Iterator[str]:
    for key, found in sorted(located.collections.items()):
        counts: dict[str, int] = {}
        for row in found.rows:
            counts[row.ownership.value] = counts.get(row.ownership.value, 0) + 1
        if counts:
            yield f"{key:40} " + ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
    for key, words in sorted(located.skipped.items()):
        yield f"{key:40} skipped: {spoken(words)}"
    yield f"{located.queries} queries"


def run_plan(arguments: Namespace) -> int:
    """Draft a plan and show it, row by row; reads the company's databases and the register of holds, and changes neither."""
    center = open_to_act(arguments.home)
    today = arguments.on or center.today(clock.now())
    plan = draft_plan(center, asked_identities(center, arguments), asked_scope(center, arguments), today)
    plan.problems += preflight(center, plan)
    with center.database.reading() as session:
        plan.problems += overlaps(session, plan)
    say(arguments, describe_plan(center, plan), _plan_lines(plan))
    return 0


def describe_plan(center: Center, plan: DraftedPlan) -> dict[str, Any]:
    """A drafted plan as JSON: digest, one item a row, totals, problems."""
    return {
        "digest": plan.digest,
        "scope": plan.scope.as_json(),
        "on": plan.today.isoformat(),
        "items": [
            _describe_row(collection, plain_key(plan.sheet.key_fields[collection], key), decision)
            for collection, decision, keys in plan.sheet.groups()
            for key in keys
        ],
        "totals": totals(center, plan.sheet),
        "problems": [
            {"collection": one.collection, "blocking": one.blocking, "words": spoken(one.words)}
            for one in plan.problems
        ],
        "skipped": {key: spoken(words) for key, words in sorted(plan.skipped.items())},
        "offered": {kind: len(values) for kind, values in sorted(plan.offered.items())},
        "refused_contacts": plan.refused_contacts,
        "unsigned_packs": [pack.as_json() for pack in _unsigned(plan)],
        "queries": plan.queries,
    }


def _describe_row(collection: str, key: dict[str, Any], decision: Decision) -> dict[str, Any]:
    return {
        "collection": collection,
        "key": key,
        "ownership": decision.ownership.value if decision.ownership is not Ownership.UNCLEAR else "third_party",
        "verdict": decision.outcome.value,
        "action": decision.action.value,
        "fields": list(decision.fields),
        "holds": [
            {
                "rule": hold.rule,
                "authority": hold.authority.value,
                "until": hold.until.isoformat() if hold.until else None,
                "event": spoken(hold.event) or None,
                "reason": spoken(hold.customer),
                "treatment": hold.treatment.value,
                "citation": spoken(hold.citation),
                "needs_human_reason": hold.needs_human_reason,
                "pack": hold.pack.as_json() if hold.pack else None,
            }
            for hold in decision.holds
        ],
        "ends": spoken(deletable_from(hold.as_json() for hold in decision.holds).words()) if decision.holds else None,
        "why": spoken(decision.reason) or None,
    }


def _unsigned(plan: DraftedPlan) -> list[DecidingPack]:
    """The rule packs behind the plan's holds that counsel has not signed."""
    groups = plan.sheet.groups()
    return unsigned_packs(hold.as_json() for _collection, decision, _keys in groups for hold in decision.holds)


def _plan_lines(plan: DraftedPlan) -> Iterator[str]:
    for collection, decision, keys in plan.sheet.groups():
        held = "; ".join(f"{hold.rule} ({hold.until or spoken(hold.event)})" for hold in decision.holds)
        unsigned = unsigned_mark(sorted({hold.pack for hold in decision.holds if hold.pack}, key=lambda one: one.name))
        yield f"{collection:40} {decision.action.value:9} {len(keys):6}  {held or spoken(decision.reason)}{unsigned}"
    for key, words in plan.skipped.items():
        yield f"{key:40} not searched: {spoken(words)}"
    for problem in (one for one in plan.problems if one.collection not in plan.skipped):
        yield f"{'!' if problem.blocking else '·'} {problem.collection}: {spoken(problem.words)}"
    yield f"digest {plan.digest}"


def run_generate(arguments: Namespace) -> int:
    """Fideslang YAML for a live database, on stdout."""
    schema, samples, unread = look_at(arguments.url, arguments.schema, columns_to_sample)
    why = {table: spoken(words) for table, words in unread.items()}
    text = suggest_dataset(schema, samples, fides_key=arguments.key or _name_of(arguments.url), unread=why)
    say(arguments, {"yaml": text}, [text])
    return 0


def _name_of(url: str) -> str:
    """A dataset key from a URL: the database's name, in the letters that Fideslang allows."""
    name = Path(sa.make_url(url).database or "database").stem
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name) or "database"
