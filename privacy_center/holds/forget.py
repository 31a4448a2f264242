"""Holds by hand that ended long ago are deleted, with the keys of their records, their reasons and their history."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.audit.at_end import record_at_end
from privacy_center.holds.models import PlacedHold, PlacedHoldEvent, PlacedKey, PlacedRecords


def forget_ended_holds(session: Session, before: datetime, *, by: Actor, at: datetime) -> int:
    """Delete the holds that somebody ended before a moment, or whose last day was before its day. Returns how many.

    That one was placed and ended stays in the audit trail, with the number of records and without their keys.
    """
    over = sa.or_(PlacedHold.ended_at < before, PlacedHold.last_day < before.date())
    ids = list(session.scalars(sa.select(PlacedHold.id).where(over)))
    if not ids:
        return 0
    records = sa.select(PlacedRecords.id).where(PlacedRecords.hold_id.in_(ids))
    for statement in (
        sa.delete(PlacedKey).where(PlacedKey.records_id.in_(records)),
        sa.delete(PlacedRecords).where(PlacedRecords.hold_id.in_(ids)),
        sa.delete(PlacedHoldEvent).where(PlacedHoldEvent.hold_id.in_(ids)),
        sa.delete(PlacedHold).where(PlacedHold.id.in_(ids)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    record_at_end(session, actor=by, act="hold.forgotten", details={"holds": len(ids)}, at=at)
    return len(ids)
