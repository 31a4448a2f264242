"""Deleting and masking rows on every kind of database: exactly those, safe to repeat."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from privacy_center.datamap.graph import Field
from privacy_center.sources.masks import masks_for
from privacy_center.sources.open import Sources
from privacy_center.sources.read import read_rows, read_values
from privacy_center.sources.write import count_present, delete_rows, mask_rows, null_link
from tests.rooms.sources.databases import any_url, collection, keyed_hash, open_shop  # noqa: F401

METADATA = sa.MetaData()
CUSTOMER = sa.Table(
    "customer",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(20)),
    sa.Column("email", sa.String(60), nullable=False, unique=True),
    sa.Column("phone", sa.String(20), nullable=False),
    sa.Column("born", sa.Date, nullable=False),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("balance", sa.Numeric(8, 2), nullable=False),
    sa.Column("vip", sa.Boolean, nullable=False),
    sa.Column("photo", sa.LargeBinary, nullable=False),
    sa.Column("profile", sa.JSON, nullable=False),
    sa.Column("grade", sa.Enum("gold", "plain", name="grade"), nullable=False),
    sa.Column("referrer_id", sa.ForeignKey("customer.id")),
)
LINE = sa.Table(
    "line",
    METADATA,
    sa.Column("order_id", sa.Integer, primary_key=True),
    sa.Column("number", sa.String(10), primary_key=True),
    sa.Column("note", sa.String(40)),
)
VISIT = sa.Table(
    "visit", METADATA, sa.Column("page", sa.String(40)), sa.Column("ip", sa.String(20)), sa.Column("n", sa.Integer)
)
FIELDS = ("name", "email", "phone", "born", "seen_at", "balance", "vip", "photo", "profile", "grade")
MAPPED = (
    collection(
        "customer",
        id=None,
        name=None,
        email=Field("email", ("user.contact.email",)),
        phone=Field("phone", ("user.contact.phone_number",)),
        **dict.fromkeys(FIELDS[3:]),
        **{
            "profile.address.street": Field("profile.address.street"),
            "profile.phones.number": Field("profile.phones.number"),
        },
    ),
    collection(
        "line", order_id=Field("order_id", primary_key=True), number=Field("number", primary_key=True), note=None
    ),
    collection("visit", page=Field("page"), ip=Field("ip"), n=Field("n")),
)


def a_customer(number: int) -> dict:
    return {
        "id": number,
        "name": "王芳",
        "email": f"c{number}@example.com",
        "phone": "13800138000",
        "born": date(1990, 2, 28),
        "seen_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "balance": Decimal("12.50"),
        "vip": True,
        "photo": b"\x00\x01",
        "profile": {"address": {"street": "长安街 1", "city": "北京"}, "phones": [{"number": "1"}, {"number": "2"}]},
        "grade": "gold",
    }


@pytest.fixture
def shop(any_url: str) -> Sources:  # noqa: F811
    sources = open_shop(any_url, METADATA, *MAPPED)
    with changing(sources) as connection:
        connection.execute(CUSTOMER.insert(), [a_customer(number) for number in range(1, 1203)])
        connection.execute(LINE.insert(), [{"order_id": o, "number": n, "note": "x"} for o in range(3) for n in "ab"])
        connection.execute(
            VISIT.insert(),
            [{"page": p, "ip": i, "n": 1} for p, i in (("/", None), ("/", None), ("/", "1"), (None, "1"))],
        )
    yield sources
    sources.close()


def changing(sources: Sources):
    return sources.engine("shop").execution_options(writes=True).begin()


def masks(sources: Sources, name: str, *paths: str):
    one, live = sources.data_map.collections[f"shop.{name}"], sources.schema_of("shop").tables[name]
    return masks_for(one, paths, sources.table(one.key), live, keyed_hash)


def rows(sources: Sources, name: str, keys, *columns):
    key = f"shop.{name}"
    with sources.engine("shop").connect() as connection:
        return dict(read_rows(connection, sources.table(key), sources.key_fields(key), keys, columns))


def test_exactly_the_rows_with_the_keys_are_deleted_and_a_second_time_none(shop):
    keys = [(number,) for number in range(1, 1201)]
    for expected in (1200, 0):
        with changing(shop) as connection:
            assert delete_rows(connection, shop.table("shop.customer"), ("id",), keys) == expected
    assert set(rows(shop, "customer", [(1,), (1201,), (1202,)], "name")) == {(1201,), (1202,)}


def test_rows_that_the_guard_does_not_clear_are_left(shop):
    table = shop.table("shop.customer")
    with changing(shop) as connection:
        assert delete_rows(connection, table, ("id",), [(1,), (2,), (3,)], table.c.id != 2) == 2
        assert (
            mask_rows(connection, table, ("id",), [(4,), (5,)], masks(shop, "customer", "email"), table.c.id != 5) == 1
        )
    found = rows(shop, "customer", [(2,), (4,), (5,)], "email")
    assert found[(5,)] == ("c5@example.com",) and found[(4,)] != ("c4@example.com",) and (2,) in found


def test_rows_with_a_key_of_two_columns_are_deleted(shop):
    with changing(shop) as connection:
        table = shop.table("shop.line")
        assert delete_rows(connection, table, ("order_id", "number"), [(0, "a"), (2, "b"), (9, "a")]) == 2
    assert set(rows(shop, "line", [(o, n) for o in range(3) for n in "ab"], "note")) == {
        (0, "b"),
        (1, "a"),
        (1, "b"),
        (2, "a"),
    }


def test_rows_without_a_key_are_known_by_all_their_values_nulls_included(shop):
    table, names = shop.table("shop.visit"), shop.key_fields("shop.visit")
    none_ip = tuple({"page": "/", "ip": None, "n": 1}[name] for name in names)
    with changing(shop) as connection:
        assert mask_rows(connection, table, names, [none_ip], masks(shop, "visit", "page")) == 2
        assert connection.scalar(sa.select(sa.func.count()).where(table.c.page.is_(None))) == 3


def test_constant_masks_take_one_statement_for_500_rows(shop):
    statements = []
    sa.event.listen(shop.engine("shop"), "before_cursor_execute", lambda *told: statements.append(told[2]))
    with changing(shop) as connection:
        table = shop.table("shop.customer")
        keys = [(number,) for number in range(1, 1001)]
        assert mask_rows(connection, table, ("id",), keys, masks(shop, "customer", "name", "phone", "born")) == 1000
    assert sum("UPDATE" in one for one in statements) == 2


def test_every_type_of_column_takes_its_mask_and_a_second_run_gives_the_same_values(shop):
    keys, table = [(1,), (2,)], shop.table("shop.customer")
    seen = []
    for _ in range(2):
        with changing(shop) as connection:
            assert mask_rows(connection, table, ("id",), keys, masks(shop, "customer", *FIELDS)) == 2
        seen.append(rows(shop, "customer", keys, *FIELDS))
    assert seen[0] == seen[1]
    name, email, phone, born, _at, balance, vip, _photo, profile, grade = seen[0][(1,)]
    assert (name, phone, born, balance, bool(vip)) == (None, "15400000000", date(1900, 1, 1), 0, False)
    assert email.endswith("@masked.invalid") and email != seen[0][(2,)][1]
    assert profile in ({}, "{}")
    assert grade == ("*****" if shop.schema_of("shop").dialect == "sqlite" else "gold"), (
        "SQLite knows no enum: it is text"
    )


def test_a_field_inside_a_document_is_masked_and_the_rest_stays(shop):
    chosen = masks(shop, "customer", "profile.address.street", "profile.phones.number", "email")
    with changing(shop) as connection:
        assert mask_rows(connection, shop.table("shop.customer"), ("id",), [(1,)], chosen) == 1
    city, street, numbers, email = rows(
        shop, "customer", [(1,)], "profile.address.city", "profile.address.street", "profile.phones.number", "email"
    )[(1,)]
    assert (city, street, numbers) == ("北京", None, [None, None]) and email.endswith(".invalid")


def test_a_link_is_emptied_so_that_rows_that_refer_to_each_other_can_go(shop):
    table = shop.table("shop.customer")
    with changing(shop) as connection:
        connection.execute(table.update().where(table.c.id == 1).values(referrer_id=2))
        connection.execute(table.update().where(table.c.id == 2).values(referrer_id=1))
        assert null_link(connection, table, ("id",), [(1,), (2,)], ("referrer_id",)) == 2
        assert delete_rows(connection, table, ("id",), [(1,), (2,)]) == 2


def test_all_collections_are_counted_by_one_statement(shop):
    statements = []
    customer, line = shop.table("shop.customer"), shop.table("shop.line")
    sa.event.listen(shop.engine("shop"), "before_cursor_execute", lambda *told: statements.append(told[2]))
    places = [
        (customer, ("id",), [(number,) for number in range(1, 2000)]),
        (line, ("order_id", "number"), [(0, "a"), (7, "a")]),
        (line, ("order_id", "number"), []),
        (customer, ("id",), [(1,), (2,)], customer.c.id > 1),
    ]
    with shop.engine("shop").connect() as connection:
        assert count_present(connection, places) == [1202, 1, 0, 1]
    assert sum("SELECT" in one for one in statements) == 1


def test_values_are_read_by_key_for_the_vault(shop):
    with shop.engine("shop").connect() as connection:
        read = read_values(connection, shop.table("shop.customer"), ("id",), [(3,), (99999,)], ("name", "email"))
    assert read == {(3,): ("王芳", "c3@example.com")}
