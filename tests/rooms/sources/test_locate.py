"""Finding rows in real databases: types, keys, JSON, several databases, and those that do not answer."""

import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.sources.config import SourceConfig
from privacy_center.sources.rows import FoundRow, Ownership
from tests.rooms.sources.company import Company, collection, data_map, everything, keys, sqlite

Make = Callable[..., Company]


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """A company in one database of each kind: `make(*collections, sql=[...])`."""
    config = sqlite(tmp_path, "shop")["shop"]
    if request.param != "sqlite":
        config = SourceConfig(request.getfixturevalue(f"{request.param}_url"))

    def build(*collections: Any, sql: tuple[str, ...] = ()) -> Company:
        company = Company(data_map(*collections), {"shop": config, "crm": config})
        company.run("shop", *sql)
        request.addfinalizer(company.sources.close)
        return company

    return build


CUSTOMER = collection("shop.customer", "id!", "email=email", "phone=phone_number")
PEOPLE = (
    "CREATE TABLE customer (id integer PRIMARY KEY, email varchar(80), phone varchar(40))",
    "INSERT INTO customer VALUES (1, 'ann@x.cn', '13800138001'), (2, 'Bob.Li@X.cn', '+86 138 0013 8002')",
)
ORDERS = collection("shop.orders", "id!", "customer_id>shop.customer.id")


def test_emails_are_compared_as_the_database_holds_them(make: Make) -> None:
    company = make(CUSTOMER, sql=PEOPLE)
    for typed in ("bob.li@x.cn", "BOB.LI@X.CN", "Bob.Li@X.cn"):
        assert keys(company.find(email=typed), "shop.customer") == [2]
    assert keys(company.find(email="ANN@x.cn"), "shop.customer") == [1]


def test_lower_case_columns_are_searched_by_their_index(make: Make) -> None:
    company = make(CUSTOMER, sql=(*PEOPLE, "DELETE FROM customer WHERE id = 2"))
    sent = company.statements("shop")
    company.find(email="ann@x.cn")
    company.find(email="ann@x.cn")
    looks = [one for one in sent if "lower(" in one]
    assert len(looks) <= 1 and not any(" OR " in one for one in looks)


@pytest.mark.parametrize(
    "held", ["13800138003", "+8613800138003", "8613800138003", "008613800138003", "138 0013 8003", "+86-138-0013-8003"]
)
def test_a_phone_number_is_found_however_it_is_held(make: Make, held: str) -> None:
    company = make(CUSTOMER, sql=(*PEOPLE, f"INSERT INTO customer VALUES (3, NULL, '{held}')"))
    assert keys(company.find(phone="138 0013 8003"), "shop.customer") == [3]


def test_identities_cross_types_and_impossible_values_find_nothing(make: Make) -> None:
    company = make(
        collection("shop.member", "id!", "no=member_no", "phone=phone", "small=seat", "k=key", "on_day=day"),
        sql=(
            "CREATE TABLE member (id integer PRIMARY KEY, no integer, phone bigint, small smallint, k numeric(8,2), on_day date)",
            "INSERT INTO member VALUES (1, 7, 13800138001, 3, 5, '2020-01-02')",
        ),
    )
    for found in (
        {"member_no": "7"},
        {"phone": "+86 138 0013 8001"},
        {"seat": "3"},
        {"key": "5"},
        {"day": "2020-01-02"},
    ):
        assert keys(company.find(**found), "shop.member") == [1]
    for value in ("007", "seven", "7.5", "7 ", "99999999999999999999999", "-7", "", "x\x00"):
        expected = [1] if value.strip() == "7" else []
        for kind in ("member_no", "seat", "key", "day"):
            located = company.find(**{kind: value})
            assert located.skipped == {}
            assert keys(located, "shop.member") == (expected if kind == "member_no" else [])


def test_an_integer_key_and_a_varchar_key_meet_only_where_they_say_the_same(make: Make) -> None:
    note = collection("shop.note", "id!", "customer_no>shop.customer.id")
    reply = collection("shop.reply", "id!", "note_no>shop.note.id")
    company = make(
        CUSTOMER,
        note,
        reply,
        sql=(
            *PEOPLE,
            "CREATE TABLE note (id varchar(10) PRIMARY KEY, customer_no varchar(10))",
            "CREATE TABLE reply (id integer PRIMARY KEY, note_no integer)",
            "INSERT INTO note VALUES ('7', '1'), ('007', '1'), ('8', '01'), ('9', '2'), ('x', '1')",
            "INSERT INTO reply VALUES (1, 7), (2, 8), (3, 9)",
        ),
    )
    found = everything(company.find(email="ann@x.cn"))
    assert found["shop.note"] == {"7": "own", "007": "own", "x": "own"}
    assert found["shop.reply"] == {1: "own"}


def test_composite_keys_are_told_in_their_order(make: Make) -> None:
    line = collection("shop.line", "order_id!>shop.orders.id", "no!")
    company = make(
        CUSTOMER,
        ORDERS,
        line,
        sql=(
            *PEOPLE,
            "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)",
            "CREATE TABLE line (no integer, order_id integer, PRIMARY KEY (no, order_id))",
            "INSERT INTO orders VALUES (10, 1), (20, 2)",
            "INSERT INTO line VALUES (2, 10), (1, 10), (1, 20)",
        ),
    )
    found = company.find(email="ann@x.cn").collections["shop.line"]
    assert found.key_fields == ("order_id", "no")
    assert [row.key for row in found.rows] == [(10, 1), (10, 2)]


def test_a_composite_reference_is_followed_as_one(make: Make) -> None:
    orders = collection("shop.orders", "shop_no!", "no!", "customer_id>shop.customer.id")
    line = collection("shop.line", "id!", "shop_no>shop.orders.shop_no", "order_no>shop.orders.no")
    company = make(
        CUSTOMER,
        orders,
        line,
        sql=(
            *PEOPLE,
            "CREATE TABLE orders (shop_no integer, no integer, customer_id integer, PRIMARY KEY (shop_no, no))",
            "CREATE TABLE line (id integer PRIMARY KEY, shop_no integer, order_no integer,"
            " FOREIGN KEY (shop_no, order_no) REFERENCES orders (shop_no, no))",
            "INSERT INTO orders VALUES (1, 5, 1), (1, 6, 2), (2, 5, 2)",
            "INSERT INTO line VALUES (1, 1, 5), (2, 1, 6), (3, 2, 5), (4, 1, NULL)",
        ),
    )
    assert everything(company.find(email="ann@x.cn"))["shop.line"] == {1: "own"}


def test_a_table_without_a_key_is_known_by_all_its_values(make: Make) -> None:
    log = collection("shop.log", "customer_id>shop.customer.id", "said")
    company = make(
        CUSTOMER,
        log,
        sql=(
            *PEOPLE,
            "CREATE TABLE log (customer_id integer, said varchar(20), at date)",
            "INSERT INTO log VALUES (1, NULL, '2020-01-01'), (1, 'a', NULL), (1, 'a', NULL), (2, 'a', NULL)",
        ),
    )
    found = company.find(email="ann@x.cn").collections["shop.log"]
    assert found.keyless and found.key_fields == ("customer_id", "said", "at")
    assert [row.key[:2] for row in found.rows] == [(1, None), (1, "a")]


def test_a_view_is_searched_like_a_table(make: Make) -> None:
    view = collection("shop.people", "id!", "email=email")
    company = make(view, sql=(*PEOPLE, "CREATE VIEW people AS SELECT id, email FROM customer"))
    assert keys(company.find(email="ann@x.cn"), "shop.people") == [1]


@pytest.mark.parametrize("column", ["json", "text"])
def test_fields_inside_json_identify_and_refer(make: Make, column: str) -> None:
    profile = collection("shop.profile", "id!", "about", "about.contact.email=email", "about.no")
    badge = collection("shop.badge", "id!", "profile_no>shop.profile.about.no")
    company = make(
        profile,
        badge,
        sql=(
            f"CREATE TABLE profile (id integer PRIMARY KEY, about {column})",
            "CREATE TABLE badge (id integer PRIMARY KEY, profile_no integer)",
            """INSERT INTO profile VALUES (1, '{"contact": {"email": "ann@x.cn"}, "no": 5}'), (2, '{"no": 6}')""",
            "INSERT INTO badge VALUES (1, 5), (2, 6)",
        ),
    )
    found = company.find(email="ann@x.cn")
    assert found.skipped == {}
    assert everything(found) == {"shop.profile": {1: "own"}, "shop.badge": {1: "own"}}


def test_facts_are_asked_in_the_same_query(make: Make) -> None:
    company = make(
        CUSTOMER,
        ORDERS,
        sql=(
            *PEOPLE,
            "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, paid integer)",
            "INSERT INTO orders VALUES (1, 1, 5), (2, 1, NULL)",
        ),
    )

    def facts(key: str) -> list[sa.ColumnElement[Any]]:
        table = company.sources.table(key)
        return [(table.c.paid > 3).label("rule_0"), table.c.paid.label("from_0")] if key == "shop.orders" else []

    plain = company.find(email="ann@x.cn").queries
    found = company.find(facts, email="ann@x.cn")
    assert found.queries <= plain
    orders = found.collections["shop.orders"]
    assert orders.fact_names == ("rule_0", "from_0")
    assert [(bool(row.facts[0]), row.facts[1]) for row in orders.rows] == [(True, 5), (False, None)]


def test_each_collection_is_asked_once_a_round(make: Make) -> None:
    names = [f"t{n}" for n in range(8)]
    children = [
        collection(f"shop.{n}", "id!", "customer_id>shop.customer.id", "order_id>shop.orders.id") for n in names
    ]
    tables = [f"CREATE TABLE {n} (id integer PRIMARY KEY, customer_id integer, order_id integer)" for n in names]
    rows = [f"INSERT INTO {n} VALUES (1, 1, 10), (2, NULL, 11), (3, 1, NULL), (4, 2, 20)" for n in names]
    company = make(
        CUSTOMER,
        *children,
        ORDERS,
        sql=(
            *PEOPLE,
            *tables,
            *rows,
            "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)",
            "INSERT INTO orders VALUES (10, 1), (11, 1), (20, 2)",
        ),
    )
    company.find(email="ann@x.cn")
    sent = company.statements("shop")
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.t3"] == {1: "own", 2: "own", 3: "own"}
    assert found.queries == 10
    assert sum("SELECT" in one and "FROM" in one for one in sent) == 10


def test_answers_come_in_the_order_of_their_keys(make: Make) -> None:
    rows = ", ".join(f"({(n * 7919) % 1000}, 1)" for n in range(300))
    company = make(
        CUSTOMER,
        ORDERS,
        sql=(*PEOPLE, "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)", f"INSERT INTO orders VALUES {rows}"),
    )  # fmt: skip
    found = keys(company.find(email="ann@x.cn"), "shop.orders")
    assert len(found) == 300 and found == sorted(found)


def test_very_many_keys_are_asked_in_pieces(make: Make) -> None:
    rows = [", ".join(f"({n}, 1)" for n in range(start, start + 500)) for start in range(0, 6000, 500)]
    company = make(
        CUSTOMER,
        ORDERS,
        collection("shop.line", "id!", "order_id>shop.orders.id"),
        sql=(
            *PEOPLE,
            "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)",
            "CREATE TABLE line (id integer PRIMARY KEY, order_id integer)",
            *(f"INSERT INTO orders VALUES {part}" for part in rows),
            *(f"INSERT INTO line VALUES {part.replace(', 1)', ', 5999)')}" for part in rows[:1]),
        ),
    )
    company.find(email="bob.li@x.cn")
    found = company.find(email="ann@x.cn")
    assert len(keys(found, "shop.orders")) == 6000 and len(keys(found, "shop.line")) == 500
    assert found.queries == 4


def test_collections_wait_for_those_the_map_puts_before_them(make: Make) -> None:
    first = collection("shop.first", "id!", "email=email", after=frozenset({"shop.customer", "shop.orders"}))
    company = make(
        first,
        CUSTOMER,
        ORDERS,
        sql=(
            *PEOPLE,
            "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)",
            "CREATE TABLE first (id integer PRIMARY KEY, email varchar(80))",
        ),
    )
    company.find(email="ann@x.cn")
    sent = company.statements("shop")
    company.find(email="ann@x.cn")
    order = [name for one in sent for name in ("customer", "orders", "first") if f"FROM {name}" in one]
    assert order == ["customer", "orders", "first"]


def test_a_collection_waits_even_where_rows_flow_the_other_way(make: Make) -> None:
    child = collection("shop.child", "id!", "email=email", "parent_id>shop.parent.id")
    parent = collection("shop.parent", "id!", "email=email", after=frozenset({"shop.child"}))
    company = make(
        child,
        parent,
        sql=(
            "CREATE TABLE parent (id integer PRIMARY KEY, email varchar(80))",
            "CREATE TABLE child (id integer PRIMARY KEY, email varchar(80), parent_id integer)",
            "INSERT INTO parent VALUES (1, 'ann@x.cn')",
            "INSERT INTO child VALUES (1, NULL, 1)",
        ),
    )
    company.find(email="ann@x.cn")
    sent = company.statements("shop")
    assert everything(company.find(email="ann@x.cn")) == {"shop.child": {1: "own"}, "shop.parent": {1: "own"}}
    order = [name for one in sent for name in ("parent", "child") if f"FROM {name}" in one]
    assert order == ["child", "parent", "child"]


def test_collections_that_wait_for_each_other_are_searched_all_the_same(make: Make) -> None:
    one = collection("shop.one", "id!", "email=email", after=frozenset({"shop.two"}))
    two = collection("shop.two", "id!", "email=email", after=frozenset({"shop.one"}))
    made = ("CREATE TABLE one (id integer PRIMARY KEY, email varchar(80))", "INSERT INTO one VALUES (1, 'ann@x.cn')")
    company = make(one, two, sql=(*made, *(sql.replace("one", "two") for sql in made)))
    assert everything(company.find(email="ann@x.cn")) == {"shop.one": {1: "own"}, "shop.two": {1: "own"}}


# --- what cannot be searched


def test_a_missing_table_or_column_is_named_and_the_rest_goes_on(make: Make) -> None:
    gone = collection("shop.gone", "id!", "email=email")
    partial = collection("shop.partial", "id!", "mail=email")
    harmless = collection("shop.harmless", "id!", "email=email", "nickname")
    company = make(
        CUSTOMER,
        gone,
        partial,
        harmless,
        sql=(
            *PEOPLE,
            "CREATE TABLE partial (id integer PRIMARY KEY, email varchar(80))",
            "CREATE TABLE harmless (id integer PRIMARY KEY, email varchar(80))",
            "INSERT INTO harmless VALUES (1, 'ann@x.cn')",
        ),
    )
    found = company.find(email="ann@x.cn")
    assert everything(found) == {"shop.customer": {1: "own"}, "shop.harmless": {1: "own"}}
    assert set(found.skipped) == {"shop.gone", "shop.partial"}
    assert "gone" in found.skipped["shop.gone"].en and "mail" in found.skipped["shop.partial"].zh


def test_a_table_that_goes_after_the_schema_was_read_is_named(make: Make) -> None:
    company = make(CUSTOMER, ORDERS, sql=(*PEOPLE, "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)"))
    company.find(email="ann@x.cn")
    company.run("shop", "DROP TABLE orders")
    found = company.find(email="ann@x.cn")
    assert keys(found, "shop.customer") == [1]
    assert "lacks a table or column" in found.skipped["shop.orders"].en
    assert "no table orders" in company.find(email="ann@x.cn").skipped["shop.orders"].en


def test_a_table_that_was_missing_is_found_a_minute_after_it_was_made(make: Make) -> None:
    company = make(CUSTOMER, ORDERS, sql=PEOPLE)
    assert "no table orders" in company.find(email="ann@x.cn").skipped["shop.orders"].en
    company.run("shop", "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)")
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert company.find(email="ann@x.cn").skipped == {}


def test_a_collection_that_the_map_leaves_out_is_named(make: Make) -> None:
    left_out = collection("shop.orders", "id!", "customer_id>shop.customer.id", skip_processing=True)
    company = make(CUSTOMER, left_out, sql=PEOPLE)
    found = company.find(email="ann@x.cn")
    assert "skip_processing" in found.skipped["shop.orders"].en and keys(found, "shop.customer") == [1]


def test_a_row_whose_other_owner_cannot_be_looked_up_waits_for_a_person(make: Make) -> None:
    card = collection("shop.card", "id!", "customer_id>shop.customer.id")
    payment = collection("shop.payment", "id!", "customer_id>shop.customer.id", "card_id>shop.card.id")
    company = make(
        CUSTOMER,
        card,
        payment,
        sql=(
            *PEOPLE,
            "CREATE TABLE payment (id integer PRIMARY KEY, customer_id integer, card_id integer)",
            "INSERT INTO payment VALUES (1, 1, 5), (2, 1, NULL)",
        ),
    )
    found = company.find(email="ann@x.cn")
    assert everything(found)["shop.payment"] == {1: "unclear", 2: "own"}
    assert "shop.card" in found.collections["shop.payment"].rows[0].why.en  # type: ignore[union-attr]


def test_a_pointed_row_that_cannot_be_counted_everywhere_stays_shared(make: Make) -> None:
    orders = collection("shop.orders", "id!", "customer_id>shop.customer.id", "address_id>to shop.address.id")
    visit = collection("shop.visit", "id!", "address_id>to shop.address.id")
    company = make(
        CUSTOMER,
        orders,
        visit,
        collection("shop.address", "id!"),
        sql=(
            *PEOPLE,
            "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, address_id integer)",
            "CREATE TABLE address (id integer PRIMARY KEY)",
            "INSERT INTO address VALUES (1)",
            "INSERT INTO orders VALUES (1, 1, 1)",
        ),
    )
    found = company.find(email="ann@x.cn")
    [row] = found.collections["shop.address"].rows
    assert row.ownership is Ownership.SHARED and row.why and "shop.visit" in row.why.en


def test_a_slow_collection_is_skipped_and_the_rest_goes_on(make: Make) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE x(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM x) SELECT 1 AS id, i AS customer_id FROM x",
        "postgresql": "SELECT 1 AS id, 1 AS customer_id, pg_sleep(60)::text AS nap",
        "mysql": "SELECT 1 AS id, benchmark(100000000000, sha2('x', 512)) AS customer_id",
    }
    company = make(CUSTOMER, ORDERS, sql=PEOPLE)
    dialect = company.sources.engine("shop").dialect.name
    company.run("shop", f"CREATE VIEW orders AS {slow[dialect]}")
    company.sources.close()
    company.sources.statement_seconds = 1
    facts: Any = lambda key: [sa.column("nap")] if dialect == "postgresql" and key == "shop.orders" else []  # noqa: E731
    found = company.find(facts, email="ann@x.cn")
    assert keys(found, "shop.customer") == [1]
    assert "did not answer in time" in found.skipped["shop.orders"].en


def test_a_collection_without_the_privilege_is_skipped(postgres_url: str) -> None:
    owner = Company(data_map(CUSTOMER, ORDERS), {"shop": SourceConfig(postgres_url)})
    owner.run(
        "shop",
        *PEOPLE,
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer)",
        "DO $$ BEGIN CREATE ROLE onlooker LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "GRANT SELECT ON customer TO onlooker",
    )
    url = sa.make_url(postgres_url).set(username="onlooker").render_as_string(hide_password=False)
    onlooker = Company(owner.map, {"shop": SourceConfig(url)})
    found = onlooker.find(email="ann@x.cn")
    assert keys(found, "shop.customer") == [1] and "privilege" in found.skipped["shop.orders"].en
    owner.run("shop", "DROP OWNED BY onlooker")
    for one in (owner, onlooker):
        one.sources.close()


# --- several databases


def test_one_person_is_followed_from_database_to_database(tmp_path: Path, postgres_url: str, mariadb_url: str) -> None:
    member = collection("crm.member", "no!", "customer_no>from shop.customer.id", "card=card_no")
    visit = collection("log.visit", "id!", "member_no>crm.member.no")
    configs = {"shop": SourceConfig(postgres_url), "crm": SourceConfig(mariadb_url), **sqlite(tmp_path, "log")}
    company = Company(data_map(CUSTOMER, member, visit), configs)
    company.run("shop", *PEOPLE)
    company.run(
        "crm",
        "CREATE TABLE member (no varchar(10) PRIMARY KEY, customer_no varchar(10), card varchar(10))",
        "INSERT INTO member VALUES ('M1', '1', 'c1'), ('M2', '2', 'c2')",
    )
    company.run("log", "CREATE TABLE visit (id integer PRIMARY KEY, member_no text)", "INSERT INTO visit VALUES (1, 'M1'), (2, 'm1'), (3, 'M2')")  # fmt: skip
    found = company.find(phone="13800138001")
    assert everything(found) == {"shop.customer": {1: "own"}, "crm.member": {"M1": "own"}, "log.visit": {1: "own"}}
    assert found.offered == {"email": {"ann@x.cn"}, "card_no": {"c1"}}
    company.sources.close()


def test_a_database_that_is_down_is_named_and_the_others_are_searched(tmp_path: Path) -> None:
    member = collection("crm.member", "no!", "customer_no>from shop.customer.id")
    letter = collection("mail.letter", "id!", "to=email")
    configs = {**sqlite(tmp_path, "shop"), "crm": SourceConfig("postgresql+psycopg://me@127.0.0.1:9/crm")}
    company = Company(data_map(CUSTOMER, member, letter), configs)
    company.run("shop", *PEOPLE)
    found = company.find(email="ann@x.cn")
    assert keys(found, "shop.customer") == [1]
    assert set(found.skipped) == {"crm.member", "mail.letter"}
    assert "cannot be reached" in found.skipped["crm.member"].en
    assert "sources.yml" in found.skipped["mail.letter"].zh


def test_a_database_that_comes_back_is_searched_again(tmp_path: Path) -> None:
    company = Company(data_map(CUSTOMER), {"shop": SourceConfig(f"sqlite:///{tmp_path}/shop.db")})
    assert "is not there" in company.find(email="ann@x.cn").skipped["shop.customer"].en
    sqlite(tmp_path, "shop")
    company.run("shop", *PEOPLE)
    company.sources.refresh("shop")
    assert keys(company.find(email="ann@x.cn"), "shop.customer") == [1]


def test_nothing_is_written_and_no_transaction_stays_open(make: Make) -> None:
    company = make(CUSTOMER, sql=PEOPLE)
    company.find(email="ann@x.cn")
    company.run("shop", "DROP TABLE customer")


def test_a_customer_with_40_000_rows_takes_little_memory(tmp_path: Path) -> None:
    browse = collection("shop.browse", "id!", "customer_id>shop.customer.id", "product_id>to shop.product.id")
    detail = collection("shop.detail", "id!", "browse_id>shop.browse.id")
    company = Company(data_map(CUSTOMER, browse, detail, collection("shop.product", "id!", "n:system")), sqlite(tmp_path, "shop"))  # fmt: skip
    numbers = "WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 40000)"
    company.run(
        "shop",
        *PEOPLE,
        "CREATE TABLE browse (id integer PRIMARY KEY, customer_id integer, product_id integer, note text)",
        "CREATE TABLE detail (id integer PRIMARY KEY, browse_id integer)",
        "CREATE TABLE product (id integer PRIMARY KEY, n text)",
        f"INSERT INTO browse {numbers} SELECT i, 1, i % 200, 'a long note that nobody needs' FROM s",
        f"INSERT INTO product {numbers} SELECT i, 'x' FROM s WHERE i < 200",
    )
    company.find(email="bob.li@x.cn")
    tracemalloc.start()
    found = company.find(email="ann@x.cn")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found.collections["shop.browse"].rows) == 40_000
    assert isinstance(found.collections["shop.browse"].rows[0], FoundRow)
    assert peak < 30_000_000
