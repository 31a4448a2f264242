"""A trigger that changes or deletes other records stops a request until somebody has read it."""

import pytest
import sqlalchemy as sa

from tests.rooms.execution.company import CUSTOMERS, LI, Company, Open, belonging
from tests.rooms.sources.databases import any_url  # noqa: F401

TABLES = [
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, note VARCHAR(20))",
    "CREATE TABLE coupon (id INTEGER PRIMARY KEY, order_id INTEGER, note VARCHAR(20))",
    "INSERT INTO orders VALUES (1, 1, 'li'), (2, 2, 'wang')",
    "INSERT INTO coupon VALUES (1, 1, 'of a friend')",
]
KNOWN = belonging("orders", "note").replace("    fields:", "    fides_meta: {known_triggers: [tidy]}\n    fields:")


def trigger(url: str, body: str, event: str = "DELETE") -> list[str]:
    """The statements for a trigger `tidy` on orders that runs this for each row."""
    kind = sa.make_url(url).get_backend_name()
    if kind == "sqlite":
        return [f"CREATE TRIGGER tidy AFTER {event} ON orders BEGIN {body}; END"]
    if kind == "postgresql":
        made = f"CREATE FUNCTION do_tidy() RETURNS trigger AS $$ BEGIN {body}; RETURN NULL; END $$ LANGUAGE plpgsql"
        return [made, f"CREATE TRIGGER tidy AFTER {event} ON orders FOR EACH ROW EXECUTE FUNCTION do_tidy()"]
    return [f"CREATE TRIGGER tidy AFTER {event} ON orders FOR EACH ROW BEGIN {body}; END"]


@pytest.mark.parametrize(
    "body", ["DELETE FROM coupon WHERE order_id = OLD.id", "UPDATE coupon SET note = '' WHERE order_id = OLD.id"]
)
def test_a_plan_that_sets_off_a_trigger_on_other_records_is_not_approved(open_company: Open, any_url: str, body: str):  # noqa: F811
    company = open_company(any_url, TABLES + trigger(any_url, body), belonging("orders", "note"))
    (problem,) = [one for one in company.problems(LI) if one.blocking]
    assert problem.collection == "shop.orders"
    assert "tidy" in problem.words.en and "coupon" in problem.words.en and "known_triggers" in problem.words.en


def test_a_trigger_made_after_approval_stops_the_step_before_anything_is_changed(open_company: Open, any_url: str):  # noqa: F811
    company = open_company(any_url, TABLES, belonging("orders", "note"))
    assert not company.problems(LI)
    made = trigger(any_url, "DELETE FROM coupon WHERE order_id = OLD.id")
    company.corner.before_run = lambda: company.tell(*made)
    assert company.erase(LI) == "needs_attention"
    assert "The trigger tidy of the table orders changes or deletes other records" in company.errors()[0]
    assert company.tell("SELECT id FROM coupon") == [(1,)]
    assert len(company.tell("SELECT id FROM orders")) == 2


def test_a_trigger_that_the_map_knows_runs_with_the_deletion(open_company: Open, any_url: str):  # noqa: F811
    made = trigger(any_url, "DELETE FROM coupon WHERE order_id = OLD.id")
    company = open_company(any_url, TABLES + made, KNOWN)
    assert not [one for one in company.problems(LI) if one.blocking]
    assert company.erase(LI) == "completed"
    assert company.tell("SELECT id FROM coupon") == [] and company.tell("SELECT id FROM orders") == [(2,)]


def test_a_trigger_for_another_event_is_no_obstacle(open_company: Open, any_url: str):  # noqa: F811
    made = trigger(any_url, "DELETE FROM coupon WHERE order_id = OLD.id", "UPDATE")
    company = open_company(any_url, TABLES + made, belonging("orders", "note"))
    assert not company.problems(LI) and company.erase(LI) == "completed"


def test_what_a_called_routine_deletes_is_seen(open_company: Open, request):
    for kind in ("postgres_url", "mariadb_url"):
        url = request.getfixturevalue(kind)
        if kind == "postgres_url":
            routine = "CREATE FUNCTION drop_coupons(one INT) RETURNS void AS 'DELETE FROM coupon WHERE order_id = one'"
            made = [routine + " LANGUAGE sql", *trigger(url, "PERFORM drop_coupons(OLD.id)")]
        else:
            routine = "CREATE PROCEDURE drop_coupons(one INT) DELETE FROM coupon WHERE order_id = one"
            made = [routine, *trigger(url, "CALL drop_coupons(OLD.id)")]
        company = Company(
            request.getfixturevalue("tmp_path") / kind, url, CUSTOMERS + TABLES + made, belonging("orders", "note")
        )
        assert any("coupon" in one.words.en and one.blocking for one in company.problems(LI))
        company.close()
