"""The moves of a request, each guarded by the table of moves, written in the timeline and told where it concerns the customer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from privacy_center.audit.append import Actor
from privacy_center.errors import OutOfDate, Refusal
from privacy_center.outbox.days import on_the_wall
from privacy_center.people.contact_change import refuse_held
from privacy_center.privacy_requests.audience import tell_about
from privacy_center.privacy_requests.deadlines import extension_limit
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.states import CLOSED, NAMES, may_move
from privacy_center.privacy_requests.timeline import note_event

SYSTEM = Actor("system", "workflow")
STOPPED = frozenset({State.APPROVED, State.PARTLY_APPROVED, State.COOLING_OFF, State.EXECUTING})
"""Where a request cannot go while it is frozen."""


def confirm(session: Session, request: PrivacyRequest, *, actor: Actor, at: datetime) -> None:
    """The person has been verified and has confirmed what the request is about."""
    move(session, request, State.CONFIRMED, "confirmed", actor=actor, at=at)


def start_review(session: Session, request: PrivacyRequest, *, actor: Actor, at: datetime) -> None:
    """It lies with the reviewers; also how a refused or approved request is opened again."""
    move(session, request, State.IN_REVIEW, "review_started", actor=actor, at=at)


def approve(
    session: Session,
    request: PrivacyRequest,
    *,
    actor: Actor,
    at: datetime,
    in_part: bool = False,
    details: Mapping[str, Any] | None = None,
    audited: Mapping[str, Any] | None = None,
) -> None:
    """Approved, in whole or in part; the person is told that the decision letter is there."""
    state = State.PARTLY_APPROVED if in_part else State.APPROVED
    request.decided_at = at
    move(session, request, state, state.value, actor=actor, at=at, details=details, audited=audited, tell=state.value)


def refuse(
    session: Session,
    request: PrivacyRequest,
    *,
    reason_codes: list[str],
    text: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Refused, with at least one reason (PIPL art. 50); refuses to do so without."""
    if not reason_codes:
        raise Refusal(
            "不予办理必须写明原因。请至少选择一项。",
            "A refusal needs a reason. Choose at least one.",
            status=422,
            field="reason_codes",
        )
    request.decided_at = at
    details = {"reason_codes": reason_codes, "text": text}
    audited = {"reason_codes": reason_codes}
    move(
        session, request, State.REFUSED, "refused", actor=actor, at=at, details=details, audited=audited, tell="refused"
    )


def start_cooling_off(
    session: Session, request: PrivacyRequest, *, until: datetime, actor: Actor = SYSTEM, at: datetime
) -> None:
    """The person can still change their mind until `until`; execution starts after it."""
    request.cooling_off_until = request.execute_after = until
    details = {"until": until.isoformat()}
    move(
        session, request, State.COOLING_OFF, "cooling_off", actor=actor, at=at, details=details, audited=details,
        tell="cooling_off",
    )  # fmt: skip


def begin_execution(session: Session, request: PrivacyRequest, *, actor: Actor = SYSTEM, at: datetime) -> None:
    """Work on the company's databases begins; from here on it cannot be cancelled. Refuses while it may be cancelled."""
    if request.state is State.COOLING_OFF and request.execute_after and at < request.execute_after:
        raise Refusal(
            "撤回期还没有结束，不能执行。请等到期后再试。",
            "The time to change one's mind is not over. Carry it out when it has ended.",
        )
    refuse_frozen(request)
    refuse_held(session, request.person_id, at)
    move(session, request, State.EXECUTING, "execution_started", actor=actor, at=at)


def begin_checking(session: Session, request: PrivacyRequest, *, actor: Actor = SYSTEM, at: datetime) -> None:
    """The databases are read again."""
    move(session, request, State.CHECKING, "checking_started", actor=actor, at=at)


def fulfil(
    session: Session,
    request: PrivacyRequest,
    *,
    with_holds: bool,
    at: datetime,
    actor: Actor = SYSTEM,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Done and checked; `with_holds` says that something is kept for now. The person is told."""
    state = State.COMPLETED_WITH_HOLDS if with_holds else State.COMPLETED
    request.completed_at = at
    move(session, request, state, state.value, actor=actor, at=at, details=details, tell=state.value)


def extend_fulfilment(
    session: Session,
    request: PrivacyRequest,
    *,
    all_done: bool,
    release_key: str,
    at: datetime,
    actor: Actor = SYSTEM,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Something that was kept is deleted now; `all_done`: nothing is kept any more. `release_key` makes the notice unique.

    Refuses a request that keeps nothing.
    """
    if request.state is not State.COMPLETED_WITH_HOLDS:
        raise _not_now(request)
    if all_done:
        move(session, request, State.COMPLETED, "hold_released", actor=actor, at=at, details=details)
    else:
        note_event(session, request, "hold_released", actor=actor, at=at, details=details)
    tell_of(session, request, "hold_released", f"hold-released:{release_key}", at)


def need_attention(
    session: Session, request: PrivacyRequest, *, problem: Mapping[str, Any], at: datetime, actor: Actor = SYSTEM
) -> None:
    """Execution could not finish: staff see the problem, the customer hears that a person is on it."""
    move(
        session, request, State.NEEDS_ATTENTION, "execution_problem", actor=actor, at=at, details=problem, visible=False
    )
    tell_of(session, request, "taking_longer", f"taking-longer:{request.id}:{at.date()}", at)


def found_again(
    session: Session, request: PrivacyRequest, *, problem: Mapping[str, Any], at: datetime, actor: Actor = SYSTEM
) -> None:
    """A later look found something after the request had ended: it is open again, and the person is told."""
    move(session, request, State.NEEDS_ATTENTION, "found_again", actor=actor, at=at, details=problem)
    tell_of(session, request, "taking_longer", f"found-again:{request.id}:{request.version}", at)


def end_again(
    session: Session,
    request: PrivacyRequest,
    *,
    with_holds: bool,
    at: datetime,
    actor: Actor = SYSTEM,
    details: Mapping[str, Any] | None = None,
) -> None:
    """What was found later is settled: the request is done once more, and the person is told."""
    state = State.COMPLETED_WITH_HOLDS if with_holds else State.COMPLETED
    move(session, request, state, "finds_settled", actor=actor, at=at, details=details, tell=state.value)


def cancel_request(session: Session, request: PrivacyRequest, *, actor: Actor, at: datetime) -> None:
    """The customer changes their mind; refused once execution has begun."""
    move(session, request, State.CANCELLED, "cancelled", actor=actor, at=at, tell="cancelled")


def extend_deadline(
    session: Session, request: PrivacyRequest, *, to: date, reason: str, actor: Actor, at: datetime
) -> None:
    """More time, with a reason, told to the customer; refuses an earlier day, one beyond the legal maximum, a closed request or no reason."""
    if request.state in CLOSED:
        raise _not_now(request)
    if to <= request.due_on or not reason.strip():
        raise Refusal(
            "请填写原因，新期限须晚于原期限。", "Give a reason and a day after the present one.", status=422, field="to"
        )
    limit = extension_limit(request.first_due_on, request.kind, request.jurisdiction)
    if to > limit.last_day:
        raise Refusal(
            f"最多延长到 {limit.last_day}。请选择不晚于这一天的日期。",
            f"The deadline can be put off to {limit.last_day} at most. Choose that day or an earlier one.",
            status=422,
            field="to",
        )
    old, request.due_on = request.due_on, to
    _flush(session)
    days = {"old_due_on": old.isoformat(), "due_on": to.isoformat()}
    note_event(session, request, "extended", actor=actor, at=at, details={**days, "reason": reason}, audited=days)
    tell_of(session, request, "extended", f"extended:{request.id}:{to}", at, **days)


def move(
    session: Session,
    request: PrivacyRequest,
    to: State,
    what: str,
    *,
    actor: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    audited: Mapping[str, Any] | None = None,
    visible: bool = True,
    tell: str | None = None,
) -> None:
    """One move of the table. Refuses a move that there is not (409), and one that somebody else was faster with."""
    if not may_move(request.state, to):
        raise _not_now(request)
    if to in STOPPED:
        refuse_frozen(request)
    request.state = to
    request.closed_at = at if to in CLOSED else None
    _flush(session)
    note_event(session, request, what, actor=actor, at=at, details=details, audited=audited, visible=visible)
    if tell:
        tell_of(session, request, tell, f"{tell}:{request.id}:{request.version}", at)


def _flush(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise out_of_date() from None


def out_of_date() -> OutOfDate:
    """What is said to the second of two people who changed the same request."""
    return OutOfDate(
        "这个申请刚刚被别人改动。请重新打开，看过最新情况再操作。",
        "Somebody else has just changed this request. Open it again and look before you go on.",
    )


def refuse_frozen(request: PrivacyRequest) -> None:
    """Refuses (409) to go on with a request that somebody said was not theirs, until staff have lifted that."""
    if request.frozen_at is not None:
        raise Refusal(
            "有人说这个申请不是本人提的，已叫停。请先重新核验客户、解除叫停，再继续。",
            "Somebody said that this request was not theirs, and it is stopped. Verify the customer anew and lift the stop "
            "before going on.",
        )


def _not_now(request: PrivacyRequest) -> Refusal:
    name = NAMES[request.state]
    return Refusal(
        f"申请现在是“{name.zh}”，不能这样操作。请刷新页面查看最新进度。",
        f"The request stands at “{name.en}”, where this cannot be done. Reload the page to see where it is.",
    )


def tell_of(session: Session, request: PrivacyRequest, template: str, key: str, at: datetime, **more: str) -> None:
    """Tell the person something about the request; `key` makes sure that it is said once."""
    context = {"reference": request.reference, "due_on": request.due_on.isoformat(), **more}
    if request.cooling_off_until:
        context["until"] = on_the_wall(session, request.cooling_off_until)
    tell_about(session, request, template, context, dedupe_key=key, at=at)
