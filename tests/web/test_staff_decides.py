import json
import re

from privacy_center.anomalies.rule import Hours, Of
from privacy_center.anomalies.seen import Surroundings, counts, read_entry
from privacy_center.audit.look import seen_in
from privacy_center.audit.queries import entries_of_request, newest_entries
from privacy_center.execution.models import ExecutionRun
from privacy_center.people.models import Level
from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.privacy_requests.models import State
from privacy_center.retention.verdict import Outcome
from privacy_center.web.customer.lines import told_of
from privacy_center.web.preview_words import summary_of
from tests.web.staff_room import AUDITOR, BY_KEY, OFFICER, OPERATOR, RELATED, REVIEWER, SENIOR, StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]

APPROVE = {"choice": "approve_part"}


def version_on(page) -> str:
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


def hidden_on(page) -> dict[str, str]:
    form = page.text[page.text.index('aria-labelledby="h-send"') :]
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form))


def path_of(reference: str, rest: str = "") -> str:
    return f"/staff/requests/{reference}{rest}"


def item_on(room: StaffRoom, reference: str, outcome: Outcome, collection: str = ""):
    asked = room.request(reference)
    with room.center.database.reading() as session:
        items = items_of(session, current_plan(session, asked.id).id)
    return next(one for one in items if one.outcome is outcome and one.collection.endswith(collection))


def reasons_on(page) -> dict[str, str]:
    """A written reason for every rule that asks for one."""
    return dict.fromkeys(re.findall(r'name="(hold-reason-[^"]+)"', page.text), "对账还没有完成")


def open_changes(second, reference: str) -> None:
    """As the second person: open everything that must be opened before an answer."""
    page = second.get(path_of(reference)).text
    for link in dict.fromkeys(re.findall(rf'href="({path_of(reference)}/(?:second|items)/[^"]+)"', page)):
        second.get(link.replace("&amp;", "&"))


def decide(staff, reference: str, fields: dict[str, str], status: int = 303):
    page = staff.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **fields}
    check = staff.post(path_of(reference, "/decision"), sent, status=200)
    assert "还没有提交" in check.text
    return staff.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"}, status=status)


def test_the_request_page_says_what_the_plan_says_rule_by_rule(room: StaffRoom):
    reference = room.ask("open-case")
    page = room.sit_down(REVIEWER).get(path_of(reference))
    assert "请删除我的全部信息。" in page.text and "138****0001" in page.text and "13800010001" not in page.text
    assert "售后" in page.text and "《电子商务法》" in page.text and "没有规则要求保留" in page.text
    assert "预检" in page.text or "留意" in page.text


def test_the_reviewer_and_the_customer_count_the_same_records(room: StaffRoom):
    reference = room.ask("open-case")
    with room.app.test_request_context(), room.center.database.reading() as session:
        told = told_of(session, room.request(reference))
        said = summary_of(told)
    records = sum(line.count for line in told.lines)
    page = room.sit_down(REVIEWER).get(path_of(reference))
    assert f"共 {records:,} 条记录，与客户看到的一致" in page.text
    legend = page.text[page.text.index('class="legend"') :].split("</nav>")[0]
    assert sum(int(n) for n in re.findall(r"<b>(\d+)<small>", legend)) == records
    assert f"{records:,} 条记录：" in said


def test_looking_at_a_request_and_at_a_record_is_written_into_the_audit_trail(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    staff.get(path_of(reference))
    item = item_on(room, reference, Outcome.ERASE, "member")
    sample = staff.get(path_of(reference, f"/items/{item.position}"))
    assert "林**" in sample.text and "林晓霞" not in sample.text and "13800010001" not in sample.text
    with room.center.database.reading() as session:
        looks = [one for one in entries_of_request(session, reference) if one.act == "data.look"]
        sampled, seen = (json.loads(one.details) for one in looks)
        content = [seen_in(session, one) for one in looks]
    assert {one.actor_id for one in looks} == {REVIEWER}
    assert (seen["page"], sampled["page"], seen["purpose"]) == ("request", "record", "request.review")
    assert (
        seen["data"] == ["user.contact", "user.content", "user.name"]
        and seen["department"]
        and seen["system"] == "privacy-center"
    )
    assert content[1] == {"name": "林**", "contacts": content[1]["contacts"]} and "138****0001" in str(content[1])
    assert "林**" in str(content[0]) and "林晓霞" not in str(content)


def test_what_a_page_only_counts_is_on_record_as_counted_and_no_rule_on_sensitive_data_counts_it(room: StaffRoom):
    reference = room.ask("open-case")
    room.sit_down(REVIEWER).get(path_of(reference))
    with room.center.database.reading() as session:
        look = next(one for one in entries_of_request(session, reference) if one.act == "data.look")
        told = json.loads(look.details)
        catalogue, seen = room.center.catalogue, read_entry(look)
    assert any(catalogue.category(one).sensitive for one in told["counts_of"])
    hours = Hours.model_validate({"from": "08:00", "to": "20:00"})
    around = Surroundings("Asia/Shanghai", "CN", catalogue, hours)
    assert not counts(Of.model_validate({"class": ["sensitive", "financial", "security"]}), seen, around, {})
    assert counts(Of.model_validate({"class": ["general"]}), seen, around, {})


def test_a_list_of_cases_is_written_down_as_one_look(room: StaffRoom):
    reference = room.ask("open-case")
    room.sit_down(REVIEWER).get("/staff/?tab=all")
    with room.center.database.reading() as session:
        look = next(one for one in newest_entries(session) if one.act == "data.look")
    assert json.loads(look.details)["cases"] == [reference] and look.subject_id is None


def test_a_reviewer_reads_the_letter_before_the_decision_is_made(room: StaffRoom):
    reference = room.ask("open-case", language="en")
    staff = room.sit_down(REVIEWER)
    page = staff.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **APPROVE}
    check = staff.post(path_of(reference, "/decision"), sent, status=200)
    letter = check.text[check.text.index('lang="en"') :]
    assert "&lt;" not in check.text
    assert "Our decision" in letter and reference in letter and "我们的决定" not in check.text
    assert room.request(reference).state is State.IN_REVIEW
    back = staff.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "edit"}, status=200)
    assert "我的决定" in back.text and 'value="approve_part" checked' in back.text


def test_an_approval_waits_for_the_customer_and_then_the_plan_is_signed(room: StaffRoom):
    reference = room.ask("unused-points", level=Level.V2)
    answer = decide(room.sit_down(REVIEWER), reference, APPROVE)
    asked = room.request(reference)
    with room.center.database.reading() as session:
        plan = current_plan(session, asked.id)
    if "done=decided" in answer.location:
        assert asked.state is State.COOLING_OFF and plan.signed_by == REVIEWER and plan.signature
    else:
        assert asked.state is State.IN_REVIEW and plan.signed_at is None


def test_a_change_needs_a_second_person_who_sees_the_change_first(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    first, item = room.sit_down(REVIEWER), item_on(room, reference, Outcome.ERASE, "survey_answer")
    name = f"item-{item.position}"
    changed = {f"{name}-outcome": "keep", f"{name}-code": "other", f"{name}-why": "调查还没有结束"}
    page = first.get(path_of(reference))
    version, reasons = version_on(page), reasons_on(page)
    assert reasons and "为什么仍须保留" in page.text
    silent = first.post(path_of(reference, "/decision"), {"version": version, **APPROVE, **changed}, status=422)
    assert all(f'href="#{field}"' in silent.text for field in reasons)
    changed |= reasons
    unsaid = {"version": version, **APPROVE, **reasons, f"{name}-outcome": "keep"}
    wrong = first.post(path_of(reference, "/decision"), unsaid, status=422)
    assert "有 2 处要改" in wrong.text and f'href="#{name}-why"' in wrong.text
    check = first.post(path_of(reference, "/decision"), {"version": version, **APPROVE, **changed}, status=200)
    assert "要第二人复核" in check.text and "有调整的项目" in check.text and "对账还没有完成" in check.text
    assert "调查还没有结束" in check.text[check.text.index('id="h-letter"') :]
    answer = first.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"})
    assert "done=waiting" in answer.location and room.request(reference).state is State.IN_REVIEW
    mine = first.get(path_of(reference))
    assert re.search(r'class="tag">待复核<', mine.text)
    assert "等第二个人复核" in mine.text and 'id="second"' not in mine.text

    waiting = re.search(r'id="second".*?name="decision" value="([^"]+)"', second_page(room, reference), re.S)[1]
    fields = {"version": version_on(room.sit_down(SENIOR).get(path_of(reference))), "decision": waiting}
    first.post(path_of(reference, "/second"), {**fields, "answer": "confirm"}, status=403)
    second = room.sit_down(SENIOR)
    assert "选一个意见" in second.post(path_of(reference, "/second"), fields, status=422).text
    page = second.post(path_of(reference, "/second"), {**fields, "answer": "confirm"}, status=422)
    assert "没有打开" in page.text and 'href="#opened"' in page.text
    assert "给客户的决定书" in page.text and "对账还没有完成" in page.text
    opened = second.get(re.search(rf'href="({path_of(reference, "/second")}/[^"]+)"', page.text)[1])
    assert "调查还没有结束" in opened.text and "后果" in opened.text
    answer = second.post(path_of(reference, "/second"), {**fields, "answer": "confirm"})
    assert "done=confirmed" in answer.location
    asked = room.request(reference)
    assert asked.state is State.EXECUTING, "nothing to wait for: the work is handed in with the decision"
    with room.center.database.reading() as session:
        plan = current_plan(session, asked.id)
        kept = next(one for one in items_of(session, plan.id) if one.id == item.id)
        run = session.query(ExecutionRun).one()
    assert plan.signed_by == f"{REVIEWER}+{SENIOR}" and kept.decided_outcome is Outcome.KEEP and run.plan_id == plan.id
    assert (
        "调整为" in second.get(path_of(reference)).text and "各数据库的执行情况" in second.get(path_of(reference)).text
    )


def second_page(room: StaffRoom, reference: str) -> str:
    page = room.sit_down(SENIOR).get(path_of(reference))
    assert page.text.index('class="rules overrides"') < page.text.index('name="answer"')
    return page.text


def test_a_decision_that_is_sent_back_opens_the_review_again(room: StaffRoom):
    reference = room.ask("open-case")
    item = item_on(room, reference, Outcome.ERASE, "survey_answer")
    name = f"item-{item.position}"
    changed = {f"{name}-outcome": "keep", f"{name}-code": "other", f"{name}-why": "先留着"}
    decide(room.sit_down(REVIEWER), reference, {**APPROVE, **changed})
    second = room.sit_down(OFFICER)
    page = second.get(path_of(reference))
    fields = {
        "version": version_on(page),
        "decision": re.search(r'name="decision" value="([^"]+)"', page.text)[1],
        "answer": "send_back",
    }
    assert "退回时请写明原因" in second.post(path_of(reference, "/second"), fields, status=422).text
    second.post(path_of(reference, "/second"), {**fields, "text": "理由不够具体"})
    page = room.sit_down(REVIEWER).get(path_of(reference))
    assert "已退回" in page.text and "理由不够具体" in page.text and 'id="decide"' in page.text


def test_nobody_may_change_what_a_law_holds_into_deletion(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    page = staff.get(path_of(reference))
    asked = room.request(reference)
    with room.center.database.reading() as session:
        items = items_of(session, current_plan(session, asked.id).id)
    held = next(one for one in items if one.statutory)
    name = f"item-{held.position}"
    row = page.text[page.text.index(f'id="{name}-outcome"') :]
    assert '<option value="erase"' not in row[: row.index("</select>")]
    assert "任何人都不能改为删除" in row[: row.index("</td>")]
    forged = {f"{name}-outcome": "erase", f"{name}-code": "other", f"{name}-why": "我说了算"}
    version = version_on(page)
    sent = {"version": version, **APPROVE, **forged, "step": "submit"}
    answer = staff.post(path_of(reference, "/decision"), sent, status=422)
    assert "任何人都不能改为删除" in answer.text and room.request(reference).state is State.IN_REVIEW


def test_a_refusal_needs_a_ground_and_says_how_to_object(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    version = version_on(staff.get(path_of(reference)))
    wrong = staff.post(path_of(reference, "/decision"), {"version": version, "choice": "refuse"}, status=422)
    assert "选一个不批准的理由" in wrong.text and 'href="#code"' in wrong.text and "错误：" in wrong.text
    fields = {"version": version, "choice": "refuse", "code": "suspected_fraud"}
    check = staff.post(path_of(reference, "/decision"), fields, status=200)
    assert "为保护您的信息" in check.text and "人民法院" in check.text
    assert "要第二人复核" in check.text and "不批准的决定" in check.text
    staff.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"})
    assert room.request(reference).state is State.IN_REVIEW
    second = room.sit_down(SENIOR)
    page = second.get(path_of(reference))
    waiting = re.search(r'name="decision" value="([^"]+)"', page.text)[1]
    assert "为保护您的信息" in page.text
    second.post(path_of(reference, "/second"), {"version": version_on(page), "decision": waiting, "answer": "confirm"})
    assert room.request(reference).state is State.REFUSED


def test_asking_the_customer_writes_a_message_and_waits(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    decide(staff, reference, {"choice": "ask", "text": "请告诉我们退款卡的开户行。"})
    assert room.request(reference).state is State.WAITING_CUSTOMER
    assert "请告诉我们退款卡的开户行。" in staff.get(path_of(reference)).text


def test_nobody_decides_their_own_request(room: StaffRoom):
    reference = room.ask(own_story())
    staff = room.sit_down(RELATED)
    page = staff.get(path_of(reference), status=403)
    assert "本人的申请" in page.text and reference not in staff.get("/staff/?tab=all").text
    version = str(room.request(reference).version)
    sent = {"version": version, **APPROVE, "step": "submit"}
    assert "本人的申请" in staff.post(path_of(reference, "/decision"), sent, status=403).text
    staff.post(path_of(reference, "/take"), {}, status=403)
    assert room.request(reference).state is State.IN_REVIEW


def own_story() -> str:
    return next(key for key, one in BY_KEY.items() if one.email == "xu.tingting@example.com")


def test_whoever_took_the_request_in_does_not_decide_it(room: StaffRoom):
    reference = room.ask("open-case", verified_by=REVIEWER)
    assert "由您经手受理" in room.sit_down(REVIEWER).get(path_of(reference)).text


def test_a_page_that_is_out_of_date_shows_both_versions_and_changes_nothing(room: StaffRoom):
    reference = room.ask("open-case")
    slow, quick = room.sit_down(REVIEWER), room.sit_down(SENIOR)
    version = version_on(slow.get(path_of(reference)))
    quick.post(path_of(reference, "/take"), {})
    sent = {"version": version, "choice": "refuse", "code": "suspected_fraud", "text": "我写的话", "step": "submit"}
    answer = slow.post(path_of(reference, "/decision"), sent, status=409)
    assert "现在的样子" in answer.text and "您填的内容" in answer.text
    assert SENIOR in answer.text and "我写的话" in answer.text and "疑似他人冒用" in answer.text
    assert room.request(reference).state is State.IN_REVIEW
    along = dict(re.findall(r'<input type="hidden" name="(choice|code|text)" value="([^"]*)"', answer.text))
    again = slow.post(path_of(reference, "/decision"), {**along, "step": "edit"}, status=200)
    assert version_on(again) != version and "我写的话" in again.text


def test_a_request_that_is_not_there_is_not_there(room: StaffRoom):
    room.sit_down(REVIEWER).get(path_of("PC-0000-0000-0000"), status=404)


def test_messages_and_notes_are_for_those_who_review(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    assert "写下内容" in staff.post(path_of(reference, "/messages"), {"message": " "}, status=422).text
    staff.post(path_of(reference, "/messages"), {"message": "我们正在看。"})
    staff.post(path_of(reference, "/notes"), {"note": "与客服核对过"})
    page = staff.get(path_of(reference))
    assert "我们正在看。" in page.text and "与客服核对过" in page.text and "客户有权查阅" in page.text
    for number in (OPERATOR, AUDITOR):
        other = room.sit_down(number)
        page = other.get(path_of(reference))
        assert "我们正在看。" not in page.text and "与客服核对过" not in page.text and "不能作决定" in page.text
        assert "请删除我的全部信息。" not in page.text
        other.post(path_of(reference, "/notes"), {"note": "x"}, status=403)


def test_a_plan_that_cannot_be_carried_out_cannot_be_approved(room: StaffRoom):
    reference = room.ask("open-case")
    asked = room.request(reference)
    with room.center.database.transaction() as session:
        plan = current_plan(session, asked.id)
        words = {"zh-CN": "这张表只读。", "en": "This table is read only."}
        plan.problems = [{"collection": "shop.customer", "words": words, "blocking": True}]
    staff = room.sit_down(REVIEWER)
    page = staff.get(path_of(reference))
    assert "预检没有通过" in page.text and "这张表只读。" in page.text
    sent = {"version": version_on(page), **reasons_on(page), **APPROVE}
    assert "现在不能批准" in staff.post(path_of(reference, "/decision"), sent, status=409).text


def test_a_line_that_a_person_decides_stands_open_and_is_called_so(room: StaffRoom):
    page = room.sit_down(REVIEWER).get(path_of(room.ask("wrong-dates"))).text
    assert re.search(r'<details class="override" open>\s*<summary>待人工判断', page)
