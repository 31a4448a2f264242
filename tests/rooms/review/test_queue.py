from datetime import timedelta

import sqlalchemy as sa

from privacy_center.clock import local_date
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest, State
from privacy_center.retention.verdict import Outcome
from privacy_center.review.decide import Ruling, decide
from privacy_center.review.desk import assign
from privacy_center.review.duties import SecondPolicy
from privacy_center.review.models import Choice
from privacy_center.review.queue import Filters, Tab, queue_page, tab_counts
from tests.rooms.privacy_requests.asking import ask_and_review
from tests.rooms.review.planning import draft, hire


def page(session, reader, at, tab=Tab.ALL, number=1, **filters):
    today = local_date(at, "Asia/Shanghai")
    return queue_page(session, tab=tab, filters=Filters(**filters), reader=reader, today=today, number=number)


def fill(session, at, count):
    return [
        ask_and_review(session, at - timedelta(days=count - number), f"c{number}@example.com")
        for number in range(count)
    ]


def test_the_queue_shows_what_is_due_first_in_pages_of_twenty_five(either, at):
    with either.transaction() as session:
        reader = hire(session, at, "S-0001")
        fill(session, at, 27)
    with either.reading() as session:
        first, second = page(session, reader, at), page(session, reader, at, number=2)
        assert (first.total, first.pages, len(first.rows), len(second.rows)) == (27, 2, 25, 2)
        dues = [row.due_on for row in first.rows + second.rows]
        assert dues == sorted(dues)
        assert page(session, reader, at, number=99).number == 2
        assert first.rows[0].label == "张**"


def test_tabs_show_what_they_say(either, at):
    with either.transaction() as session:
        reader, other = hire(session, at, "S-0001"), hire(session, at, "S-0002")
        mine, free, others, asked, failed, second, done = fill(session, at, 7)
        assign(session, mine, to=reader, by=reader, at=at)
        assign(session, others, to=other, by=other, at=at)
        decide(session, asked, Ruling(Choice.ASK, text="?"), by=reader, version=asked.version, at=at)
        strict = SecondPolicy(rows=-1)
        decide(session, second, Ruling(Choice.APPROVE), by=other, version=second.version, at=at, policy=strict)
        failed.state, done.state = State.NEEDS_ATTENTION, State.COMPLETED
        session.flush()
        shown = {
            tab: {row.reference for row in page(session, reader, at, tab).rows} for tab in Tab
        }  # fmt: skip
        assert shown[Tab.TODO] == {one.reference for one in (mine, free, failed, second)}
        assert shown[Tab.UNASSIGNED] == {one.reference for one in (free, asked, failed, second)}
        assert shown[Tab.MINE] == {mine.reference}
        assert shown[Tab.SECOND] == {second.reference}
        assert shown[Tab.WAITING] == {asked.reference}
        assert shown[Tab.FAILED] == {failed.reference}
        assert shown[Tab.DUE] == set()
        assert len(shown[Tab.ALL]) == 7
        counts = tab_counts(session, reader=reader, today=local_date(at, "Asia/Shanghai"))
        assert counts == {tab: len(references) for tab, references in shown.items()}
        assert second.reference not in {row.reference for row in page(session, other, at, Tab.TODO).rows}
        assert next(row for row in page(session, reader, at, Tab.SECOND).rows).awaits_second


def test_what_is_due_today_or_overdue_is_in_its_tab(own, at):
    with own.transaction() as session:
        reader = hire(session, at, "S-0001")
        request = ask_and_review(session, at)
        for days, there in ((-1, True), (0, True), (1, False)):
            request.due_on = local_date(at, "Asia/Shanghai") + timedelta(days)
            session.flush()
            assert bool(page(session, reader, at, Tab.DUE).total) is there


def test_filters_narrow_the_queue(own, at):
    with own.transaction() as session:
        reader = hire(session, at, "S-0001")
        one, two, _ = fill(session, at, 3)
        one.channel, two.kind = Channel.HOTLINE, Kind.ACCESS
        session.flush()
        assert [row.reference for row in page(session, reader, at, channel=Channel.HOTLINE).rows] == [one.reference]
        assert [row.reference for row in page(session, reader, at, kind=Kind.ACCESS).rows] == [two.reference]
        assert page(session, reader, at, reference=one.reference).total == 1
        assert page(session, reader, at, state=State.COMPLETED).total == 0
        assert page(session, reader, at, due_from=one.due_on, due_until=one.due_on).total >= 1
        assert page(session, reader, at, assignee="S-0009").total == 0


def test_a_page_costs_the_same_statements_whatever_its_length(own, at):
    with own.transaction() as session:
        reader = hire(session, at, "S-0001")
        for request in fill(session, at, 25):
            draft(session, request, at, {"rows": 3}, {"outcome": Outcome.RESTRICT, "rows": 2})
    said = []
    sa.event.listen(own.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    with own.reading() as session:
        shown = page(session, reader, at)
        assert {(row.items, row.held) for row in shown.rows} == {(5, 2)}
        assert session.scalar(sa.select(sa.func.count()).select_from(PrivacyRequest)) == 25
    assert len([text for text in said if text.startswith("SELECT")]) == 7
