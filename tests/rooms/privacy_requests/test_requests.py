import threading
import uuid
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from privacy_center.audit.append import Actor
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.verify import verify_chain
from privacy_center.errors import OutOfDate, Refusal
from privacy_center.outbox.inbox import notices_for
from privacy_center.outbox.models import OutboxMessage
from privacy_center.privacy_requests import moves, thread
from privacy_center.privacy_requests.models import Kind, PrivacyRequest, RequestEvent, Side, State
from privacy_center.privacy_requests.queries import (
    cooling_off_ends_soon,
    identities_in,
    label_of,
    ready_to_execute,
    request_by_reference,
    requests_of,
    words_in,
)
from privacy_center.privacy_requests.remind import remind_of_cooling_off
from privacy_center.privacy_requests.states import CANCELLABLE, DOT_OF, DOTS, MOVES, NAMES, NEXT, dot_of
from privacy_center.privacy_requests.submit import open_deletion_of
from privacy_center.privacy_requests.timeline import timeline_of
from tests.rooms.privacy_requests.asking import REVIEWER, ask, ask_and_review, customer


def titles(session, request):
    return [notice.title.en for notice in notices_for(session, request.person_id)]


def test_a_request_is_received_with_a_reference_a_last_day_and_a_message(either, at):
    with either.transaction() as session:
        request = ask(session, at)
    with either.reading() as session:
        found = request_by_reference(session, request.reference, person=request.person_id)
        assert (found.state, found.due_on, found.version) == (State.RECEIVED, date(2026, 12, 11), 1)
        assert identities_in(session, found) == {"email": ["zhang@example.com"]}
        assert (words_in(session, found), label_of(session, found)) == ("请把我的信息都删掉", "张**")
        assert [event.what for event in timeline_of(session, found.id)] == ["submitted"]
        notice = notices_for(session, found.person_id)[0]
        assert found.reference in notice.body.zh
        assert "11 December 2026" in notice.body.en
        assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 1
        assert requests_of(session, found.person_id, open_only=True) == [found]


def test_nothing_personal_is_stored_in_plain_text(own, at, tmp_path):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        thread.ask_customer(session, request, text="张三，请补充身份信息", actor=REVIEWER, at=at)
        moves.refuse(session, request, reason_codes=["x"], text="给张三的理由", actor=REVIEWER, at=at)
    own.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))
    for secret in ("zhang@example.com", "张**", "请把我的信息都删掉", "张三"):
        assert secret.encode() not in stored


def test_the_whole_way_of_a_deletion_with_holds(either, at):
    day = timedelta(days=1)
    with either.transaction() as session:
        request = ask_and_review(session, at)
        moves.approve(session, request, actor=REVIEWER, at=at, in_part=True)
        moves.start_cooling_off(session, request, until=at + 7 * day, at=at)
        assert ready_to_execute(session, at + 6 * day) == []
        assert cooling_off_ends_soon(session, at + 6.5 * day) == [request]
        with pytest.raises(Refusal, match="not over"):
            moves.begin_execution(session, request, at=at + 6 * day)
        assert ready_to_execute(session, at + 7 * day) == [request.id]
        moves.begin_execution(session, request, at=at + 7 * day)
        moves.begin_checking(session, request, at=at + 7 * day)
        moves.fulfil(session, request, with_holds=True, at=at + 7 * day)
        moves.extend_fulfilment(session, request, all_done=False, release_key="1", at=at + 30 * day)
        moves.extend_fulfilment(session, request, all_done=True, release_key="2", at=at + 40 * day)
        assert request.state is State.COMPLETED
    with either.reading() as session:
        told = [event.what for event in timeline_of(session, request.id, customer_only=True)][::-1]
        assert told == [
            "submitted", "confirmed", "review_started", "partly_approved", "cooling_off", "execution_started",
            "checking_started", "completed_with_holds", "hold_released", "hold_released",
        ]  # fmt: skip
        assert titles(session, request).count("What was kept has now been deleted") == 2
        assert "2026年11月28日（周六）10:30" in next(
            n.body.zh for n in notices_for(session, request.person_id) if "撤回期" in n.title.zh
        )
        acts = session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.seq)).all()
        assert acts == [f"request.{what}" for what in told]
        assert verify_chain(session).ok


def test_the_last_day_to_change_ones_mind_is_told_once(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        moves.approve(session, request, actor=REVIEWER, at=at)
        moves.start_cooling_off(session, request, until=at + timedelta(7), at=at)
        assert remind_of_cooling_off(session, at + timedelta(5)) == 0
        for _ in range(2):
            assert remind_of_cooling_off(session, at + timedelta(6.5)) == 1
        assert titles(session, request).count("Last day to change your mind") == 1


def test_a_problem_is_seen_by_staff_and_softened_for_the_customer(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        moves.approve(session, request, actor=REVIEWER, at=at)
        moves.begin_execution(session, request, at=at)
        moves.need_attention(session, request, problem={"dataset": "shop", "why": "unreachable"}, at=at)
        assert "execution_problem" not in [e.what for e in timeline_of(session, request.id, customer_only=True)]
        assert timeline_of(session, request.id)[0].details["dataset"] == "shop"
        assert "This is taking a little longer" in titles(session, request)
        moves.begin_execution(session, request, at=at)
        assert request.state is State.EXECUTING


@pytest.mark.parametrize("state", sorted(set(State) - CANCELLABLE))
def test_what_has_begun_or_ended_cannot_be_cancelled(own, at, state):
    with own.transaction() as session:
        request = ask(session, at)
        request.state = state
        with pytest.raises(Refusal, match="cannot be done") as refused:
            moves.cancel_request(session, request, actor=Actor("customer", "x"), at=at)
        assert refused.value.status == 409


@pytest.mark.parametrize("state", sorted(CANCELLABLE))
def test_until_execution_the_customer_can_cancel(own, at, state):
    with own.transaction() as session:
        request = ask(session, at)
        request.state = state
        moves.cancel_request(session, request, actor=Actor("customer", "x"), at=at)
        assert (request.state, request.closed_at) == (State.CANCELLED, at)


def test_every_state_has_words_a_dot_and_a_way_in():
    assert set(MOVES) == set(NAMES) == set(NEXT) == set(DOT_OF) == set(State)
    assert {dot_of(state) for state in State} == set(range(1, len(DOTS) + 1))
    reached = {to for onward in MOVES.values() for to in onward} | {State.RECEIVED}
    assert reached == set(State)


def test_of_two_who_move_the_same_request_one_is_told_to_look_again(either, at):
    with either.transaction() as session:
        request = ask_and_review(session, at)
    if either.engine.dialect.name == "sqlite":
        with either.transaction() as session:
            stale = session.get_one(PrivacyRequest, request.id)
            faster = sa.update(PrivacyRequest).values(version=PrivacyRequest.version + 1)
            session.execute(faster.execution_options(synchronize_session=False))
            with pytest.raises(OutOfDate):
                moves.approve(session, stale, actor=REVIEWER, at=at)
            session.rollback()
        return
    came_of, barrier = [], threading.Barrier(2)

    def decide():
        try:
            with either.transaction() as session:
                mine = session.get_one(PrivacyRequest, request.id)
                barrier.wait()
                moves.approve(session, mine, actor=REVIEWER, at=at)
            came_of.append("done")
        except OutOfDate:
            came_of.append("out of date")

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(came_of) == ["done", "out of date"]


def test_a_double_click_makes_one_request(own, at):
    with own.transaction() as session:
        first = ask(session, at, submission_key="form-1")
        assert ask(session, at, submission_key="form-1").id == first.id


def test_a_second_deletion_waits_for_the_first(own, at):
    with own.transaction() as session:
        first = ask(session, at)
        with pytest.raises(Refusal, match=first.reference):
            ask(session, at)
        assert ask(session, at, kind=Kind.ACCESS).due_on == date(2026, 12, 21)
        moves.cancel_request(session, first, actor=Actor("customer", "x"), at=at)
        assert open_deletion_of(session, first.person_id) is None
        ask(session, at)


def test_a_request_without_an_identity_or_with_endless_words_is_refused(own, at):
    with own.transaction() as session:
        for wrong in ({"identities": {"email": []}}, {"words": "长" * 4001}):
            with pytest.raises(Refusal) as refused:
                ask(session, at, **wrong)
            assert refused.value.status == 422


def test_what_is_not_yours_looks_like_what_does_not_exist(own, at):
    with own.transaction() as session:
        request = ask(session, at)
        other = customer(session, at, "other@example.com")
        said = []
        for reference in (request.reference, "PC-0000-0000-0000"):
            with pytest.raises(Refusal) as refused:
                request_by_reference(session, reference, person=other.id)
            said.append((refused.value.words, refused.value.status))
        assert said[0] == said[1]
        assert said[0][1] == 404


def test_question_and_answer_go_to_and_fro(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        thread.ask_customer(session, request, text="请问是哪个订单？", actor=REVIEWER, at=at)
        assert request.state is State.WAITING_CUSTOMER
        assert "We need something from you" in titles(session, request)
        thread.answer(session, request, text="2026 年 3 月那个", actor=Actor("customer", "x"), at=at + timedelta(1))
        assert request.state is State.IN_REVIEW
        thread.reply(session, request, text="收到", actor=REVIEWER, at=at + timedelta(2))
        said = thread.thread_of(session, request.id)
        assert [(one.side, one.text) for one in said] == [
            (Side.STAFF, "请问是哪个订单？"), (Side.CUSTOMER, "2026 年 3 月那个"), (Side.STAFF, "收到"),
        ]  # fmt: skip
        for empty in ("", "  ", "长" * 4001):
            with pytest.raises(Refusal):
                thread.answer(session, request, text=empty, actor=Actor("customer", "x"), at=at)


def test_a_refusal_needs_a_reason(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        with pytest.raises(Refusal, match="needs a reason"):
            moves.refuse(session, request, reason_codes=[], text="", actor=REVIEWER, at=at)


def test_more_time_needs_a_reason_and_a_later_day_and_is_told(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        for to, reason in ((request.due_on, "复杂"), (request.due_on + timedelta(5), " ")):
            with pytest.raises(Refusal):
                moves.extend_deadline(session, request, to=to, reason=reason, actor=REVIEWER, at=at)
        moves.extend_deadline(session, request, to=date(2026, 12, 20), reason="数据在三个系统", actor=REVIEWER, at=at)
        assert (request.first_due_on, request.due_on) == (date(2026, 12, 11), date(2026, 12, 20))
        assert any(
            "2026年12月11日（周五）延长到2026年12月20日（周日）" in n.body.zh
            for n in notices_for(session, request.person_id)
        )


def test_the_audit_trail_names_no_one(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        moves.refuse(session, request, reason_codes=["no_match"], text="张三的理由", actor=REVIEWER, at=at)
    with own.reading() as session:
        told = " ".join(session.scalars(sa.select(AuditEntry.details)))
        assert "no_match" in told
        assert "张三" not in told
        assert "zhang" not in told
        assert session.scalar(sa.select(sa.func.count()).where(RequestEvent.request_id == uuid.uuid4())) == 0
