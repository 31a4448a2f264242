"""Partitions, tables that inherit, views and other schemas: what refers to their rows, and what runs with a change, is seen."""

import pytest

from tests.rooms.execution.company import LI, WANG, Open, belonging, held_while_open

ORDERS = belonging("orders", "note")
DATED = ORDERS.replace(
    "    - {name: note",
    "    - {name: placed, data_categories: [user.behavior], fides_meta: {primary_key: true}}\n    - {name: note",
)
PARTITIONED = [
    "CREATE TABLE orders (id INT, customer_id INT, placed DATE, note TEXT, PRIMARY KEY (id, placed))"
    " PARTITION BY RANGE (placed)",
    "CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "CREATE TABLE orders_rest PARTITION OF orders DEFAULT",
    "INSERT INTO orders VALUES (1, 1, '2025-05-05', 'li'), (2, 2, '2026-05-05', 'wang')",
]
INHERITED = [
    "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, note TEXT)",
    "CREATE TABLE orders_old (PRIMARY KEY (id), FOREIGN KEY (customer_id) REFERENCES customer ON DELETE CASCADE)"
    " INHERITS (orders)",
    "INSERT INTO orders_old VALUES (12, 1, 'li'), (11, 2, 'wang')",
]
UNDER_A_VIEW = [
    "CREATE TABLE base (id INT PRIMARY KEY, customer_id INT, note VARCHAR(20))",
    "CREATE VIEW all_base AS SELECT * FROM base",
    "CREATE VIEW orders AS SELECT id, customer_id, note FROM all_base",
    "INSERT INTO base VALUES (1, 1, 'li')",
]
COUPONS = ["CREATE TABLE coupon (id INT, order_id INT)", "INSERT INTO coupon VALUES (1, 1)"]
FUNCTION = (
    "CREATE FUNCTION do_tidy() RETURNS trigger AS"
    " $$ BEGIN DELETE FROM public.coupon; RETURN NULL; END $$ LANGUAGE plpgsql"
)
TIDY = "CREATE TRIGGER tidy AFTER DELETE OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION do_tidy()"


def test_keys_from_and_to_a_single_partition_carry_nothing_along(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            *PARTITIONED,
            "ALTER TABLE orders_2025 ADD FOREIGN KEY (customer_id) REFERENCES customer ON DELETE CASCADE",
            "CREATE TABLE line (id INT PRIMARY KEY, order_id INT, placed DATE,"
            " FOREIGN KEY (order_id, placed) REFERENCES orders_2025 (id, placed) ON DELETE CASCADE)",
            "INSERT INTO line VALUES (1, 1, '2025-05-05')",
        ],
        DATED,
    )
    company.corner.before_run = lambda: company.tell("INSERT INTO orders VALUES (7, 1, '2025-06-06', 'new')")
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT id FROM line") == [(1,)]
    assert company.tell("SELECT id, note FROM orders ORDER BY id") == [(1, None), (2, "wang"), (7, "new")]
    assert company.tell("SELECT id, email FROM customer ORDER BY id") == [(1, None), (2, WANG)]


def test_keys_from_and_to_a_partition_in_another_schema_carry_nothing_along(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            "CREATE SCHEMA books",
            PARTITIONED[0],
            "CREATE TABLE books.orders_all PARTITION OF orders DEFAULT",
            PARTITIONED[-1],
            "CREATE TABLE line (id INT PRIMARY KEY, order_id INT, placed DATE,"
            " FOREIGN KEY (order_id, placed) REFERENCES books.orders_all (id, placed) ON DELETE CASCADE)",
            "INSERT INTO line VALUES (1, 1, '2025-05-05')",
        ],
        DATED,
    )
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT id FROM line") == [(1,)]
    assert company.tell("SELECT id, note FROM orders ORDER BY id") == [(1, None), (2, "wang")]


def test_rows_of_a_table_that_inherits_go_with_the_plan_and_what_refers_to_them_stays(
    open_company: Open, postgres_url: str
):
    company = open_company(
        postgres_url,
        [
            *INHERITED,
            "CREATE TABLE line (id INT PRIMARY KEY, order_id INT REFERENCES orders_old ON DELETE CASCADE)",
            "INSERT INTO line VALUES (1, 12)",
        ],
        ORDERS,
    )
    assert company.erase(WANG) == "completed"
    assert company.tell("SELECT id FROM customer") == [(1,)]
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT id, note FROM orders") == [(12, None)]
    assert company.tell("SELECT id FROM line") == [(1,)]


def test_a_key_to_columns_that_only_the_inheriting_table_has_is_refused_in_words(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            INHERITED[0],
            "CREATE TABLE orders_old (code TEXT UNIQUE) INHERITS (orders)",
            "CREATE TABLE line (id INT PRIMARY KEY, code TEXT REFERENCES orders_old (code) ON DELETE CASCADE)",
            "INSERT INTO orders_old VALUES (12, 1, 'li', 'a')",
            "INSERT INTO line VALUES (1, 'a')",
        ],
        ORDERS,
    )
    assert company.erase(LI) == "needs_attention"
    assert "Map orders_old instead of orders" in company.errors()[0]
    assert company.tell("SELECT id FROM line") == [(1,)]


def test_a_held_row_keeps_the_one_column_that_a_composite_key_would_empty(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            "ALTER TABLE customer ADD COLUMN shop INT NOT NULL DEFAULT 1, ADD UNIQUE (shop, id)",
            "CREATE TABLE orders (id INT PRIMARY KEY, shop INT NOT NULL, customer_id INT, note TEXT, closed_at DATE,"
            " FOREIGN KEY (shop, customer_id) REFERENCES customer (shop, id) ON DELETE SET NULL (customer_id))",
        ],
        belonging("orders", "note", "closed_at"),
        held_while_open("orders"),
    )
    company.corner.before_run = lambda: company.tell("INSERT INTO orders VALUES (7, 1, 1, 'new', NULL)")
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT customer_id FROM orders") == [(1,)]


@pytest.mark.parametrize(
    ("tables", "place", "mapped"),
    [
        ([*PARTITIONED, *COUPONS], "orders_2025", DATED),
        ([*INHERITED, *COUPONS], "orders_old", ORDERS),
        ([*UNDER_A_VIEW, *COUPONS], "base", ORDERS),
        (
            [
                "CREATE SCHEMA books",
                *COUPONS,
                "CREATE TABLE books.ledger (id INT, customer_id INT REFERENCES customer ON DELETE SET NULL)",
            ],
            "books.ledger",
            "",
        ),
    ],
)
def test_a_trigger_of_a_part_is_a_trigger_of_the_whole(open_company: Open, postgres_url: str, tables, place, mapped):
    company = open_company(postgres_url, [*tables, FUNCTION, TIDY.format(place)], mapped)
    (problem,) = [one for one in company.problems(LI) if one.blocking]
    assert "tidy" in problem.words.en and "coupon" in problem.words.en


@pytest.mark.parametrize("kind", ["postgres_url", "mariadb_url"])
def test_a_view_over_rows_that_others_refer_to_is_not_erased_through(open_company: Open, request, kind: str):
    line = "CREATE TABLE line (id INT PRIMARY KEY, order_id INT, FOREIGN KEY (order_id) REFERENCES base (id) ON DELETE CASCADE)"
    company = open_company(
        request.getfixturevalue(kind), [*UNDER_A_VIEW, line, "INSERT INTO line VALUES (1, 1)"], ORDERS
    )
    assert any(one.blocking and "under it (base)" in one.words.en for one in company.problems(LI))
    assert company.erase(LI) == "needs_attention"
    assert company.tell("SELECT note FROM base") == [("li",)] and company.tell("SELECT id FROM line") == [(1,)]
