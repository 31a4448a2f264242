"""The guards of last resort: no certificate where nobody could look, and held records keep what their rules read."""

from pathlib import Path

from privacy_center.execution.certify import certificates_of
from privacy_center.privacy_requests.queries import request_by_reference
from tests import corner
from tests.rooms.execution.company import CUSTOMERS, LI, Company, belonging

BY_STATUS = """
- key: open-orders
  title: Open
  authority: law
  citation: {law: x, article: "1", checked: true}
  covers: {collection: shop.orders}
  when: {field: status, eq: open}
  until: {event: closed}
  treatment: restrict
  needs: [id]
  customer: {zh-CN: 还没结束。, en: Still open.}
"""


def test_a_database_that_cannot_be_read_at_the_end_leaves_the_request_open_and_without_certificate(tmp_path: Path):
    shop = corner.open_corner(tmp_path / "home")
    shop.change(corner.card.delete())
    shop.change(corner.contact.delete().where(corner.contact.c.member_no == "M007"))
    away = tmp_path / "crm.db"
    shop.once_approved = lambda: (shop.crm.dispose(), (tmp_path / "home" / "crm.db").rename(away))
    reference = corner.sign_and_run(shop, {"email": ["li@example.com"]})
    with shop.center.database.reading() as session:
        request = request_by_reference(session, reference)
        assert request.state.value == "needs_attention"
        assert certificates_of(session, request.id) == []
    shop.center.close()
    shop.shop.dispose()


def test_a_held_record_keeps_the_fields_that_its_rule_reads_so_that_its_end_is_seen(tmp_path: Path):
    table = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, note TEXT, status TEXT)"
    company = Company(
        tmp_path / "home",
        f"sqlite:///{tmp_path / 'shop.db'}",
        [*CUSTOMERS, table, "INSERT INTO orders VALUES (1, 1, 'at the door', 'open')"],
        belonging("orders", "note", "status"),
        BY_STATUS,
    )
    assert company.erase(LI) == "completed_with_holds"
    assert company.tell("SELECT note, status FROM orders") == [(None, "open")]
    company.tell("UPDATE orders SET status = 'closed'")
    assert corner.release(company.corner) == 1
    assert company.tell("SELECT * FROM orders") == []
    company.close()
