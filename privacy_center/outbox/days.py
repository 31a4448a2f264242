"""Days and moments in messages: on the customer's clock, and as each language writes them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?")
_ZH_DAYS = "一二三四五六日"


def on_the_wall(session: Session, at: datetime) -> str:
    """A moment as the customer's clock shows it, in the zone of `session.info["timezone"]`: 2026-11-25 11:19."""
    zone = ZoneInfo(str(session.info.get("timezone") or "Asia/Shanghai"))
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def say_days(context: Mapping[str, object], language: str) -> dict[str, object]:
    """The same context with its local dates and moments (2026-11-25, 2026-11-25 11:19) in a language, zh-CN or en."""
    return {name: _said(value, language) if isinstance(value, str) else value for name, value in context.items()}


def _said(value: str, language: str) -> str:
    found = _DAY.fullmatch(value)
    if found is None:
        return value
    day, clock_time = date.fromisoformat(found[1]), found[2] or ""
    if language == "en":
        return f"{day.day} {day:%B %Y}" + (f", {clock_time}" if clock_time else "")
    return f"{day.year}年{day.month}月{day.day}日（周{_ZH_DAYS[day.weekday()]}）" + clock_time
