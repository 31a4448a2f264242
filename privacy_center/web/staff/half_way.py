"""Between the password and the second proof: who is half-way in, remembered in this browser for ten minutes."""

import uuid
from datetime import datetime, timedelta

from flask import session as browser
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.staff.models import StaffMember

HALF_WAY = "staff_half_way"
LASTS = timedelta(minutes=10)


def come_half_way(staff: StaffMember, at: datetime) -> None:
    """Remember that the password was right; it opens nothing but the page of the second proof."""
    browser[HALF_WAY] = {"id": str(staff.id), "at": at.isoformat()}


def half_way(session: Session) -> StaffMember | None:
    """The member of staff who gave the right password here less than ten minutes ago, if still employed."""
    kept = browser.get(HALF_WAY)
    if not kept or clock.now() > datetime.fromisoformat(kept["at"]) + LASTS:
        return None
    found = session.get(StaffMember, uuid.UUID(kept["id"]))
    return found if found is not None and found.active else None


def forget_half_way() -> None:
    """Forget it: the person is in, or has left."""
    browser.pop(HALF_WAY, None)
