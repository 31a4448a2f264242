"""Review dates of holds: moved with a reason, and escalated when they pass, first to the owner and then further."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.holds.end import lock_hold
from privacy_center.holds.models import PlacedHold
from privacy_center.holds.place import LONGEST_NAME, LONGEST_REVIEW, LONGEST_TEXT, note_hold_event
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.roster import find_staff
from privacy_center.people.staff.tell import tell_member, tell_staff

UNANSWERED = timedelta(days=7)
"""A review that the owner has not made within 7 days is told to the privacy officers."""


def move_review(
    session: Session, hold: PlacedHold, *, to: date | None, by: StaffMember, reason: str, today: date, at: datetime
) -> None:
    """The hold was reviewed and stays; refuses (422) a day that is not from tomorrow to one year ahead, and no reason."""
    lock_hold(session, hold)
    if to is None or not today < to <= today + LONGEST_REVIEW:
        raise Refusal(
            "审查日期须在明天至一年内。",
            "Choose a review date from tomorrow up to one year ahead.",
            status=422,
            field="review_on",
        )
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        raise Refusal("请写明仍须保留的原因。", "Enter why it must still be kept.", status=422, field="review_reason")
    details = {"from": hold.review_on.isoformat(), "to": to.isoformat()}
    hold.review_on = to
    note_hold_event(session, hold, "reviewed", by=by, at=at, details=details, reason=reason.strip())


def change_owner(session: Session, hold: PlacedHold, *, to: str, by: StaffMember, at: datetime) -> None:
    """Give a hold to another member of staff; refuses (422) whoever does not work here."""
    lock_hold(session, hold)
    member = find_staff(session, to.strip()[:LONGEST_NAME])
    if member is None or not member.active:
        raise Refusal(
            "没有这位在职人员，请核对工号。", "Nobody who works here has this number.", status=422, field="owner"
        )
    details = {"from": hold.owner, "to": member.number}
    hold.owner = member.number
    note_hold_event(session, hold, "given", by=by, at=at, details=details)


def overdue_holds(session: Session, today: date) -> list[PlacedHold]:
    """Holds whose review date has come, the longest overdue first."""
    overdue = PlacedHold.ended_at.is_(None), PlacedHold.review_on <= today
    return list(session.scalars(sa.select(PlacedHold).where(*overdue).order_by(PlacedHold.review_on, PlacedHold.id)))


def escalate_reviews(session: Session, today: date, at: datetime) -> int:
    """Tell the owner of each overdue hold, and the privacy officers of one overdue for 7 days; once a review date.

    Returns how many holds are overdue.
    """
    overdue = overdue_holds(session, today)
    for hold in overdue:
        context = {"hold": str(hold.id), "review_on": hold.review_on.isoformat()}
        dedupe = f"hold-review:{hold.id}:{hold.review_on}"
        owner = find_staff(session, hold.owner)
        if owner is not None and owner.active:
            tell_member(session, owner, "hold_review", context, dedupe_key=dedupe, at=at)
        if hold.review_on + UNANSWERED <= today or owner is None or not owner.active:
            tell_staff(session, Role.PRIVACY_OFFICER, "hold_review", context, dedupe_key=f"{dedupe}:further", at=at)
    return len(overdue)
