"""The second person: agrees, or sends the decision back."""

import uuid
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_text
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests import moves
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.review.decide import lock_request, overrides_of, take_effect
from privacy_center.review.duties import check_may_decide
from privacy_center.review.models import DecisionOpened, DecisionState, ReviewDecision
from privacy_center.review.opened import check_opened
from privacy_center.review.overrides import Item

SECOND_TEXT = "review_decision.second_text"


def confirm_decision(
    session: Session,
    decision: ReviewDecision,
    request: PrivacyRequest,
    *,
    by: StaffMember,
    agree: bool,
    text: str = "",
    version: int,
    at: datetime,
    items: Iterable[Item] = (),
    plan_digest: str | None = None,
    must_open: bool = False,
) -> None:
    """A second person agrees and the decision takes effect, or sends it back with a reason.

    Refuses the same person, whoever may not decide, a decision that no longer waits, a plan that has changed since, and
    (422) sending back without words. `must_open`: also agreeing before every changed item has been opened.
    """
    lock_request(session, request, version)
    check_may_decide(session, request, by)
    _check_second(session, decision, by, agree, text, plan_digest)
    plan = list(items)
    if agree:
        check_opened(session, request.id, plan, overrides_of(session, decision), by.number)
    if agree and must_open:
        _check_changes_opened(session, decision, by)
    decision.second_by, decision.second_at = by.number, at
    decision.second_text_sealed = seal_text(session, text, SECOND_TEXT, subject=request.person_id) if text else None
    what = "second_agreed" if agree else "second_refused"
    note_event(session, request, what, actor=by.as_actor(), at=at, details={"text": text}, visible=False)
    if agree:
        take_effect(session, request, decision, {str(item.id): item for item in plan}, by, at)
    else:
        decision.state = DecisionState.SENT_BACK
    session.flush()


def _check_second(
    session: Session, decision: ReviewDecision, by: StaffMember, agree: bool, text: str, plan_digest: str | None
) -> None:
    if decision.state is not DecisionState.WAITING:
        raise moves.out_of_date()
    if decision.first_by in numbers_of(session, by):
        raise Refusal(
            "复核须由另一个人进行。请转给同事。", "The second look must be another person's. Hand it to a colleague."
        )
    if agree and decision.plan_digest != plan_digest:
        raise moves.out_of_date()
    if not agree and not text.strip():
        raise Refusal("退回时请写明原因。", "Write why you send it back.", status=422, field="text")


def note_change_opened(session: Session, decision: ReviewDecision, change: str, by: StaffMember, at: datetime) -> None:
    """Keep that a member of staff opened one change (key of an override) of a waiting decision; twice is once."""
    if change in changes_opened_by(session, decision, by):
        return
    entry = DecisionOpened(id=uuid.uuid4(), decision_id=decision.id, change=change, staff_number=by.number, at=at)
    session.add(entry)
    session.flush()


def changes_opened_by(session: Session, decision: ReviewDecision, by: StaffMember) -> set[str]:
    """The changes (keys of overrides) that a member of staff has opened."""
    mine = sa.select(DecisionOpened.change).where(
        DecisionOpened.decision_id == decision.id, DecisionOpened.staff_number == by.number
    )
    return set(session.scalars(mine))


def _check_changes_opened(session: Session, decision: ReviewDecision, by: StaffMember) -> None:
    left = overrides_of(session, decision).keys() - changes_opened_by(session, decision, by)
    if left:
        raise Refusal(
            f"还有 {len(left)} 处与建议不同的决定没有打开。请逐一打开查看，再同意。",
            f"{len(left)} decisions that differ from the suggestion have not been opened. Open each of them, then confirm.",
            status=422,
            field="opened",
        )
