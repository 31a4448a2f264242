"""A later look gives the same plan, or says what changed."""

from datetime import UTC, date, datetime

import pytest

from privacy_center.plans.compare import Change, what_changed
from privacy_center.plans.decision import Action
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import freeze_plan
from privacy_center.retention.verdict import Outcome
from tests import corner

AT, TODAY = datetime(2026, 11, 21, 4, tzinfo=UTC), date(2026, 11, 21)
LI = {"email": ["li@example.com"]}


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path)
    yield opened
    opened.center.close()


def look(shop, *, change: str = "", today: date = TODAY):
    """Freeze a plan, let something happen at the shop, look again."""
    center = shop.center
    with center.database.transaction() as session:
        first = draft_plan(center, LI, None, TODAY)
        plan = freeze_plan(session, center, first, request_id=None, at=AT)
        if change:
            with shop.shop.begin() as connection:
                connection.exec_driver_sql(change)
        later = draft_plan(center, LI, None, today)
        found = what_changed(session, plan, later)
    assert bool(found) == (later.digest != first.digest)
    return found


def test_where_nothing_happened_a_later_look_gives_the_same_plan(shop):
    assert look(shop) == []


def test_a_row_that_came_since_is_told(shop):
    found = look(shop, change="INSERT INTO invoice VALUES (49, 1, '2010-01-01', 'new', NULL)")
    assert Change("shop.invoice", None, (Outcome.ERASE, Action.DELETE), 1) in found
    assert [one.kind for one in found] == ["added"]


def test_a_row_that_has_gone_is_told(shop):
    found = look(shop, change="DELETE FROM invoice WHERE id = 42")
    assert [(one.kind, one.collection, one.rows) for one in found] == [("removed", "shop.invoice", 1)]


def test_a_case_that_was_closed_changes_its_row_and_the_order_it_held(shop):
    found = look(shop, change="UPDATE after_sales_case SET closed_at = '2026-06-01 00:00:00.000000' WHERE id = 31")
    told = {(one.collection, one.was and one.was[1], one.now and one.now[1]): one.kind for one in found}
    assert told[("shop.after_sales_case", Action.RESTRICT, Action.DELETE)] == "changed"


def test_time_alone_can_change_a_plan(shop):
    found = look(shop, today=date(2070, 1, 1))
    assert any(one.kind == "changed" and one.now[0] is Outcome.ERASE for one in found)
