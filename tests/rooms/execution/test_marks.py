"""Restricted records carry a mark that the company's systems can read, for exactly as long as they are restricted."""

import json
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center.cli import main
from privacy_center.sources.restriction_table import restriction_table
from tests import corner

LI = {"email": ["li@example.com"]}
SIDE = restriction_table("privacy_restriction", None)
LATER = datetime(2036, 10, 6, 12, tzinfo=UTC)
LINES = """
- key: lines-stay
  title: {zh-CN: 商品, en: Goods}
  authority: law
  citation: {law: 电子商务法, article: "31", checked: true}
  covers: {collection: shop.order_line}
  when: {exists: {collection: shop.orders, on: {id: order_id}, when: {field: completed_at, is: not_null}}}
  until: {period: P3Y, from: completed_at, of: {collection: shop.orders, on: {id: order_id}}}
  treatment: restrict
  needs: [item]
  customer: {zh-CN: 商品要存三年。, en: Goods are kept for three years.}
- key: browsing-stays
  title: {zh-CN: 浏览, en: Browsing}
  authority: law
  citation: {law: 网络安全法, article: "23", checked: true}
  covers: {collection: shop.browsing}
  until: {period: P2Y, from: at}
  treatment: restrict
  needs: all
  customer: {zh-CN: 日志要存。, en: Logs are kept.}
"""


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def shop(request, tmp_path):
    urls = {}
    if request.param != "sqlite":
        urls = {"shop_url": request.getfixturevalue(f"new_{request.param}")()}
    opened = corner.open_corner(tmp_path, **urls)
    yield opened
    opened.center.close()
    opened.shop.dispose()
    opened.crm.dispose()


def with_side_table(shop, *more):
    (shop.home / "catalogue.yml").write_text("markers: {shop: privacy_restriction}\n")
    assert main(["--home", str(shop.home), "restriction-table", "create", "shop", *more]) == 0
    shop.reopen()


def entered(shop):
    with shop.shop.connect() as connection:
        return {(row.table_name, row.record_key): row for row in connection.execute(sa.select(SIDE))}


def test_a_side_table_lists_what_is_restricted_until_it_is_released(shop):
    with (shop.home / "policy" / "corner.yml").open("a") as policy:
        policy.write(LINES)
    with_side_table(shop)
    corner.sign_and_run(shop, LI)
    rows = entered(shop)
    lines = {("order_line", f"{order}/{number}") for order in (11, 12) for number in (1, 2)}
    assert set(rows) == {("invoice", "41"), ("after_sales_case", "31"), *lines}
    assert rows["invoice", "41"].until == date(2036, 10, 5) and rows["invoice", "41"].reason == "invoice-10-years"
    assert rows["after_sales_case", "31"].until is None
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    corner.release(shop)
    assert ("after_sales_case", "31") not in entered(shop)
    assert entered(shop)["invoice", "41"].since == rows["invoice", "41"].since
    with time_machine.travel(LATER, tick=True):
        corner.release(shop)
    assert entered(shop) == {}


def test_the_companys_systems_read_around_restricted_records_through_a_view(shop):
    with_side_table(shop, "--views")
    corner.sign_and_run(shop, LI)
    with shop.shop.connect() as connection:
        assert list(connection.scalars(sa.text("SELECT id FROM privacy_in_use_invoice"))) == []
        assert list(connection.scalars(sa.text("SELECT id FROM privacy_in_use_orders ORDER BY id"))) == [11, 21]
    assert [row["id"] for row in shop.rows(corner.invoice)] == [41]


@pytest.mark.parametrize("kind", ["DATE", "BOOLEAN", "INTEGER NOT NULL DEFAULT 0", "VARCHAR(20)"])
def test_a_column_is_marked_and_unmarked_in_the_change_itself(shop, kind):
    with shop.shop.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE customer ADD COLUMN restricted {kind}")
    map_file = shop.home / "datamap" / "shop.yml"
    name = "    - {name: name, data_categories: [user.name], fides_meta: {data_type: string}}\n"
    marked = name + "    - {name: restricted, data_categories: [system.operations]}\n"
    map_file.write_text(map_file.read_text().replace(name, marked))
    (shop.home / "catalogue.yml").write_text("markers: {shop.customer: restricted}\n")
    contact = """
- key: contact
  title: {zh-CN: 联系, en: Contact}
  authority: law
  citation: {law: 法, article: "1", checked: true}
  covers: {collection: shop.customer}
  when: {exists: {collection: shop.invoice, on: {customer_id: id}, when: {field: remark, is: null}}}
  until: {event: done}
  treatment: restrict
  needs: [name]
  customer: {zh-CN: 联系您。, en: To reach you.}
"""
    with (shop.home / "policy" / "corner.yml").open("a") as policy:
        policy.write(contact)
    shop.reopen()

    def marks():
        with shop.shop.connect() as connection:
            return dict(connection.execute(sa.text("SELECT id, restricted FROM customer")).all())

    corner.sign_and_run(shop, LI)
    assert marks()[corner.LI] and not marks()[corner.WANG]
    shop.change(corner.invoice.update().values(remark="x"))
    corner.release(shop)
    assert not marks()[corner.LI]


def test_records_without_a_key_are_not_entered_and_stay_unmarked(shop):
    with (shop.home / "policy" / "corner.yml").open("a") as policy:
        policy.write(LINES)
    with_side_table(shop)
    corner.sign_and_run(shop, LI)
    assert len(shop.rows(corner.browsing)) == 5
    assert "browsing" not in {table for table, _ in entered(shop)}


def test_a_plan_is_blocked_where_the_side_table_is_not_there(shop):
    (shop.home / "catalogue.yml").write_text("markers: {shop: privacy_restriction}\n")
    shop.reopen()
    from privacy_center.plans.draft import draft_plan
    from privacy_center.plans.preflight import preflight

    drafted = draft_plan(shop.center, LI, None, date(2026, 11, 30))
    found = preflight(shop.center, drafted)
    assert any("restriction-table create shop" in one.words.en and one.blocking for one in found)


def test_check_says_for_each_rule_and_collection_what_marks_its_records(tmp_path, capsys):
    shop = corner.open_corner(tmp_path)
    shop.center.close()

    def checked():
        capsys.readouterr()
        main(["--home", str(tmp_path), "--json", "check"])
        told = json.loads(capsys.readouterr().out)
        ways = {(one["rule"], one["collection"]): one["restriction"] for one in told["restrictions"]}
        return ways, [one["words"] for one in told["findings"]]

    ways, words = checked()
    assert ways["invoice-10-years", "shop.invoice"] == "none"
    assert any("nothing marks kept records of shop.invoice" in one for one in words)
    (tmp_path / "catalogue.yml").write_text("markers: {shop: privacy_restriction}\n")
    ways, words = checked()
    assert ways["invoice-10-years", "shop.invoice"] == "side_table"
    assert any("restriction-table create shop" in one for one in words)
    main(["--home", str(tmp_path), "restriction-table", "create", "shop"])
    assert not any("nothing marks" in one or "restriction-table" in one for one in checked()[1])


def test_what_is_said_of_a_kept_record_is_what_is_in_force_on_it(shop):
    from privacy_center.execution.certify import certificates_of
    from privacy_center.privacy_requests.queries import request_by_reference

    with_side_table(shop)
    reference = corner.sign_and_run(shop, LI)
    with shop.center.database.reading() as session:
        (paper,) = certificates_of(session, request_by_reference(session, reference).id)
    said = {one["collection"]: one for one in paper.body["held"]}
    assert said["shop.invoice"]["restriction"] == "side_table"
    assert "Marked as restricted" in said["shop.invoice"]["meanwhile"]["en"]
    assert said["shop.customer"]["restriction"] == "none"
