"""Which local calendar day a stored value means. The same patterns serve here and in SQL, so that both agree."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from privacy_center.retention.period import EARLIEST

_LEAP = "([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    "([12][0-9][0-9][0-9]-("
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|"
    "(0[469]|11)-(0[1-9]|[12][0-9]|30)|"
    "02-(0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)"
)
_TIME = "[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?"
LOCAL_TEXT = f"^{_DAY}({_TIME})? *$"
UTC_SUFFIX = "(Z|[+-]00(:?00)?)"


def offset_suffix(minutes: int) -> str:
    """The pattern of a UTC offset at the end of a written moment: 480 → `+08`, `+08:00`, `+0800`."""
    if minutes == 0:
        return UTC_SUFFIX
    hours, rest = divmod(abs(minutes), 60)
    sign = "[+]" if minutes > 0 else "-"
    return f"{sign}{hours:02d}(:?{rest:02d})" + ("?" if rest == 0 else "")


def zoned_text(minutes: int) -> str:
    """The pattern of a written moment that carries that UTC offset."""
    return f"^{_DAY}{_TIME} ?{offset_suffix(minutes)} *$"


@lru_cache(maxsize=16)
def known_offsets(zone: ZoneInfo) -> tuple[int, ...]:
    """Minutes east of UTC that a written moment may carry: UTC, and what the company's zone has used since 2000.

    A text with any other offset counts as unreadable, so that the database and this program never disagree on its day.
    """
    months = [datetime(year, month, 1, tzinfo=zone) for year in range(2000, 2041) for month in range(1, 13)]
    own = {int((one.utcoffset() or timedelta()).total_seconds() // 60) for one in months}
    return (0, *sorted(own - {0}))


def local_day(value: Any, zone: ZoneInfo) -> date | None:
    """The company's local day of a stored value, or None where it is empty, unreadable or before 1900.

    A date is itself. A moment without a zone is local time, one with a zone is converted. Text is read as ISO 8601.
    """
    if isinstance(value, datetime):
        day = (value.astimezone(zone) if value.tzinfo else value).date()
    elif isinstance(value, date):
        day = value
    elif isinstance(value, str):
        day = _day_of_text(value, zone)
    else:
        return None
    return day if day and day >= EARLIEST else None


@lru_cache(maxsize=8192)
def _day_of_text(text: str, zone: ZoneInfo) -> date | None:
    if re.search(LOCAL_TEXT, text):
        return date.fromisoformat(text[:10])
    for minutes in known_offsets(zone):
        if re.search(zoned_text(minutes), text):
            wall = datetime.fromisoformat(text[:16].replace(" ", "T"))
            return (wall - timedelta(minutes=minutes)).replace(tzinfo=UTC).astimezone(zone).date()
    return None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The aware moment at which a local day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def wall_text(day: date, zone: ZoneInfo, minutes: int) -> str:
    """The beginning of a local day as a clock at that UTC offset writes it, to the minute: `2026-01-01 16:00`."""
    return (midnight(day, zone).astimezone(UTC) + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M")
