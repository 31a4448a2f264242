"""An agent cancels a request for the customer who stands at the counter or is on the hotline."""

import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.outbox.inbox import notices_for
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.models import SignInCode
from privacy_center.privacy_requests.freeze import freeze_person
from privacy_center.privacy_requests.models import State
from privacy_center.privacy_requests.timeline import timeline_of
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import StaffClient, StaffRoom
from tests.web.test_staff_counter_request import (
    AGENT,
    DOCUMENT,
    EVERYTHING,
    LIN,
    TICKET,
    begin,
    call_of,
    entries,
    hand_in,
    person_of,
    room,
    search_page,
    type_code,
)

__all__ = ["room"]
YES = {"yes": "yes"}


def version_on(page: str) -> dict[str, str]:
    return {"version": re.search(r'name="version" value="(\d+)"', page)[1]}


def cancel(agent: StaffClient, visit: str, reference: str, status: int = 303) -> str:
    page = f"{visit}/requests/{reference}"
    return agent.post(page, YES | version_on(agent.get(page).text), status).text


def prove_for_cancelling(agent: StaffClient, visit: str, counter: CustomerRoom) -> None:
    agent.post(f"{visit}/requests", {"do": "send", "to": "0"})
    call = re.search(r"\d{4} \d{4}", agent.get(f"{visit}/requests").text)[0]
    type_code(counter, call, counter.code())
    agent.post(f"{visit}/requests", {"do": "check"})


def test_at_the_counter_the_request_that_the_customer_names_is_cancelled_and_nothing_of_it_is_seen(room: StaffRoom):
    reference = room.ask("open-case")
    agent = room.sit_down(AGENT)
    visit = re.search(r'href="(/staff/search/[^/"]+)/requests"', search_page(agent))[1]
    assert reference not in agent.get(f"{visit}/requests").text
    assert agent.post(f"{visit}/requests", DOCUMENT).location.endswith("/requests")
    listed = agent.get(f"{visit}/requests").text
    assert reference in listed and "审核中" in listed
    for value in (LIN.name, LIN.phone, LIN.email, "请删除我的全部信息"):
        assert value not in listed
    assert "次数不限" in agent.get(f"{visit}/requests/{reference}").text
    cancel(agent, visit, reference)
    assert "已替客户撤回" in agent.get(f"{visit}/requests/{reference}").text
    assert room.request(reference).state is State.CANCELLED
    agent.get(f"/staff/requests/{reference}", 404)


def test_the_record_holds_agent_ticket_proof_and_reference(room: StaffRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    agent.post(f"{visit}/requests", DOCUMENT)
    cancel(agent, visit, reference)
    (told,) = entries(room, "request.cancelled_for")
    assert (told.actor_id, told.actor_role, told.request_reference) == (AGENT, "agent", reference)
    proof = {"ticket": TICKET, "channel": "counter", "by": "counter", "level": "V3", "document": "id_card"}
    assert json.loads(told.details) == {"state": "cancelled", **proof}
    looks = [json.loads(one.details) for one in entries(room, "data.look") if "assist." in one.details]
    assert {one["page"] for one in looks} == {"assist.cancel"} and {one["ticket"] for one in looks} == {TICKET}
    assert "替客户撤回申请" in room.sit_down("S0103").get("/staff/audit").text


def test_the_customer_is_told_everywhere_and_sees_where_it_was_cancelled(room: StaffRoom, counter: CustomerRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    agent.post(f"{visit}/requests", DOCUMENT)
    with room.center.database.reading() as session:
        before = set(session.scalars(sa.select(OutboxMessage.id)))
    cancel(agent, visit, reference)
    with room.center.database.reading() as session:
        told = [one for one in session.scalars(sa.select(OutboxMessage)) if one.id not in before]
        assert sorted((one.kind.value, one.template) for one in told) == [("email", "notice"), ("sms", "notice")]
        (line,) = [one for one in timeline_of(session, room.request(reference).id) if one.what == "cancelled_for"]
        assert line.visible_to_customer and line.details == {"channel": "counter"}
        assert notices_for(session, person_of(room))[0].title.zh == "工作人员替您撤回了申请"
    browser = counter.browser()
    browser.sign_in(LIN.email)
    assert "按您在门店的要求，替您撤回了申请" in browser.get(f"/me/requests/{reference}").text
    assert "替客户撤回申请，门店" in room.sit_down("S0101").get(f"/staff/requests/{reference}").text


def test_on_the_hotline_a_code_for_cancelling_opens_cancelling_and_no_deletion(room: StaffRoom, counter: CustomerRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    prove_for_cancelling(agent, visit, counter)
    with room.center.database.reading() as session:
        assert set(session.scalars(sa.select(SignInCode.action))) == {"hotline_cancel"}
    cancel(agent, visit, reference)
    (told,) = entries(room, "request.cancelled_for")
    assert json.loads(told.details) == {
        "state": "cancelled", "ticket": TICKET, "channel": "hotline", "by": "code:email", "level": "V1"
    }  # fmt: skip
    assert agent.get(f"{visit}/what", 303).location.endswith("/verify")
    assert "已核验" not in agent.get(f"{visit}/verify").text


def test_a_code_for_deletion_under_way_is_none_for_cancelling(room: StaffRoom, counter: CustomerRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", {"do": "send", "to": "0"})
    call = call_of(agent, visit)
    type_code(counter, call, counter.code())
    assert call not in agent.get(f"{visit}/requests").text
    agent.post(f"{visit}/requests", {"do": "check"}, 422)
    agent.post(f"{visit}/verify", {"do": "check"})
    assert "没有进行中的申请" in agent.get(f"{visit}/requests").text


def test_a_customer_who_changes_their_mind_at_once_cancels_in_the_same_visit(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING)
    reference = hand_in(agent, visit).location.rpartition("/")[2]
    cancel(agent, visit, reference)
    assert room.request(reference).state is State.CANCELLED
    done = agent.get(f"/staff/search/done/{reference}").text
    assert "后来撤回了" in done and "由别的同事审核" not in done


def test_one_who_stopped_everything_can_still_cancel_and_a_second_deletion_leads_there(room: StaffRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    assert f'href="{visit}/requests"' in agent.get(f"{visit}/verify").text
    person = person_of(room)
    with room.center.database.transaction() as session:
        freeze_person(session, person, how="notice", actor=Actor("customer", str(person)), at=clock.now())
    agent.post(f"{visit}/requests", DOCUMENT)
    cancel(agent, visit, reference)
    assert room.request(reference).state is State.CANCELLED


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.EXECUTING, "已经开始执行"),
        (State.NEEDS_ATTENTION, "已经开始执行"),
        (State.REFUSED, "决定书写明怎样要求复核"),
        (State.COMPLETED_WITH_HOLDS, "只为客户留着的"),
        (State.COMPLETED, "可以看证明"),
    ],
)
def test_what_cannot_be_cancelled_any_more_says_why_and_what_remains_possible(room: StaffRoom, state: State, said: str):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    agent.post(f"{visit}/requests", DOCUMENT)
    version = version_on(agent.get(f"{visit}/requests/{reference}").text)
    with room.center.database.transaction() as session:
        asked = session.merge(room.request(reference))
        asked.state, asked.closed_at = state, clock.now() if said[:2] != "已经" or "办完" in said else None
    page = agent.get(f"{visit}/requests").text
    assert said in page and f"/requests/{reference}" not in page
    assert said in agent.get(f"{visit}/requests/{reference}").text
    agent.post(f"{visit}/requests/{reference}", YES | version, 409)
    assert room.request(reference).state is state
    assert entries(room, "request.cancelled_for") == []


def test_closed_requests_of_long_ago_are_not_named(room: StaffRoom):
    reference = room.ask("open-case", days_ago=60)
    with room.center.database.transaction() as session:
        asked = session.merge(room.request(reference))
        asked.state, asked.closed_at = State.REFUSED, clock.now() - timedelta(days=31)
    agent, visit = begin(room)
    agent.post(f"{visit}/requests", DOCUMENT)
    assert reference not in agent.get(f"{visit}/requests").text


def test_without_the_spoken_yes_nothing_is_cancelled(room: StaffRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    agent.post(f"{visit}/requests", DOCUMENT)
    page = f"{visit}/requests/{reference}"
    assert 'id="yes-error"' in agent.post(page, version_on(agent.get(page).text), 422).text
    assert room.request(reference).state is State.IN_REVIEW


def test_the_words_are_there_in_english(room: StaffRoom):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    agent.get("/staff/account?lang=en")
    assert "Cancel a request for a customer, step 1 of 3" in agent.get(f"{visit}/requests").text
    agent.post(f"{visit}/requests", DOCUMENT)
    for path in (f"{visit}/requests", f"{visit}/requests/{reference}"):
        page = agent.get(path).text
        said = re.sub(r"<blockquote.*?</blockquote>|<nav.*?</nav>|<header.*?</header>", "", page, flags=re.S)
        assert not re.search(r"[\u4e00-\u9fff]", said.split("<main")[1]), path
