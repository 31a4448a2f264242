"""A dishonest agent, and a thief on the phone, at the pages that cancel a request for its customer."""

from datetime import timedelta

import pytest
import time_machine

from privacy_center import clock
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation, Role
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.models import State
from tests.web.staff_room import StaffClient, StaffRoom
from tests.web.test_staff_cancels import YES, version_on
from tests.web.test_staff_counter_request import AGENT, DOCUMENT, GONE, LIN, OTHER_AGENT, begin, entries, room, search
from tests.web.test_staff_permits import NOT_YOUR_ROLE

__all__ = ["room"]


def verified(room: StaffRoom, reference: str) -> tuple[StaffClient, str, dict[str, str]]:
    """An agent with a verified customer: the address that cancels this request, and the form of its page."""
    agent, visit = begin(room)
    agent.post(f"{visit}/requests", DOCUMENT)
    page = f"{visit}/requests/{reference}"
    return agent, page, YES | version_on(agent.get(page).text)


def declare_kin(room: StaffRoom, kind: str, value: str) -> None:
    with room.center.database.transaction() as session:
        declare(session, find_staff(session, AGENT), kind, value, Relation.RELATIVE)


def is_untouched(room: StaffRoom, reference: str) -> bool:
    untouched = room.request(reference).state is State.IN_REVIEW
    return untouched and entries(room, "request.cancelled_for") == []


@pytest.mark.parametrize("before", [None, "none"])
def test_nothing_is_shown_or_cancelled_for_somebody_who_was_not_verified(room: StaffRoom, before: str | None):
    reference = room.ask("open-case")
    agent, visit = begin(room)
    if before:
        assert "没有核验，不能替客户撤回" in agent.post(f"{visit}/requests", {"do": before}, 422).text
    assert reference not in agent.get(f"{visit}/requests").text
    version = str(room.request(reference).version)
    sent = agent.post(f"{visit}/requests/{reference}", YES | {"version": version})
    assert sent.location.endswith(f"{visit}/requests")
    agent.get(f"{visit}/requests/{reference}", 303)
    assert is_untouched(room, reference)


def test_whom_one_has_gone_on_with_for_a_deletion_without_a_proof_cancels_nothing(room: StaffRoom):
    agent, visit = begin(room)
    agent.post(f"{visit}/verify", {"do": "none"})
    reference = room.ask("open-case")
    agent.post(f"{visit}/requests/{reference}", YES | {"version": str(room.request(reference).version)})
    assert reference not in agent.get(f"{visit}/requests").text
    assert is_untouched(room, reference)


def test_a_request_of_somebody_else_is_none_of_this_customers(room: StaffRoom):
    reference, theirs = room.ask("open-case"), room.ask("two-numbers")
    agent, page, form = verified(room, reference)
    page = page.replace(reference, theirs)
    missing = agent.get(page, 404).text
    assert "没有找到这个申请" in missing
    agent.post(page, form, 404)
    agent.post(page.replace(theirs, "PC-0000-0000-0000"), form, 404)
    assert is_untouched(room, theirs)
    assert theirs not in agent.get(page.rpartition("/")[0]).text


@pytest.mark.parametrize("declared", [("email", LIN.email), ("customer_number", LIN.customer_no)])
def test_nobody_cancels_for_whom_they_declared_by_any_number_on_the_records(room: StaffRoom, declared: tuple[str, str]):
    reference = room.ask("open-case")
    agent, page, form = verified(room, reference)
    declare_kin(room, *declared)
    assert reference not in agent.get(page.rpartition("/")[0], 403).text
    agent.get(page, 403)
    agent.post(page, form, 403)
    assert is_untouched(room, reference)


def test_pressing_twice_cancels_once(room: StaffRoom):
    reference = room.ask("open-case")
    agent, page, form = verified(room, reference)
    first = agent.post(page, form).location
    assert agent.post(page, form).location == first
    assert len(entries(room, "request.cancelled_for")) == 1


def test_what_has_changed_since_it_was_read_out_is_not_cancelled(room: StaffRoom):
    reference = room.ask("open-case")
    agent, page, form = verified(room, reference)
    with room.center.database.transaction() as session:
        session.merge(room.request(reference)).assignee = "S0101"
    agent.post(page, form, 409)
    assert is_untouched(room, reference)


def test_the_state_of_another_login_and_a_visit_that_is_over_cancel_nothing(room: StaffRoom):
    reference = room.ask("open-case")
    agent, page, form = verified(room, reference)
    room.hire(OTHER_AGENT, Role.AGENT)
    other = room.sit_down(OTHER_AGENT)
    for one in [one for one in agent.browser._cookies.values() if one.key != "pc_staff"]:
        other.browser.set_cookie(one.key, one.value, path=one.path)
    assert GONE in other.get(page, 404).text
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        for path in (page, page.rpartition("/")[0]):
            assert agent.browser.get(path).status_code in (303, 404)
    search(agent)
    agent.post(page, form, 404)
    assert is_untouched(room, reference)


def test_another_agent_verifies_the_customer_anew(room: StaffRoom):
    reference = room.ask("open-case")
    verified(room, reference)
    room.hire(OTHER_AGENT, Role.AGENT)
    other = room.sit_down(OTHER_AGENT)
    assert reference not in other.get(f"{search(other)}/requests").text


@pytest.mark.parametrize("role", list(Role), ids=lambda one: one.value)
def test_only_posts_that_hand_in_requests_open_the_pages(room: StaffRoom, role: Role):
    room.hire(f"W-{role.value}", role)
    browser = room.sit_down(f"W-{role.value}").browser
    may = {Role.AGENT, Role.REVIEWER, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER}
    for path in ("requests", "requests/PC-0000-0000-0000"):
        answer = browser.get(f"/staff/search/no-such-visit/{path}")
        assert answer.status_code == (404 if role in may else 403)
        assert (NOT_YOUR_ROLE in answer.text) == (role not in may)
