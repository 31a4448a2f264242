"""The caller's spoken choice about what waits only for them, such as unused points, in the deletion that an agent hands in."""

import json
import re

import pytest

from privacy_center import clock
from privacy_center.people.identity import add_identity, find_or_create_person
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, StaffClient, StaffRoom
from tests.web.test_staff_counter_request import AGENT, DOCUMENT, EVERYTHING, entries, hand_in, requests_in, search

WANG = BY_KEY["unused-points"]


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    """The staff room of a house whose customer has points."""
    opened = StaffRoom(counter.center, counter.app)
    with opened.center.database.transaction() as session:
        person = find_or_create_person(session, "email", WANG.email, clock.now())
        add_identity(session, person, "phone_number", WANG.phone, method="code", at=clock.now())
    return opened


def at_preview(room: StaffRoom, language: str = "zh-CN") -> tuple[StaffClient, str, list[str]]:
    """An agent who has verified the customer, and the rules that keep something only for them."""
    agent = room.sit_down(AGENT)
    visit = search(agent, WANG)
    agent.post(f"{visit}/verify", DOCUMENT)
    agent.post(f"{visit}/what", EVERYTHING | {"language": language})
    rules = re.findall(r'name="give_up" value="([^"]+)"', agent.get(f"{visit}/preview").text)
    assert rules
    return agent, visit, rules


def test_points_are_given_up_in_the_customers_own_words_of_what_it_means(room: StaffRoom, counter: CustomerRoom):
    agent, visit, rules = at_preview(room)
    page = agent.get(f"{visit}/preview").text
    browser = counter.browser()
    browser.sign_in(WANG.email)
    browser.choose()
    same = browser.get("/me/deletion/preview").text
    for said in (
        "放弃以后拿不回来；提交以前随时可以改",
        *re.findall(r"<dt>[^<]*</dt><dd>([^<]{8,})</dd><dd><button", same),
    ):
        assert said in page
    for rule in rules:
        agent.post(f"{visit}/choices", {"give_up": rule})
    assert "已选择放弃" in agent.get(f"{visit}/preview").text and "您选择放弃" in agent.get(f"{visit}/paper").text
    assert re.search(r"<blockquote[^>]*>您放弃为您留着的：“[^<]+拿不回来", agent.get(f"{visit}/confirm").text)
    done = hand_in(agent, visit).location
    (asked,) = requests_in(room)
    assert set(asked.waived) == set(rules)
    (told,) = entries(room, "customer.assisted")
    assert set(json.loads(told.details)["rules"]) == set(rules)
    assert "放弃的" in agent.get(done).text and "放弃的" in agent.get(f"{done}/receipt").text


def test_what_is_taken_back_and_what_nobody_said_waits_for_the_customer(room: StaffRoom):
    agent, visit, rules = at_preview(room)
    agent.post(f"{visit}/choices", {"give_up": rules[0]})
    agent.post(f"{visit}/choices", {"take_back": rules[0]})
    assert f'name="give_up" value="{rules[0]}"' in agent.get(f"{visit}/preview").text
    assert "您放弃为您" not in agent.get(f"{visit}/confirm").text
    hand_in(agent, visit)
    (asked,) = requests_in(room)
    assert asked.waived == []
    (told,) = entries(room, "customer.assisted")
    assert "rules" not in json.loads(told.details)


def test_the_choice_is_read_out_in_the_language_of_the_customer(room: StaffRoom):
    agent, visit, rules = at_preview(room, "en")
    agent.post(f"{visit}/choices", {"give_up": rules[0]})
    assert re.search(
        r'<blockquote[^>]* lang="en">You give up what is kept for you: “[^<\u4e00-\u9fff]+brought back',
        agent.get(f"{visit}/confirm").text,
    )


def test_another_scope_begins_without_choices(room: StaffRoom):
    agent, visit, rules = at_preview(room)
    agent.post(f"{visit}/choices", {"give_up": rules[0]})
    agent.post(f"{visit}/what", EVERYTHING)
    assert 'name="take_back"' not in agent.get(f"{visit}/preview").text


def test_only_what_waits_for_the_customer_can_be_given_up(room: StaffRoom):
    agent, visit, _rules = at_preview(room)
    for made_up in ("no-such-rule", "tax-invoices", ""):
        agent.post(f"{visit}/choices", {"give_up": made_up})
    assert 'name="take_back"' not in agent.get(f"{visit}/preview").text


def test_nothing_is_given_up_for_somebody_who_was_not_verified(room: StaffRoom):
    _agent, _visit, rules = at_preview(room)
    agent = room.sit_down(AGENT)
    visit = search(agent, WANG)
    agent.post(f"{visit}/choices", {"give_up": rules[0]})
    agent.post(f"{visit}/verify", {"do": "none"})
    agent.post(f"{visit}/what", EVERYTHING)
    agent.post(f"{visit}/choices", {"give_up": rules[0]})
    hand_in(agent, visit)
    (asked,) = requests_in(room)
    assert asked.waived == []


def test_deleting_at_once_is_left_to_the_customer_and_the_page_says_why(room: StaffRoom):
    agent, visit, _rules = at_preview(room)
    assert "审核通过就删除" not in agent.get(f"{visit}/confirm").text
    groups = re.findall(r'name="categories" value="([^"]+)"', agent.get(f"{visit}/what").text)
    seen = []
    for group in groups:
        agent.post(f"{visit}/what", {"scope": "categories", "categories": group, "language": "zh-CN"})
        page = agent.get(f"{visit}/confirm").text
        assert 'name="cooling"' not in page
        seen.append("“审核通过就删除”只能由客户自己登录后选" in page)
    assert any(seen) and not all(seen)
