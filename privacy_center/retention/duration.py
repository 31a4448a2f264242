"""Spans of calendar time as rule packs write them: ISO 8601 durations of whole years, months, weeks and days."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from dateutil.relativedelta import relativedelta
from pydantic import BeforeValidator

from privacy_center.retention.said import said_wrong

WRITTEN = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,5})M)?(?:(\d{1,5})W)?(?:(\d{1,6})D)?")
LONGEST_DAYS = 366 * 200


@dataclass(frozen=True, slots=True)
class Duration:
    """So many months and days. Years are twelve months, weeks are seven days."""

    months: int = 0
    days: int = 0
    said: str = ""

    def after(self, day: date) -> date:
        """The corresponding day; where its month has none, the last day of that month (Civil Code of China, art. 202)."""
        return day + relativedelta(months=self.months, days=self.days)

    def before(self, day: date) -> date:
        """The corresponding day the other way, with the same rule for months that are too short."""
        return day - relativedelta(months=self.months, days=self.days)

    @property
    def zero(self) -> bool:
        return not self.months and not self.days


def read_duration(text: Any) -> Duration:
    """`P3Y`, `P6M`, `P2W`, `P30D`, `P1Y6M`. Refuses hours, fractions and spans of more than 200 years."""
    if isinstance(text, Duration):
        return text
    match = WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise said_wrong(
            f"「{text}」不是时长。写成 P3Y（3 年）、P6M（6 个月）、P2W（2 周）或 P30D（30 天）。",
            f"'{text}' is not a duration. Write P3Y (3 years), P6M (6 months), P2W (2 weeks) or P30D (30 days).",
        )
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    duration = Duration(years * 12 + months, weeks * 7 + days, text)
    if duration.months * 31 + duration.days > LONGEST_DAYS:
        raise said_wrong(
            f"{text} 超过 200 年。永久保存请写 until: {{event: …}}。",
            f"{text} is more than 200 years. For keeping for ever write until: {{event: …}}.",
        )
    return duration


def _read_period(text: Any) -> Duration:
    duration = read_duration(text)
    if duration.zero:
        raise said_wrong("期限不能是零。", "A period cannot be zero.")
    return duration


Period = Annotated[Duration, BeforeValidator(_read_period)]
