"""Tables that do more than hold rows: what is somebody else's stays, and what stays is never called deleted."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.sources.trouble import explain, is_lost
from tests.rooms.execution.company import LI, WANG, Open, belonging
from tests.rooms.sources.databases import any_url  # noqa: F401

ORDERS = belonging("orders", "note")


def test_a_row_that_inherits_a_number_from_somebody_elses_order_stays(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, note TEXT)",
            "CREATE TABLE orders_old () INHERITS (orders)",
            "INSERT INTO orders VALUES (1, 1, 'li'), (2, 2, 'wang')",
            "INSERT INTO orders_old VALUES (2, 1, 'li'), (1, 2, 'wang')",
        ],
        ORDERS,
    )
    assert company.erase(LI) == "completed"
    assert company.tell("SELECT id, note FROM orders ORDER BY id") == [(1, "wang"), (2, "wang")]


@pytest.mark.parametrize("number", ["1", "NULL"])
def test_a_key_that_stands_on_several_rows_deletes_none_of_them(open_company: Open, any_url: str, number: str):  # noqa: F811
    company = open_company(
        any_url,
        [
            "CREATE TABLE orders (id INT, customer_id INT, note VARCHAR(20))",
            f"INSERT INTO orders VALUES ({number}, 1, 'li'), ({number}, 2, 'wang')",
        ],
        ORDERS,
    )
    assert any(one.blocking and one.collection == "shop.orders" for one in company.problems(LI))
    assert company.erase(LI) == "needs_attention" and "same id" in company.errors()[0]
    assert len(company.tell("SELECT * FROM orders")) == 2


def test_rows_of_one_person_may_share_a_key_that_names_the_person(open_company: Open, any_url: str):  # noqa: F811
    visits = """
  - name: visit
    fields:
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {primary_key: true, references: [{dataset: shop, field: customer.id, direction: from}]}
    - {name: page, data_categories: [user.content], fides_meta: {primary_key: true}}
"""
    company = open_company(
        any_url,
        [
            "CREATE TABLE visit (customer_id INT, page VARCHAR(20))",
            "INSERT INTO visit VALUES (1, 'a'), (1, 'a'), (2, 'a')",
        ],
        visits,
    )
    assert not company.problems(LI)
    assert company.erase(LI) == "completed"
    assert company.tell("SELECT * FROM visit") == [(2, "a")]


@pytest.mark.parametrize("kind", ["sqlite", "mariadb"])
def test_rows_without_a_key_are_told_apart_by_whose_they_are(open_company: Open, request, tmp_path: Path, kind: str):
    """The owner stands in a column that cannot be part of a key elsewhere: bytes on MariaDB, no type at all on SQLite."""
    url = f"sqlite:///{tmp_path / 'shop.db'}" if kind == "sqlite" else request.getfixturevalue("mariadb_url")
    owner = "" if kind == "sqlite" else "BINARY(2)"
    company = open_company(
        url,
        [
            f"CREATE TABLE member (id INTEGER PRIMARY KEY, customer_id INTEGER, code {owner})",
            f"CREATE TABLE visit (code {owner}, page VARCHAR(20))",
            "INSERT INTO member VALUES (1, 1, 'm1'), (2, 2, 'm2')",
            "INSERT INTO visit VALUES ('m1', '/home'), ('m2', '/home')",
        ],
        belonging("member", "code")
        + """
  - name: visit
    fields:
    - name: code
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: member.code, direction: from}]}
    - {name: page, data_categories: [user.content]}
""",
    )
    company.erase(LI)
    left = [code if isinstance(code, str) else code.decode() for code, _page in company.tell("SELECT * FROM visit")]
    assert left == ["m2"]


def test_partitions_are_the_table_that_they_are_parts_of(open_company: Open, postgres_url: str):
    """Each partition has the foreign key of its table; read as tables of their own, they would keep the customer for ever."""
    company = open_company(
        postgres_url,
        [
            "CREATE TABLE orders (id INT, customer_id INT REFERENCES customer, placed DATE, note TEXT,"
            " PRIMARY KEY (id, placed)) PARTITION BY RANGE (placed)",
            "CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
            "CREATE TABLE orders_rest PARTITION OF orders DEFAULT",
            "INSERT INTO orders VALUES (1, 1, '2025-05-05', 'li'), (1, 2, '2026-05-05', 'wang')",
        ],
        ORDERS.replace(
            "    - {name: note",
            "    - {name: placed, data_categories: [user.behavior], fides_meta: {primary_key: true}}\n    - {name: note",
        ),
    )
    assert company.erase(LI) == "completed"
    assert company.tell("SELECT note FROM orders") == [("wang",)]
    assert company.tell("SELECT email FROM customer") == [(WANG,)]


def test_rows_that_a_policy_hides_are_named_and_the_request_does_not_close(open_company: Open, postgres_url: str):
    role = sa.make_url(postgres_url).database + "_reader"
    company = open_company(
        postgres_url,
        [
            "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, note TEXT)",
            "INSERT INTO orders VALUES (1, 1, 'seen'), (2, 1, 'hidden')",
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY seen ON orders USING (note = 'seen')",
            f"CREATE ROLE {role} LOGIN",
            f"GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        ],
        ORDERS,
    )
    company.center.close()
    company.reopen(sa.make_url(postgres_url).set(username=role).render_as_string(hide_password=False))
    try:
        assert company.erase(LI) == "needs_attention"
        company.tell(f"CREATE POLICY all_rows ON orders TO {role} USING (true)")
        company.center.sources.refresh()
        assert company.center.sources.table("shop.orders") is not None
        company.tell(f"CREATE POLICY less ON orders AS RESTRICTIVE TO {role} USING (note = 'seen')")
        company.center.sources.refresh()
        with pytest.raises(Exception, match="Row-level security"):
            company.center.sources.table("shop.orders")
    finally:
        company.center.sources.close()
        company.tell(f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_table_that_keeps_old_versions_of_its_rows_is_not_erased(open_company: Open, mariadb_url: str):
    company = open_company(
        mariadb_url,
        [
            "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, note VARCHAR(20)) WITH SYSTEM VERSIONING",
            "INSERT INTO orders VALUES (1, 1, 'li')",
        ],
        ORDERS,
    )
    assert any("system-versioned" in one.words.en and one.blocking for one in company.problems(LI))
    company.tell("ALTER TABLE orders DROP SYSTEM VERSIONING")
    company.center.sources.refresh()
    assert not company.problems(LI)


@pytest.mark.parametrize(
    ("kind", "view"),
    [
        ("postgresql", "CREATE MATERIALIZED VIEW orders AS SELECT id, id AS customer_id, email AS note FROM customer"),
        ("postgresql", "CREATE VIEW orders AS SELECT DISTINCT id, id AS customer_id, email AS note FROM customer"),
        ("mariadb", "CREATE VIEW orders AS SELECT DISTINCT id, id AS customer_id, email AS note FROM customer"),
    ],
)
def test_a_view_that_takes_no_changes_stops_the_plan_before_it_is_approved(open_company: Open, request, kind, view):
    url = request.getfixturevalue("postgres_url" if kind == "postgresql" else "mariadb_url")
    company = open_company(url, [view], ORDERS)
    assert any("view" in one.words.en and one.blocking for one in company.problems(LI))


def test_a_view_that_takes_changes_is_erased_as_a_table_is(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            "CREATE TABLE all_orders (id INT PRIMARY KEY, customer_id INT, note TEXT)",
            "INSERT INTO all_orders VALUES (1, 1, 'li'), (2, 2, 'wang')",
            "CREATE VIEW orders AS SELECT * FROM all_orders",
        ],
        ORDERS,
    )
    assert not [one for one in company.problems(LI) if one.blocking]
    company.erase(LI)
    assert company.tell("SELECT note FROM orders") == [("wang",)]


@pytest.mark.parametrize(("kind", "column"), [("postgresql", "REAL"), ("mariadb", "FLOAT")])
def test_a_row_that_is_not_found_again_by_its_key_is_not_called_gone(open_company: Open, request, kind, column):
    url = request.getfixturevalue("postgres_url" if kind == "postgresql" else "mariadb_url")
    company = open_company(
        url,
        [
            f"CREATE TABLE orders (id {column} PRIMARY KEY, customer_id INT, note VARCHAR(20))",
            "INSERT INTO orders VALUES (0.1, 1, 'li')",
        ],
        ORDERS,
    )
    assert any("not found again" in one.words.en and one.blocking for one in company.problems(LI))


def test_a_key_that_is_a_list_leaves_its_table_out_by_name(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            "CREATE TABLE orders (id TEXT[] PRIMARY KEY, customer_id INT, note TEXT)",
            "INSERT INTO orders VALUES ('{a}', 1, 'li')",
        ],
        ORDERS,
    )
    assert company.erase(LI) == "needs_attention"


def test_a_rewrite_rule_that_runs_with_a_deletion_is_told_as_a_trigger_is(open_company: Open, postgres_url: str):
    company = open_company(
        postgres_url,
        [
            "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, note TEXT)",
            "CREATE TABLE archive (note TEXT)",
            "CREATE RULE copied AS ON DELETE TO orders DO ALSO INSERT INTO archive VALUES (old.note)",
            "INSERT INTO orders VALUES (1, 1, 'li')",
        ],
        ORDERS,
    )
    assert any("copied" in one.words.en and not one.blocking for one in company.problems(LI))


def test_numbers_that_differ_by_capitals_are_two_people_where_the_named_column_says_so(
    open_company: Open, mariadb_url: str
):
    """The orders' column takes `ab` and `AB` for the same, the members' does not: the one in other capitals is for a person."""
    company = open_company(
        mariadb_url,
        [
            "CREATE TABLE member (code VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, customer_id INT)",
            "CREATE TABLE visit (id INT PRIMARY KEY, code VARCHAR(20) COLLATE utf8mb4_general_ci)",
            "INSERT INTO member VALUES ('ab', 1), ('AB', 2)",
            "INSERT INTO visit VALUES (1, 'ab'), (2, 'AB')",
        ],
        belonging("member", key="code")
        + """
  - name: visit
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: code
      data_categories: [user.unique_id]
      fides_meta: {references: [{dataset: shop, field: member.code, direction: from}]}
""",
    )
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT id FROM visit") == [(2,)]
    assert company.tell("SELECT code FROM member") == [("AB",)]


def test_a_set_of_choices_is_emptied_and_tells_rows_apart(open_company: Open, mariadb_url: str):
    company = open_company(
        mariadb_url,
        [
            "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, note SET('nuts', 'milk') NOT NULL)",
            "CREATE TABLE parcel (order_id INT NOT NULL REFERENCES orders (id))",
            "CREATE TABLE diet (customer_id INT, eats SET('nuts', 'milk'))",
            "INSERT INTO orders VALUES (1, 1, 'nuts,milk')",
            "INSERT INTO parcel VALUES (1)",
            "INSERT INTO diet VALUES (1, 'nuts,milk'), (1, NULL), (2, 'nuts,milk')",
        ],
        ORDERS + belonging("diet", "eats", key=""),
    )
    company.erase(LI)
    assert company.tell("SELECT note FROM orders") == [("",)]
    assert company.tell("SELECT customer_id FROM diet") == [(2,)]


def test_a_database_that_answers_with_a_reason_is_not_called_unreachable(postgres_url: str):
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE MATERIALIZED VIEW later AS SELECT 1 AS id WITH NO DATA")
    with engine.connect() as connection, pytest.raises(sa.exc.OperationalError) as caught:
        connection.exec_driver_sql("SELECT * FROM later")
    assert "cannot be reached" not in explain(caught.value).en and not is_lost(caught.value)
    engine.dispose()
