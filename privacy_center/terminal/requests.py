"""Commands on privacy requests: submit, show, list, decide, execute, cancel."""

import secrets
import time
from argparse import Namespace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.center import Center
from privacy_center.errors import Refusal
from privacy_center.execution.models import ExecutionRun, RunState
from privacy_center.execution.proceed import HandIn, execute_now, follow_up, refuse_blocked, retry_run, runs_of
from privacy_center.execution.reopen import FOUND_LATER
from privacy_center.execution.residue import open_hits
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.roster import create_staff, find_staff
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.privacy_requests.models import Channel, Kind, OnSilence, PrivacyRequest, State
from privacy_center.privacy_requests.moves import cancel_request
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.confirm import confirm_decision
from privacy_center.review.decide import APPROVALS, Ruling, decide, waiting_decision
from privacy_center.review.duties import policy_of
from privacy_center.review.intake import take_in_deletion
from privacy_center.review.models import Choice, ReviewDecision
from privacy_center.review.sensitive import keeps_sensitive
from privacy_center.sources.identities import kind_of
from privacy_center.terminal.asked import asked_identities, asked_scope
from privacy_center.terminal.hold_reasons import typed_hold_reasons
from privacy_center.terminal.item_decisions import read_changes, typed_overrides
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import language, say
from privacy_center.terminal.show import describe_request, request_lines
from privacy_center.workflows import Desk, Worker

CHOICES = {
    "approve": Choice.APPROVE,
    "approve-in-part": Choice.APPROVE_PART,
    "refuse": Choice.REFUSE,
    "ask": Choice.ASK,
}
PATIENCE = 600.0
"""Seconds for which `request execute` waits for the end."""


def run_submit(arguments: Namespace) -> int:
    """Enter a deletion for a person whose identity a member of staff has checked, with its plan frozen."""
    refuse_unanswerable(arguments.kind)
    center = open_to_act(arguments.home)
    at = clock.now()
    given, scope = asked_identities(center, arguments), asked_scope(center, arguments)
    drafted = draft_plan(center, given, scope, center.today(at))
    with center.database.transaction() as session:
        by = staff_member(session, arguments.by, Role.AGENT, at)
        kind, values = next(iter(given.items()))
        person = find_or_create_person(
            session, kind_of(kind), values[0], at, method=arguments.verified_by, language=language()
        )
        handed_in = Submission(
            person=person,
            identities=given,
            level=Level(arguments.level),
            verification_method=arguments.verified_by,
            verified_by=by.number,
            timezone=center.settings.timezone,
            jurisdiction=center.settings.jurisdiction,
            scope=scope,
            words=arguments.words,
            channel=Channel(arguments.channel),
        )
        days = arguments.cooling_off
        request = take_in_deletion(
            session, center, drafted, handed_in, cooling_off_days=days, actor=by.as_actor(), at=at
        )
        document = describe_request(session, center, request)
    say(arguments, document, [request.reference])
    return 0


def refuse_unanswerable(kind: str) -> None:
    """Refuses (422) a kind of request that no page could answer yet, and a word that is none."""
    if kind == Kind.DELETION.value:
        return
    raise Refusal(
        f"这里只能登记删除申请（deletion），不能登记 {kind}：还没有办理它的页面，登记了也答复不了。请在系统外受理并答复。",
        f"Only a deletion can be entered here, not {kind}: there is no page yet on which it could be answered. Take it in and "
        "answer it outside this system.",
        status=422,
        field="kind",
    )


def staff_member(session: Session, number: str, role: Role, at: datetime) -> StaffMember:
    """The account with a staff number. Whoever can use this terminal may act for any number, so one that nobody has is
    entered in the roster with a password that nobody knows: it can be named, not signed in with.
    """
    found = find_staff(session, number)
    if found is not None:
        return found
    password = secrets.token_urlsafe(24)
    email = f"{number}@terminal.invalid".lower()
    return create_staff(session, number=number, name=number, email=email, password=password, roles=[role], at=at)


def run_show(arguments: Namespace) -> int:
    """One request: where it stands, its items, runs, holds and certificates."""
    center = open_to_act(arguments.home)
    with center.database.reading() as session:
        document = describe_request(session, center, request_by_reference(session, arguments.reference))
    say(arguments, document, request_lines(document))
    return 0


def run_decide(arguments: Namespace) -> int:
    """Decide, or confirm or send back what another person decided. An approval begins, or waits its cooling-off time."""
    center = open_to_act(arguments.home)
    desk, at = Desk(center), clock.now()
    try:
        with center.database.transaction() as session:
            request = request_by_reference(session, arguments.reference)
            by = staff_member(session, arguments.by, Role.REVIEWER, at)
            if arguments.decision in CHOICES:
                made = _decide(session, center, request, by, arguments, at)
            else:
                made = _second(session, request, by, arguments, at)
            follow_up(session, request, made, desk.hand_in, at)
            document = describe_request(session, center, request) | {"decision": made.state.value}
    finally:
        desk.close()
    say(arguments, document, [f"{request.reference}  {document['decision']}  {request.state.value}"])
    return 0


def _decide(
    session: Session, center: Center, request: PrivacyRequest, by: StaffMember, arguments: Namespace, at: datetime
) -> ReviewDecision:
    choice = CHOICES[arguments.decision]
    plan = current_plan(session, request.id)
    if choice in APPROVALS:
        plan = refuse_blocked(plan)
    items = items_of(session, plan.id) if plan else []
    overrides = typed_overrides(arguments.item, items)
    keep = choice is Choice.APPROVE_PART
    reasons = typed_hold_reasons(arguments, items, overrides) if choice in APPROVALS else {}
    ruling = Ruling(
        choice, tuple(arguments.reason), arguments.text, overrides, keep, reasons, **_question(arguments, choice)
    )
    return decide(
        session,
        request,
        ruling,
        by=by,
        version=request.version,
        at=at,
        items=items,
        plan_digest=plan.digest if plan else None,
        sensitive=keeps_sensitive(center, items, overrides),
        policy=policy_of(center.settings),
    )


def _question(arguments: Namespace, choice: Choice) -> dict[str, Any]:
    """The last day to answer and what happens after it; refuses (422) both where nothing is asked."""
    if choice is not Choice.ASK and (arguments.until or arguments.on_silence):
        raise Refusal(
            "--until 和 --on-silence 只用于 ask（请客户补充）。",
            "--until and --on-silence go with ask: they are about the customer's answer.",
            status=422,
        )
    return {"answer_by": arguments.until, "on_silence": OnSilence(arguments.on_silence or OnSilence.DECIDE)}


def _second(
    session: Session, request: PrivacyRequest, by: StaffMember, arguments: Namespace, at: datetime
) -> ReviewDecision:
    waiting = waiting_decision(session, request.id)
    if waiting is None:
        raise Refusal("没有等待复核的决定。", "No decision waits for a second person.")
    plan, agree = current_plan(session, request.id), arguments.decision == "confirm"
    items = items_of(session, plan.id) if plan else []
    if agree:
        read_changes(session, waiting, items, by=by, seen=arguments.seen, at=at)
    confirm_decision(
        session,
        waiting,
        request,
        by=by,
        agree=agree,
        text=arguments.text,
        version=request.version,
        at=at,
        items=items,
        plan_digest=plan.digest if plan else None,
        must_open=True,
    )
    return waiting


def run_execute(arguments: Namespace) -> int:
    """Carry out an approved request in this process, or wait for the worker that has it; 1 when a person must look.

    A request whose run failed is tried again.
    """
    center = open_to_act(arguments.home)
    worker = Worker(center)
    worker.start()
    try:
        with center.database.transaction() as session:
            request = request_by_reference(session, arguments.reference)
            if request.state in (State.APPROVED, State.PARTLY_APPROVED, State.COOLING_OFF):
                execute_now(session, request, worker.desk.hand_in, clock.now())
            elif request.state is State.NEEDS_ATTENTION:
                _try_again(session, request, worker.desk.hand_in, clock.now())
            elif waiting_decision(session, request.id):
                raise Refusal(
                    f"决定还要第二个人确认：privacy-center request decide {request.reference} confirm --by 工号",
                    "A second person must confirm the decision first: "
                    f"privacy-center request decide {request.reference} confirm --by STAFF",
                )
            request_id = request.id
        run = wait_for(center, request_id)
    finally:
        worker.stop()
    with center.database.reading() as session:
        document = describe_request(session, center, session.get_one(PrivacyRequest, request_id))
    say(arguments, document, request_lines(document))
    return 0 if run.state is RunState.DONE else 1


def _try_again(session: Session, request: PrivacyRequest, hand_in: HandIn, at: datetime) -> None:
    """Hand in again what failed; the databases that are done stay done."""
    finds = open_hits(session, request.id)
    if finds and runs_of(session, request.id)[-1].state is RunState.DONE:
        words = FOUND_LATER.filled(count=len(finds))
        raise Refusal(words.zh, words.en)
    actor = Actor("system", "terminal")
    retry_run(session, runs_of(session, request.id)[-1], hand_in, actor, at)
    about = {"subject": request.person_id, "request": request.reference}
    record(session, actor=actor, act="execution.retried", **about, at=at)


def wait_for(center: Center, request_id: Any) -> ExecutionRun:
    """The last run of a request, once it has ended. Refuses one that has none, and gives up after ten minutes."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with center.database.reading() as session:
            runs = runs_of(session, request_id)
        if not runs:
            raise Refusal(
                "申请还没有批准，不能执行。请先作出决定。",
                "It is not approved, so it cannot be carried out. Decide first.",
            )
        if runs[-1].state in (RunState.DONE, RunState.FAILED):
            return runs[-1]
        time.sleep(0.1)
    raise Refusal("还没有结束。稍后用 request show 查看。", "It has not ended yet. Look later with request show.")


def run_cancel(arguments: Namespace) -> int:
    """Take a request back; refused once it is being carried out."""
    center = open_to_act(arguments.home)
    with center.database.transaction() as session:
        request = request_by_reference(session, arguments.reference)
        cancel_request(session, request, actor=Actor("staff", arguments.by, "agent"), at=clock.now())
    say(arguments, {"reference": request.reference, "state": request.state.value}, [request.state.value])
    return 0
