"""Deciding: fill in, check the letter, submit; and the second person's answer."""

import uuid
from collections.abc import Mapping

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import OutOfDate, Refusal
from privacy_center.execution.proceed import follow_up, refuse_blocked
from privacy_center.plans.freeze import current_plan
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.confirm import confirm_decision
from privacy_center.review.decide import APPROVALS, Ruling, decide
from privacy_center.review.duties import WHY_SECOND, alone_by_policy, check_may_decide, policy_of, why_second
from privacy_center.review.models import Choice, DecisionState, ReviewDecision
from privacy_center.review.placed import refuse_new_holds
from privacy_center.review.sensitive import keeps_sensitive
from privacy_center.web.filters import clock_time, day_text, today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.changed import draw_changed
from privacy_center.web.staff.handing_in import hand_in
from privacy_center.web.staff.letter import letter_language, write_letter
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.request_page import draw_request
from privacy_center.web.staff.shown_age import lead_to_guardian, without_guardian
from privacy_center.web.staff.shown_decisions import changes, choice_words, reason_titles
from privacy_center.web.staff.shown_plan import ShownPlan, show_plan
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.typed import Typed
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading, transaction


@staff.post("/requests/<reference>/decision")
def decision(reference: str) -> Response:
    """`step` empty: check what was typed and show the letter. `edit`: back to the form. `guardian`: the form with the words by
    which a child is led to the guardian's way. `submit`: it is decided.
    """
    form, step = request.form, request.form.get("step", "")
    if step in ("edit", "guardian"):
        return draw_request(reference, chosen=lead_to_guardian(reference) if step == "guardian" else form)
    wrong = _what_is_wrong(reference, form)
    if wrong:
        return draw_request(reference, chosen=form, errors=wrong, status=422)
    try:
        if step == "submit":
            return _submit(reference, form)
        note_request_look(reference, "letter", data=["user.content"], purpose="request.answer")
        return _check(reference, form)
    except OutOfDate:
        return draw_changed(reference, form)
    except Refusal as refusal:
        errors = {_field(refusal.field): words(refusal.words)}
        return draw_request(reference, chosen=form, errors=errors, status=refusal.status)


@staff.post("/requests/<reference>/second")
def second_person(reference: str) -> Response:
    """The second person agrees, or sends the decision back with a reason."""
    form, at = request.form, clock.now()
    answer = form.get("answer", "")
    if answer not in ("confirm", "send_back"):
        errors = {"answer": _("选一个意见。")}
        return draw_request(reference, chosen=form, errors=errors, status=422)
    try:
        with transaction() as session:
            asked = request_by_reference(session, reference)
            waiting = _waiting(session, asked, form.get("decision", ""))
            plan = current_plan(session, asked.id)
            shown = show_plan(session, plan) if plan else None
            if answer == "confirm":
                refuse_new_holds(session, center(), shown.items if shown else (), today())
            confirm_decision(
                session,
                waiting,
                asked,
                by=me(),
                agree=answer == "confirm",
                text=form.get("text", "").strip(),
                version=Typed(form, shown).version,
                at=at,
                items=shown.items if shown else (),
                plan_digest=plan.digest if plan else None,
                must_open=True,
            )
            follow_up(session, asked, waiting, hand_in, at)
    except OutOfDate:
        return draw_changed(reference, form)
    except Refusal as refusal:
        errors = {_field(refusal.field): words(refusal.words)}
        return draw_request(reference, chosen=form, errors=errors, status=refusal.status)
    done = "confirmed" if answer == "confirm" else "sent_back"
    return go(url_for("staff.request_page", reference=reference, done=done))


def _what_is_wrong(reference: str, form: Mapping[str, str]) -> dict[str, str]:
    with reading() as session:
        asked = request_by_reference(session, reference)
        typed = Typed(form, _plan(session, asked))
        said = typed.wrong() | without_guardian(asked, typed.ruling())
    return {name: words(sentence) for name, sentence in said.items()}


def _check(reference: str, form: Mapping[str, str]) -> Response:
    """The page before the decision: what it says, the letter, and whether a second person is needed."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        check_may_decide(session, asked, me())
        plan = _plan(session, asked)
        typed = Typed(form, plan)
        _check_current(session, asked, plan, typed)
        ruling, items = typed.ruling(), plan.items if plan else []
        second, alone = _policy_words(asked, plan, ruling)
        return page(
            "staff/check.html",
            it=show_request(session, asked),
            choice_words=choice_words(ruling.choice),
            approving=ruling.choice in APPROVALS,
            reason_words="".join(reason_titles(ruling.reason_codes)),
            when=_when(asked),
            diff=changes(ruling.overrides, {str(item.id): item for item in items}),
            second=second,
            alone=alone,
            policy_reason=policy_of(center().settings).reason,
            hold_reasons=[(rule.title, ruling.hold_reasons[rule.key]) for rule in typed.weak_rules()]
            if ruling.choice in APPROVALS
            else [],
            submit_words=_("提交决定，转第二人复核") if second else _("提交决定"),
            unsigned=plan.unsigned if plan and ruling.choice in APPROVALS else [],
            letter=write_letter(asked, ruling, items, plan.plan if plan else None),
            letter_language=letter_language(asked),
            kept=typed.kept,
        )


def _submit(reference: str, form: Mapping[str, str]) -> Response:
    at = clock.now()
    with transaction() as session:
        asked = request_by_reference(session, reference)
        plan = _plan(session, asked)
        typed = Typed(form, plan)
        _check_current(session, asked, plan, typed)
        made = decide(
            session,
            asked,
            typed.ruling(),
            by=me(),
            version=typed.version,
            at=at,
            items=plan.items if plan else (),
            plan_digest=plan.digest if plan else None,
            sensitive=keeps_sensitive(center(), plan.items if plan else (), typed.overrides()),
            policy=policy_of(center().settings),
        )
        follow_up(session, asked, made, hand_in, at)
    done = "waiting" if made.state is DecisionState.WAITING else "decided"
    return go(url_for("staff.request_page", reference=reference, done=done))


def _check_current(session: Session, asked: PrivacyRequest, plan: ShownPlan | None, typed: Typed) -> None:
    """Refuses what somebody else has changed since, and approving a plan that the preflight found impossible or on whose
    records a hold was placed since.
    """
    if asked.version != typed.version:
        raise OutOfDate("这个申请刚刚被别人改动。", "Somebody else has just changed this request.")
    if typed.choice in APPROVALS:
        refuse_blocked(plan.plan if plan else None)
        refuse_new_holds(session, center(), plan.items if plan else (), today())


def _policy_words(asked: PrivacyRequest, plan: ShownPlan | None, ruling: Ruling) -> tuple[list[str], list[str]]:
    """Why a second person is needed, and for what the company's settings let one person decide."""
    if ruling.choice is Choice.ASK:
        return [], []
    items = plan.items if plan else []
    weight = ruling.weighed(items, keeps_sensitive(center(), items, ruling.overrides))
    policy = policy_of(center().settings)
    said = (why_second(policy, asked, weight), alone_by_policy(policy, asked, weight))
    second, alone = ([words(WHY_SECOND[code]) for code in codes] for codes in said)
    return second, alone


def _plan(session: Session, asked: PrivacyRequest) -> ShownPlan | None:
    plan = current_plan(session, asked.id)
    return show_plan(session, plan, me().number) if plan else None


def _waiting(session: Session, asked: PrivacyRequest, said: str) -> ReviewDecision:
    try:
        found = session.get(ReviewDecision, uuid.UUID(said))
    except ValueError:
        found = None
    if found is None or found.request_id != asked.id:
        raise Refusal("没有这个决定。", "There is no such decision.", status=404)
    return found


def _when(asked: PrivacyRequest) -> str:
    until = asked.cooling_off_until
    if until is not None and until > clock.now():
        return _("%(day)s 以后。在那之前客户可以撤回。", day=f"{day_text(until)} {clock_time(until)}")
    return _("批准后马上开始")


def _field(said: str | None) -> str:
    """The form field that a refusal of the review room is about."""
    fields = {"reason_codes": "code", "text": "text", "choice": "choice", "unopened": "unopened", "opened": "opened"}
    return fields.get(said or "", "")
