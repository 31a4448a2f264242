"""Reminders that go out by themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.privacy_requests.moves import tell_of
from privacy_center.privacy_requests.queries import cooling_off_ends_soon


def remind_of_cooling_off(session: Session, at: datetime) -> int:
    """Tell everybody whose time to change their mind ends within a day, once; answers how many requests that are."""
    ending = cooling_off_ends_soon(session, at)
    for request in ending:
        tell_of(session, request, "cooling_off_last_day", f"cooling-off-last-day:{request.id}", at)
    return len(ending)
