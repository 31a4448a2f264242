"""The sample company is made of real tables, the same every time, on every database."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from privacy_center.datamap.compare import compare_with_live
from privacy_center.datamap.load import load_map
from privacy_center.demo.books import Books
from privacy_center.demo.build import HOME_FILES
from privacy_center.demo.company import create_company, write_books
from privacy_center.demo.numbers import card_number, in_crm_spelling, luhn_holds, resident_id
from privacy_center.demo.schema import CRM, SHOP
from privacy_center.demo.stories import STORIES, story
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.identities import normalise_identity, spellings
from privacy_center.sources.open import Sources

TODAY = date(2026, 11, 21)


def open_sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    return engine


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> dict[str, sa.Engine]:
    folder = tmp_path_factory.mktemp("company")
    engines = {"shop": open_sqlite(folder / "shop.db"), "crm": open_sqlite(folder / "crm.db")}
    create_company(engines["shop"], engines["crm"], TODAY)
    return engines


def ask(engine: sa.Engine, statement: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(statement), values).all())


def test_it_has_at_least_25_tables_and_about_300_customers(company: dict[str, sa.Engine]) -> None:
    assert len(SHOP.tables) + len(CRM.tables) >= 25
    assert 300 <= ask(company["shop"], "SELECT count(*) FROM customer")[0][0] <= 330


def test_the_same_day_gives_the_same_rows_and_another_day_moves_the_dates() -> None:
    def flat(books: Books) -> dict[str, list[Any]]:
        return {table.name: rows for table, rows in books.rows.items()}

    assert flat(write_books(TODAY)) == flat(write_books(TODAY))
    later = write_books(date(2028, 2, 29))
    assert later.rows[SHOP.tables["customer"]][0]["registered_at"].year > 2024


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2028, 2, 29), date(2027, 3, 31)])
def test_nothing_lies_in_the_future_but_what_is_to_come(today: date) -> None:
    books = write_books(today)
    to_come = {"valid_until", "unbound_at"}
    for table, rows in books.rows.items():
        for row in rows:
            for name, value in row.items():
                if isinstance(value, date) and name not in to_come:
                    assert str(value)[:10] <= str(today), (table.name, name, value)


@pytest.mark.parametrize("kinds", [("postgres_url", "mariadb_url"), ("mariadb_url", "postgres_url")])
def test_both_databases_can_be_on_postgresql_and_mariadb_and_fit_the_map(
    kinds: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    shop, crm = (sa.create_engine(request.getfixturevalue(kind)) for kind in kinds)
    create_company(shop, crm, TODAY)
    assert ask(shop, "SELECT count(*) FROM browsing_history WHERE customer_id = 14") == [(40_000,)]
    assert ask(crm, "SELECT name FROM member WHERE shop_customer_ref = '1'") == [("林晓霞",)]
    data_map, _ = load_map(HOME_FILES / "datamap")
    urls = {"shop": shop, "crm": crm}
    sources = Sources({key: SourceConfig(one.url.render_as_string(False)) for key, one in urls.items()}, data_map)
    found = [one for key in urls for one in compare_with_live(data_map, key, sources.schema_of(key))]
    assert [one.spoken("en") for one in found] == []
    sources.close()
    shop.dispose()
    crm.dispose()


def test_every_story_is_there_with_its_contact(company: dict[str, sa.Engine]) -> None:
    for one in STORIES:
        found = ask(
            company["shop"], "SELECT name, phone, email, customer_no FROM customer WHERE id = :id", id=one.number
        )
        assert found == [(one.name, one.phone, one.email, one.customer_no)]


@pytest.mark.parametrize(
    ("key", "where", "statement", "expected"),
    [
        ("open-case", "shop", "SELECT count(*) FROM after_sales_case WHERE customer_id = :id AND closed_at IS NULL", 1),
        ("bound-card", "shop", "SELECT count(*) FROM bank_card WHERE customer_id = :id AND unbound_at IS NULL", 1),
        ("bound-card", "shop", "SELECT card_number LIKE '%1234' FROM bank_card WHERE customer_id = :id", 1),
        ("unused-points", "shop", "SELECT balance FROM points_account WHERE customer_id = :id", 320),
        ("family-mother", "shop", "SELECT count(*) FROM customer_address a JOIN customer_address b USING (address_id) WHERE a.customer_id = :id AND b.customer_id = 5", 1),
        ("family-son", "shop", "SELECT c.customer_id FROM orders o JOIN payment p ON p.order_id = o.id JOIN bank_card c ON c.id = p.card_id WHERE o.customer_id = :id", 4),
        ("wrong-dates", "shop", "SELECT count(*) FROM orders WHERE customer_id = :id AND completed_at < placed_at", 1),
        ("two-numbers", "crm", "SELECT count(*) FROM member WHERE email = 'zhao.jingyi@example.com' AND shop_customer_ref IS NULL AND mobile <> '13800010008'", 1),
        ("recycled-new", "shop", "SELECT count(DISTINCT email) FROM customer WHERE phone = '13800010009'", 2),
        ("child", "shop", "SELECT guardian_id FROM customer WHERE id = :id", 20),
        ("forty-thousand", "shop", "SELECT count(*) FROM browsing_history WHERE customer_id = :id", 40_000),
        ("employee", "shop", "SELECT count(*) FROM after_sales_case c JOIN staff s ON s.id = c.handled_by WHERE s.staff_no = 'S0007' AND customer_id <> :id", 1),
    ],
)  # fmt: skip
def test_each_story_is_in_the_rows(
    company: dict[str, sa.Engine], key: str, where: str, statement: str, expected: int
) -> None:
    assert ask(company[where], statement, id=story(key).number) == [(expected,)]


def test_the_invoices_are_of_last_month_and_of_twelve_years_ago(company: dict[str, sa.Engine]) -> None:
    found = ask(company["shop"], "SELECT issued_on FROM invoice WHERE customer_id = 6 ORDER BY issued_on")
    assert found == [("2014-11-21",), ("2026-10-31",)]


def test_the_child_is_twelve_and_the_oldest_is_seventy(company: dict[str, sa.Engine]) -> None:
    born = dict(ask(company["shop"], "SELECT name, birth_date FROM customer WHERE id IN (11, 12)"))
    assert "2013-11-21" < born["马小雨"] <= "2014-11-21"
    assert "1955-11-21" < born["郭秀英"] <= "1956-11-21"


def test_the_customer_with_nothing_has_nothing_anywhere(company: dict[str, sa.Engine]) -> None:
    for table in SHOP.tables.values():
        if "customer_id" in table.c:
            assert not ask(company["shop"], f"SELECT * FROM {table.name} WHERE customer_id = 13"), table.name


def test_the_latest_payment_closes_the_circle_between_orders_and_payments(company: dict[str, sa.Engine]) -> None:
    assert ask(
        company["shop"],
        "SELECT count(*) FROM orders o JOIN payment p ON p.id = o.latest_payment_id WHERE p.order_id <> o.id",
    ) == [(0,)]
    assert ask(company["shop"], "SELECT count(*) FROM orders WHERE latest_payment_id IS NULL") == [(0,)]


def test_numbers_carry_right_check_digits() -> None:
    books = write_books(TODAY)
    assert resident_id(date(1949, 12, 31), 2, "110105") == "11010519491231002X"  # the example of GB 11643-1999
    assert all(luhn_holds(card["card_number"]) for card in books.rows[SHOP.tables["bank_card"]])
    assert not luhn_holds("6222990000000000001")
    assert card_number(books.random, "1234").endswith("1234")


@pytest.mark.parametrize("order", range(5))
def test_the_crm_spells_phones_in_ways_that_a_search_knows(order: int) -> None:
    typed = in_crm_spelling("13800010001", order)
    assert normalise_identity("phone_number", typed) == "13800010001"
    assert typed in spellings("phone_number", "13800010001")
