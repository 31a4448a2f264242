"""The one place that asks what time it is; everything else is told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(at: datetime, timezone: str) -> date:
    """The calendar day on which the moment `at` falls for people who live in `timezone`."""
    return at.astimezone(ZoneInfo(timezone)).date()
