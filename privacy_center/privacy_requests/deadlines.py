"""By when a request must be answered: working days, months and days by jurisdiction, computed once and kept."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from privacy_center.clock import local_date
from privacy_center.errors import Words
from privacy_center.privacy_requests.models import Kind

DATA = Path(__file__).parent / "calendars"


def due_on(received_at: datetime, kind: Kind, jurisdiction: str, timezone: str) -> date:
    """The last local day on which an answer is in time; the day of receipt does not count.

    China: deletion 15 working days, others 30 days; EU: one month; California: 45 days; where each comes from stands in
    `calendars/deadlines.yml`. An unknown jurisdiction gets China's, which are the shortest.
    """
    return _end_of(_rule(jurisdiction, kind), local_date(received_at, timezone), jurisdiction)


def _end_of(rule: dict[str, Any], start: date, jurisdiction: str) -> date:
    """The last day of a period that begins after `start`."""
    if "working_days" in rule:
        return add_working_days(start, rule["working_days"], jurisdiction)
    end = _add_months(start, rule["months"]) if "months" in rule else start + timedelta(days=rule["days"])
    return _next_working_day(end, jurisdiction) if rule.get("ends_on_working_day") else end


@dataclass(frozen=True, slots=True)
class ExtensionLimit:
    """How far a deadline may be put off in all: the last local day, how many times, and where that stands."""

    last_day: date
    times: int
    source: str


def extension_limit(first_due_on: date, kind: Kind, jurisdiction: str) -> ExtensionLimit:
    """The legal maximum of extensions, counted from the first deadline; an unknown place: the first period again, once."""
    place = _place(jurisdiction)
    known = place.get("extension", {})
    rule = known.get(kind.value) or known.get("other") or {**_rule(jurisdiction, kind), "times": 1}
    return ExtensionLimit(_end_of(rule, first_due_on, jurisdiction), rule["times"], rule["source"])


def add_working_days(start: date, days: int, jurisdiction: str) -> date:
    """The day that is `days` working days after `start`."""
    day = start
    for _ in range(days):
        day = _next_working_day(day + timedelta(days=1), jurisdiction)
    return day


def working_days_left(today: date, due: date, jurisdiction: str) -> int:
    """Working days from tomorrow up to and including `due`; 0 on the day itself, negative when it has passed."""
    if due < today:
        return -_working_days_between(due, today, jurisdiction)
    return _working_days_between(today, due, jurisdiction)


def is_working_day(day: date, jurisdiction: str) -> bool:
    """Monday to Friday without holidays, and weekend days that are made up for (调休); unknown years: plain weekends."""
    holidays, made_up, _ = _calendar(jurisdiction)
    if day in made_up:
        return True
    return day.weekday() < 5 and day not in holidays


def calendar_findings(jurisdiction: str, years: range) -> list[Words]:
    """What a person should check: years without a published calendar, or one that nobody has compared."""
    years_known = _calendar(jurisdiction)[2]
    found = []
    for year in years:
        if years_known.get(year) is not True:
            found.append(_UNCHECKED.filled(year=year, place=jurisdiction))
    return found


def _working_days_between(after: date, until: date, jurisdiction: str) -> int:
    days = (after + timedelta(days=number) for number in range(1, (until - after).days + 1))
    return sum(is_working_day(day, jurisdiction) for day in days)


def _next_working_day(day: date, jurisdiction: str) -> date:
    while not is_working_day(day, jurisdiction):
        day += timedelta(days=1)
    return day


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _place(jurisdiction: str) -> dict[str, Any]:
    rules = _read("deadlines.yml")
    place: dict[str, Any] = rules.get(jurisdiction) or rules.get(jurisdiction.split("-", 1)[0]) or rules["CN"]
    return place


def _rule(jurisdiction: str, kind: Kind) -> dict[str, Any]:
    place = _place(jurisdiction)
    found: dict[str, Any] = place.get(kind.value) or place["other"]
    return found


@lru_cache(maxsize=8)
def _calendar(jurisdiction: str) -> tuple[frozenset[date], frozenset[date], dict[int, bool]]:
    country = jurisdiction.split("-", 1)[0]
    name = f"{country}.yml"
    if not country.isalnum() or not (DATA / name).exists():
        return frozenset(), frozenset(), {}
    holidays: set[date] = set()
    made_up: set[date] = set()
    checked = {}
    for year, told in _read(name)["years"].items():
        checked[year] = told["checked"]
        made_up.update(told.get("worked", ()))
        for first, last in told["holidays"]:
            holidays.update(first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(holidays), frozenset(made_up), checked


@lru_cache(maxsize=8)
def _read(name: str) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((DATA / name).read_text("utf-8"))
    return told


_UNCHECKED = Words(
    "{place} {year} 年的节假日安排尚未核对，工作日可能算错。请对照官方通知更新日历。",
    "The holiday calendar of {place} for {year} has not been checked; working days may be off. Compare the notice.",
)
