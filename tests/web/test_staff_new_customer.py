"""An agent helps somebody who never used the privacy center: only the company's own databases know them."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.models import AuditEntry
from privacy_center.people.identity import find_or_create_person, find_person, identities_of, identity_index
from privacy_center.people.models import Level, Person, PersonIdentity
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.models import Channel, PrivacyRequest
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, StaffClient, StaffRoom
from tests.web.test_staff_counter_request import (
    AGENT,
    DOCUMENT,
    EVERYTHING,
    TICKET,
    hand_in,
    prove_on_the_phone,
)

LIN, OTHER = BY_KEY["open-case"], BY_KEY["two-numbers"]
COMPLAINTS = "S0106"
NEW = "还没用过隐私中心"


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    """The staff room of a house in which no customer has signed in yet."""
    return StaffRoom(counter.center, counter.app)


def search(agent: StaffClient, first: tuple[str, str], second: tuple[str, str], status: int = 200) -> str:
    """The page that answers a search by two identifiers."""
    fields = {"kind_1": first[0], "value_1": first[1], "kind_2": second[0], "value_2": second[1]}
    return agent.post("/staff/search", fields | {"case": TICKET, "purpose": "request.assist"}, status).text


def visit_in(page: str) -> str:
    found = re.search(r'href="(/staff/search/[^/"]+)/verify"', page)
    return found[1] if found else ""


def begin(room: StaffRoom, *identifiers: tuple[str, str]) -> tuple[StaffClient, str]:
    agent = room.sit_down(AGENT)
    return agent, visit_in(search(agent, *identifiers))


def phone(story) -> tuple[str, str]:
    return "phone_number", story.phone


def email(story) -> tuple[str, str]:
    return "email", story.email


def number(story) -> tuple[str, str]:
    return "customer_number", story.customer_no


def persons(room: StaffRoom) -> int:
    with room.center.database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Person))


def entries(room: StaffRoom, act: str) -> list[dict]:
    with room.center.database.reading() as session:
        found = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.seq))
        return [json.loads(one.details) for one in found]


def test_a_document_at_the_counter_makes_a_person_and_a_request_and_nothing_before_it_does(room: StaffRoom):
    agent = room.sit_down(AGENT)
    page = search(agent, phone(LIN), number(LIN))
    assert NEW in page and LIN.phone not in page.split("<form")[0]
    visit = visit_in(page)
    assert "没有核验，先受理" not in agent.get(f"{visit}/verify").text
    agent.get(f"{visit}/what", 303)
    assert persons(room) == 0
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    preview = agent.get(f"{visit}/preview").text
    assert "可以删除" in preview and "暂时保留" in preview
    done = hand_in(agent, visit).location
    with room.center.database.reading() as session:
        (asked,) = session.scalars(sa.select(PrivacyRequest))
        assert (asked.channel, asked.level, asked.verified_by) == (Channel.COUNTER, Level.V3, AGENT)
        assert identities_of(session, asked.person_id) == {
            "phone_number": [LIN.phone],
            "customer_number": [LIN.customer_no],
        }
        assert set(session.scalars(sa.select(PersonIdentity.method))) == {"counter"}
    assert asked.reference in agent.get(done).text


def test_the_customer_finds_the_request_when_they_sign_in_themselves_later(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room, phone(LIN), email(LIN))
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    hand_in(agent, visit)
    with room.center.database.reading() as session:
        (asked,) = session.scalars(sa.select(PrivacyRequest))
    browser = counter.browser()
    browser.sign_in(LIN.email)
    assert asked.reference in browser.get("/me/requests/").text


def test_two_numbers_of_two_customers_and_one_wrong_number_find_nobody(room: StaffRoom):
    agent = room.sit_down(AGENT)
    for first, second in (
        (phone(LIN), number(OTHER)),
        (phone(LIN), ("email", "nobody@example.com")),
        (phone(LIN), ("customer_number", LIN.customer_no[:-1])),
        (phone(LIN), ("reference", "PR-2026-000001")),
    ):
        page = search(agent, first, second)
        assert "没有找到" in page and not visit_in(page)
    assert {one["found"] for one in entries(room, "data.search")} == {False}


def test_on_the_hotline_only_what_the_caller_proved_by_a_code_becomes_theirs(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room, phone(LIN), email(LIN))
    prove_on_the_phone(agent, visit, counter, to="1")
    with room.center.database.reading() as session:
        person = find_person(session, *email(LIN))
        assert identities_of(session, person.id) == {"email": [LIN.email]}
    agent.post(f"{visit}/what", EVERYTHING)
    assert "核验没有达到要求" in agent.get(f"{visit}/confirm").text
    prove_on_the_phone(agent, visit, counter, to="1")
    assert "核验没有达到要求" not in agent.get(f"{visit}/confirm").text
    hand_in(agent, visit)
    with room.center.database.reading() as session:
        (asked,) = session.scalars(sa.select(PrivacyRequest))
        assert (asked.channel, asked.level, asked.person_id) == (Channel.HOTLINE, Level.V2, person.id)
        assert set(identities_of(session, person.id)) == {"email", "phone_number"}


def test_without_any_verification_nothing_is_taken_in_for_somebody_new(room: StaffRoom):
    agent, visit = begin(room, phone(LIN), email(LIN))
    assert "没有核验不能受理" in agent.post(f"{visit}/verify", {"do": "none"}, 422).text
    agent.get(f"{visit}/confirm", 303)
    assert persons(room) == 0


def test_whom_we_know_by_one_contact_is_found_by_what_the_company_has_on_file_beside_it(room: StaffRoom):
    with room.center.database.transaction() as session:
        find_or_create_person(session, *phone(LIN), clock.now() - timedelta(days=400))
    agent = room.sit_down(AGENT)
    page = search(agent, phone(LIN), number(LIN))
    assert visit_in(page) and NEW not in page
    agent.post(f"{visit_in(page)}/verify", DOCUMENT)
    with room.center.database.reading() as session:
        person = find_person(session, *phone(LIN))
        assert identities_of(session, person.id) == {"phone_number": [LIN.phone]}  # nothing is added to what is theirs


def test_a_contact_that_was_proven_by_somebody_meanwhile_is_not_taken_over(room: StaffRoom):
    agent, visit = begin(room, phone(LIN), number(LIN))
    with room.center.database.transaction() as session:
        find_or_create_person(session, *phone(LIN), clock.now())
    assert "再查一次" in agent.post(f"{visit}/verify", DOCUMENT, 409).text
    assert persons(room) == 1


def test_only_posts_that_hand_in_for_customers_find_who_is_new(room: StaffRoom):
    page = search(room.sit_down(COMPLAINTS), phone(LIN), number(LIN))
    assert "没有找到" in page and NEW not in page


def test_nobody_helps_themselves_or_somebody_close_who_is_new(room: StaffRoom):
    with room.center.database.transaction() as session:
        declare(session, find_staff(session, AGENT), *number(LIN), Relation.RELATIVE)
    search(room.sit_down(AGENT), phone(LIN), number(LIN), status=403)


def test_every_look_at_somebody_new_is_on_record_under_one_index_that_names_nobody(room: StaffRoom):
    agent, visit = begin(room, phone(LIN), number(LIN))
    agent.get(f"{visit}/verify")
    with room.center.database.reading() as session:
        index = identity_index(session, *phone(LIN)).hex()
    (searched,), (looked,) = entries(room, "data.search"), entries(room, "data.look")
    assert searched["subject_index"] == looked["subject_index"] == index
    assert searched["found"] is True and LIN.phone not in json.dumps([searched, looked])


def test_a_database_that_is_down_is_said_and_the_search_can_be_made_again(room: StaffRoom):
    file = room.center.settings.home / "company" / "shop.db"
    agent = room.sit_down(AGENT)
    room.center.sources.close()
    hidden = file.rename(file.with_suffix(".away"))
    page = search(agent, phone(LIN), number(LIN), status=503)
    assert "没有全部答复" in page and f'value="{LIN.customer_no}"' in page
    hidden.rename(file)
    room.center.sources.refresh()
    assert visit_in(search(agent, phone(LIN), number(LIN)))
