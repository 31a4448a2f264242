"""Who works at a counter opens the case whose number the customer says, one at a time; every other case is not there."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.audit.look import seen_in
from privacy_center.audit.models import AuditEntry
from privacy_center.people.staff.models import Role
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import StaffRoom
from tests.web.test_identity_cases import (
    AGENT,
    COUNTER,
    RELATED,
    at_counter,
    begin,
    decide,
    file,
    picture,
    pictures_of,
    verify,
)
from tests.web.test_staff_permits import NOT_YOUR_ROLE, Walker

LIST = "/staff/identity-cases"
NO_CASE = "没有这个案件"


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    return StaffRoom(counter.center, counter.app)


@pytest.fixture
def reference(counter: CustomerRoom) -> str:
    return file(begin(counter, "for-a-child"), "for-a-child", picture())


def test_an_agent_neither_lists_nor_opens_a_case_before_its_number_was_said(room: StaffRoom, reference: str):
    agent = room.sit_down(AGENT)
    for tab in ("open", "second", "closed", "stopped"):
        assert "IC-" not in re.sub(r"如 IC-\S+", "", agent.get(f"{LIST}?tab={tab}").text)
    known, unknown = agent.get(f"{LIST}/{reference}", 404), agent.get(f"{LIST}/IC-0000-0000-0000", 404)
    assert NO_CASE in known.text and known.text == unknown.text.replace("IC-0000-0000-0000", reference)
    agent.post(f"{LIST}/{reference}/verify", COUNTER, 404)
    opened = at_counter(room, reference)
    assert reference in opened.get(LIST).text
    opened.get(f"{LIST}/{reference}")
    room.hire("S0951", Role.AGENT)
    room.sit_down("S0951").get(f"{LIST}/{reference}", 404)


def test_the_number_must_be_whole_and_a_reason_given_and_both_answers_are_on_record(room: StaffRoom, reference: str):
    agent = room.sit_down(AGENT)
    take = f"{LIST}/at-counter"
    agent.post(take, {"number": reference, "why": ""}, 422)
    agent.post(take, {"number": "", "why": "带身份证来窗口"}, 422)
    assert "没有这个编号的待办案件" in agent.post(take, {"number": reference[:-1], "why": "带身份证来窗口"}, 404).text
    agent.post(take, {"number": f" {reference.lower()} ", "why": "林女士带身份证来窗口"}, 303)
    with room.center.database.reading() as session:
        tried = sa.select(AuditEntry).where(AuditEntry.act == "data.search").order_by(AuditEntry.seq)
        missed, found = session.scalars(tried)
        assert missed.request_reference is None and '"found":false' in missed.details
        assert found.request_reference == reference and found.actor_id == AGENT and "林女士" not in found.details
        assert seen_in(session, found) == {"why": "林女士带身份证来窗口"}
    assert "按客户说的编号打开案件" in agent.get(f"{LIST}/{reference}").text


def test_one_case_is_in_hand_at_a_time_for_two_hours_and_until_it_is_decided(counter, room: StaffRoom, reference: str):
    other = file(begin(counter, "lost-number", "b@example.net"), "lost-number")
    agent = at_counter(room, reference)
    at_counter(room, other)
    agent.get(f"{LIST}/{reference}", 404)
    agent.get(f"{LIST}/{other}")
    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=1), tick=False):
        room.sit_down(AGENT).get(f"{LIST}/{other}", 404)
    verify(room, other)
    decide(room, other)
    agent.get(f"{LIST}/{other}", 404)
    at_counter(room, other, status=404)


def test_numbers_cannot_be_tried_in_a_row(room: StaffRoom, reference: str):
    for _ in range(20):
        at_counter(room, "IC-0000-0000-0000", status=404)
    at_counter(room, reference, status=429)


def test_nobody_takes_in_a_case_of_their_own_at_the_counter(counter: CustomerRoom, room: StaffRoom):
    mine = counter.sign_in("employee")
    mine.get("/help/as-agent/form")
    at_counter(room, file(mine, "as-agent"), RELATED, 403)


@pytest.mark.parametrize("role", list(Role), ids=lambda one: one.value)
def test_each_role_opens_of_a_case_at_the_counter_what_its_permit_says(counter, room: StaffRoom, reference: str, role):
    """Every endpoint of an identity case × this role × in hand or not, with a real case and a real picture."""
    number = f"W-{role.value}"
    room.hire(number, role)
    (kept,) = pictures_of(counter, reference)
    walker, here = Walker(room, number), f"{LIST}/{reference}"
    handle = {Role.AGENT, Role.REVIEWER, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER}
    deciders, confirmers = handle - {Role.AGENT}, {Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER}
    doors = [
        ("GET", here, handle),
        ("POST", f"{here}/verify", handle),
        ("POST", f"{here}/decide", deciders),
        ("POST", f"{here}/second", confirmers),
        ("POST", f"{here}/evidence/{kept.id}", deciders),
        ("GET", "/staff/evidence/no-such-token", deciders),
    ]
    in_hand = [False, True] if role in handle else [False]
    for taken in in_hand:
        if taken:
            at_counter(room, reference, number)
        for method, path, roles in doors:
            answer = walker.call(method, path)
            if role not in roles:
                assert answer.status_code == 403 and NOT_YOUR_ROLE in answer.text, (path, taken)
            elif role is Role.AGENT and not taken:
                assert answer.status_code == 404 and NO_CASE in answer.text, (path, taken)
            else:
                assert answer.status_code < 500 and NO_CASE not in answer.text, (path, taken)
                assert answer.status_code != 403, (path, taken)


def test_the_walk_knows_every_endpoint_of_an_identity_case(room: StaffRoom):
    of_a_case = {one.endpoint for one in room.app.url_map.iter_rules() if "case" in one.arguments}
    assert of_a_case == {
        "staff.identity_case",
        "staff.verify_case",
        "staff.decide_case",
        "staff.confirm_case",
        "staff.look_at_evidence",
    }
