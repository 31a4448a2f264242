"""Numbers that the company gives are found as people type them: in small letters, in full-width signs, with blanks around."""

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.people.identity import (
    add_identity,
    find_or_create_person,
    find_person,
    identities_of,
    identity_index,
)
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.sources.identities import spellings
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import StaffRoom
from tests.web.test_customer_ways_in import order_in
from tests.web.test_staff_counter_request import AGENT, DOCUMENT, EVERYTHING, hand_in
from tests.web.test_staff_new_customer import LIN, OTHER, begin, email, entries, number, phone, room, search, visit_in

__all__ = ["room"]
LETTERED = "QH-2026-AB7X"
FULL_WIDTH = str.maketrans({chr(one): chr(one + 0xFEE0) for one in range(0x21, 0x7F)})
WAYS = (str.lower, str.upper, lambda one: one.translate(FULL_WIDTH), lambda one: f"　{one.lower()} ")


def typed(way) -> tuple[str, str]:
    return "customer_number", way(LIN.customer_no)


@pytest.mark.parametrize("way", WAYS)
def test_a_number_in_any_spelling_finds_who_is_new_and_becomes_theirs_as_it_stands_on_file(room: StaffRoom, way):
    agent, visit = begin(room, phone(LIN), typed(way))
    assert visit
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    hand_in(agent, visit)
    with room.center.database.reading() as session:
        (asked,) = session.scalars(sa.select(PrivacyRequest))
        assert identities_of(session, asked.person_id)["customer_number"] == [LIN.customer_no]


@pytest.mark.parametrize("way", WAYS)
def test_a_number_that_was_proven_and_a_reference_are_found_in_any_spelling(room: StaffRoom, way):
    with room.center.database.transaction() as session:
        person = find_or_create_person(session, *email(LIN), clock.now())
        add_identity(session, person, *number(LIN), method="oidc", at=clock.now())
    agent = room.sit_down(AGENT)
    page = search(agent, email(LIN), typed(way))
    assert visit_in(page) and "还没用过隐私中心" not in page
    reference = room.ask("open-case")
    assert visit_in(search(agent, email(LIN), ("reference", way(reference))))


def test_another_customers_number_finds_nobody_in_any_spelling(room: StaffRoom):
    agent = room.sit_down(AGENT)
    for way in WAYS:
        assert not visit_in(search(agent, phone(LIN), ("customer_number", way(OTHER.customer_no))))
    assert {one["found"] for one in entries(room, "data.search")} == {False}


@pytest.mark.parametrize("way", WAYS)
def test_whom_one_declared_by_a_number_is_shut_whatever_its_spelling(room: StaffRoom, way):
    with room.center.database.transaction() as session:
        declare(session, find_staff(session, AGENT), *typed(way), Relation.RELATIVE)
    search(room.sit_down(AGENT), phone(LIN), number(LIN), status=403)
    search(room.sit_down(AGENT), phone(LIN), email(LIN), status=403)


def test_every_spelling_has_one_blind_index_and_a_number_belongs_to_one_person(room: StaffRoom):
    with room.center.database.transaction() as session:
        person = find_or_create_person(session, *number(LIN), clock.now())
        assert len({identity_index(session, *typed(way)) for way in WAYS}) == 1
        assert {find_person(session, *typed(way)).id for way in WAYS} == {person.id}


def test_whose_a_row_is_only_the_spelling_on_file_says(room: StaffRoom):
    twin = LIN.customer_no.lower()
    assert spellings("customer_number", twin) == (twin,)
    table = room.center.sources.table("shop.customer")
    with room.center.sources.engine("shop").begin() as connection:
        row = connection.execute(sa.select(table).where(table.c.phone == OTHER.phone)).mappings().first()
        assert row is not None
        connection.execute(table.update().where(table.c.phone == OTHER.phone).values(customer_no=twin))
    agent = room.sit_down(AGENT)
    assert visit_in(search(agent, phone(LIN), typed(str.upper)))
    page = search(agent, phone(OTHER), typed(str.upper))
    visit = visit_in(page)
    agent.post(f"{visit}/verify", DOCUMENT)
    with room.center.database.reading() as session:
        person = find_person(session, *phone(OTHER))
        assert identities_of(session, person.id)["customer_number"] == [twin]


def lettered_order(counter: CustomerRoom) -> tuple[str, str]:
    """An order of the sample shop whose number has letters, with the phone of who gets it."""
    order, contact = order_in(counter)
    table = counter.center.sources.table("shop.orders")
    with counter.center.sources.engine("shop").begin() as connection:
        connection.execute(table.update().where(table.c.order_no == order).values(order_no=LETTERED))
    return LETTERED, contact


def test_an_order_number_is_found_in_any_spelling_and_answered_alike(counter: CustomerRoom):
    order, contact = lettered_order(counter)
    seen = []
    for way in WAYS:
        counter.forget_limits()
        before, browser = counter.letters(), counter.browser()
        browser.get("/sign-in/order")
        seen.append(browser.post("/sign-in/order", order=way(order), contact=contact).headers["Location"])
        assert counter.letters() == before + 1
    assert len(set(seen)) == 1


def test_spellings_of_one_order_number_are_counted_together(counter: CustomerRoom):
    order, _contact = lettered_order(counter)
    for turn in range(10):
        browser = counter.browser()
        browser.get("/sign-in/order")
        browser.post("/sign-in/order", order=WAYS[turn % len(WAYS)](order), contact=f"guess{turn}@example.com")
    browser = counter.browser()
    browser.get("/sign-in/order")
    browser.post("/sign-in/order", 429, order=order.swapcase(), contact="guess11@example.com")
