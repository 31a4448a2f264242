"""From an approved request to a run: at once, or when the time to change one's mind is over."""

import uuid
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal, Words
from privacy_center.execution.begin import open_run, steps_of
from privacy_center.execution.models import ExecutionRun, RunKind, RunState, StepState
from privacy_center.people.contact_change import hold_until
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.plans.models import Plan
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import SYSTEM, begin_execution, start_cooling_off
from privacy_center.review.decide import APPROVALS
from privacy_center.review.models import DecisionState, ReviewDecision

HandIn = Callable[[Session, ExecutionRun, list[str]], None]
"""Queues a run with its databases, in the session's own transaction."""

APPROVED = frozenset({State.APPROVED, State.PARTLY_APPROVED})


def proceed(session: Session, request: PrivacyRequest, hand_in: HandIn, at: datetime) -> ExecutionRun | None:
    """After an approval: wait out the time in which the customer can still cancel, and 72 hours after a change of contact.

    Returns the run that was handed in, None while the customer can still cancel. Refuses a request that is not approved.
    """
    if request.state not in APPROVED:
        raise Refusal(
            "申请还没有批准，不能执行。请先作出决定。", "It is not approved, so it cannot be carried out. Decide first."
        )
    ends = (request.cooling_off_until, hold_until(session, request.person_id, at))
    until = max((one for one in ends if one is not None), default=None)
    if until is not None and until > at:
        start_cooling_off(session, request, until=until, at=at)
        return None
    return execute_now(session, request, hand_in, at)


def execute_now(
    session: Session, request: PrivacyRequest, hand_in: HandIn, at: datetime, actor: Actor = SYSTEM
) -> ExecutionRun:
    """Hand in the run of an approved request. Refuses while it can still be cancelled, and without a signed plan."""
    plan = signed_plan(session, request.id)
    begin_execution(session, request, actor=actor, at=at)
    run = open_run(session, request, plan, RunKind.ERASURE, at)
    hand_in(session, run, datasets_of(session, run))
    return run


def signed_plan(session: Session, request_id: uuid.UUID) -> Plan:
    """The plan that may be carried out: frozen, not superseded, signed by the decision."""
    plan = current_plan(session, request_id)
    if plan is None or plan.signed_at is None:
        raise Refusal(
            "没有经过签署的计划，什么都不能删。请重新审核。",
            "There is no signed plan, so nothing may be deleted. Review it again.",
        )
    return plan


def datasets_of(session: Session, run: ExecutionRun) -> list[str]:
    """The databases of a run, in their order."""
    return [step.dataset for step in steps_of(session, run.id)]


def retry_run(session: Session, run: ExecutionRun, hand_in: HandIn, actor: Actor, at: datetime) -> None:
    """Hand in a failed run again: the databases that are done stay done. Refuses one that has not failed."""
    if run.state is not RunState.FAILED:
        raise Refusal("这次执行没有失败，不用重试。", "This run has not failed; there is nothing to try again.")
    request = session.get_one(PrivacyRequest, run.request_id)
    if run.kind is RunKind.ERASURE:
        begin_execution(session, request, actor=actor, at=at)
    for step in steps_of(session, run.id):
        if step.state is StepState.FAILED:
            step.state = StepState.WAITING
    run.state, run.round, run.finished_at = RunState.WAITING, run.round + 1, None
    session.flush()
    hand_in(session, run, datasets_of(session, run))


def runs_of(session: Session, request_id: uuid.UUID) -> list[ExecutionRun]:
    """Every run of a request, oldest first."""
    return list(
        session.scalars(
            sa.select(ExecutionRun).where(ExecutionRun.request_id == request_id).order_by(ExecutionRun.created_at)
        )
    )


def follow_up(
    session: Session, request: PrivacyRequest, decision: ReviewDecision, hand_in: HandIn, at: datetime
) -> ExecutionRun | None:
    """What follows from a decision: an approval that took effect is signed in the names of who decided, and begins.

    Anything else needs nothing more. Returns the run that was handed in, if one was.
    """
    if decision.state is not DecisionState.FINAL or decision.choice not in APPROVALS:
        return None
    plan = current_plan(session, request.id)
    if plan is None:
        return None
    names = [decision.first_by, decision.second_by] if decision.second_by else [decision.first_by]
    sign_plan(session, plan, by="+".join(names), at=at)
    return proceed(session, request, hand_in, at)


def refuse_blocked(plan: Plan | None) -> Plan:
    """The plan, if it can be approved: refuses one whose preflight found something that must be solved first."""
    if plan is None or plan.blocked:
        said = [Words.read(problem["words"]) for problem in plan.problems if problem["blocking"]] if plan else []
        raise Refusal(
            "预检有没解决的问题，现在不能批准。解决后重新起草：" + "；".join(one.zh for one in said),
            "The preflight found problems, so it cannot be approved now. Solve them and draft it again: "
            + "; ".join(one.en for one in said),
            field="choice",
        )
    return plan
