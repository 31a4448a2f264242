"""A release asks the company's databases before it writes to our own, and opens only on what it saw."""

import sqlite3
from datetime import datetime

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.execution.due import release_due
from privacy_center.execution.placed import join_register
from privacy_center.execution.release import find_due, requests_with_holds
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.place import NewHold, Placing, Records, place_hold
from privacy_center.people.staff.models import StaffMember
from tests import corner

LI = {"email": ["li@example.com"]}


@pytest.fixture
def ended(tmp_path):
    """Li's deletion carried out, and the case closed for which records had stayed."""
    shop = corner.open_corner(tmp_path)
    corner.sign_and_run(shop, LI)
    shop.change(corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20)))
    yield shop
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()


def sweep(shop, asked):
    """Look for what can go; `asked()` runs with every question to the shop's database."""
    engine = shop.center.sources.engine("shop")
    sa.event.listen(engine, "before_cursor_execute", asked)
    try:
        return release_due(shop.center, lambda *_: None, clock.now())
    finally:
        sa.event.remove(engine, "before_cursor_execute", asked)


def questions_of_one_look(shop) -> int:
    """How many questions a look for what can go puts to the shop's database."""
    questions, engine = [], shop.center.sources.engine("shop")

    def count(*_):
        questions.append(1)

    sa.event.listen(engine, "before_cursor_execute", count)
    with shop.center.database.reading() as session:
        (request,) = requests_with_holds(session)
        find_due(session, shop.center, request, shop.center.today(clock.now()))
    sa.event.remove(engine, "before_cursor_execute", count)
    return len(questions)


def test_the_company_is_never_asked_while_our_own_database_is_written_to(ended):
    own = ended.center.settings.own_database_url.removeprefix("sqlite:///")
    questions = []

    def asked(*_):
        questions.append(1)
        connection = sqlite3.connect(own, timeout=0, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")  # locked where we write
        connection.execute("ROLLBACK")
        connection.close()

    assert len(sweep(ended, asked)) == 1 and questions


def test_a_hold_placed_while_the_company_is_asked_keeps_the_release_from_opening(ended):
    wanted = {"shop.after_sales_case": Records(("id",), [(31,)])}
    member = StaffMember(number="S1", roles=["senior_reviewer"], active=True, department="")
    questions, last = [], questions_of_one_look(ended)

    def asked(*_):
        questions.append(1)
        if len(questions) == last:
            with ended.center.database.transaction() as session:
                at, day = clock.now(), ended.center.today(clock.now())
                hold = place_hold(session, NewHold(PlacedKind.EVIDENCE, "争议"), wanted, Placing(member, at, day))
                join_register(session, hold, day)

    assert sweep(ended, asked) == [] and len(questions) >= last
    corner.release(ended)
    assert [row["id"] for row in ended.rows(corner.case)] == [31]
