from datetime import UTC, date, datetime

import pytest

from privacy_center.privacy_requests.deadlines import (
    add_working_days,
    calendar_findings,
    due_on,
    is_working_day,
    working_days_left,
)
from privacy_center.privacy_requests.models import Kind


def received(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-21T02:30", date(2026, 12, 11)),  # a Saturday: Monday is the first of 15
        ("2026-11-20T02:30", date(2026, 12, 11)),
        ("2026-11-20T17:00", date(2026, 12, 11)),  # 01:00 on Saturday in Shanghai
        ("2026-02-10T02:30", date(2026, 3, 9)),  # over the Spring Festival, with the Saturdays 14 and 28 worked
        ("2026-09-15T02:30", date(2026, 10, 12)),  # Mid-Autumn and National Day, the 20th and 10th worked
        ("2025-01-20T02:30", date(2025, 2, 14)),
    ],
)
def test_a_deletion_in_china_is_due_after_fifteen_working_days(moment, due):
    assert due_on(received(moment), Kind.DELETION, "CN", "Asia/Shanghai") == due


@pytest.mark.parametrize(
    ("place", "kind", "moment", "due"),
    [
        ("CN", Kind.ACCESS, "2026-11-21T02:30", date(2026, 12, 21)),
        ("CN", Kind.CORRECTION, "2026-01-31T02:30", date(2026, 3, 2)),
        ("EU", Kind.DELETION, "2026-01-31T02:30", date(2026, 3, 2)),  # 28 February is a Saturday
        ("EU", Kind.ACCESS, "2028-01-31T02:30", date(2028, 2, 29)),
        ("US-CA", Kind.DELETION, "2026-11-21T02:30", date(2027, 1, 5)),
        ("XX", Kind.ACCESS, "2026-11-21T02:30", date(2026, 12, 21)),
    ],
)
def test_other_rights_and_places_have_their_own_last_day(place, kind, moment, due):
    assert due_on(received(moment), kind, place, "Asia/Shanghai") == due


def test_made_up_weekends_are_worked_and_holidays_are_not():
    assert is_working_day(date(2026, 2, 14), "CN")
    assert not is_working_day(date(2026, 2, 16), "CN")
    assert not is_working_day(date(2026, 2, 21), "CN")
    assert not is_working_day(date(2026, 2, 14), "EU")


def test_days_left_count_down_to_nought_and_below():
    due = date(2026, 12, 11)
    assert [working_days_left(day, due, "CN") for day in (date(2026, 12, 8), due, date(2026, 12, 15))] == [3, 0, -2]
    assert working_days_left(date(2026, 12, 12), due, "CN") == 0  # a Saturday: no working day has passed yet
    assert add_working_days(date(2026, 11, 21), 15, "CN") == due


def test_a_year_that_nobody_has_compared_is_a_finding():
    assert calendar_findings("CN", range(2025, 2027)) == []
    said = [words.en for words in calendar_findings("CN", range(2026, 2029))]
    assert len(said) == 2
    assert "2027" in said[0]
    assert "2028" in said[1]
    assert is_working_day(date(2028, 5, 1), "CN")  # a Monday: unknown years know weekends only
