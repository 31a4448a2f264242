"""What the database calls clear is exactly what `judge` erases, whatever the row and the day."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privacy_center.datamap.catalogue import load_catalogue
from tests.rooms.retention.conftest import TABLES, Company, Shop, a_map, a_rule, open_shop

OPEN_CASE = {"exists": {"collection": "shop.cases", "on": {"order_id": "id"}, "when": {"field": "note", "ne": "done"}}}
RULES = (
    a_rule("open", when={"field": "completed_at", "is": None}),
    a_rule(
        "three-years", when={"field": "status", "in": ["paid", "done"]}, until={"period": "P3Y", "from": "completed_at"}
    ),
    a_rule(
        "fiscal",
        when={"field": "total", "gt": 5},
        until={"period": "P1M", "from": "placed_at", "start": "next_fiscal_year"},
    ),
    a_rule("recent", when={"field": "placed_at", "ge": {"today": "-P1M"}}, treatment="ask"),
    a_rule("case", when=OPEN_CASE, sane={"any": [{"field": "total", "is": None}, {"field": "total", "ge": 0}]}),
)
TODAY = date(2026, 3, 1)
NEAR = [TODAY - timedelta(days=step) for step in (*range(-3, 4), 28, 29, 30, 31, 32, 59, 60, 61, 62, 365)]
NEAR += [
    date(2023, 2, 27),
    date(2023, 2, 28),
    date(2023, 3, 1),
    date(2022, 1, 1),
    date(2024, 2, 29),
    date(2025, 12, 31),
]
TIMES = ["", " 00:00:00", " 15:59:59", " 16:00:00", " 23:59:59"]
ODD_TIMES = ["T08:00", "T15:59Z", "T16:00:00+00:00", "T23:59:59.5+08:00", "T01:00+05:30", " soon"]


def moments(odd: bool) -> st.SearchStrategy[str | None]:
    texts = st.builds(lambda day, time: f"{day}{time}", st.sampled_from(NEAR), st.sampled_from(TIMES + ODD_TIMES * odd))
    return st.none() | texts


def orders(odd: bool) -> st.SearchStrategy[tuple]:
    status = st.sampled_from([None, "paid", "done", "open"])
    return st.tuples(status, moments(odd), moments(odd), st.sampled_from([None, -1, 0, 5, 6]), st.just("c"))


def a_case() -> st.SearchStrategy[tuple]:
    return st.tuples(st.sampled_from(["1", "2", None]), st.sampled_from([None, "done", "open"]))


def agree(shop: Shop, company: Company, rows: list[tuple], cases: list[tuple], today: date) -> None:
    book = company.book(*RULES, fiscal_year_start="03-01")
    with shop.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM orders")
        connection.exec_driver_sql("DELETE FROM cases")
        insert = sa.text("INSERT INTO orders VALUES (:id, :a, :b, :c, :d, :e)")
        for number, row in enumerate(rows, 1):
            connection.execute(insert, dict(zip("abcde", row, strict=True)) | {"id": number})
        for number, (order, note) in enumerate(cases, 1):
            connection.execute(
                sa.text("INSERT INTO cases VALUES (:id, :a, NULL, NULL, :b)"), {"id": number, "a": order, "b": note}
            )
    shop.judge(book, "shop.orders", today)


def settled(examples: int) -> settings:
    quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=quiet, database=None)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path, a_map(), load_catalogue(None))


@settled(120)
@given(st.lists(orders(odd=True), min_size=1, max_size=12), st.lists(a_case(), max_size=3), st.sampled_from(NEAR[:9]))
def test_clear_of_holds_and_judge_agree_on_sqlite(company, rows, cases, today):
    script = [statement.format(moment="TIMESTAMP") for statement in TABLES]
    shop = open_shop("sqlite://", company.data_map, script)
    agree(shop, company, rows, cases, today)
    shop.engine.dispose()


@pytest.mark.parametrize("moment", ["TIMESTAMP", "VARCHAR(40)", "DATE"])
def test_clear_of_holds_and_judge_agree_on_postgresql(company, new_shop, postgres_url, moment):
    _agree_on_server(company, new_shop(postgres_url, moment), moment)


@pytest.mark.parametrize("moment", ["DATETIME", "VARCHAR(40)", "DATE"])
def test_clear_of_holds_and_judge_agree_on_mariadb(company, new_shop, mariadb_url, moment):
    _agree_on_server(company, new_shop(mariadb_url, moment), moment)


def _agree_on_server(company: Company, shop: Shop, moment: str) -> None:
    @settled(25)
    @given(
        st.lists(orders(odd=moment.startswith("VARCHAR")), min_size=1, max_size=25),
        st.lists(a_case(), max_size=3),
        st.sampled_from(NEAR[:9]),
    )
    def check(rows, cases, today):
        agree(shop, company, rows, cases, today)

    check()
