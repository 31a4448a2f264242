"""The order of deletion, tried on databases that enforce their foreign keys."""

import pytest
import sqlalchemy as sa

from privacy_center.datamap.live import LiveColumn, LiveForeignKey, LiveSchema, LiveTable
from privacy_center.sources.order import deletion_order
from privacy_center.sources.write import delete_rows, null_link
from tests.rooms.sources.databases import any_url, collection, open_shop  # noqa: F401


def schema(dialect: str = "postgresql", **links: tuple[str, ...]) -> LiveSchema:
    """Tables and what they point to: `b` by a link that must be filled, `b?` by one that may be empty, `b~` with CASCADE."""
    tables = {}
    for name, targets in links.items():
        columns = {"id": LiveColumn("id", "integer", nullable=False)}
        keys = []
        for target in targets:
            bare = target.rstrip("?~")
            columns[f"{bare}_id"] = LiveColumn(f"{bare}_id", "integer", nullable=target.endswith("?"))
            keys.append(LiveForeignKey((f"{bare}_id",), bare, ("id",), "CASCADE" if target.endswith("~") else None))
        tables[name] = LiveTable(name, columns, ("id",), tuple(keys))
    return LiveSchema(tables, dialect)


def test_children_go_before_parents():
    live = schema(customer=(), orders=("customer",), line=("orders", "product"), product=())
    steps = deletion_order(live, ["customer", "product", "orders", "line"]).steps
    assert steps.index("line") < steps.index("orders") < steps.index("customer")
    assert steps.index("line") < steps.index("product")


def test_only_the_tables_that_are_asked_for_count():
    live = schema(customer=("orders",), orders=("customer",))
    assert deletion_order(live, ["customer"]) == deletion_order(schema(customer=()), ["customer"])


def test_a_cycle_is_broken_at_the_link_that_may_be_empty():
    order = deletion_order(schema(customer=("address?",), address=("customer",)), ["customer", "address"])
    assert order.steps == ("address", "customer") and order.breaks == (("customer", ("address_id",)),)


def test_a_cycle_that_the_database_resolves_itself_needs_no_break():
    order = deletion_order(schema(customer=("address?",), address=("customer~",)), ["customer", "address"])
    assert order.breaks == () and order.impossible == ()


def test_a_cycle_without_a_link_that_may_be_empty_is_impossible_and_says_so():
    order = deletion_order(schema(a=("b",), b=("a",), c=()), ["a", "b", "c"])
    assert set(order.steps) == {"a", "b", "c"}
    assert "a, b" in order.impossible[0].en and "a, b" in order.impossible[0].zh


def test_a_link_to_the_table_itself_is_emptied_first():
    assert deletion_order(schema(staff=("staff?",)), ["staff"]).breaks == (("staff", ("staff_id",)),)


def test_a_filled_link_to_the_table_itself_is_impossible_only_where_rows_are_checked_one_by_one():
    assert deletion_order(schema(staff=("staff",)), ["staff"]).impossible == ()
    assert deletion_order(schema("mysql", staff=("staff",)), ["staff"]).impossible


def test_the_wish_of_the_map_is_followed_unless_a_foreign_key_says_otherwise():
    live = schema(a=(), b=(), c=("a",))
    assert deletion_order(live, ["a", "b"], {"a": ["b"]}).steps == ("b", "a")
    assert deletion_order(live, ["a", "c"], {"c": ["a"]}).steps == ("c", "a")


def test_unbroken_tables_outside_a_cycle_keep_their_links():
    live = schema(x=("a?",), a=("b?",), b=("a",))
    order = deletion_order(live, ["x", "a", "b"])
    assert order.steps[0] == "x" and order.breaks == (("a", ("b_id",)),)


METADATA = sa.MetaData()
sa.Table(
    "customer",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("address_id", sa.ForeignKey("address.id", use_alter=True, name="fk_home")),
    sa.Column("friend_id", sa.ForeignKey("customer.id")),
)
sa.Table(
    "address",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer_id", sa.ForeignKey("customer.id"), nullable=False),
)


@pytest.mark.filterwarnings("ignore:Can't sort tables")
def test_rows_in_a_cycle_are_really_deleted(any_url):  # noqa: F811
    shop = open_shop(any_url, METADATA, collection("customer", id=None), collection("address", id=None))
    order = deletion_order(shop.schema_of("shop"), ["customer", "address"])
    with shop.engine("shop").execution_options(writes=True).begin() as connection:
        customer, address = shop.table("shop.customer"), shop.table("shop.address")
        connection.execute(customer.insert(), [{"id": 1}, {"id": 2}])
        connection.execute(address.insert(), [{"id": 1, "customer_id": 1}, {"id": 2, "customer_id": 2}])
        connection.execute(customer.update().values(address_id=customer.c.id, friend_id=3 - customer.c.id))
        for table, columns in order.breaks:
            null_link(connection, shop.table(f"shop.{table}"), ("id",), [(1,), (2,)], columns)
        done = {
            table: delete_rows(connection, shop.table(f"shop.{table}"), ("id",), [(1,), (2,)]) for table in order.steps
        }
    assert done == {"customer": 2, "address": 2}
    shop.close()
