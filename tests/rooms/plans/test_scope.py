"""A scope is a promise: what is outside it is in no plan, whatever refers to what."""

from datetime import date

import pytest
import sqlalchemy as sa

from privacy_center.plans.draft import draft_plan
from privacy_center.plans.scope import record_hash, select_collections
from privacy_center.privacy_requests.scope import EVERYTHING, ChosenRecords, RequestScope
from tests import corner

TODAY = date(2026, 11, 21)
LI = {"email": ["li@example.com"]}


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path)
    yield opened
    opened.center.close()


def actions(plan, collection):
    return {key: one.action.value for key, one in plan.sheet.rows.get(collection, {}).items()}


@pytest.mark.parametrize(
    "scope",
    [
        EVERYTHING,
        RequestScope.of_categories(["user.content", "user.contact"]),
        RequestScope.of_records(["shop.orders", "crm.card"]),
        RequestScope.of_records({"shop.orders": ChosenRecords(("note",), ("00ff",)), "crm.card": ChosenRecords()}),
    ],
)
def test_a_scope_is_read_as_it_was_written(scope):
    assert RequestScope.read(scope.as_json()) == scope


def test_a_chosen_record_to_which_one_outside_refers_is_cleared_and_the_other_stays(shop):
    plan = draft_plan(shop.center, LI, RequestScope.of_records(["shop.orders"]), TODAY)
    assert set(plan.sheet.rows) == {"shop.orders"}
    assert set(actions(plan, "shop.orders").values()) == {"mask"}, "lines outside the choice refer to each order"
    assert all("不在这次申请范围内" in one.reason.zh for one in plan.sheet.rows["shop.orders"].values())


def test_single_records_and_single_fields_can_be_chosen(shop):
    only = record_hash(shop.center.keyring, "shop.invoice", (42,))
    chosen = {"shop.invoice": ChosenRecords(records=(only,)), "shop.orders": ChosenRecords(fields=("note",))}
    plan = draft_plan(shop.center, LI, RequestScope.of_records(chosen), TODAY)
    assert actions(plan, "shop.invoice") == {(42,): "delete"}
    assert {one.fields for one in plan.sheet.rows["shop.orders"].values()} == {("note",)}


def test_the_scope_is_part_of_the_digest(shop):
    every = select_collections(shop.center.data_map, shop.center.data_map.collections)
    here, there = (draft_plan(shop.center, LI, scope, TODAY) for scope in (EVERYTHING, every))
    assert here.sheet.rows == there.sheet.rows and here.digest != there.digest


@pytest.mark.parametrize(
    "category", ["user.content", "user.contact", "user.behavior.purchase_history", "user.financial"]
)
def test_a_category_changes_no_field_of_another(shop, category):
    def rows():
        return {one.name: shop.rows(one) for one in (*corner.shop.sorted_tables, *corner.crm.sorted_tables)}

    before = rows()
    corner.sign_and_run(shop, LI, categories=[category])
    after, center = rows(), shop.center
    for collection in center.data_map.collections.values():
        was, now = before[collection.name], after[collection.name]
        if len(was) != len(now):
            continue
        for one, other in zip(was, now, strict=True):
            changed = {name for name in one if one[name] != other[name]}
            outside = {
                name
                for name in changed
                if not any(
                    said == category or said.startswith(f"{category}.")
                    for said in collection.fields[name].data_categories
                )
            }
            assert not outside, (collection.key, outside)


def test_the_link_of_a_record_outside_the_choice_is_not_emptied(shop):
    with shop.shop.begin() as connection:
        connection.execute(sa.text("PRAGMA foreign_keys = OFF"))
        connection.execute(sa.text("DROP TABLE after_sales_case"))
        connection.execute(
            sa.text(
                "CREATE TABLE after_sales_case (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id) ON DELETE"
                " SET NULL, opened_at DATETIME, closed_at DATETIME, message TEXT)"
            )
        )
        connection.execute(sa.text("INSERT INTO after_sales_case VALUES (31, 13, '2026-05-01', '2026-06-01', 'x')"))
    shop.center.sources.refresh()
    scope = RequestScope.of_records(["shop.orders", "shop.order_line"])
    plan = draft_plan(shop.center, LI, scope, TODAY)
    assert actions(plan, "shop.orders") == {(11,): "delete", (12,): "delete", (13,): "mask"}
