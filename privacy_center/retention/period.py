"""How a period is counted: which day is the last on which a row is kept, and where today's cut lies."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from privacy_center.errors import Misconfigured
from privacy_center.retention.duration import Duration

EARLIEST = date(1900, 1, 1)
"""A start before this day is not believed: such rows wait for a person."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period and where it begins: on the row's day, or with the next fiscal or calendar year (`first_month_day`)."""

    duration: Duration
    first_month_day: tuple[int, int] | None = None

    def last_day(self, day: date) -> date:
        """The last day on which the row is kept (company's local date); it is free on the day after.

        Counted from the row's day, that day itself does not count and the period ends on the corresponding day, or on
        the last day of a month that lacks it (Civil Code of China, art. 201 and 202): 2024-02-29 + P3Y ends 2027-02-28.
        Counted from the start of a year, its first day counts ("from the first day after the end of the fiscal year",
        Measures for Accounting Archives, art. 14): a paper of 2026 + P30Y ends 2056-12-31.
        """
        if self.first_month_day is None:
            return self.duration.after(day)
        return self.duration.after(first_day_after_year(day, self.first_month_day)) - DAY


def first_day_after_year(day: date, first_month_day: tuple[int, int]) -> date:
    """The first day of the year that follows the one in which `day` falls, for years that begin on that month and day."""
    month, first = first_month_day
    this_year = day + relativedelta(month=month, day=first)
    return this_year if this_year > day else day + relativedelta(years=1, month=month, day=first)


@lru_cache(maxsize=4096)
def latest_free_start(span: Span, today: date) -> date:
    """The latest start day of which the period is over today: rows of that day or before are free."""
    day = span.duration.before(today) + 5 * DAY
    while span.last_day(day) >= today:
        day -= DAY
    return day


def read_month_day(written: str) -> tuple[int, int]:
    """`04-01` as (4, 1). Refuses with `Misconfigured` what is no month and day of every year (29 February is none)."""
    try:
        checked = date.fromisoformat(f"2001-{written}")
    except ValueError as error:
        raise Misconfigured(
            f"settings.toml 的 fiscal_year_start 写成月-日，比如 04-01，不能是 {written}。",
            f"fiscal_year_start in settings.toml is month and day, such as 04-01, not {written}.",
        ) from error
    return checked.month, checked.day
