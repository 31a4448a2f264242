"""An agent hands in a deletion for the customer who stands at the counter or is on the hotline."""

import json
import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Refusal
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.contact import Contact
from privacy_center.people.contact_change import add_contact
from privacy_center.people.identity import add_identity, find_or_create_person, find_person
from privacy_center.people.models import Level, Person
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation, Role
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.freeze import freeze_person
from privacy_center.privacy_requests.models import Channel, PrivacyRequest
from privacy_center.review.duties import BELOW_LEVEL, SecondPolicy, Weight, check_may_decide, why_second
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, StaffClient, StaffRoom
from tests.web.test_staff_permits import NOT_YOUR_ROLE

AGENT, OTHER_AGENT, TICKET = "S0105", "S0951", "T-2026-0042"
LIN = BY_KEY["open-case"]
GONE = "这次办理已经结束"
DOCUMENT = {"do": "counter", "document": "id_card", "seen": "yes"}
EVERYTHING = {"scope": "everything", "language": "zh-CN"}


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    """The staff room of the same house, in which one customer has proven an e-mail address and a phone number."""
    opened = StaffRoom(counter.center, counter.app)
    at = clock.now() - timedelta(days=400)
    with opened.center.database.transaction() as session:
        person = find_or_create_person(session, "email", LIN.email, at)
        add_identity(session, person, "phone_number", LIN.phone, method="code", at=at)
    return opened


def person_of(room: StaffRoom) -> uuid.UUID:
    with room.center.database.reading() as session:
        return find_person(session, "email", LIN.email).id


def search(agent: StaffClient, story=LIN, status: int = 200) -> str:
    """The path of the visit that the search opens."""
    found = re.search(r'href="(/staff/search/[^/"]+)/verify"', search_page(agent, story, status))
    return found[1] if found else ""


def search_page(agent: StaffClient, story=LIN, status: int = 200) -> str:
    """What the search answers of this customer."""
    fields = {"kind_1": "email", "value_1": story.email, "kind_2": "phone_number", "value_2": story.phone}
    return agent.post("/staff/search", fields | {"case": TICKET, "purpose": "request.assist"}, status).text


def begin(room: StaffRoom, number: str = AGENT) -> tuple[StaffClient, str]:
    agent = room.sit_down(number)
    return agent, search(agent)


def hand_in(agent: StaffClient, visit: str, status: int = 303, **more: str):
    page = agent.get(f"{visit}/confirm").text
    digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
    return agent.post(f"{visit}/confirm", {"digest": digest, "read": "yes", "yes": "yes"} | more, status)


def requests_in(room: StaffRoom) -> list[PrivacyRequest]:
    with room.center.database.reading() as session:
        return list(session.scalars(sa.select(PrivacyRequest)))


def entries(room: StaffRoom, act: str) -> list[AuditEntry]:
    with room.center.database.reading() as session:
        return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.seq)))


def test_at_the_counter_a_document_seen_a_preview_read_and_a_spoken_yes_make_a_request(room: StaffRoom):
    agent, visit = begin(room)
    agent.get(f"{visit}/verify")
    assert agent.get(f"{visit}/what", 303).location.endswith("/verify")
    assert agent.post(f"{visit}/verify", DOCUMENT).location.endswith("/what")
    agent.get(f"{visit}/what")
    assert agent.post(f"{visit}/what", EVERYTHING).location.endswith("/preview")
    preview = agent.get(f"{visit}/preview").text
    assert "可以删除" in preview and "暂时保留" in preview
    for value in (LIN.name, LIN.phone, LIN.email):
        assert value not in preview
    agent.get(f"{visit}/paper")
    done = hand_in(agent, visit, words="请尽快").location
    (asked,) = requests_in(room)
    assert (asked.channel, asked.level, asked.verification_method) == (Channel.COUNTER, Level.V3, "counter")
    assert (asked.submitted_by, asked.verified_by, asked.risk_flags) == (AGENT, AGENT, [])
    page = agent.get(done).text
    assert asked.reference in page and "谁受理，谁不审核" in page
    assert asked.reference in agent.get(f"{done}/receipt").text
    agent.get(f"/staff/requests/{asked.reference}")
    (told,) = entries(room, "customer.assisted")
    assert told.actor_id == AGENT and told.request_reference == asked.reference
    assert json.loads(told.details) == {"channel": "counter", "level": "V3", "by": "counter", "ticket": TICKET}
    (verified,) = entries(room, "customer.verified")
    assert json.loads(verified.details)["document"] == "id_card"
    looks = [json.loads(one.details) for one in entries(room, "data.look") if "assist." in one.details]
    assert {one["page"] for one in looks} == {"assist.verify", "assist.preview", "assist.paper", "assist.confirm"}
    assert {one["ticket"] for one in looks} == {TICKET}


def test_every_contact_of_the_customer_hears_of_it_with_the_way_to_stop_everything(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    with room.center.database.reading() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage))
    hand_in(agent, visit)
    with room.center.database.reading() as session:
        told = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.created_at).offset(before)).all()
        assert {one.kind.value for one in told} == {"email", "sms"} and {one.template for one in told} == {"notice"}


def test_the_document_and_the_tick_are_asked_for_beside_their_fields_and_what_was_chosen_stays(room: StaffRoom):
    agent, visit = begin(room)
    assert "选一下看的是什么证件" in agent.post(f"{visit}/verify", {"do": "counter", "document": ""}, 422).text
    page = agent.post(f"{visit}/verify", {"do": "counter", "document": "passport"}, 422).text
    assert 'id="seen-error"' in page and 'value="passport" selected' in page
    assert agent.get(f"{visit}/what", 303).location.endswith("/verify")


def call_of(agent: StaffClient, visit: str) -> str:
    """The number of the call, as the agent reads it out."""
    return re.search(r"\d{4} \d{4}", agent.get(f"{visit}/verify").text)[0]


def type_code(counter: CustomerRoom, call: str, code: str, status: int = 200) -> str:
    """The caller types both on the website; what the page says."""
    caller = counter.browser()
    caller.get("/on-the-phone")
    return caller.post("/on-the-phone", status, number=call, code=code).text


def prove_on_the_phone(agent: StaffClient, visit: str, counter: CustomerRoom, to: str = "0") -> None:
    agent.post(f"{visit}/verify", {"do": "send", "to": to})
    type_code(counter, call_of(agent, visit), counter.code())
    agent.post(f"{visit}/verify", {"do": "check"})


def test_on_the_hotline_the_caller_types_a_code_on_the_website_and_tells_it_to_nobody(
    room: StaffRoom, counter: CustomerRoom
):
    agent, visit = begin(room)
    page = agent.get(f"{visit}/verify").text
    assert LIN.email not in page and LIN.phone not in page
    agent.post(f"{visit}/verify", {"do": "send", "to": "0"})
    code, call = counter.code(), call_of(agent, visit)
    page = agent.get(f"{visit}/verify").text
    assert "验证码已发到" in page and 'name="code"' not in page and code not in page
    assert 'id="typed-error"' in agent.post(f"{visit}/verify", {"do": "check", "code": code}, 422).text
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    other = f"{(int(call.replace(' ', '')) + 1) % 10**8:08}"
    assert type_code(counter, call, wrong, 422).count("通话号码或验证码不对")
    assert type_code(counter, other, code, 422).count("通话号码或验证码不对")
    agent.post(f"{visit}/verify", {"do": "check"}, 422)
    assert "请告诉接线员" in type_code(counter, call, code)
    type_code(counter, call, code, 422)
    agent.post(f"{visit}/verify", {"do": "check"})
    agent.get(f"{visit}/what")
    assert 'name="categories" value="contact"' in agent.get(f"{visit}/what").text
    agent.post(f"{visit}/what", {"scope": "categories", "categories": "contact", "language": "en"})
    assert '<html lang="en"' in agent.get(f"{visit}/paper").text
    done = hand_in(agent, visit).location
    (asked,) = requests_in(room)
    assert (asked.channel, asked.level, asked.verification_method) == (Channel.HOTLINE, Level.V1, "code:email")
    assert asked.risk_flags == [] and asked.language == "en"
    receipt = agent.get(f"{done}/receipt").text
    assert '<html lang="en"' in receipt and '<html lang="zh-CN"' in agent.get(done).text


def test_two_codes_to_two_contacts_are_enough_for_everything_and_one_is_not(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room)
    prove_on_the_phone(agent, visit, counter)
    agent.post(f"{visit}/what", EVERYTHING)
    assert "核验没有达到要求" in agent.get(f"{visit}/confirm").text
    prove_on_the_phone(agent, visit, counter, to="1")
    assert "核验没有达到要求" not in agent.get(f"{visit}/confirm").text
    hand_in(agent, visit)
    (asked,) = requests_in(room)
    assert (asked.level, asked.risk_flags) == (Level.V2, [])


def test_without_a_code_it_is_taken_in_below_the_level_and_nothing_is_read_out(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", {"do": "none"})
    assert agent.post(f"{visit}/what", EVERYTHING).location.endswith("/confirm")
    assert agent.get(f"{visit}/preview", 303).location.endswith("/confirm")
    assert agent.get(f"{visit}/paper", 303).location.endswith("/confirm")
    page = agent.get(f"{visit}/confirm").text
    assert "核验没有达到要求" in page and "暂时保留" not in page
    hand_in(agent, visit)
    (asked,) = requests_in(room)
    assert (asked.level, asked.channel, asked.verification_method) == (Level.V0, Channel.HOTLINE, "")
    assert BELOW_LEVEL in asked.risk_flags and (asked.submitted_by, asked.verified_by) == (AGENT, None)
    assert asked.cooling_off_until >= asked.received_at + timedelta(hours=72)
    assert "level" in why_second(SecondPolicy(), asked, Weight(rows=1))
    agent.get(f"/staff/search/done/{asked.reference}")
    agent.get(f"/staff/search/done/{asked.reference}/receipt?lang=en")
    agent.get(f"/staff/requests/{asked.reference}", 404)
    assert asked.reference not in agent.get("/staff/?tab=all").text
    assert asked.reference not in search_page(agent)


def test_a_proof_counts_for_this_login_and_for_ten_minutes(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", {"do": "send", "to": "0"})
    type_code(counter, call_of(agent, visit), counter.code())
    room.hire(OTHER_AGENT, Role.AGENT)
    other = room.sit_down(OTHER_AGENT)
    theirs = search(other)
    other.post(f"{theirs}/verify", {"do": "check"}, 422)
    other.post(f"{theirs}/verify", {"do": "send", "to": "1"})
    other.post(f"{theirs}/verify", {"do": "check"}, 422)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        agent.post(f"{visit}/verify", {"do": "check"}, 422)
    agent.post(f"{visit}/verify", {"do": "check"})


def test_the_state_of_another_login_and_an_older_search_open_nothing(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    room.hire(OTHER_AGENT, Role.AGENT)
    other = room.sit_down(OTHER_AGENT)
    assert GONE in other.get(f"{visit}/verify", 404).text
    cookies = [one for one in agent.browser._cookies.values() if one.key != "pc_staff"]
    assert cookies
    for one in cookies:
        other.browser.set_cookie(one.key, one.value, path=one.path)
    assert GONE in other.get(f"{visit}/what", 404).text
    newer = search(agent)
    assert newer != visit and GONE in agent.get(f"{visit}/what", 404).text
    agent.get(f"{newer}/verify")
    assert agent.get(f"{newer}/what", 303).location.endswith("/verify")


def test_half_an_hour_ends_the_visit_in_the_same_login(room: StaffRoom):
    start = clock.now()
    agent, visit = begin(room)
    for minutes in (10, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            agent.get(f"{visit}/verify")
    with time_machine.travel(start + timedelta(minutes=31), tick=False):
        assert GONE in agent.get(f"{visit}/verify", 404).text


def test_whoever_has_stopped_everything_is_refused_in_words(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    page = agent.get(f"{visit}/confirm").text
    person = person_of(room)
    with room.center.database.transaction() as session:
        freeze_person(session, person, how="notice", actor=Actor("customer", str(person)), at=clock.now())
    assert "全部叫停" in agent.get(f"{visit}/verify").text
    assert "全部叫停" in agent.post(f"{visit}/verify", DOCUMENT, 409).text
    digest = re.search(r'name="digest" value="([^"]+)"', page)[1]
    answer = {"digest": digest, "read": "yes", "yes": "yes"}
    assert "全部叫停" in agent.post(f"{visit}/confirm", answer, 409).text
    assert requests_in(room) == []


def test_within_the_hold_after_a_change_of_contact_it_is_refused_in_words(room: StaffRoom):
    agent, visit = begin(room)
    with room.center.database.transaction() as session:
        person = session.get_one(Person, person_of(room))
        add_contact(session, person, Contact("email", "new@example.net"), clock.now())
    assert "联系方式刚改过" in agent.get(f"{visit}/verify").text
    agent.post(f"{visit}/verify", DOCUMENT, 409)


def test_a_second_deletion_is_refused_without_the_number_of_the_first(room: StaffRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    page = agent.get(f"{visit}/verify").text
    assert "已有一个删除申请" in page and reference not in page


def test_nobody_hands_one_in_for_a_person_they_declared(room: StaffRoom):
    agent, visit = begin(room)
    with room.center.database.transaction() as session:
        member = find_staff(session, AGENT)
        declare(session, member, "email", LIN.email, Relation.RELATIVE)
    agent.get(f"{visit}/verify", 403)
    agent.post(f"{visit}/verify", DOCUMENT, 403)
    assert search(agent, status=403) == ""


def test_pressing_twice_gives_one_request(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    page = agent.get(f"{visit}/confirm").text
    fields = {"digest": re.search(r'name="digest" value="([^"]+)"', page)[1], "read": "yes", "yes": "yes"}
    cookies = list(agent.browser._cookies.values())
    first = agent.post(f"{visit}/confirm", fields).location
    assert agent.post(f"{visit}/confirm", fields).location == first
    for one in cookies:
        agent.browser.set_cookie(one.key, one.value, path=one.path)
    assert agent.post(f"{visit}/confirm", fields).location == first
    assert agent.get(f"{visit}/verify", 303).location == first
    assert len(requests_in(room)) == 1 and len(entries(room, "customer.assisted")) == 1


def test_without_the_spoken_yes_nothing_is_handed_in_and_what_was_typed_stays(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    assert 'id="language-error"' in agent.post(f"{visit}/what", {"scope": "everything"}, 422).text
    agent.post(f"{visit}/what", EVERYTHING)
    refused = hand_in(agent, visit, 422, yes="", words="搬家了").text
    assert 'id="yes-error"' in refused and ">搬家了</textarea>" in refused
    assert "有记录变了" in hand_in(agent, visit, 422, digest="older").text
    assert requests_in(room) == []


def test_whoever_took_it_in_does_not_review_it(room: StaffRoom):
    reviewer, visit = begin(room, "S0101")
    reviewer.post(f"{visit}/verify", DOCUMENT)
    reviewer.post(f"{visit}/what", EVERYTHING)
    hand_in(reviewer, visit)
    (asked,) = requests_in(room)
    with room.center.database.reading() as session, pytest.raises(Refusal, match="took this request in yourself"):
        check_may_decide(session, session.merge(asked), find_staff(session, "S0101"))


@pytest.mark.parametrize("role", list(Role), ids=lambda one: one.value)
def test_only_posts_that_may_assist_are_shown_the_way(room: StaffRoom, role: Role):
    room.hire(f"W-{role.value}", role)
    browser = room.sit_down(f"W-{role.value}").browser
    answer = browser.get("/staff/search/no-such-visit/verify")
    may = {Role.AGENT, Role.REVIEWER, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER}
    assert answer.status_code == (404 if role in may else 403)
    assert (NOT_YOUR_ROLE in answer.text) == (role not in may)


def test_another_agent_does_not_open_what_one_took_in(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    done = hand_in(agent, visit).location
    room.hire(OTHER_AGENT, Role.AGENT)
    room.sit_down(OTHER_AGENT).get(done, 404)
    room.sit_down(OTHER_AGENT).get(f"{done}/receipt", 404)


def test_the_receipt_says_where_to_go_and_that_no_code_is_told_to_anybody(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    receipt = agent.get(f"{hand_in(agent, visit).location}/receipt").text
    assert room.center.settings.base_url in receipt and room.center.settings.company.hotline in receipt
    assert "撤回：登录后打开这个申请，或打电话、到门店办" in receipt
    assert "验证码不要告诉任何人，我们也不会问" in receipt


def test_the_way_to_lift_a_stop_is_told_only_where_there_is_one(room: StaffRoom):
    agent, visit = begin(room)
    room.ask("open-case")
    assert "客户要解除叫停" not in agent.get(f"{visit}/verify").text
    person = person_of(room)
    with room.center.database.transaction() as session:
        freeze_person(session, person, how="login", actor=Actor("customer", str(person)), at=clock.now())
    assert "客户要解除叫停" in agent.get(f"{visit}/verify").text
