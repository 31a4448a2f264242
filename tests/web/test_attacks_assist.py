"""A dishonest agent, and a thief on the phone, at the search that finds who is new and at the visit that follows it."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.identity import add_identity, find_or_create_person
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.freeze import freeze_person
from privacy_center.privacy_requests.models import PrivacyRequest
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import StaffRoom
from tests.web.test_staff_counter_request import AGENT, DOCUMENT, EVERYTHING, hand_in
from tests.web.test_staff_new_customer import LIN, begin, email, entries, number, phone, room, search, visit_in

__all__ = ["room"]


@pytest.mark.parametrize("known", [(), ("email",), ("email", "customer_number")])
def test_whom_an_agent_declared_is_shut_by_whatever_other_numbers_the_search_is_made(room: StaffRoom, known):
    with room.center.database.transaction() as session:
        for kind in known:
            person = find_or_create_person(session, *email(LIN), clock.now())
            value = dict((email(LIN), number(LIN)))[kind]
            add_identity(session, person, kind, value, method="code", at=clock.now())
    with room.center.database.transaction() as session:
        declare(session, find_staff(session, AGENT), *phone(LIN), Relation.RELATIVE)
    page = search(room.sit_down(AGENT), email(LIN), number(LIN), status=403)
    assert not visit_in(page)


def test_who_stopped_everything_is_not_helped_around_it_as_somebody_new(room: StaffRoom):
    with room.center.database.transaction() as session:
        person = find_or_create_person(session, *email(LIN), clock.now() - timedelta(days=400)).id
        freeze_person(session, person, how="notice", actor=Actor("customer", str(person)), at=clock.now())
    agent, visit = begin(room, phone(LIN), number(LIN))
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    assert "全部叫停" in hand_in(agent, visit, 409).text
    with room.center.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(PrivacyRequest)) == 0


def test_a_search_that_finds_nobody_is_on_record_with_whom_it_was_about(room: StaffRoom):
    search(room.sit_down(AGENT), phone(LIN), ("customer_number", "C-0"))
    (tried,) = entries(room, "data.search")
    assert tried["found"] is False and tried["subject_index"] and LIN.phone not in json.dumps(tried)


def test_a_customer_who_comes_later_sees_who_had_looked_for_them(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room, phone(LIN), email(LIN))
    agent.get(f"{visit}/verify")
    browser = counter.browser()
    browser.sign_in(LIN.email)
    browser.get("/me/who-looked/")
    assert "查看了 2 次" in browser.words()


def test_a_request_made_at_the_counter_is_told_to_every_contact_on_file(room: StaffRoom):
    agent, visit = begin(room, phone(LIN), number(LIN))
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    hand_in(agent, visit)
    with room.center.database.reading() as session:
        assert {one.kind.value for one in session.scalars(sa.select(OutboxMessage))} == {"email", "sms"}


@pytest.mark.parametrize("ticket", [LIN.phone, f"T-{LIN.customer_no}"])
def test_no_ticket_carries_a_number_of_the_customer_into_the_record(room: StaffRoom, ticket: str):
    fields = {"kind_1": "phone_number", "value_1": f"+86 {LIN.phone}", "kind_2": "customer_number"}
    fields |= {"value_2": LIN.customer_no, "case": ticket, "purpose": "request.assist"}
    assert "工单号里不要写客户的号码" in room.sit_down(AGENT).post("/staff/search", fields, 422).text
    assert entries(room, "data.search") == []
