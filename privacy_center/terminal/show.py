"""A request as the terminal shows it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.center import Center
from privacy_center.errors import Words
from privacy_center.execution.begin import steps_of
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.held import open_entries
from privacy_center.execution.models import HeldRows
from privacy_center.execution.proceed import runs_of
from privacy_center.execution.residue import open_hits
from privacy_center.plans.followed import other_requests
from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import DeadlineExtension, PrivacyRequest, State
from privacy_center.privacy_requests.question import silence_words
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.retention.deletable_from import deletable_from
from privacy_center.retention.signing import DecidingPack, packs_of, unsigned_packs
from privacy_center.review.extensions import extensions_of, limit_of
from privacy_center.suppressions.register import count_suppressed
from privacy_center.terminal.say import spoken, unsigned_mark


def describe_request(session: Session, center: Center, request: PrivacyRequest) -> dict[str, Any]:
    """A request as JSON: state, question, extensions, plan, runs with their steps, what is held, certificates. No identity values."""
    plan = current_plan(session, request.id)
    return {
        "reference": request.reference,
        "kind": request.kind.value,
        "scope": request.scope_details,
        "state": request.state.value,
        "channel": request.channel.value,
        "received_at": request.received_at.isoformat(timespec="seconds"),
        "due_on": request.due_on.isoformat(),
        "question": _describe_question(request),
        "extensions": [_describe_extension(one) for one in extensions_of(session, request)],
        "extension_limit": _describe_limit(request),
        "execute_after": request.execute_after.isoformat(timespec="seconds") if request.execute_after else None,
        "level": request.level.value,
        "verified_by": request.verification_method,
        "plan": _describe_plan(session, plan) if plan else None,
        "runs": [_describe_run(session, run) for run in runs_of(session, request.id)],
        "other_requests": _describe_others(session, request),
        "held": [_describe_held(held) for held in open_entries(session, request_id=request.id)],
        "suppressed_contacts": count_suppressed(session, request.id),
        "unexplained": len(open_hits(session, request.id)),
        "finds": _describe_finds(session, request),
        "certificates": [one.body | {"digest": one.digest} for one in certificates_of(session, request.id)],
        "timeline": [
            {"at": one.at.isoformat(timespec="seconds"), "what": one.what, "by": one.actor.kind}
            for one in timeline_of(session, request.id)
        ],
    }


def _describe_held(held: HeldRows) -> dict[str, Any]:
    """One entry of the register: how many rows, by which rules, until when."""
    return {
        "collection": held.collection,
        "kind": held.kind.value,
        "rows": held.row_count - held.released_count,
        "rules": [hold["rule"] for hold in held.holds],
        "packs": [pack.as_json() for pack in packs_of(held.holds)],
        "deletable_from": held.ends.day.isoformat() if held.ends.day else None,
        "events": [spoken(event) for event in held.ends.events],
        "ends": spoken(held.ends.words()),
        "restriction": held.restriction.value,
    }


def _describe_others(session: Session, request: PrivacyRequest) -> list[dict[str, Any]]:
    """Requests that deal or dealt with records of this one. `waiting`: its plan waits; `draft_again`: for nothing any more."""
    return [
        {
            "reference": one.reference,
            "state": one.state.value,
            "records": one.records,
            "waiting": one.waiting,
            "draft_again": one.ended,
        }
        for one in other_requests(session, request)
    ]


def _describe_question(request: PrivacyRequest) -> dict[str, Any] | None:
    """The open question to the customer, or the one that was not answered: the last day, and what happens after it."""
    if request.answer_by is None or request.on_silence is None:
        return None
    return {
        "answer_by": request.answer_by.isoformat(),
        "on_silence": request.on_silence.value,
        "consequence": spoken(silence_words(request)),
        "open": request.state is State.WAITING_CUSTOMER,
    }


def _describe_extension(one: DeadlineExtension) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state.value,
        "old_due_on": one.old_due_on.isoformat(),
        "due_on": one.due_on.isoformat(),
        "reason": one.reason_code,
        "proposed_by": one.proposed_by,
        "settled_by": one.settled_by,
    }


def _describe_limit(request: PrivacyRequest) -> dict[str, Any]:
    """The legal maximum: the last day, how often, and where that stands."""
    limit = limit_of(request)
    return {"last_day": limit.last_day.isoformat(), "times": limit.times, "source": limit.source}


def _describe_finds(session: Session, request: PrivacyRequest) -> list[dict[str, str]]:
    """What a later scan found and nobody has settled."""
    return [
        {
            "collection": one.collection,
            "column": one.column,
            "kind": one.kind,
            "found_at": one.found_at.isoformat(timespec="seconds"),
        }
        for one in open_hits(session, request.id)
    ]


def _describe_plan(session: Session, plan: Any) -> dict[str, Any]:
    items = items_of(session, plan.id)
    return {
        "digest": plan.digest,
        "signed_by": plan.signed_by,
        "problems": plan.problems,
        "skipped": {key: spoken(Words.read(words)) for key, words in sorted(plan.skipped.items())},
        "totals": plan.totals,
        "items": [_describe_item(item) for item in items],
        "unsigned_packs": [pack.as_json() for pack in unsigned_packs(hold for item in items for hold in item.holds)],
    }


def _describe_item(item: PlanItem) -> dict[str, Any]:
    return {
        "item": item.position,
        "collection": item.collection,
        "ownership": item.ownership.value,
        "verdict": (item.decided_outcome or item.outcome).value,
        "action": item.act.value,
        "rows": item.row_count,
        "fields": item.fields,
        "holds": [hold["rule"] for hold in item.holds],
        "packs": [pack.as_json() for pack in packs_of(item.holds)],
        "ends": spoken(deletable_from(item.holds).words()) if item.holds else None,
    }


def _describe_run(session: Session, run: Any) -> dict[str, Any]:
    return {
        "kind": run.kind.value,
        "state": run.state.value,
        "steps": [
            {
                "dataset": step.dataset,
                "state": step.state.value,
                "attempts": step.attempts,
                "result": step.result,
                "cleared": (step.checked or {}).get("cleared") or {},
                "error": spoken(step.error_words) or None,
            }
            for step in steps_of(session, run.id)
        ],
    }


def request_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """The same for people."""
    yield f"{document['reference']}  {document['kind']}  {document['state']}  due {document['due_on']}"
    yield from clock_lines(document)
    for item in document["plan"]["items"] if document["plan"] else ():
        yield f"  {item['item']:3} {item['collection']:36} {item['action']:9} {item['rows']:6}  {', '.join(item['holds'])}{_unsigned(item)}"
    for key, why in document["plan"]["skipped"].items() if document["plan"] else ():
        yield f"  not searched {key}: {why}"
    yield from _other_lines(document)
    for run in document["runs"]:
        for step in run["steps"]:
            yield f"  {run['kind']} {step['dataset']}: {step['state']} {step['error'] or ''}"
    for held in document["held"]:
        yield f"  held {held['collection']} {held['rows']} {held['ends']}, restriction: {held['restriction']}{_unsigned(held)}"
    for find in document["finds"]:
        yield f"  found later {find['collection']}.{find['column']} ({find['kind']}) {find['found_at']}, not settled"
    if document["suppressed_contacts"]:
        yield f"  suppressed from marketing: {document['suppressed_contacts']} contacts"
    for certificate in document["certificates"]:
        incomplete = "  incomplete: later finds are not settled" if document["finds"] else ""
        yield f"  certificate {certificate['number']}{incomplete}"


def _other_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """What another request deals or dealt with."""
    for one in document["other_requests"]:
        known = f"  {one['records']} records in request {one['reference']} ({one['state']})"
        if one["draft_again"]:
            yield f"{known}: not dealt with there any more, draft this one again"
        else:
            yield f"{known}: {'this one waits' if one['waiting'] else 'not counted again here'}"


def _unsigned(shown: Mapping[str, Any]) -> str:
    return unsigned_mark(map(DecidingPack.read, shown["packs"]))


def clock_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """The question to the customer with its last day and consequence, and every extension with its number and day."""
    question, times = document["question"], document["extension_limit"]["times"]
    if question:
        state = "waits for the customer" if question["open"] else "not answered"
        yield f"  question: {state}, answer by {question['answer_by']}. {question['consequence']}"
    for one in document["extensions"]:
        people = f"proposed by {one['proposed_by']}" + (
            f", settled by {one['settled_by']}" if one["settled_by"] else ""
        )
        yield f"  extension {one['number']} (legal maximum {times}): {one['old_due_on']} -> {one['due_on']}, {one['state']}, {people}"
