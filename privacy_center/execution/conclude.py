"""The end of a run: look for what was left, certify, answer the customer; or say that a person must look."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.at_end import record_at_end
from privacy_center.errors import Words
from privacy_center.execution.begin import steps_of
from privacy_center.execution.certify import issue_certificate
from privacy_center.execution.held import open_entries
from privacy_center.execution.models import ExecutionRun, ExecutionStep, RunKind, RunState, StepState
from privacy_center.execution.office import Office
from privacy_center.execution.residue import explain_hits, open_hits, settle_gone
from privacy_center.plans.draft import is_about
from privacy_center.plans.freeze import identifiers_in
from privacy_center.plans.models import Plan
from privacy_center.plans.overlap import release_records
from privacy_center.plans.unsearched import Unsearched, find_unsearched, not_done
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import begin_checking, extend_fulfilment, fulfil, need_attention
from privacy_center.privacy_requests.queries import identities_in
from privacy_center.sources.identities import kind_of
from privacy_center.sources.residual import Hit, Progress, scan_indexed
from privacy_center.sources.trouble import SKIPPED_BY_MAP

EXECUTOR = Actor("system", "execution")
LEFT_BEHIND = Words(
    "回查发现还有 {count} 处能找到这位客户，请核对原因。",
    "The customer can still be found in {count} places; check why.",
)

_PARTS = sa.select(ExecutionRun, PrivacyRequest, Plan).where(
    ExecutionRun.id == sa.bindparam("run", type_=sa.Uuid),
    PrivacyRequest.id == ExecutionRun.request_id,
    Plan.id == ExecutionRun.plan_id,
)
ENDED = (RunState.DONE, RunState.FAILED)
_LOCKED = _PARTS.with_for_update(of=ExecutionRun)


def conclude_run(office: Office, run_id: uuid.UUID) -> RunState:
    """Finish a run; safe to repeat: one that has ended stays as it is, until a failed one is handed in again.

    Returns DONE, or FAILED where a database or a check needs a person.
    """
    with office.database.reading() as session:
        run, request, plan = _parts_of(session, run_id)
        if run.state in ENDED:
            return run.state
        identifiers, proven = _identifiers_in(session, request, plan)
    rest = _look_for_rest(office, run, plan, identifiers)
    with office.database.transaction() as session:
        return _settle(office, session, run_id, rest, proven, clock.now())


def identifiers_of_run(session: Session, run_id: uuid.UUID) -> tuple[dict[str, set[str]], frozenset[str]]:
    """What to look for after a run (kind → values), and which kinds of it the customer has proven."""
    _, request, plan = _parts_of(session, run_id)
    return _identifiers_in(session, request, plan)


def _identifiers_in(
    session: Session, request: PrivacyRequest, plan: Plan
) -> tuple[dict[str, set[str]], frozenset[str]]:
    found = {kind: set(values) for kind, values in identifiers_in(session, plan).items()}
    proven = {kind_of(kind): values for kind, values in identities_in(session, request).items()}
    for kind, values in proven.items():
        found.setdefault(kind, set()).update(values)
    return found, frozenset(proven)


@dataclass(slots=True)
class _Rest:
    """What can still be found of the customer, the collections that could not be looked into now, and those that nobody can
    look into as the map stands.
    """

    hits: list[Hit] = field(default_factory=list)
    unread: dict[str, Words] = field(default_factory=dict)
    unsearched: list[Unsearched] = field(default_factory=list)


def _look_for_rest(office: Office, run: ExecutionRun, plan: Plan, identifiers: dict[str, set[str]]) -> _Rest:
    if run.kind is not RunKind.ERASURE:
        return _Rest()
    progress = Progress()
    hits = scan_indexed(office.sources, office.data_map, identifiers, progress)
    unsearched = find_unsearched(office, progress.skipped, lambda one: is_about(one, office, plan.scope))
    passed = {one.collection for one in unsearched if not one.open}
    unread = {key: words for key, words in progress.skipped.items() if words != SKIPPED_BY_MAP and key not in passed}
    return _Rest(hits, unread, unsearched)


def _settle(
    office: Office, session: Session, run_id: uuid.UUID, rest: _Rest, proven: frozenset[str], at: datetime
) -> RunState:
    run, request, plan = _parts_of(session, run_id, lock=True)
    if run.state in ENDED:
        return run.state
    left = open_hits(session, request.id) if rest.unread else settle_gone(session, request.id, rest.hits, at)
    left += [one for one in explain_hits(session, office.data_map, plan, rest.hits, proven, at) if not one.explanation]
    steps = steps_of(session, run_id)
    failed = [step for step in steps if step.state is not StepState.DONE]
    if run.kind is RunKind.ERASURE and request.state is State.EXECUTING:
        begin_checking(session, request, at=at)
    run.finished_at = at
    if failed or left or rest.unread or any(one.open for one in rest.unsearched):
        run.state = RunState.FAILED
        _ask_a_person(session, run, request, failed, len(left), rest, at)
    else:
        run.state = RunState.DONE
        _answer(office, session, run, request, steps, rest, at)
    _note_in_audit(session, run, request, steps, at)
    return run.state


def _parts_of(session: Session, run_id: uuid.UUID, *, lock: bool = False) -> tuple[ExecutionRun, PrivacyRequest, Plan]:
    """A run with its request and its plan in one statement; with `lock`, nobody else writes to the run meanwhile."""
    run, request, plan = session.execute(_LOCKED if lock else _PARTS, {"run": run_id}).one()
    return run, request, plan


def _ask_a_person(
    session: Session,
    run: ExecutionRun,
    request: PrivacyRequest,
    failed: list[ExecutionStep],
    left: int,
    rest: _Rest,
    at: datetime,
) -> None:
    if run.kind is not RunKind.ERASURE:
        return
    problem: dict[str, Any] = {"datasets": {step.dataset: step.error for step in failed}}
    if left:
        problem["residual"] = LEFT_BEHIND.filled(count=left).as_json()
    if rest.unread:
        problem["unread"] = {key: words.as_json() for key, words in rest.unread.items()}
    if any(one.open for one in rest.unsearched):
        problem["unsearched"] = not_done(rest.unsearched).as_json()
    need_attention(session, request, problem=problem, at=at)


def _answer(
    office: Office,
    session: Session,
    run: ExecutionRun,
    request: PrivacyRequest,
    steps: list[ExecutionStep],
    rest: _Rest,
    at: datetime,
) -> None:
    if run.kind in (RunKind.ERASURE, RunKind.RELEASE):
        release_records(session, request.id)
    if run.kind is RunKind.RELEASE and not _released_something(steps) and open_entries(session, request_id=request.id):
        return
    residual = {"indexed": at.isoformat(timespec="seconds"), "full": None, "explained": len(rest.hits)}
    purpose = run.kind.value
    said = {"purpose": purpose, "residual": residual, "steps": steps, "unsearched": rest.unsearched}
    certificate = issue_certificate(session, office, run, request, **said, at=at)
    details, kept = {"certificate": certificate.number}, bool(certificate.body["held"])
    if run.kind is RunKind.ERASURE:
        fulfil(session, request, with_holds=kept, details=details, at=at)
    elif run.kind is RunKind.RELEASE and request.state is State.COMPLETED_WITH_HOLDS:
        extend_fulfilment(session, request, all_done=not kept, release_key=str(run.id), details=details, at=at)


def _released_something(steps: list[ExecutionStep]) -> bool:
    """Whether a release changed any row: between the look and the act a rule may have come to hold all of them again."""
    return any(numbers["erased"] or numbers["masked"] for step in steps for numbers in (step.result or {}).values())


def _note_in_audit(
    session: Session, run: ExecutionRun, request: PrivacyRequest, steps: list[ExecutionStep], at: datetime
) -> None:
    record_at_end(
        session,
        actor=EXECUTOR,
        act=f"execution.{run.state.value}",
        subject=request.person_id,
        request=request.reference,
        details={"run": str(run.id), "kind": run.kind.value, "steps": _told(steps)},
        at=at,
    )


def _told(steps: list[ExecutionStep]) -> dict[str, dict[str, int]]:
    """Rows by database, in totals."""
    told: dict[str, dict[str, int]] = {}
    for step in steps:
        totals = told.setdefault(step.dataset, {})
        for numbers in (step.result or {}).values():
            for name, number in numbers.items():
                totals[name] = totals.get(name, 0) + number
    return told
