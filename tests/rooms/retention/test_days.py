"""How days are counted: calendars, year starts, time zones, and the same answer in SQL and in Python."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from privacy_center.errors import Misconfigured
from privacy_center.retention.days import local_day
from privacy_center.retention.duration import read_duration
from privacy_center.retention.period import Span, first_day_after_year, latest_free_start
from tests.rooms.retention.conftest import a_pack, a_rule

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "period", "last"),
    [
        ("2024-02-29", "P3Y", "2027-02-28"),
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2023-02-28", "P1Y", "2024-02-28"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2026-08-31", "P6M", "2027-02-28"),
        ("2026-01-01", "P30D", "2026-01-31"),
        ("2026-01-01", "P2W", "2026-01-15"),
        ("2025-12-31", "P1Y6M", "2027-06-30"),
    ],
)
def test_a_period_ends_on_the_corresponding_day_or_the_last_of_a_short_month(start, period, last):
    assert Span(read_duration(period)).last_day(date.fromisoformat(start)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "year", "last"),
    [
        ("2026-01-01", (1, 1), "2056-12-31"),
        ("2026-12-31", (1, 1), "2056-12-31"),
        ("2026-03-31", (4, 1), "2056-03-31"),
        ("2026-04-01", (4, 1), "2057-03-31"),
        ("2024-02-29", (1, 1), "2054-12-31"),
        ("2026-02-28", (3, 1), "2056-02-29"),
    ],
)
def test_a_period_from_the_next_fiscal_year_counts_its_first_day(start, year, last):
    assert Span(read_duration("P30Y"), year).last_day(date.fromisoformat(start)) == date.fromisoformat(last)


def test_the_day_a_fiscal_year_begins_belongs_to_the_new_year():
    assert first_day_after_year(date(2026, 4, 1), (4, 1)) == date(2027, 4, 1)
    assert first_day_after_year(date(2024, 2, 29), (1, 1)) == date(2025, 1, 1)


@given(
    st.dates(date(1990, 1, 1), date(2080, 12, 31)),
    st.integers(0, 40),
    st.integers(0, 30),
    st.integers(0, 70),
    st.sampled_from([None, (1, 1), (4, 1), (7, 15), (3, 1)]),
)
def test_the_cut_of_a_sweep_is_exactly_the_last_start_that_is_free(today, years, months, days, year):
    span = Span(read_duration(f"P{years}Y{months}M{days + 1}D"), year)
    cut = latest_free_start(span, today)
    assert span.last_day(cut) < today
    assert span.last_day(cut + timedelta(days=1)) >= today


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2026, 1, 1), date(2026, 1, 1)),
        (datetime(2026, 1, 1, 23, 59), date(2026, 1, 1)),
        (datetime(2026, 1, 1, 16, 0, tzinfo=UTC), date(2026, 1, 2)),
        (datetime(2026, 1, 1, 15, 59, tzinfo=UTC), date(2026, 1, 1)),
        ("2026-01-01", date(2026, 1, 1)),
        ("2026-01-01 23:59:59.999999", date(2026, 1, 1)),
        ("2026-01-01T17:00Z", date(2026, 1, 2)),
        ("2026-01-01T17:00:00+00:00", date(2026, 1, 2)),
        ("2026-01-01T17:00:00+08:00", date(2026, 1, 1)),
        ("2026-01-01T17:00:00+05:30", None),
        ("2026-02-29", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("1900-02-29", None),
        ("01/02/2026", None),
        ("", None),
        (None, None),
        (1700000000, None),
        (date(1899, 12, 31), None),
    ],
)
def test_a_stored_value_means_one_local_day_or_none(value, day):
    assert local_day(value, SHANGHAI) == day


@pytest.mark.parametrize("text", ["P", "P1H", "PT5M", "3Y", "P1.5Y", "P-3Y", "P0D", "P201Y", "", "P99999M"])
def test_a_span_that_is_no_span_is_refused(company, text):
    said = company.said(a_pack(a_rule(until={"period": text, "from": "placed_at"})))
    assert len(said) == 1 and "until.period" in said[0]


@pytest.mark.parametrize("written", ["02-29", "13-01", "April", ""])
def test_a_fiscal_year_begins_on_a_day_that_every_year_has(company, written):
    with pytest.raises(Misconfigured, match="fiscal_year_start"):
        company.rules(fiscal_year_start=written)


LAST = date(2029, 5, 2)


@pytest.mark.parametrize("written", ["2026-05-02", "2026-05-02 00:00", "2026-05-01T16:00Z", "2026-05-02T23:59+08:00"])
def test_a_text_column_is_held_to_its_last_day_and_free_on_the_next(company, new_shop, written):
    book = company.book(a_rule(covers={"collection": "shop.logs"}, until={"period": "P3Y", "from": "at"}))
    shop = new_shop(logs=f"(1, '{written}', 'ip')")
    assert shop.outcome(book, "shop.logs", today=LAST) == "restrict"
    assert shop.outcome(book, "shop.logs", today=LAST + timedelta(days=1)) == "erase"


def test_another_zone_moves_the_day(company, new_shop):
    rule = a_rule(covers={"collection": "shop.logs"}, until={"period": "P3Y", "from": "at"})
    shop = new_shop(logs="(1, '2026-05-01T23:30Z', 'ip')")
    paris = company.book(rule, timezone="Europe/Paris")
    assert shop.outcome(paris, "shop.logs", today=LAST) == "restrict"
    assert shop.outcome(company.book(rule, timezone="UTC"), "shop.logs", today=LAST) == "erase"


def test_a_fiscal_year_of_the_company_moves_the_end(company, new_shop):
    until = {"period": "P30Y", "from": "issued_on", "start": "next_fiscal_year"}
    rule = a_rule(covers={"collection": "shop.invoices"}, until=until)
    calendar = a_rule(
        "calendar", covers={"collection": "shop.invoices"}, until={**until, "start": "next_calendar_year"}
    )
    shop = new_shop(invoices="(1, 7, '2026-05-05', 'x', 1)")
    holds = shop.judge(company.book(rule, calendar, fiscal_year_start="04-01"), "shop.invoices")[1].holds
    assert [(hold.rule, hold.until) for hold in holds] == [
        ("a-rule", date(2057, 3, 31)),
        ("calendar", date(2056, 12, 31)),
    ]


@pytest.mark.parametrize("server", ["postgres", "mariadb"])
def test_real_timestamps_are_cut_at_local_midnight(company, new_shop, request, server):
    url = request.getfixturevalue(f"{server}_url")
    shop = new_shop(
        url,
        "TIMESTAMP" if server == "postgres" else "DATETIME",
        orders="(1, 'x', '2026-05-02 00:00:00', NULL, 1, 'c'), (2, 'x', '2026-05-01 23:59:59', NULL, 1, 'c')",
    )
    book = company.book(a_rule(until={"period": "P3Y", "from": "placed_at"}))
    verdicts = shop.judge(book, "shop.orders", LAST)
    assert [verdicts[one].outcome.value for one in (1, 2)] == ["restrict", "erase"]


def test_timestamps_with_a_zone_are_cut_at_the_company_s_midnight(company, new_shop, postgres_url):
    shop = new_shop(
        postgres_url,
        "TIMESTAMPTZ",
        orders="(1, 'x', '2026-05-01 16:00:00Z', NULL, 1, 'c'), (2, 'x', '2026-05-01 15:59:59Z', NULL, 1, 'c')",
    )
    book = company.book(a_rule(until={"period": "P3Y", "from": "placed_at"}))
    verdicts = shop.judge(book, "shop.orders", LAST)
    assert [verdicts[one].outcome.value for one in (1, 2)] == ["restrict", "erase"]


def test_a_zero_date_of_mariadb_is_manual(company, new_shop, mariadb_url):
    lenient = sa.make_url(mariadb_url).update_query_dict({"init_command": "SET sql_mode=''"})
    url = lenient.render_as_string(hide_password=False)
    shop = new_shop(url, "DATETIME", orders="(1, 'x', '0000-00-00 00:00:00', NULL, 1, 'c')")
    book = company.book(a_rule(until={"period": "P3Y", "from": "placed_at"}))
    assert shop.outcome(book, "shop.orders") == "manual"
