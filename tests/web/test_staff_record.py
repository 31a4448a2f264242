"""Unusual access, questions about looks, what is hidden, and the export of signed heads, as staff see them."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.anomalies.models import Anomaly
from privacy_center.anomalies.watch import watch
from privacy_center.audit.append import Actor
from privacy_center.audit.look import record_look
from privacy_center.audit.models import AuditEntry
from privacy_center.config import AuditSettings
from privacy_center.looks.models import HiddenLook
from privacy_center.looks.questions import ask, said_about
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.identity import find_or_create_person
from privacy_center.rounds import watch_record
from tests.web.staff_room import AUDITOR, BY_KEY, OFFICER, OPERATOR, REVIEWER, StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]

SECURITY = "S0107"


def reveal(room: StaffRoom, by: str = "A-12", times: int = 12, purpose: str = "complaint") -> None:
    with room.center.database.transaction() as session:
        person = find_or_create_person(session, "email", BY_KEY["open-case"].email, clock.now()).id
        for number in range(times):
            record_look(
                session, actor=Actor("staff", by, "agent", "客服"), subject=person, data=["user.financial"],
                purpose=purpose, case="C-7", act="data.reveal", shown={"card": "**** 1234"},
                at=clock.now() - timedelta(seconds=number),
            )  # fmt: skip


def found(room: StaffRoom, rule: str = "many-reveals") -> uuid.UUID:
    watch(room.center.database, room.center.anomaly_rules, room.center.surroundings, clock.now())
    with room.center.database.reading() as session:
        return session.scalar(sa.select(Anomaly.id).where(Anomaly.rule == rule))


def acts(room: StaffRoom) -> set[str]:
    with room.center.database.reading() as session:
        return set(session.scalars(sa.select(AuditEntry.act)))


def test_the_security_officer_settles_an_item_with_the_lines_behind_it(room: StaffRoom):
    reveal(room)
    item = found(room)
    officer = room.sit_down(SECURITY)
    assert "频繁显示完整内容" in officer.get("/staff/anomalies").text
    page = officer.get(f"/staff/anomalies/{item}").text
    assert page.count("A-12") >= 12 and "C-7" in page and "1234" not in page
    path = f"/staff/anomalies/{item}/settle"
    assert "选一个结论" in officer.post(path, {"reason": "核对过"}, status=422).text
    assert "核对过" in officer.post(path, {"reason": "核对过", "outcome": "odd"}, status=422).text
    officer.post(path, {"outcome": "explained", "reason": "盘点时核对"})
    assert "盘点时核对" in officer.get(f"/staff/anomalies/{item}").text
    assert "有正当理由" in officer.get("/staff/anomalies?tab=settled").text
    officer.post(path, {"outcome": "misuse", "reason": "x"}, status=409)
    assert "anomaly.settled" in acts(room)


def test_what_a_look_was_for_is_said_to_staff_in_their_words_and_not_in_the_customers(room: StaffRoom):
    reveal(room, purpose="request.review")
    item, officer = found(room), room.sit_down(SECURITY)
    page = officer.get(f"/staff/anomalies/{item}").text
    assert "审核隐私申请" in page and "您的隐私申请" not in page
    assert "Reviewing a privacy request" in officer.get(f"/staff/anomalies/{item}?lang=en").text


def test_whoever_is_concerned_reads_that_somebody_else_must_settle_it(room: StaffRoom):
    reveal(room, by=SECURITY)
    item = found(room)
    officer = room.sit_down(SECURITY)
    page = officer.get(f"/staff/anomalies/{item}").text
    assert "与您本人有关" in page and 'name="outcome"' not in page
    officer.post(f"/staff/anomalies/{item}/settle", {"outcome": "explained", "reason": "x"}, status=403)


def test_others_who_read_the_record_see_items_and_settle_nothing(room: StaffRoom):
    reveal(room)
    item = found(room)
    for number in (OFFICER, AUDITOR):
        reader = room.sit_down(number)
        assert "等安全负责人处理" in reader.get(f"/staff/anomalies/{item}").text
        reader.post(f"/staff/anomalies/{item}/settle", {"outcome": "explained", "reason": "x"}, status=403)
    assert room.sit_down(REVIEWER).browser.get("/staff/anomalies").status_code == 403


def test_an_overdue_item_is_shown_first_and_marked(room: StaffRoom):
    reveal(room)
    item = found(room)
    with room.center.database.transaction() as session:
        session.execute(sa.update(Anomaly).where(Anomaly.id == item).values(due_at=clock.now() - timedelta(hours=1)))
    page = room.sit_down(SECURITY).get("/staff/anomalies").text
    assert "已逾期" in page
    assert "privacy_anomalies_overdue 1" in room.app.test_client().get("/metrics").text


def question(room: StaffRoom) -> tuple[str, uuid.UUID]:
    reveal(room, times=1)
    with room.center.database.transaction() as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "data.reveal")).one()
        asked = ask(
            session,
            entry.subject_id,
            entry.seq,
            "为什么看我的卡？",
            at=clock.now(),
            timezone="Asia/Shanghai",
            jurisdiction="CN",
        )
    return asked.reference, asked.id


def test_the_privacy_officer_answers_a_question_with_the_entry_and_what_was_shown(room: StaffRoom):
    reference, asked = question(room)
    officer = room.sit_down(OFFICER)
    assert reference in officer.get("/staff/questions").text
    page = officer.get(f"/staff/questions/{reference}").text
    assert "为什么看我的卡？" in page and "A-12" in page and "**** 1234" in page
    assert "请写下内容" in officer.post(f"/staff/questions/{reference}", {"text": ""}, status=422).text
    officer.post(f"/staff/questions/{reference}", {"text": "为处理投诉查看。"})
    with room.center.database.reading() as session:
        assert [one.author for one in said_about(session, asked)] == ["", OFFICER]
    assert "没有等答复的疑问" in officer.get("/staff/questions").text
    officer.get("/staff/questions/PC-0000-0000-0000", 404)


@pytest.mark.parametrize("number", [REVIEWER, AUDITOR, SECURITY, OPERATOR])
def test_nobody_else_reads_questions_or_hides_looks(room: StaffRoom, number: str):
    reference, _ = question(room)
    reader = room.sit_down(number)
    for path in ("/staff/questions", f"/staff/questions/{reference}", "/staff/hidden-looks"):
        assert reader.browser.get(path).status_code == 403
    assert reader.browser.get("/staff/hiding").status_code == (200 if number == SECURITY else 403)
    reader.post("/staff/hidden-looks", {"what": "C-7", "reason": "x"}, status=403)


def test_a_case_is_hidden_with_a_reason_and_shown_again(room: StaffRoom):
    officer = room.sit_down(OFFICER)
    typed = {"what": "INV-1", "until": "soon", "ground": "secrecy", "reason": "公安机关来函"}
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    page = officer.post("/staff/hidden-looks", typed, status=422).text
    assert "INV-1" in page and "公安机关来函" in page
    assert "写明为什么" in officer.post("/staff/hidden-looks", typed | {"until": day, "reason": ""}, status=422).text
    officer.post("/staff/hidden-looks", typed | {"until": day})
    assert "公安机关来函" in officer.get("/staff/hidden-looks").text
    with room.center.database.reading() as session:
        hidden = session.scalars(sa.select(HiddenLook)).one()
    assert hidden.case == "INV-1" and "公安" not in str(hidden.reason_sealed)
    room.sit_down(SECURITY).post(f"/staff/hiding/{hidden.id}", {"do": "agree"})
    assert f"{SECURITY} 同意" in officer.get("/staff/hidden-looks").text
    officer.post(f"/staff/hidden-looks/{hidden.id}/lift", {})
    assert "已恢复公开" in officer.get("/staff/hidden-looks").text
    assert {"look.hiding_asked", "look.hidden", "look.lifted"} <= acts(room)


def test_the_audit_page_checks_the_chain_against_the_exported_heads(room: StaffRoom, tmp_path):
    officer = room.sit_down(OFFICER)
    room.center.settings.audit = AuditSettings()
    assert "没有存到别处" in officer.get("/staff/audit").text
    room.center.settings.audit = AuditSettings(export=str(tmp_path / "heads"))
    watch_record(room.center, clock.now())
    assert "每小时送出一次" in officer.get("/staff/audit").text
    assert "与外部保存的 1 个签名链头一致" in officer.post("/staff/audit/verify", {}, status=200).text
    (file,) = (tmp_path / "heads").glob("*.jsonl")
    file.write_text(file.read_text().replace('"seq":', '"seq":1'))
    page = officer.post("/staff/audit/verify", {}, status=200).text
    assert "伪造" in page and "没有" in page


def test_heads_that_cannot_leave_are_seen_by_staff_monitoring_and_operators(room: StaffRoom, tmp_path):
    (tmp_path / "blocked").write_text("in the way")
    room.center.settings.audit = AuditSettings(export=str(tmp_path / "blocked"))
    this_hour = clock.now().replace(minute=0)  # one head an hour: three tries within the same
    for minute in range(3):
        watch_record(room.center, this_hour + timedelta(minutes=2 * minute))
    assert "没能送出去" in room.sit_down(OFFICER).get("/staff/audit").text
    text = room.app.test_client().get("/metrics").text
    assert "privacy_audit_heads_waiting 1" in text and "privacy_audit_head_failures 3" in text
    with room.center.database.reading() as session:
        told = session.scalars(sa.select(OutboxMessage.template).where(OutboxMessage.template == "record_trouble"))
        assert len(told.all()) == 1


def test_the_pages_speak_english(room: StaffRoom):
    reveal(room)
    item = found(room)
    page = room.sit_down(SECURITY).get(f"/staff/anomalies/{item}?lang=en").text
    assert "Many reveals" in page and "The log lines behind it" in page and "Saw in full" in page
