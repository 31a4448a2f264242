"""A plan says, row by row, what will happen and why; and reads only."""

from datetime import date, datetime

import pytest

from privacy_center.plans.draft import draft_plan
from privacy_center.plans.preflight import preflight
from privacy_center.privacy_requests.scope import RequestScope
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


def test_what_no_rule_holds_goes_and_what_one_holds_stays(shop):
    plan = draft_plan(shop.center, LI, None, TODAY)
    assert actions(plan, "shop.after_sales_case") == {(31,): "restrict", (32,): "delete"}
    assert actions(plan, "shop.invoice") == {(41,): "restrict", (42,): "delete"}
    assert actions(plan, "crm.contact") == {("M007",): "delete"}


def test_a_held_row_keeps_what_its_rule_needs_and_loses_the_rest(shop):
    plan = draft_plan(shop.center, LI, None, TODAY)
    assert plan.sheet.rows["shop.invoice"][(41,)].fields == ("remark",)
    assert plan.sheet.rows["shop.after_sales_case"][(31,)].fields == ("message",)


def test_a_row_that_a_held_row_refers_to_is_emptied_and_stays(shop):
    plan = draft_plan(shop.center, LI, None, TODAY)
    assert actions(plan, "shop.orders") == {(11,): "mask", (12,): "delete", (13,): "delete"}
    assert actions(plan, "shop.customer") == {(1,): "mask"}
    assert plan.sheet.rows["shop.customer"][(1,)].skeleton


def test_an_address_that_somebody_else_uses_too_stays(shop):
    assert actions(draft_plan(shop.center, LI, None, TODAY), "shop.address") == {(1,): "keep", (2,): "delete"}


def test_a_row_that_an_unmapped_table_refers_to_stays_as_an_empty_one(shop, tmp_path):
    with shop.shop.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE secret (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id))"
        )
        connection.exec_driver_sql("INSERT INTO secret VALUES (1, 12)")
    shop.center.sources.refresh()
    assert actions(draft_plan(shop.center, LI, None, TODAY), "shop.orders")[(12,)] == "mask"


def test_a_request_for_one_category_masks_that_and_deletes_nothing_else(shop):
    plan = draft_plan(shop.center, LI, RequestScope.of_categories(["user.content"]), TODAY)
    assert "shop.customer" not in plan.sheet.rows
    assert plan.sheet.rows["shop.orders"][(12,)].fields == ("note",)
    assert actions(plan, "shop.orders")[(12,)] == "mask"
    assert not any(one.action.value == "delete" for rows in plan.sheet.rows.values() for one in rows.values())


def test_a_request_for_contact_data_does_not_close_the_account(shop):
    plan = draft_plan(shop.center, LI, RequestScope.of_categories(["user.contact"]), TODAY)
    assert actions(plan, "shop.customer") == {(1,): "mask"}
    assert plan.sheet.rows["shop.customer"][(1,)].fields == ("email", "phone")


def test_rows_with_nothing_else_in_them_go_as_a_whole_when_their_category_is_asked_for(shop):
    plan = draft_plan(shop.center, LI, RequestScope.of_categories(["user.behavior.browsing_history"]), TODAY)
    assert set(actions(plan, "shop.browsing").values()) == {"delete"}


def test_a_row_whose_dates_contradict_each_other_waits_for_a_person(shop):
    shop.change(corner.case.update().where(corner.case.c.id == 32).values(closed_at=datetime(2026, 4, 1)))
    assert actions(draft_plan(shop.center, LI, None, TODAY), "shop.after_sales_case")[(32,)] == "decide"


def test_what_the_customer_must_do_first_waits_for_the_customer(shop):
    shop.change(corner.card.update().values(unbound_at=None))
    assert actions(draft_plan(shop.center, LI, None, TODAY), "crm.card") == {(51,): "wait"}


def test_the_same_facts_give_the_same_digest_and_other_facts_another(shop):
    first = draft_plan(shop.center, LI, None, TODAY).digest
    assert draft_plan(shop.center, LI, None, TODAY).digest == first
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 1)))
    assert draft_plan(shop.center, LI, None, TODAY).digest != first


def test_a_plan_changes_nothing(shop):
    before = [shop.rows(table) for table in (*corner.shop.sorted_tables, *corner.crm.sorted_tables)]
    preflight(shop.center, draft_plan(shop.center, LI, None, TODAY))
    assert [shop.rows(table) for table in (*corner.shop.sorted_tables, *corner.crm.sorted_tables)] == before


def test_a_plan_that_the_databases_allow_has_no_problem(shop):
    assert preflight(shop.center, draft_plan(shop.center, LI, None, TODAY)) == []


def test_a_database_that_may_only_be_read_is_a_problem_in_words(shop):
    text = (shop.home / "sources.yml").read_text().replace("crm.db'", "crm.db', access: read")
    (shop.home / "sources.yml").write_text(text)
    shop.reopen()
    problems = preflight(shop.center, draft_plan(shop.center, LI, None, TODAY))
    assert {one.collection for one in problems if one.blocking} >= {"crm.contact", "crm.card"}
    assert all(one.words.zh and one.words.en for one in problems)


def test_a_database_that_is_down_makes_the_plan_incomplete_and_the_rest_goes_on(shop):
    text = (shop.home / "sources.yml").read_text().replace("crm.db", "nowhere.db")
    (shop.home / "sources.yml").write_text(text)
    shop.reopen()
    plan = draft_plan(shop.center, LI, None, TODAY)
    assert {"crm.contact", "crm.card"} <= {one.collection for one in plan.problems if one.blocking}
    assert actions(plan, "shop.orders")


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_the_same_plan_on_other_databases(kind, request, tmp_path, shop):
    new = request.getfixturevalue(f"new_{kind}")
    elsewhere = corner.open_corner(tmp_path / "elsewhere", shop_url=new(), crm_url=new())
    here = draft_plan(shop.center, LI, None, TODAY)
    there = draft_plan(elsewhere.center, LI, None, TODAY)
    for collection in here.sheet.rows:
        assert actions(there, collection) == actions(here, collection), collection
    assert preflight(elsewhere.center, there) == []
    elsewhere.center.close()
