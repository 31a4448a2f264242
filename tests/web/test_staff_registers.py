import re
import uuid

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.execution.conclude import conclude_run
from privacy_center.execution.models import ExecutionRun, ExecutionStep, ResidualHit, RunState, StepState
from privacy_center.execution.step import carry_out, note_failure
from privacy_center.outbox.models import MessageKind, MessageState, OutboxMessage
from privacy_center.outbox.queue import put_message
from privacy_center.privacy_requests.models import State
from privacy_center.web.staff.access import STAFF_ACCESS
from tests.web.staff_room import AUDITOR, OFFICER, OPERATOR, REVIEWER, SENIOR, StaffRoom
from tests.web.test_staff_decides import APPROVE, decide, path_of

pytest_plugins = ["tests.web.staff_fixtures"]


def approve(room: StaffRoom, key: str, **more: str) -> str:
    """A request whose deletion is handed in: decided, and confirmed where two people are needed."""
    reference = room.ask(key, cooling_off_days=0)
    if "done=waiting" in decide(room.sit_down(REVIEWER), reference, APPROVE | more).location:
        second = room.sit_down(SENIOR)
        page = second.get(path_of(reference)).text
        fields = {
            name: re.search(f'id="second".*?name="{name}" value="([^"]+)"', page, re.S)[1]
            for name in ("version", "decision")
        }
        second.post(path_of(reference, "/second"), {**fields, "answer": "confirm"})
    assert room.request(reference).state is State.EXECUTING
    return reference


def carry_on(room: StaffRoom) -> RunState:
    """Do what a worker would do with the newest run."""
    with room.center.database.reading() as session:
        run = session.scalars(sa.select(ExecutionRun).order_by(ExecutionRun.created_at.desc())).first()
        datasets = list(session.scalars(sa.select(ExecutionStep.dataset).where(ExecutionStep.run_id == run.id)))
    for dataset in datasets:
        carry_out(room.center, run.id, dataset)
    return conclude_run(room.center, run.id)


def test_every_staff_page_stands_in_the_table_and_every_line_of_the_table_is_a_page(room: StaffRoom):
    endpoints = {rule.endpoint for rule in room.app.url_map.iter_rules() if rule.endpoint.startswith("staff.")}
    assert endpoints == set(STAFF_ACCESS)


def test_without_signing_in_every_page_leads_to_the_door(room: StaffRoom):
    for path in ("/staff/", "/staff/audit", "/staff/requests/PC-0000-0000-0000", "/staff/account"):
        answer = room.app.test_client().get(path)
        assert answer.status_code == 303 and answer.location.startswith("/staff/sign-in?next=")


def test_the_execution_is_shown_database_by_database_with_its_certificate(room: StaffRoom):
    reference = approve(room, "open-case")
    assert carry_on(room) is RunState.DONE
    page = room.sit_down(OPERATOR).get(path_of(reference))
    assert page.text.count("核对无误") == 2 and "证明" in page.text and "再执行一次" not in page.text
    holds = room.sit_down(OFFICER).get("/staff/holds")
    assert reference in holds.text and "售后" in holds.text and "法律" in holds.text
    assert "没有" in room.sit_down(OFFICER).get("/staff/holds?tab=released").text


def test_a_database_that_failed_is_shown_in_words_and_can_be_tried_again(room: StaffRoom):
    reference = approve(room, "open-case")
    with room.center.database.transaction() as session:
        run = session.scalars(sa.select(ExecutionRun)).one()
        step = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.dataset == "crm")).one()
        step.state, step.attempts, step.error = StepState.FAILED, 5, {"zh-CN": "连不上。", "en": "Does not answer."}
    with room.center.database.transaction() as session:
        other = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.dataset == "shop")).one()
    carry_out(room.center, run.id, other.dataset)
    assert conclude_run(room.center, run.id) is RunState.FAILED
    assert reference in room.sit_down(REVIEWER).get("/staff/?tab=failed").text
    reviewer = room.sit_down(REVIEWER)
    assert "再执行一次" not in reviewer.get(path_of(reference)).text
    reviewer.post(path_of(reference, "/retry"), {}, status=403)
    operator = room.sit_down(OPERATOR)
    page = operator.get(path_of(reference)).text
    top = page[: page.index('id="asked"')]
    assert "删除没有做完" in top and "连不上。" in top, "what happened stands before everything else"
    assert "shop 已办完并核对无误" in top and "没有只改一半" in top, "what is safe"
    assert 'href="#execution"' in top and "再执行" in top, "what to do"
    assert "由运维" in reviewer.get(path_of(reference)).text
    english = operator.get(f"{path_of(reference)}?lang=en").text
    assert "The deletion is not finished" in english and "Does not answer." in english
    operator.get(f"{path_of(reference)}?lang=zh-CN")
    operator.post(path_of(reference, "/retry"), {})
    assert room.request(reference).state is State.EXECUTING
    assert carry_on(room) is RunState.DONE
    operator.post(path_of(reference, "/retry"), {}, status=409)


def test_a_run_that_failed_and_is_ended_once_more_stays_as_it_is_and_tells_nobody_twice(room: StaffRoom):
    reference = approve(room, "open-case")
    with room.center.database.reading() as session:
        run = session.scalars(sa.select(ExecutionRun)).one()
    note_failure(room.center, run.id, "crm", OSError("away"), clock.now())
    carry_out(room.center, run.id, "shop")
    for _ in range(2):
        assert conclude_run(room.center, run.id) is RunState.FAILED
    assert room.request(reference).state is State.NEEDS_ATTENTION
    with room.center.database.reading() as session:
        step = session.scalars(sa.select(ExecutionStep).where(ExecutionStep.dataset == "crm")).one()
    assert step.attempts == 1, "what failed was tried"


def test_what_a_scan_found_is_explained_by_a_person(room: StaffRoom):
    reference = approve(room, "open-case")
    assert carry_on(room) is RunState.DONE
    with room.center.database.transaction() as session:
        hit = ResidualHit(
            id=uuid.uuid4(), request_id=room.request(reference).id, collection="shop.review", column="text", kind="email",
            row_digest="0" * 64, explanation=None, found_at=clock.now(),
        )  # fmt: skip
        session.add(hit)
    officer = room.sit_down(OFFICER)
    assert "还没有解释" in officer.get(path_of(reference)).text
    officer.post(path_of(reference, f"/hits/{hit.id}"), {"why": " "}, status=422)
    officer.post(path_of(reference, f"/hits/{hit.id}"), {"why": "这是别人写的评价，提到了同名的人。"})
    page = officer.get(path_of(reference))
    assert "提到了同名的人" in page.text and "还没有解释" not in page.text


def test_the_register_says_of_each_line_what_is_in_force_on_its_records(room: StaffRoom):
    reference = approve(room, "ill-after-meal")
    carry_on(room)
    path = f"/staff/holds?request={reference}"
    for language, note, complaint, order in (
        (
            "zh",
            "已加密封存。打开须说明事由，并经另一人批准。",
            "限制处理，只用于处理这件售后或投诉。",
            "限制处理，只保存",
        ),
        (
            "en",
            "Encrypted. Opening it needs a reason",
            "used only for handling this case.",
            "stored only, for no other",
        ),
    ):
        page = room.sit_down(OFFICER).get(f"{path}&lang={language}").text
        said = {}
        for line in page.split('<th scope="row">')[1:]:
            for title, sentence in (
                ("过敏", note),
                ("Allerg", note),
                ("投诉记录", complaint),
                ("Complaints", complaint),
            ):
                if re.search(f'data-label="[^"]+">[^<]*{title}', line):
                    said[title] = sentence in line
        assert len(said) == 2 and all(said.values()), said
        assert order in page


def test_records_that_stay_for_different_reasons_without_a_rule_are_lines_of_their_own(room: StaffRoom):
    reference = approve(room, "two-numbers", keep_undecided="yes")
    carry_on(room)
    page = room.sit_down(OFFICER).get(f"/staff/holds?request={reference}").text
    lines = {
        title: line
        for line in page.split('<th scope="row">')[1:]
        for title in ("会员档案", "商城账户", "登录日志")
        if re.search(f'data-label="记录">\\s*{title}\\s*<', line)
    }
    assert len(set(lines.values())) == 3
    assert "人工判断后" in lines["会员档案"] and "不再被引用时" in lines["商城账户"]


def test_the_sealed_allergy_note_of_the_sample_company_opens_for_two_people(room: StaffRoom):
    path = path_of(approve(room, "ill-after-meal"), "/vault")
    carry_on(room)
    senior, officer = room.sit_down(SENIOR), room.sit_down(OFFICER)
    senior.post(path, {"reason": "市场监管部门调查食品安全事故"})
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", officer.get(path).text)[1]
    assert "芒果、坚果" not in senior.get(path).text
    officer.post(f"{path}/{wish}/answer", {"do": "agree"})
    assert "芒果、坚果" in senior.post(f"{path}/{wish}/read", {}, status=200).text


def test_held_rows_are_released_on_demand_once_the_reason_has_ended(room: StaffRoom):
    reference = approve(room, "open-case")
    carry_on(room)
    officer = room.sit_down(OFFICER)
    answer = officer.post("/staff/holds/check", {})
    assert "目前没有可以删除的记录" in officer.get(answer.location).text
    with room.center.sources.engine("shop").begin() as connection:
        connection.execute(sa.text("UPDATE after_sales_case SET closed_at = '2026-01-05 10:00:00'"))
    answer = officer.post("/staff/holds/check", {})
    assert "1 个申请有到期记录" in officer.get(answer.location).text
    assert carry_on(room) is RunState.DONE
    assert "已删除" in officer.get("/staff/holds?tab=released").text
    assert "保留到期后的删除" in officer.get(path_of(reference)).text


def test_a_message_that_was_given_up_is_sent_again_without_showing_to_whom(room: StaffRoom):
    with room.center.database.transaction() as session:
        put_message(
            session, kind=MessageKind.EMAIL, address="lin.xiaoxia@example.com", template="notice",
            context={"reference": "PC-1", "site": "x"}, dedupe_key="k", language="zh-CN", at=clock.now(),
        )  # fmt: skip
        session.flush()
        message = session.scalars(sa.select(OutboxMessage)).one()
        message.state, message.attempts, message.last_error = MessageState.PARKED, 8, "connection refused"
    operator = room.sit_down(OPERATOR)
    page = operator.get("/staff/messages")
    assert "connection refused" in page.text and "lin.xiaoxia" not in page.text
    operator.post(f"/staff/messages/{message.id}/resend", {})
    assert "没有停发的消息" in operator.get("/staff/messages").text
    operator.post(f"/staff/messages/{message.id}/resend", {}, status=409)


def test_the_audit_trail_is_read_by_request_and_checked_whole(room: StaffRoom):
    reference = room.ask("open-case")
    room.sit_down(REVIEWER).get(path_of(reference))
    auditor = room.sit_down(AUDITOR)
    page = auditor.get(f"/staff/audit?reference={reference}")
    assert "查看" in page.text and REVIEWER in page.text
    assert "没有这样的记录" in auditor.get("/staff/audit?reference=PC-NONE").text
    assert "记录链完整" in auditor.post("/staff/audit/verify", {}, status=200).text
    assert "核对记录链" in auditor.get("/staff/audit").text


def test_the_rules_and_the_map_are_shown_as_they_are_loaded(room: StaffRoom):
    staff = room.sit_down(REVIEWER)
    rules = staff.get("/staff/rules")
    assert all(pack.pack in rules.text for pack in room.center.rules.packs)
    plain = re.sub(r"<details.*?</details>", "", rules.text, flags=re.S)
    assert not [one.key for one in room.center.rules.rules if one.key in plain]
    assert not [key for key in room.center.data_map.collections if key in plain]
    covered = {one.covers.collection[0] for one in room.center.rules.rules if one.covers.collection}
    assert all(room.center.catalogue.collection(key).title.zh in plain for key in covered)
    page = staff.get("/staff/map")
    assert all(key in page.text for key in room.center.data_map.collections) and page.text.count("连得上") == 2


def test_every_page_speaks_english(room: StaffRoom):
    reference = approve(room, "open-case")
    carry_on(room)
    for number, paths in {
        OFFICER: [
            "/staff/?tab=all",
            path_of(reference),
            "/staff/holds",
            "/staff/audit",
            "/staff/messages",
            "/staff/account",
        ],
        REVIEWER: ["/staff/rules", "/staff/map"],
    }.items():
        staff = room.sit_down(number)
        for path in paths:
            page = staff.get(f"{path}{'&' if '?' in path else '?'}lang=en").text
            main = page[page.index("<main") :]
            shown = re.sub(r"<[^>]+>", " ", main)
            names = {one.name for one in people(room)} | {
                "请删除我的全部信息。",
                "个人信息保护组",
                "个人信息保护年度培训",
            }
            names |= {pack.by for pack in room.center.rules.packs if pack.by}
            for name in sorted(names, key=len, reverse=True):
                shown = shown.replace(name, "")
            left = re.findall(r"[\u4e00-\u9fff]+", shown)
            assert not [one for one in left if one not in ("林", "对账还没有完成")], (path, left[:8])


def people(room: StaffRoom):
    from privacy_center.people.staff.roster import all_staff

    with room.center.database.reading() as session:
        return all_staff(session)


def _found(endpoint: str) -> int:
    """A request in review has no certificate yet; every other page is there."""
    return 404 if endpoint == "staff.certificate" else 200


def test_the_certificate_stands_beside_its_run_and_shows_when_it_was_tampered_with(room: StaffRoom):
    from privacy_center.execution.certify import certificates_of

    reference = approve(room, "open-case")
    assert carry_on(room) is RunState.DONE
    staff, path = room.sit_down(OFFICER), path_of(reference, "/certificate")
    assert path in staff.get(path_of(reference)).text
    page = staff.get(path)
    assert "签名有效" in page.text and "核对无误" in page.text and "签名对不上" not in page.text
    asked = room.request(reference)
    with room.center.database.transaction() as session:
        paper = certificates_of(session, asked.id)[0]
        paper.body = {**paper.body, "systems": []}
    assert "签名对不上" in staff.get(path).text
