"""Who looked at my data: what the customer sees of it, what not, and asking about it."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.anomalies.models import Anomaly, AnomalyLine, Severity
from privacy_center.audit.append import Actor
from privacy_center.audit.look import record_look
from privacy_center.looks.hidden import agree, hide
from privacy_center.looks.models import LookQuestion
from privacy_center.looks.questions import answer, question_by_reference
from privacy_center.people.staff.roster import find_staff
from privacy_center.web.filters import day_text
from tests.web.customer_room import Browser, CustomerRoom

CLERK = Actor("staff", "S-4711", "agent", "华东客服")
OFFICER = Actor("staff", "S0103", "privacy_officer")


def look(counter: CustomerRoom, key: str = "open-case", days_ago: float = 0, **more: object) -> int:
    told = {"data": ["user.contact"], "purpose": "after_sales", "case": "CASE-7", "system": "crm", "channel": "hotline"}
    at = clock.now() - timedelta(days=days_ago)
    with counter.center.database.transaction() as session:
        return record_look(session, actor=CLERK, subject=counter.person(key), at=at, **told | more).seq


def test_a_look_is_shown_with_post_purpose_kind_of_data_and_place_but_no_name_or_number(counter, lin: Browser):
    look(counter)
    lin.get("/me/who-looked/")
    said = lin.words()
    for words in ("查看：售后服务", "华东客服，客服", "联系方式", "crm，热线", "CASE-7", "查看了 1 次"):
        assert words in said, words
    assert "S-4711" not in lin.page.text


def test_kinds_that_were_only_counted_are_told_as_that_and_not_by_name(counter, lin: Browser):
    look(counter, counts_of=["user.financial.bank_account", "user.contact"])
    lin.get("/me/who-looked/")
    assert "联系方式；别的种类只看了名称和行数，没有看内容" in lin.words() and "银行" not in lin.words()
    look(counter, data=[], counts_of=["user.financial.bank_account"])
    lin.get("/me/who-looked/?lang=en")
    assert "Only kinds and row counts; no content was seen" in lin.words()


def test_the_page_says_the_same_in_english(counter, lin: Browser):
    look(counter)
    lin.get("/me/who-looked/?lang=en")
    assert "After-sales service" in lin.words() and "Customer service" in lin.words()
    assert "investigation" in lin.words() and "6 months" in lin.words()


def test_looks_are_filtered_by_period_and_older_ones_stand_on_the_next_page(counter, lin: Browser):
    old = look(counter, days_ago=60, case="OLD-1")
    for _ in range(26):
        look(counter, case="NEW-1")
    lin.get("/me/who-looked/")
    assert lin.words().count("NEW-1") == 25 and "OLD-1" not in lin.words()
    lin.get("/me/who-looked/?period=90")
    onward = lin.page.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    lin.get(onward)
    assert "OLD-1" in lin.words() and lin.words().count("NEW-1") == 1 and f"look-{old}" in lin.page.text


def test_an_open_investigation_is_not_shown_and_the_page_says_that_such_things_exist(counter, lin: Browser):
    with counter.center.database.transaction() as session:
        day = counter.center.today(clock.now())
        told = {"ground": "secrecy", "reason": "调查", "until": day + timedelta(days=30), "today": day}
        row = hide(session, case="INV-1", actor=OFFICER, at=clock.now(), **told)
        session.flush()
        agree(session, row.id, by=find_staff(session, "S0107"), at=clock.now(), today=day)
    seq = look(counter, case="INV-1")
    lin.get("/me/who-looked/")
    assert "INV-1" not in lin.page.text and "正在依法进行的调查" in lin.words()
    lin.get(f"/me/who-looked/{seq}", 404)


def test_an_unusual_look_is_marked_while_somebody_looks_into_it(counter, lin: Browser):
    seq, at = look(counter), clock.now()
    with counter.center.database.transaction() as session:
        item = Anomaly(
            id=uuid.uuid4(), rule="x", group_key="S-4711", title={"zh-CN": "x", "en": "x"}, severity=Severity.LOW,
            threshold=1, counted=1, first_at=at, last_at=at, opened_at=at, due_at=at,
        )  # fmt: skip
        session.add(item)
        session.flush()
        session.add(AnomalyLine(anomaly_id=item.id, seq=seq))
    lin.get("/me/who-looked/")
    assert "正在核查" in lin.words()
    with counter.center.database.transaction() as session:
        session.execute(sa.update(Anomaly).values(settled_at=at))
    lin.get("/me/who-looked/")
    assert "正在核查" not in lin.words()


def test_a_question_reaches_the_privacy_officer_and_its_answer_the_customer(counter, lin: Browser):
    seq = look(counter)
    lin.get(f"/me/who-looked/{seq}")
    lin.post(f"/me/who-looked/{seq}", 422, text=" ")
    assert "最多 2000 字" in lin.words()
    lin.post(f"/me/who-looked/{seq}", text="我没有找过客服。<b>")
    lin.get(f"/me/who-looked/{seq}?asked=yes")
    with counter.center.database.reading() as session:
        asked = session.scalars(sa.select(LookQuestion)).one()
    assert asked.reference in lin.words() and "我没有找过客服" in lin.words() and "<b>" not in lin.words()
    with counter.app.test_request_context():
        assert day_text(asked.due_on) in lin.words()
    with counter.center.database.transaction() as session:
        answer(
            session, question_by_reference(session, asked.reference), "为处理售后查看。", actor=OFFICER, at=clock.now()
        )
    lin.get("/me/inbox/")
    assert f'href="/me/who-looked/{seq}"' in lin.page.text
    lin.get(f"/me/who-looked/{seq}")
    assert "为处理售后查看。" in lin.words() and "S0103" not in lin.page.text
    lin.get("/me/who-looked/")
    assert f"您问过的 编号 {asked.reference} 已答复 看答复" in lin.words()


def test_nobody_sees_or_asks_about_somebody_elses_look(counter: CustomerRoom, lin: Browser):
    lin.get("/me/")
    seq = look(counter)
    other = counter.sign_in("unused-points")
    other.get("/me/who-looked/")
    assert "CASE-7" not in other.words()
    other.get(f"/me/who-looked/{seq}", 404)
    other.get("/me/")
    other.post(f"/me/who-looked/{seq}", 404, text="谁？")


def test_the_home_page_says_how_often_in_one_statement(counter: CustomerRoom, lin: Browser):
    look(counter)
    look(counter, days_ago=40)
    lin.get("/me/")
    assert "最近 30 天被查看 1 次" in lin.words()
    said = []
    listen = lambda *told: said.append(told[2])  # noqa: E731
    sa.event.listen(counter.center.database.engine, "before_cursor_execute", listen)
    lin.get("/me/")
    assert sum("audit_entry" in text for text in said) == 1


@pytest.mark.parametrize("query", ["?before=x", "?period=century", "?before=99999999999999999999"])
def test_an_odd_address_shows_the_page_all_the_same(lin: Browser, query: str):
    lin.get(f"/me/who-looked/{query}")
