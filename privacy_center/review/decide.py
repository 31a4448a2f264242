"""A reviewer decides; where one is not enough, the decision waits for a second person."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_json, seal_text, show_json, show_text
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.overlap import claim_approved
from privacy_center.privacy_requests import moves
from privacy_center.privacy_requests.models import OnSilence, PrivacyRequest, State
from privacy_center.privacy_requests.thread import ask_customer
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.review.drafts import drop_drafts
from privacy_center.review.duties import SecondPolicy, Weight, check_may_decide, why_second
from privacy_center.review.guardian import check_guardian
from privacy_center.review.hold_reasons import check_hold_reasons, rules_to_justify
from privacy_center.review.models import Choice, DecisionState, ReviewDecision
from privacy_center.review.opened import must_open
from privacy_center.review.overrides import Item, Override, apply_overrides, check_overrides, undecided
from privacy_center.review.placed import place_decided
from privacy_center.review.reasons import check_reasons

TEXT = "review_decision.text"
OVERRIDES = "review_decision.overrides"
HOLD_REASONS = "review_decision.hold_reasons"
APPROVALS = (Choice.APPROVE, Choice.APPROVE_PART)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer hands in. `overrides`: plan item id (text), or one record of it (`record_key`) → the outcome chosen instead
    of the planned one.

    `keep_undecided`: items that wait for a person are left untouched instead of standing in the way of an approval.
    `hold_reasons`: rule key → why records are kept on a rule that does not bind by itself.
    `answer_by`, `on_silence`: for a question to the customer, the last day to answer and what happens after it.
    """

    choice: Choice
    reason_codes: tuple[str, ...] = ()
    text: str = ""
    overrides: Mapping[str, Override] = field(default_factory=dict)
    keep_undecided: bool = False
    hold_reasons: Mapping[str, str] = field(default_factory=dict)
    answer_by: date | None = None
    on_silence: OnSilence = OnSilence.DECIDE

    def weighed(self, items: Iterable[Item], sensitive: Collection[object]) -> Weight:
        """What this ruling does, for the policy of two people."""
        plan = list(items)
        return Weight(
            refusal=self.choice is Choice.REFUSE,
            overrides=len(self.overrides),
            rows=sum(item.row_count for item in plan),
            sensitive=sensitive,
            unclear=must_open(plan, self.overrides),
        )


def decide(
    session: Session,
    request: PrivacyRequest,
    ruling: Ruling,
    *,
    by: StaffMember,
    version: int,
    at: datetime,
    items: Iterable[Item] = (),
    plan_digest: str | None = None,
    sensitive: Collection[object] = (),
    policy: SecondPolicy | None = None,
) -> ReviewDecision:
    """Decide on a request in review; it takes effect at once unless a second person is needed.

    `version` is the one the reviewer saw: a request that has changed since is refused (`OutOfDate`, 409). `items` are all
    items of the current plan, `sensitive` those ids that keep sensitive information. Refuses who may not decide, reasons
    that are missing (for a child's request also on whose word it is approved), overrides that no person may make, and a second decision while one waits.
    """
    lock_request(session, request, version)
    check_may_decide(session, request, by)
    _check_open(session, request, ruling)
    plan = {str(item.id): item for item in items}
    decision = _write(session, request, ruling, plan, by, at, plan_digest)
    if ruling.choice is not Choice.ASK:
        weight = ruling.weighed(plan.values(), sensitive)
        decision.why_second = why_second(policy or SecondPolicy(), request, weight)
    if decision.why_second:
        decision.state = DecisionState.WAITING
        if ruling.choice in APPROVALS:
            claim_approved(session, request.id)
        audited = {"choice": ruling.choice.value, "why_second": decision.why_second, **_grounds(decision)}
        actor = by.as_actor()
        note_event(
            session, request, "second_needed", actor=actor, at=at, details=audited, audited=audited, visible=False
        )
    else:
        take_effect(session, request, decision, plan, by, at, ruling)
    session.flush()
    return decision


def lock_request(session: Session, request: PrivacyRequest, version: int) -> None:
    """Hold the request until the transaction ends; refuses (`OutOfDate`) when it is not the version that was seen."""
    session.refresh(request, with_for_update=True)
    if request.version != version:
        raise moves.out_of_date()


def take_effect(
    session: Session,
    request: PrivacyRequest,
    decision: ReviewDecision,
    plan: Mapping[str, Item],
    by: StaffMember,
    at: datetime,
    ruling: Ruling | None = None,
) -> None:
    """The decision is final: the plan's items carry it, the request moves, the customer is told."""
    decision.state = DecisionState.FINAL
    codes, text, actor = decision.reason_codes, text_of(session, decision), by.as_actor()
    if decision.choice is Choice.ASK:
        question = {"answer_by": ruling.answer_by, "on_silence": ruling.on_silence} if ruling else {}
        ask_customer(session, request, text=text, actor=actor, at=at, **question)
    elif decision.choice is Choice.REFUSE:
        moves.refuse(session, request, reason_codes=codes, text=text, actor=actor, at=at)
    else:
        claim_approved(session, request.id)
        decided = apply_overrides(session, plan, overrides_of(session, decision))
        place_decided(session, request, decided, first_by=decision.first_by, by=by, at=at)
        drop_drafts(session, request.id)
        in_part = decision.choice is Choice.APPROVE_PART
        details = {"reason_codes": codes, "text": text, "overrides": decision.override_count}
        audited = _grounds(decision)
        moves.approve(session, request, actor=actor, at=at, in_part=in_part, details=details, audited=audited)


def _grounds(decision: ReviewDecision) -> dict[str, list[str]]:
    """The reasons as the record keeps them, where there are any."""
    return {"reason_codes": decision.reason_codes} if decision.reason_codes else {}


def waiting_decision(session: Session, request: uuid.UUID) -> ReviewDecision | None:
    """The decision that waits for a second person, if one does."""
    mine = sa.select(ReviewDecision).where(
        ReviewDecision.request_id == request, ReviewDecision.state == DecisionState.WAITING
    )
    return session.scalars(mine.limit(1)).one_or_none()


def decisions_on(session: Session, request: uuid.UUID) -> list[ReviewDecision]:
    """Every decision on a request, newest first."""
    mine = sa.select(ReviewDecision).where(ReviewDecision.request_id == request)
    return list(session.scalars(mine.order_by(ReviewDecision.first_at.desc(), ReviewDecision.id)))


def text_of(session: Session, decision: ReviewDecision) -> str:
    """The reviewer's words to the customer."""
    return show_text(session, decision.text_sealed, TEXT)


def overrides_of(session: Session, decision: ReviewDecision) -> dict[str, Override]:
    """Plan item id → what was decided instead of the plan: what a second person looks at first."""
    told = show_json(session, decision.overrides_sealed, OVERRIDES, {})
    return {key: Override.read(one) for key, one in told.items()}


def ruling_of(session: Session, decision: ReviewDecision) -> Ruling:
    """What was handed in, as the second person reads it."""
    return Ruling(
        decision.choice,
        tuple(decision.reason_codes),
        text_of(session, decision),
        overrides_of(session, decision),
        hold_reasons=hold_reasons_of(session, decision),
    )


def hold_reasons_of(session: Session, decision: ReviewDecision) -> dict[str, str]:
    """Rule key → why records are kept on it."""
    reasons: dict[str, str] = show_json(session, decision.hold_reasons_sealed, HOLD_REASONS, {})
    return reasons


def _check_open(session: Session, request: PrivacyRequest, ruling: Ruling) -> None:
    allowed = {State.IN_REVIEW, State.WAITING_CUSTOMER} if ruling.choice is Choice.REFUSE else {State.IN_REVIEW}
    if request.state not in allowed:
        raise Refusal(
            "这个申请现在不在审核中，不能作决定。请刷新页面。",
            "This request is not in review now, so it cannot be decided. Reload the page.",
        )
    if waiting_decision(session, request.id) is not None:
        raise Refusal(
            "已有一个决定在等待复核。请先复核或退回。",
            "A decision already waits for a second person. Confirm it or send it back first.",
        )


def _write(
    session: Session,
    request: PrivacyRequest,
    ruling: Ruling,
    plan: Mapping[str, Item],
    by: StaffMember,
    at: datetime,
    plan_digest: str | None,
) -> ReviewDecision:
    overrides = _checked_overrides(ruling, plan)
    weak = rules_to_justify(plan.values(), ruling.overrides) if ruling.choice in APPROVALS else []
    reasons = check_hold_reasons(weak, ruling.hold_reasons)
    decision = ReviewDecision(
        id=uuid.uuid4(),
        request_id=request.id,
        plan_digest=plan_digest,
        choice=ruling.choice,
        state=DecisionState.FINAL,
        reason_codes=_checked_reasons(request, ruling),
        text_sealed=seal_text(session, ruling.text, TEXT, subject=request.person_id) if ruling.text else None,
        overrides_sealed=seal_json(session, overrides, OVERRIDES, subject=request.person_id) if overrides else None,
        hold_reasons_sealed=seal_json(session, reasons, HOLD_REASONS, subject=request.person_id) if reasons else None,
        override_count=len(overrides),
        row_count=sum(item.row_count for item in plan.values()),
        why_second=[],
        first_by=by.number,
        first_at=at,
    )
    session.add(decision)
    session.flush()
    return decision


def _checked_reasons(request: PrivacyRequest, ruling: Ruling) -> list[str]:
    if ruling.choice is Choice.REFUSE:
        return check_reasons(ruling.reason_codes, "refuse", ruling.text)
    if ruling.choice is Choice.ASK and not ruling.text.strip():
        raise Refusal("请写明需要客户补充什么。", "Write what you need from the customer.", status=422, field="text")
    return check_guardian(request, ruling.reason_codes) if ruling.choice in APPROVALS else list(ruling.reason_codes)


def _checked_overrides(ruling: Ruling, plan: Mapping[str, Item]) -> dict[str, dict[str, str]]:
    if ruling.choice not in APPROVALS:
        return {}
    check_overrides(plan, ruling.overrides)
    left = [] if ruling.keep_undecided else undecided(plan.values(), ruling.overrides)
    if left:
        named = ", ".join(sorted({item.collection for item in left})[:5])
        raise Refusal(
            f"还有 {len(left)} 项需要您判断：{named}。请逐项选择删除、保留或限制。",
            f"{len(left)} items wait for your decision: {named}. Choose to erase, keep or restrict each.",
            status=422,
            field="overrides",
        )
    return {key: override.as_json() for key, override in ruling.overrides.items()}
