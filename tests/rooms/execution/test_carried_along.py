"""What came after the plan, is held, or is not the customer's is never carried along by the database's own cascades."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.execution.certify import certificates_of
from privacy_center.execution.held import open_entries
from privacy_center.privacy_requests.queries import request_by_reference
from tests import corner
from tests.rooms.execution.company import LI, WANG, Company, Open, belonging, held_while_open
from tests.rooms.sources.databases import any_url  # noqa: F401

ORDERS = belonging("orders", "note", "closed_at")
LINES = """
  - name: line
    fields:
    - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true}}
    - name: order_id
      data_categories: [system.operations]
      fides_meta: {references: [{dataset: shop, field: orders.id, direction: from}]}
    - {name: note, data_categories: [user.content]}
    - {name: closed_at, data_categories: [user.content]}
"""


def orders(rule: str, more: str = "") -> str:
    return (
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, note VARCHAR(20), closed_at DATE,"
        f" FOREIGN KEY (customer_id) REFERENCES customer (id) {rule}{more})"
    )


def lines(rule: str) -> str:
    return (
        "CREATE TABLE line (id INTEGER PRIMARY KEY, order_id INTEGER, note VARCHAR(20), closed_at DATE,"
        f" FOREIGN KEY (order_id) REFERENCES orders (id) {rule})"
    )


def erase(company: Company, *since_the_plan: str) -> tuple[str, dict[str, dict], dict[str, str]]:
    """State, counts of the certificate, and reason by collection of what stays, where this happened after approval."""
    company.corner.before_run = lambda: company.tell(*since_the_plan) if since_the_plan else None
    reference = corner.sign_and_run(company.corner, {"email": [LI]})
    with company.center.database.reading() as session:
        request = request_by_reference(session, reference)
        reasons = {one.collection: str(one.reason) for one in open_entries(session, request_id=request.id)}
        bodies = [one.body["collections"] for one in certificates_of(session, request.id)]
        return request.state.value, bodies[0] if bodies else {}, reasons


def test_a_held_order_placed_since_the_plan_stays_and_the_customer_is_emptied(open_company: Open, any_url: str):  # noqa: F811
    old = "INSERT INTO orders VALUES (1, 1, 'old', '2026-01-01')"
    company = open_company(any_url, [orders("ON DELETE CASCADE"), old], ORDERS, held_while_open("orders"))
    state, counts, reasons = erase(company, "INSERT INTO orders VALUES (2, 1, 'new', NULL)")
    assert company.tell("SELECT id, customer_id, note FROM orders") == [(2, 1, "new")]
    assert company.tell("SELECT id, email FROM customer ORDER BY id")[0] != (1, LI)
    assert [row[0] for row in company.tell("SELECT id FROM customer ORDER BY id")] == [1, 2]
    assert state == "completed_with_holds"
    assert counts["shop.orders"]["erased"] == 1
    assert (counts["shop.customer"]["erased"], counts["shop.customer"]["cleared_instead"]) == (0, 1)
    assert "added after the plan" in reasons["shop.customer"]


def test_a_line_added_two_levels_down_stays_with_all_that_it_hangs_on(open_company: Open, any_url: str):  # noqa: F811
    company = open_company(
        any_url,
        [
            orders("ON DELETE CASCADE"),
            lines("ON DELETE CASCADE"),
            "INSERT INTO orders VALUES (1, 1, 'a', NULL), (2, 1, 'b', NULL)",
            "INSERT INTO line VALUES (1, 1, 'a', NULL), (2, 2, 'b', NULL)",
        ],
        ORDERS + LINES,
    )
    state, counts, _ = erase(company, "INSERT INTO line VALUES (3, 2, 'new', NULL)")
    assert company.tell("SELECT id, note FROM line") == [(3, "new")]
    assert company.tell("SELECT id, note FROM orders") == [(2, None)]
    assert len(company.tell("SELECT id FROM customer")) == 2
    assert state == "completed_with_holds"
    assert [counts[f"shop.{name}"]["erased"] for name in ("customer", "orders", "line")] == [0, 1, 2]


@pytest.mark.parametrize("rule", ["ON DELETE CASCADE", "ON DELETE SET DEFAULT", ""])
def test_a_record_of_a_table_unknown_to_the_map_stays_as_it_is(open_company: Open, any_url: str, rule: str):  # noqa: F811
    if "DEFAULT" in rule and any_url.startswith(("mysql", "mariadb")):
        pytest.skip("InnoDB has no SET DEFAULT")
    table = (
        f"CREATE TABLE note (id INTEGER PRIMARY KEY, who INTEGER, FOREIGN KEY (who) REFERENCES customer (id) {rule})"
    )
    company = open_company(any_url, [table])
    _, _, reasons = erase(company, "INSERT INTO note VALUES (1, 1)")
    assert company.tell("SELECT id, who FROM note") == [(1, 1)]
    assert "outside the data map" in reasons["shop.customer"]


def test_a_held_row_keeps_a_link_that_the_database_would_empty(open_company: Open, any_url: str):  # noqa: F811
    rows = "INSERT INTO orders VALUES (1, 1, 'closed', '2026-01-01')"
    company = open_company(any_url, [orders("ON DELETE SET NULL"), rows], ORDERS, held_while_open("orders"))
    erase(company, "INSERT INTO orders VALUES (2, 1, 'open', NULL)")
    assert company.tell("SELECT id, customer_id FROM orders") == [(2, 1)]
    assert len(company.tell("SELECT id FROM customer")) == 2


def test_a_held_row_of_the_plan_keeps_a_link_that_the_database_would_empty(open_company: Open, any_url: str):  # noqa: F811
    rows = "INSERT INTO orders VALUES (1, 1, 'open', NULL)"
    company = open_company(any_url, [orders("ON DELETE SET NULL"), rows], ORDERS, held_while_open("orders"))
    erase(company)
    assert company.tell("SELECT id, customer_id FROM orders") == [(1, 1)]
    assert len(company.tell("SELECT id FROM customer")) == 2


def test_a_held_row_of_somebody_else_keeps_nobody_but_whom_it_refers_to(open_company: Open, any_url: str):  # noqa: F811
    rows = "INSERT INTO orders VALUES (1, 2, 'open', NULL)"
    company = open_company(any_url, [orders("ON DELETE SET NULL"), rows], ORDERS, held_while_open("orders"))
    assert erase(company)[0] == "completed"
    assert company.tell("SELECT email FROM customer") == [(WANG,)]


def test_somebody_elses_free_row_loses_its_link_to_who_is_gone(open_company: Open, any_url: str):  # noqa: F811
    asked = "CREATE TABLE invited (id INTEGER PRIMARY KEY, who INTEGER, note VARCHAR(20),"
    asked += " FOREIGN KEY (who) REFERENCES customer (id) ON DELETE SET NULL)"
    company = open_company(any_url, [asked, "INSERT INTO invited VALUES (1, 1, 'wang')"])
    assert erase(company)[0] == "completed"
    assert company.tell("SELECT id, who, note FROM invited") == [(1, None, "wang")]
    assert company.tell("SELECT email FROM customer") == [(WANG,)]


def test_a_key_to_unique_columns_in_other_capitals_is_seen(open_company: Open, request, tmp_path: Path):
    for kind in ("sqlite", "mariadb"):
        url = f"sqlite:///{tmp_path / 'shop.db'}" if kind == "sqlite" else request.getfixturevalue("mariadb_url")
        collation = "COLLATE NOCASE" if kind == "sqlite" else "COLLATE utf8mb4_general_ci"
        company = Company(
            tmp_path / kind,
            url,
            [
                f"CREATE TABLE customer (id INTEGER PRIMARY KEY, email VARCHAR(80), code VARCHAR(9) {collation} UNIQUE)",
                f"INSERT INTO customer VALUES (1, '{LI}', 'li'), (2, '{WANG}', NULL)",
                f"CREATE TABLE note (id INTEGER PRIMARY KEY, code VARCHAR(9) {collation},"
                " FOREIGN KEY (code) REFERENCES customer (code) ON DELETE CASCADE)",
            ],
            "",
        )
        erase(company, "INSERT INTO note VALUES (1, 'LI')")
        assert company.tell("SELECT id, code FROM note") == [(1, "LI")]
        company.close()


def test_an_empty_unique_column_ties_no_row_to_another(open_company: Open, any_url: str):  # noqa: F811
    company = open_company(
        any_url,
        [
            "ALTER TABLE customer ADD COLUMN code VARCHAR(9)",
            "CREATE UNIQUE INDEX by_code ON customer (code)",
            "CREATE TABLE note (id INTEGER PRIMARY KEY, code VARCHAR(9),"
            " FOREIGN KEY (code) REFERENCES customer (code) ON DELETE CASCADE)",
            "INSERT INTO note VALUES (1, NULL)",
        ],
    )
    assert erase(company)[0] == "completed"
    assert company.tell("SELECT id FROM note") == [(1,)]


def test_a_row_that_refers_to_its_own_table_by_two_columns_stays(open_company: Open, any_url: str):  # noqa: F811
    company = open_company(
        any_url,
        [
            "CREATE TABLE part (customer_id INTEGER, nr INTEGER, after_customer INTEGER, after_nr INTEGER,"
            " PRIMARY KEY (customer_id, nr), FOREIGN KEY (after_customer, after_nr) REFERENCES part (customer_id, nr)"
            " ON DELETE CASCADE)",
            "INSERT INTO part VALUES (1, 1, NULL, NULL), (1, 2, 1, 1), (1, 3, NULL, NULL)",
        ],
        """
  - name: part
    fields:
    - name: customer_id
      data_categories: [user.unique_id]
      fides_meta: {primary_key: true, references: [{dataset: shop, field: customer.id, direction: from}]}
    - {name: nr, data_categories: [system.operations], fides_meta: {primary_key: true}}
""",
    )
    erase(company, "INSERT INTO part VALUES (2, 9, 1, 2)")
    assert company.tell("SELECT customer_id, nr, after_nr FROM part ORDER BY 1, 2") == [
        (1, 1, None),
        (1, 2, 1),
        (2, 9, 2),
    ]


def test_rows_that_the_plan_deletes_may_carry_each_other_along(open_company: Open, any_url: str):  # noqa: F811
    company = open_company(
        any_url,
        [
            "CREATE TABLE reply (id INTEGER PRIMARY KEY, customer_id INTEGER, note VARCHAR(20), of_id INTEGER NOT NULL,"
            " FOREIGN KEY (of_id) REFERENCES reply (id) ON DELETE CASCADE)",
            "INSERT INTO reply VALUES (1, 1, 'a', 1)",
            "INSERT INTO reply VALUES (2, 1, 'b', 1)",
            "INSERT INTO reply VALUES (3, 1, 'c', 2)",
            "INSERT INTO reply VALUES (4, 2, 'wang', 4)",
        ],
        belonging("reply", "note"),
    )
    state, counts, _ = erase(company)
    assert company.tell("SELECT id FROM reply") == [(4,)]
    assert (state, counts["shop.reply"]["erased"]) == ("completed", 3)


def test_a_table_name_in_other_capitals_is_the_same_table_on_sqlite(open_company: Open, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    table = "CREATE TABLE note (id INTEGER PRIMARY KEY, who INTEGER REFERENCES Customer (ID) ON DELETE CASCADE)"
    company = open_company(url, [table])
    erase(company, "INSERT INTO note VALUES (1, 1)")
    assert company.tell("SELECT id, who FROM note") == [(1, 1)]


def test_where_the_row_cannot_be_cleared_either_nothing_is_changed_and_a_person_is_told_why(
    open_company: Open,
    any_url: str,  # noqa: F811
):
    company = open_company(
        any_url,
        [
            orders("ON DELETE CASCADE", ", CHECK (note IS NOT NULL AND note = 'a')"),
            lines("ON DELETE CASCADE"),
            "INSERT INTO orders VALUES (1, 1, 'a', '2026-01-01')",
        ],
        ORDERS + LINES,
    )
    before = company.tell("SELECT * FROM orders")
    assert erase(company, "INSERT INTO line VALUES (3, 1, 'new', NULL)")[0] == "needs_attention"
    assert "cannot be cleared either" in company.errors()[0]
    assert company.tell("SELECT * FROM orders") == before and company.tell("SELECT note FROM line") == [("new",)]
    assert company.tell("SELECT email FROM customer ORDER BY id") == [(LI,), (WANG,)]


@pytest.mark.parametrize("column", ["id", "email"])
def test_no_row_can_come_to_refer_to_another_between_the_look_and_the_deletion(
    open_company: Open,
    any_url: str,  # noqa: F811
    column: str,
):
    """Whoever tries meanwhile has to wait, and then finds nobody to refer to."""
    kind = "INTEGER" if column == "id" else "VARCHAR(80)"
    value = "1" if column == "id" else f"'{LI}'"
    table = f"CREATE TABLE note (id INTEGER PRIMARY KEY, who {kind},"
    company = open_company(any_url, [table + f" FOREIGN KEY (who) REFERENCES customer ({column}) ON DELETE CASCADE)"])
    refused: list[str] = []

    def place_one(_connection, _cursor, said: str, *_rest) -> None:
        if "DELETE FROM customer" in said.replace("`", "").replace("public.", "") and not refused:
            refused.append(_try_to_insert(company, f"INSERT INTO note VALUES (1, {value})"))

    engine = company.center.sources.engine("shop")
    sa.event.listen(engine, "before_cursor_execute", place_one)
    assert erase(company)[0] == "completed"
    assert len(refused) == 1 and any(word in refused[0].lower() for word in ("lock",))
    assert company.tell("SELECT * FROM note") == []


def _try_to_insert(company: Company, statement: str) -> str:
    """Try to insert a row as another program would, without patience; what the database says."""
    patience = {"postgresql": "SET lock_timeout = '300ms'", "sqlite": "PRAGMA busy_timeout = 0"}
    with company.engine.connect() as connection:
        connection.exec_driver_sql(patience.get(connection.dialect.name, "SET innodb_lock_wait_timeout = 1"))
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        try:
            connection.exec_driver_sql(statement)
            connection.commit()
        except sa.exc.DBAPIError as error:
            return str(error)
    return "taken"


def test_a_row_that_a_trigger_does_not_let_go_undoes_the_step_and_is_named(open_company: Open, postgres_url: str):
    rows = "INSERT INTO orders VALUES (1, 1, 'a', NULL), (9, 2, 'wang', NULL)"
    table = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, note VARCHAR(20), closed_at DATE)"
    company = open_company(postgres_url, [table, rows], ORDERS)
    before = company.tell("SELECT id, note FROM orders ORDER BY id")
    keep = "CREATE FUNCTION keep() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql"
    on_orders = "CREATE TRIGGER keep BEFORE DELETE ON orders FOR EACH ROW WHEN (OLD.id = 1) EXECUTE FUNCTION keep()"
    assert erase(company, keep, on_orders)[0] == "needs_attention"
    assert "1 records of “orders” were to be deleted, and the database deleted 0" in company.errors()[0]
    assert company.tell("SELECT id, note FROM orders ORDER BY id") == before
