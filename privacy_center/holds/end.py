"""End a hold by hand, with a reason; a legal claim or an authority's order takes two people."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.errors import OutOfDate, Refusal
from privacy_center.holds.models import PlacedHold
from privacy_center.holds.place import END_REASON, LONGEST_TEXT, note_hold_event
from privacy_center.keys.sealing import seal_text
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import StaffMember


def lock_hold(session: Session, hold: PlacedHold) -> None:
    """Hold the row until the transaction ends; refuses (409) a hold that has ended."""
    session.flush()
    session.refresh(hold, with_for_update=True)
    if hold.ended_at is not None:
        raise OutOfDate("这项保留已经结束。请刷新页面。", "This hold has already ended. Reload the page.")


def end_hold(session: Session, hold: PlacedHold, *, by: StaffMember, reason: str, at: datetime) -> bool:
    """End a hold; the next sweep deletes what nothing else holds. Returns whether it has ended: one that takes two people
    only waits for the second after this (`confirm_end`).

    Refuses no reason (422), a hold that has ended, and one whose end is already proposed (409).
    """
    lock_hold(session, hold)
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        raise Refusal(
            f"请写明结束保留的原因，最多 {LONGEST_TEXT} 字。",
            f"Enter why the hold ends, up to {LONGEST_TEXT} characters.",
            status=422,
            field="end_reason",
        )
    if hold.end_proposed_at is not None:
        raise Refusal(
            "已有人提出结束这项保留，请由另一人复核。",
            "Ending this hold has been proposed already. It needs a second person's review.",
        )
    hold.end_reason_sealed = seal_text(session, reason.strip(), END_REASON)
    if hold.words.two_to_end:
        hold.end_proposed_by, hold.end_proposed_at = by.number, at
        note_hold_event(session, hold, "end_proposed", by=by, at=at, reason=reason.strip())
        return False
    _finish(session, hold, by, at, reason.strip())
    return True


def confirm_end(session: Session, hold: PlacedHold, *, by: StaffMember, agree: bool, at: datetime) -> None:
    """The second person agrees that a hold ends, or keeps it.

    Refuses whoever proposed it under any of their numbers, and a hold whose end nobody proposed (409).
    """
    lock_hold(session, hold)
    if hold.end_proposed_at is None:
        raise OutOfDate("没有待复核的结束申请。请刷新页面。", "No end of this hold awaits review. Reload the page.")
    if hold.end_proposed_by in numbers_of(session, by):
        raise Refusal(
            "提出结束的人不能复核。请由另一人复核。", "Whoever proposed the end cannot review it. Ask a colleague."
        )
    if agree:
        return _finish(session, hold, by, at, "")
    hold.end_proposed_by, hold.end_proposed_at, hold.end_reason_sealed = None, None, None
    return note_hold_event(session, hold, "end_refused", by=by, at=at)


def _finish(session: Session, hold: PlacedHold, by: StaffMember, at: datetime, reason: str) -> None:
    hold.ended_by, hold.ended_at = by.number, at
    note_hold_event(session, hold, "ended", by=by, at=at, reason=reason)
