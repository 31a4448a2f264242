"""Asking for deletion: five steps, nothing before the fourth, and nothing that was not seen."""

import re
from datetime import timedelta

import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.plans.freeze import current_plan
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.queries import label_of, request_by_reference
from tests.web.customer_room import Browser, CustomerRoom


def requests_in(counter: CustomerRoom) -> list[PrivacyRequest]:
    with counter.center.database.reading() as session:
        found = list(session.scalars(sa.select(PrivacyRequest)))
        session.expunge_all()
    return found


def test_without_a_choice_the_form_comes_back_with_what_to_do(lin: Browser):
    lin.get("/me/deletion/")
    lin.post("/me/deletion/", 422)
    assert 'href="#scope"' in lin.page.text
    lin.post("/me/deletion/", 422, scope="categories")
    assert 'href="#categories"' in lin.page.text and re.search(r'value="categories" checked', lin.page.text)


def test_the_preview_shows_what_goes_and_what_stays_with_reason_and_end_and_changes_nothing(
    counter: CustomerRoom, lin: Browser
):
    lin.choose()
    lin.get("/me/deletion/preview")
    words = lin.words()
    assert "立即" not in words, "nothing goes before the time to cancel is over"
    assert "可以删除" in words and "暂时保留" in words and "处理完毕" in words
    assert "商品 " not in re.findall(r"<h3>([^<]*)", lin.page.text) and "依据" in words
    cells = len(re.findall(r'<i class="\w+"', lin.page.text))
    assert cells == len(re.findall(r'<li class="verdict"', lin.page.text))
    assert requests_in(counter) == []


def test_without_days_to_cancel_the_preview_says_until_when_it_can_be_cancelled(counter: CustomerRoom, lin: Browser):
    counter.center.settings.cooling_off_days = 0
    lin.choose()
    lin.get("/me/deletion/preview")
    words = lin.words()
    assert "审核通过以前可以撤回" in words and "0 天" not in words and "撤回期满" not in words


def test_points_wait_for_the_customer_and_hold_up_nothing_else(counter: CustomerRoom):
    wang = counter.sign_in("unused-points")
    wang.choose()
    wang.get("/me/deletion/preview")
    assert "需要您先处理" in wang.words() and "可以删除" in wang.words()


def test_only_some_groups_can_be_chosen(counter: CustomerRoom, lin: Browser):
    lin.choose("categories", categories=["contact"])
    lin.get("/me/deletion/preview")
    some = len(re.findall(r'<li class="verdict"', lin.page.text))
    lin.choose()
    lin.get("/me/deletion/preview")
    assert 0 < some < len(re.findall(r'<li class="verdict"', lin.page.text))


def test_steps_out_of_order_lead_back_to_the_first(lin: Browser):
    for path in ("preview", "verify"):
        assert lin.get(f"/me/deletion/{path}", 303).headers["Location"] == "/me/deletion/"
    lin.choose()
    lin.prove()
    lin.client.delete_cookie("pc_form")
    assert lin.get("/me/deletion/check", 303).headers["Location"] == "/me/deletion/"


def test_submitting_needs_a_fresh_proof_bound_to_deleting_and_signing_in_is_none(counter: CustomerRoom, lin: Browser):
    lin.choose()
    assert lin.get("/me/deletion/check", 303).headers["Location"].startswith("/me/confirm")
    counter.forget_limits()
    lin.get("/me/deletion/verify")
    lin.post("/me/deletion/verify", 200, do="send")
    lin.post("/me/deletion/verify", 422, do="check", code="000000")
    lin.post("/me/deletion/verify", do="check", code=counter.code())
    lin.get("/me/deletion/check")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        assert lin.get("/me/deletion/check", 303).headers["Location"].startswith("/me/confirm")


def test_the_answers_are_checked_and_kept(lin: Browser):
    lin.choose()
    lin.prove()
    lin.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', lin.page.text)[1]
    lin.post("/me/deletion/check", 422, digest=digest, words="我写的话")
    assert 'href="#cooling"' in lin.page.text and 'href="#understood"' in lin.page.text and "我写的话" in lin.page.text
    lin.post("/me/deletion/check", 422, digest="0" * 64, cooling="days", understood="yes")
    assert "有记录变了" in lin.words()


def test_deleting_everything_cannot_be_hurried(lin: Browser):
    lin.choose()
    lin.prove()
    lin.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', lin.page.text)[1]
    lin.post("/me/deletion/check", 422, digest=digest, cooling="now", understood="yes")


def test_a_submitted_request_lies_before_the_reviewers_with_the_plan_that_was_seen(counter: CustomerRoom, lin: Browser):
    lin.choose()
    lin.prove()
    lin.get("/me/deletion/check")
    seen = re.search(r'name="digest" value="([^"]+)', lin.page.text)[1]
    reference = lin.submit(words="请都删掉")
    with counter.center.database.reading() as session:
        asked = request_by_reference(session, reference)
        assert asked.state is State.IN_REVIEW and label_of(session, asked) == "林**"
        assert current_plan(session, asked.id).digest == seen
        assert asked.cooling_off_until - asked.received_at == timedelta(days=7)
    lin.get(f"/me/deletion/done/{reference}")
    assert (reference in lin.words() and "15 个工作日" in lin.words()) or "14 个工作日" in lin.words()


def test_a_second_deletion_is_refused_while_one_is_open(counter: CustomerRoom, lin: Browser):
    lin.submit()
    lin.choose()
    lin.prove()
    lin.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', lin.page.text)[1]
    lin.post("/me/deletion/check", 409, digest=digest, cooling="days", understood="yes")
    assert "已有一个删除申请" in lin.words() and len(requests_in(counter)) == 1


def test_pressing_the_button_twice_makes_one_request(counter: CustomerRoom, lin: Browser):
    lin.choose()
    lin.prove()
    lin.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', lin.page.text)[1]
    before = lin.client.get_cookie("pc_form").value
    places = []
    for _press in range(2):
        lin.client.set_cookie("pc_form", before)
        answer = lin.post("/me/deletion/check", digest=digest, cooling="days", understood="yes")
        places.append(answer.headers["Location"])
    assert places[0] == places[1] and len(requests_in(counter)) == 1


def test_points_can_be_given_up_and_taken_back_before_anything_is_submitted(counter: CustomerRoom):
    wang = counter.sign_in("unused-points")
    wang.choose()
    wang.get("/me/deletion/preview")
    rules = re.findall(r'name="give_up" value="([^"]+)"', wang.page.text)
    assert rules
    wang.post("/me/deletion/preview", give_up="no-such-rule")
    assert 'name="take_back"' not in wang.get("/me/deletion/preview").text
    wang.post("/me/deletion/preview", give_up=rules[0])
    assert f'name="take_back" value="{rules[0]}"' in wang.get("/me/deletion/preview").text
    wang.post("/me/deletion/preview", take_back=rules[0])
    assert 'name="take_back"' not in wang.get("/me/deletion/preview").text
    for rule in rules:
        wang.post("/me/deletion/preview", give_up=rule)
        wang.get("/me/deletion/preview")
    wang.prove()
    page = wang.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', page.text)[1]
    wang.post("/me/deletion/check", digest=digest, cooling="days", understood="yes")
    assert set(requests_in(counter)[0].waived) == set(rules)


def test_who_has_a_deletion_under_way_is_told_at_the_first_step_and_led_to_it(lin: Browser):
    lin.get("/me/deletion/")
    assert "已有一个删除申请" not in lin.words()
    reference = lin.submit()
    lin.get("/me/deletion/")
    assert f'href="/me/requests/{reference}"' in lin.page.text and "才能再提交一个" in lin.words()


def test_no_day_is_promised_for_what_a_person_has_not_approved_yet(lin: Browser):
    reference = lin.submit()
    lin.get(f"/me/requests/{reference}")
    assert re.search(r"最早<time[^>]*>\d{4}年", lin.page.text), "a date is one piece and does not break in its middle"
