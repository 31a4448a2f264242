"""A question to the customer: by when, the reminder, and what happens on silence, which was said beforehand."""

from datetime import timedelta

import pytest

from privacy_center.errors import Refusal
from privacy_center.people.staff.terms import local_today
from privacy_center.privacy_requests.models import OnSilence, State
from privacy_center.privacy_requests.question import remind_of_questions, settle_unanswered
from privacy_center.privacy_requests.thread import answer, ask_customer
from privacy_center.privacy_requests.timeline import timeline_of
from tests.rooms.privacy_requests.asking import REVIEWER, ask_and_review
from tests.rooms.privacy_requests.test_requests import notices_for


@pytest.fixture
def case(own, at):
    with own.transaction() as session:
        yield session, ask_and_review(session, at)


def asked(case, at, **more):
    session, request = case
    ask_customer(session, request, text="请问是哪个订单？", actor=REVIEWER, at=at, **more)
    return session, request


def titles(session, request):
    return [notice.title.zh for notice in notices_for(session, request.person_id)]


def test_the_day_is_ten_working_days_within_the_deadline_and_the_message_says_what_silence_means(case, at):
    session, request = asked(case, at)
    today = local_today(session, at)
    assert today < request.answer_by < request.due_on and request.on_silence is OnSilence.DECIDE
    body = next(one.body.zh for one in notices_for(session, request.person_id) if "补充" in one.title.zh)
    assert f"{request.answer_by.month}月{request.answer_by.day}日" in body and "按现有信息作出决定" in body


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_day_that_is_past_or_beyond_the_deadline_is_refused(case, at, days):
    session, _request = case
    with pytest.raises(Refusal) as refused:
        asked(case, at, answer_by=local_today(session, at) + timedelta(days))
    assert (refused.value.status, refused.value.field) == (422, "answer_by")


def test_the_customer_is_reminded_once_three_days_before(case, at):
    session, request = asked(case, at)
    for days in (-4, -3, -2, 0):
        remind_of_questions(session, request.answer_by + timedelta(days), at)
    assert titles(session, request).count("请尽快回复") == 1


def test_silence_brings_it_back_to_review_with_a_mark_the_day_after(case, at):
    session, request = asked(case, at)
    assert settle_unanswered(session, request.answer_by, at) == 0
    assert settle_unanswered(session, request.answer_by + timedelta(1), at) == 1
    assert request.state is State.IN_REVIEW and request.answer_by is not None
    assert timeline_of(session, request.id, customer_only=True)[0].what == "unanswered"
    assert settle_unanswered(session, request.answer_by + timedelta(2), at) == 0


def test_silence_closes_it_where_that_was_said(case, at):
    session, request = asked(case, at, on_silence=OnSilence.CLOSE)
    settle_unanswered(session, request.answer_by + timedelta(1), at)
    assert request.state is State.CANCELLED and "申请已关闭" in titles(session, request)


def test_an_answer_in_time_ends_the_question(case, at):
    session, request = asked(case, at, on_silence=OnSilence.CLOSE)
    day = request.answer_by
    answer(session, request, text="第二笔", actor=REVIEWER, at=at)
    assert (request.state, request.answer_by, request.on_silence) == (State.IN_REVIEW, None, None)
    assert settle_unanswered(session, day + timedelta(1), at) == 0


def test_a_stopped_request_is_not_closed_for_silence(case, at):
    session, request = asked(case, at, on_silence=OnSilence.CLOSE)
    request.frozen_at = at
    session.flush()
    assert settle_unanswered(session, request.answer_by + timedelta(1), at) == 0
