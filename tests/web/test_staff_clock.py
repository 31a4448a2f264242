"""Extensions and questions to the customer, from the staff page to the customer's: who is told what, and when."""

import re
from datetime import date, datetime, timedelta

import pytest

from privacy_center import clock
from privacy_center.privacy_requests.models import OnSilence, State
from privacy_center.rounds import make_round
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import OFFICER, REVIEWER, StaffRoom
from tests.web.test_staff_decides import hidden_on, path_of, version_on

pytest_plugins = ["tests.web.staff_fixtures"]

QUESTION = "请问您要删除的是哪一笔订单？"
MORE = "周五前给您结果。"


@pytest.fixture
def lin(room: StaffRoom) -> Browser:
    """The customer of the request, signed in."""
    room.center.settings.secure_cookies = False
    room.ask("open-case")
    return CustomerRoom(room.center, room.app).sign_in("open-case")


@pytest.fixture
def reference(room: StaffRoom, lin: Browser) -> str:
    return room.references["open-case"]


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def customers_page(lin: Browser, reference: str) -> str:
    lin.get(f"/me/requests/{reference}")
    return lin.words()


def inbox(lin: Browser) -> str:
    lin.get("/me/inbox/")
    return lin.words()


def propose(staff, reference: str, to: date, status: int = 303):
    path = path_of(reference, "/deadline")
    sent = {"version": version_on(staff.get(path)), "to": to.isoformat(), "code": "many_systems", "reason": MORE}
    notice = staff.post(path, sent, status=200)
    assert "还没有发出" in notice.text and day_in_words(to) in notice.text and MORE in notice.text
    return staff.post(path, {**sent, "step": "submit"}, status=status)


def settle(staff, reference: str, answer: str, status: int = 303):
    sent = {"version": version_on(staff.get(path_of(reference))), "answer": answer}
    return staff.post(path_of(reference, "/deadline/second"), sent, status=status)


def test_an_extension_is_told_to_the_customer_only_once_another_person_confirmed_it(room, lin, reference):
    first, second = room.sit_down(REVIEWER), room.sit_down(OFFICER)
    due = room.request(reference).due_on
    to = due + timedelta(days=3)
    answer = propose(first, reference, to)
    assert "done=extension_waiting" in answer.location and room.request(reference).due_on == due
    waits = first.get(path_of(reference, "/deadline"))
    assert "须由另一位" in waits.text and "同意延长并通知客户" not in waits.text
    assert "延长待复核" in second.get(path_of(reference)).text
    assert day_in_words(to) not in customers_page(lin, reference) and "答复时间延长" not in inbox(lin)

    shown = second.get(path_of(reference, "/deadline"))
    assert f"员工 {REVIEWER} 申请延长至 {day_in_words(to)}" in shown.text and MORE in shown.text
    assert "done=extended" in settle(second, reference, "confirm").location
    assert room.request(reference).due_on == to
    assert "第 1 次，法定最多 1 次" in second.get(path_of(reference)).text
    told = customers_page(lin, reference)
    assert day_in_words(to) in told and MORE in told and "答复时间延长" in inbox(lin)


def test_who_proposed_an_extension_cannot_confirm_it(room, lin, reference):
    """The privacy officer may confirm extensions, and not their own."""
    officer, due = room.sit_down(OFFICER), room.request(reference).due_on
    propose(officer, reference, due + timedelta(days=3))
    refused = settle(officer, reference, "confirm", status=409)
    assert "延长须由另一个人复核" in refused.text and room.request(reference).due_on == due
    assert "答复时间延长" not in inbox(lin)


def test_a_rejected_extension_tells_the_customer_nothing(room, lin, reference):
    due = room.request(reference).due_on
    propose(room.sit_down(REVIEWER), reference, due + timedelta(days=3))
    assert "done=extension_rejected" in settle(room.sit_down(OFFICER), reference, "reject").location
    assert room.request(reference).due_on == due and "答复时间延长" not in inbox(lin)
    assert MORE not in customers_page(lin, reference)


def test_a_day_beyond_the_legal_maximum_is_refused_on_its_field(room, lin, reference):
    staff, path = room.sit_down(REVIEWER), path_of(reference, "/deadline")
    sent = {"version": version_on(staff.get(path)), "to": "2029-12-31", "code": "many_systems", "reason": ""}
    refused = staff.post(path, sent, status=422)
    assert "最多延长到" in refused.text and 'href="#to"' in refused.text


def ask(room: StaffRoom, reference: str, **fields: str) -> date:
    """A reviewer asks the customer; answers the last day for it."""
    staff = room.sit_down(REVIEWER)
    sent = {"version": version_on(staff.get(path_of(reference))), "choice": "ask", "text": QUESTION, **fields}
    check = staff.post(path_of(reference, "/decision"), sent, status=200)
    assert QUESTION in check.text
    staff.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"})
    asked = room.request(reference)
    assert asked.state is State.WAITING_CUSTOMER and asked.answer_by is not None
    return asked.answer_by


def at_noon(room: StaffRoom, day: date) -> datetime:
    """A moment on a local day."""
    return clock.now() + timedelta(days=(day - room.center.today(clock.now())).days)


def test_the_customer_reads_by_when_to_answer_and_what_silence_means(room, lin, reference):
    form = room.sit_down(REVIEWER).get(path_of(reference))
    suggested = re.search(r'name="answer_by"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="answer_by"', form.text)
    day = date.fromisoformat(suggested[1] or suggested[2]) - timedelta(days=1)
    assert ask(room, reference, answer_by=day.isoformat(), on_silence="close") == day
    assert room.request(reference).on_silence is OnSilence.CLOSE
    page = customers_page(lin, reference)
    assert QUESTION in page and f"请在此日期前回复 {day_in_words(day)}" in page
    assert "到期未回复，申请将关闭，不会删除任何信息；可随时重新提交。" in page
    assert "到期未回复，申请将关闭" in inbox(lin)
    waits = room.sit_down(REVIEWER).get(path_of(reference)).text
    assert f"等客户回复，最迟 {day_in_words(day)}" in waits and "到期未回复，申请将关闭" in waits


def test_a_day_that_cannot_be_is_refused_before_anything_is_sent(room, lin, reference):
    staff, beyond = room.sit_down(REVIEWER), room.request(reference).due_on + timedelta(days=1)
    sent = {"version": version_on(staff.get(path_of(reference))), "choice": "ask", "text": QUESTION}
    refused = staff.post(path_of(reference, "/decision"), {**sent, "answer_by": "2026-02-31"}, status=422)
    assert 'href="#answer_by"' in refused.text
    check = staff.post(path_of(reference, "/decision"), {**sent, "answer_by": beyond.isoformat()}, status=200)
    late = staff.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"}, status=422)
    assert "回复期限须晚于今天" in late.text
    assert room.request(reference).state is State.IN_REVIEW and QUESTION not in customers_page(lin, reference)


def test_silence_closes_the_request_in_the_round_of_the_day_after(room, lin, reference):
    day = ask(room, reference, on_silence="close")
    make_round(room.center, None, at_noon(room, day))
    assert room.request(reference).state is State.WAITING_CUSTOMER and "请尽快回复" in inbox(lin)
    make_round(room.center, None, at_noon(room, day + timedelta(days=1)))
    assert room.request(reference).state is State.CANCELLED
    assert "申请已关闭" in inbox(lin)
    assert "客户到期未回复，申请关闭" in room.sit_down(REVIEWER).get(path_of(reference)).text


def test_silence_brings_the_request_back_to_review_with_a_mark(room, lin, reference):
    day = ask(room, reference)
    make_round(room.center, None, at_noon(room, day + timedelta(days=1)))
    assert room.request(reference).state is State.IN_REVIEW
    page = room.sit_down(REVIEWER).get(path_of(reference)).text
    assert "客户到期未回复" in page and "我的决定" in page


def test_an_answer_in_time_keeps_the_request_open(room, lin, reference):
    day = ask(room, reference, on_silence="close")
    lin.get(f"/me/requests/{reference}")
    lin.post(f"/me/requests/{reference}/messages", text="第二笔")
    make_round(room.center, None, at_noon(room, day + timedelta(days=1)))
    assert room.request(reference).state is State.IN_REVIEW
    assert "第二笔" in room.sit_down(REVIEWER).get(path_of(reference)).text
