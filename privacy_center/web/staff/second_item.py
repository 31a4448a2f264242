"""What a second person opens before agreeing: one item that is decided otherwise than suggested, with what that overrides."""

from dataclasses import dataclass

from flask import Response
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.retention.verdict import Outcome
from privacy_center.review.confirm import changes_opened_by, note_change_opened
from privacy_center.review.decide import overrides_of, waiting_decision
from privacy_center.review.models import ReviewDecision
from privacy_center.review.overrides import Override, read_key, record_key
from privacy_center.review.reasons import all_reasons
from privacy_center.sources.rows import Ownership
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.vocabulary import outcome_words
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading, transaction

CONSEQUENCES = {
    Outcome.ERASE: Words(
        "执行后这些记录被删除，无法恢复。", "The records are erased when this is carried out; that cannot be undone."
    ),
    Outcome.RESTRICT: Words(
        "这些记录不删除，登记到保留台账，直到有人结束保留。",
        "The records stay, on the hold register, until somebody ends the hold.",
    ),
    Outcome.KEEP: Words("这些记录保持不变。", "The records stay as they are."),
}
UNCLEAR_ERASED = Words(
    "不能确定这些记录属于申请人。如果属于别人，删除会损害对方，且无法恢复。",
    "It is not certain that these records are the applicant's. If they are somebody else's, erasing harms that person and "
    "cannot be undone.",
)


@dataclass(frozen=True, slots=True)
class SecondItem:
    """One changed item, or one record of it (`number`, from 1): what was suggested and decided, in words, why, what it overrides, and whether it has been opened."""

    id: str
    item: PlanItem
    rows: int
    number: int | None
    title: Words
    suggested: str
    outcome: Outcome
    decided: str
    reason: Words
    words: str
    consequence: Words
    opened: bool


def changed_items(
    session: Session, decision: ReviewDecision, items: list[PlanItem], member: StaffMember
) -> list[SecondItem]:
    """The items of a decision that differ from the suggestion: what erases comes first, then what was held or unclear."""
    by_id = {str(item.id): item for item in items}
    opened = changes_opened_by(session, decision, member)
    overrides = overrides_of(session, decision)
    shown = [
        _shown(by_id[item_id], number, override, key in opened)
        for key, override in overrides.items()
        for item_id, number in [read_key(key)]
        if item_id in by_id
    ]
    return sorted(
        shown,
        key=lambda one: (one.outcome is not Outcome.ERASE, not one.item.holds, one.item.position, one.number or 0),
    )


@staff.get("/requests/<reference>/second/<path:item>")
def second_item(reference: str, item: str) -> Response:
    """One changed item; that this member opened it is kept with the decision. 404 where no decision waits or changes it."""
    note_request_look(reference, "request")
    with transaction() as session:
        waiting = waiting_decision(session, request_by_reference(session, reference).id)
        if waiting is None or item not in overrides_of(session, waiting):
            raise Refusal("没有等待复核的这一项。", "No decision on this item waits for a second review.", status=404)
        note_change_opened(session, waiting, item, me(), clock.now())
    with reading() as session:
        asked = request_by_reference(session, reference)
        waiting, plan = waiting_decision(session, asked.id), current_plan(session, asked.id)
        assert waiting is not None and plan is not None, "checked above"
        one = next(one for one in changed_items(session, waiting, items_of(session, plan.id), me()) if one.id == item)
        return page("staff/second_item.html", it=show_request(session, asked), one=one)


def _shown(item: PlanItem, number: int | None, override: Override, opened: bool) -> SecondItem:
    unclear = item.ownership is Ownership.UNCLEAR and override.outcome is Outcome.ERASE
    return SecondItem(
        id=str(item.id) if number is None else record_key(item.id, number),
        item=item,
        rows=item.row_count if number is None else 1,
        number=number,
        title=center().catalogue.collection(item.collection).title,
        suggested=outcome_words(item.outcome),
        outcome=override.outcome,
        decided=outcome_words(override.outcome),
        reason=all_reasons()[override.reason_code].title,
        words=override.text,
        consequence=UNCLEAR_ERASED if unclear else CONSEQUENCES[override.outcome],
        opened=opened,
    )
