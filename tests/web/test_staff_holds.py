"""Staff place holds by hand: in a decision, on a record of a request, in the register; and end them."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.conclude import conclude_run
from privacy_center.execution.due import release_due
from privacy_center.execution.held import open_entries
from privacy_center.execution.models import ExecutionRun, RunState
from privacy_center.execution.proceed import datasets_of
from privacy_center.execution.step import carry_out
from privacy_center.holds.models import PlacedHold
from privacy_center.plans.freeze import keys_in
from privacy_center.retention.verdict import Outcome
from privacy_center.web.customer.lines import told_of
from tests.web.staff_room import OFFICER, REVIEWER, SENIOR, StaffRoom
from tests.web.test_staff_decides import APPROVE, decide, item_on, open_changes, path_of, reasons_on, version_on
from tests.web.test_staff_redraft import fields_of

pytest_plugins = ["tests.web.staff_fixtures"]

REASON = "未结争议须留证，争议结束后删除。"


def company_row(room: StaffRoom, collection: str, key: dict) -> dict | None:
    """A record as it stands in the company's database."""
    table = room.center.sources.table(collection)
    condition = sa.and_(*(table.c[name] == value for name, value in key.items()))
    with room.center.sources.engine(collection.split(".")[0]).connect() as connection:
        row = connection.execute(sa.select(table).where(condition)).mappings().one_or_none()
    return dict(row) if row else None


def day_from_now(days: int) -> date:
    return clock.now().astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=days)


def key_of(room: StaffRoom, item) -> dict:
    with room.center.database.reading() as session:
        return dict(zip(item.key_fields, keys_in(session, item)[0], strict=True))


def carry_out_waiting(room: StaffRoom) -> None:
    """What a worker would do with the runs that wait."""
    with room.center.database.reading() as session:
        waiting = session.scalars(sa.select(ExecutionRun).where(ExecutionRun.state == RunState.WAITING)).all()
        handed = [(run.id, datasets_of(session, run)) for run in waiting]
    for run_id, datasets in handed:
        for dataset in datasets:
            carry_out(room.center, run_id, dataset)
        conclude_run(room.center, run_id)


def sweep(room: StaffRoom) -> int:
    released = release_due(room.center, lambda *_: None, clock.now())
    carry_out_waiting(room)
    return len(released)


def decide_with_second(room: StaffRoom, reference: str, fields: dict) -> None:
    decide(room.sit_down(REVIEWER), reference, fields)
    second = room.sit_down(SENIOR)
    page = second.get(path_of(reference)).text
    waiting = re.search(r'id="second".*?name="decision" value="([^"]+)"', page, re.S)[1]
    open_changes(second, reference)
    answer = {"version": version_on(second.get(path_of(reference))), "decision": waiting, "answer": "confirm"}
    second.post(path_of(reference, "/second"), answer)


def redraft(room: StaffRoom, reference: str) -> None:
    """The plan made anew by a reviewer."""
    staff = room.sit_down(REVIEWER)
    staff.post(path_of(reference, "/draft-anew"), fields_of(staff.get(path_of(reference, "/draft-anew"))))


def restrict_as_evidence(item) -> dict[str, str]:
    name = f"item-{item.position}"
    changed = {f"{name}-outcome": "restrict", f"{name}-code": "dispute_expected", f"{name}-why": "退货争议要用"}
    return {**APPROVE, **changed}


def test_what_is_restricted_as_evidence_stays_whole_through_execution_and_sweep(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    item = item_on(room, reference, Outcome.ERASE, "health_note")
    key = key_of(room, item)
    before = company_row(room, "crm.health_note", key)
    assert before["allergies"]
    decide_with_second(room, reference, restrict_as_evidence(item))
    carry_out_waiting(room)
    assert company_row(room, "crm.health_note", key) == before
    sweep(room)
    assert company_row(room, "crm.health_note", key) == before
    with room.center.database.reading() as session:
        asked = room.request(reference)
        entry = next(one for one in open_entries(session, request_id=asked.id) if one.collection == "crm.health_note")
        certificate = certificates_of(session, asked.id)[-1].body
    on_certificate = next(one for one in certificate["held"] if one["collection"] == "crm.health_note")
    assert entry.holds[0]["reason"]["zh-CN"] == REASON == on_certificate["reason"]["zh-CN"]
    assert (
        REASON in room.sit_down(OFFICER).get(path_of(reference)).text or entry.holds[0]["title"]["zh-CN"] == "争议证据"
    )


def test_the_letter_says_of_a_hold_what_register_and_certificate_say(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    item = item_on(room, reference, Outcome.ERASE, "health_note")
    staff = room.sit_down(REVIEWER)
    page = staff.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **restrict_as_evidence(item)}
    check = staff.post(path_of(reference, "/decision"), sent, status=200).text
    assert REASON in check and "争议结束" in check


def hold_form(page: str, title: str) -> str:
    """The value of the box of a kind of record on the form."""
    return re.search(rf'name="records" value="([^"]+)"><span>{title}', page)[1]


def place(room: StaffRoom, reference: str, title: str, number: str = REVIEWER, **more: str):
    staff = room.sit_down(number)
    page = staff.get(path_of(reference, "/hold")).text
    fields = {"records": hold_form(page, title), "kind": "evidence", "reason": "客户投诉配送，须留证"} | more
    return staff.post(path_of(reference, "/hold"), fields).location.split("?")[0]


def test_a_record_of_a_request_is_held_before_the_decision_and_stays_whole(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    item = item_on(room, reference, Outcome.ERASE, "health_note")
    key, title = key_of(room, item), room.center.catalogue.collection("crm.health_note").title.zh
    before = company_row(room, "crm.health_note", key)
    hold = place(room, reference, title)
    page = room.sit_down(SENIOR).get(hold).text
    assert "争议证据" in page and "客户投诉配送，须留证" in page and reference in page
    redraft(room, reference)
    decide_with_second(room, reference, APPROVE)
    carry_out_waiting(room)
    sweep(room)
    assert company_row(room, "crm.health_note", key) == before
    register = room.sit_down(OFFICER).get(f"/staff/holds?request={reference}").text
    assert "争议证据" in register and "争议结束后" in register


def test_a_hold_placed_on_a_record_in_the_register_keeps_it_until_two_people_end_it(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    decide_with_second(room, reference, APPROVE)
    carry_out_waiting(room)
    with room.center.database.reading() as session:
        entry = next(e for e in open_entries(session, request_id=room.request(reference).id) if e.holds)
    title = room.center.catalogue.collection(entry.collection).title.zh
    order = {"kind": "authority_order", "authority": "市公安局", "matter": "沪公调 2026-17"}
    hold = place(room, reference, title, SENIOR, **order)
    senior, officer = room.sit_down(SENIOR), room.sit_down(OFFICER)
    assert "结束原因" in senior.post(f"{hold}/end", {"end_reason": " "}, status=422).text
    senior.post(f"{hold}/end", {"end_reason": "机关来函解除"})
    assert "须由另一人复核" in senior.get(hold).text
    senior.post(f"{hold}/second", {"answer": "end"}, status=409)
    officer.post(f"{hold}/second", {"answer": "end"})
    assert "已结束" in officer.get(hold).text


def test_a_hold_form_says_everything_that_is_missing(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    answer = staff.post(path_of(reference, "/hold"), {"kind": "legal_claim", "review_on": "x"}, status=422).text
    for said in ("请写明保留原因", "请填写案号或文号", "请至少选择一条", "请填写有效日期"):
        assert said in answer


def test_the_customer_is_not_told_the_file_number_of_an_authority(room: StaffRoom):
    reference = room.ask("open-case")
    title = room.center.catalogue.collection("crm.health_note").title.zh
    place(room, reference, title, kind="authority_order", authority="市公安局", matter="沪公调 2026-17")
    staff = room.sit_down(REVIEWER)
    page = staff.get(path_of(reference))
    stale = {"version": version_on(page), **reasons_on(page), **APPROVE}
    assert "请先重新生成方案" in staff.post(path_of(reference, "/decision"), stale, status=409).text
    redraft(room, reference)
    page = staff.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **APPROVE}
    letter = staff.post(path_of(reference, "/decision"), sent, status=200).text
    letter = letter[letter.index('class="card letter') :] if 'class="card letter' in letter else letter
    assert "依法须继续保存" in letter and "沪公调" not in letter


def test_a_hold_may_name_fields_and_its_review_and_owner_are_changed(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    collection = room.center.data_map.collections["crm.health_note"]
    title = room.center.catalogue.collection(collection.key).title.zh
    form = room.sit_down(REVIEWER).get(path_of(reference, "/hold")).text
    field = f"{hold_form(form, title)}:allergies"
    assert f'name="fields" value="{field}"' in form
    hold = place(room, reference, title, fields=field)
    senior, named = room.sit_down(SENIOR), room.center.catalogue.field_title(collection, "allergies").zh
    assert f"只保留 {named}" in senior.get(hold).text
    review = {"review_on": day_from_now(30).isoformat(), "review_reason": "仍在处理"}
    assert "仍须保留的原因" in senior.post(f"{hold}/review", {**review, "review_reason": ""}, status=422).text
    assert "一年内" in senior.post(f"{hold}/review", {**review, "review_on": "2020-01-01"}, status=422).text
    senior.post(f"{hold}/review", review)
    assert "请核对工号" in senior.post(f"{hold}/owner", {"owner": "S9999"}, status=422).text
    senior.post(f"{hold}/owner", {"owner": OFFICER})
    page = senior.get(hold).text
    new_day = day_from_now(30)
    assert (
        f"{new_day.year}年{new_day.month}月{new_day.day}日" in page
        and "仍在处理" in page
        and f"<dd>{OFFICER}</dd>" in page
    )
    assert reference in room.sit_down(OFFICER).get(f"/staff/holds?tab=placed&owner={OFFICER}").text
    redraft(room, reference)
    assert item_on(room, reference, Outcome.RESTRICT, "health_note").fields


def test_the_queue_shows_and_finds_requests_whose_hold_is_due_for_review(room: StaffRoom):
    held, other = room.ask("open-case"), room.ask("invoices")
    hold = place(room, held, room.center.catalogue.collection("crm.health_note").title.zh)
    staff = room.sit_down(REVIEWER)
    assert "保留待审查" not in staff.get("/staff/?tab=all").text
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        staff = room.sit_down(REVIEWER)
        assert "保留待审查" in staff.get("/staff/?tab=all").text
        found = staff.get("/staff/?tab=all&hold=review").text
        assert held in found and other not in found
        due = staff.get("/staff/holds?tab=review").text
        assert hold in due and "待审查" in due
        senior = room.sit_down(SENIOR)
        later = (room.center.today(clock.now()) + timedelta(days=60)).isoformat()
        senior.post(f"{hold}/review", {"review_on": later, "review_reason": "仍在处理"})
        assert held not in senior.get("/staff/?tab=all&hold=review").text


def test_the_register_is_narrowed_by_rule_and_by_kind_of_hold(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    decide_with_second(room, reference, APPROVE)
    carry_out_waiting(room)
    with room.center.database.reading() as session:
        entries = open_entries(session, request_id=room.request(reference).id)
    rules = sorted({one.holds[0]["rule"] for one in entries if len(one.holds) == 1})
    entry = next(one for one in entries if one.holds and one.holds[0]["rule"] == rules[0])
    place(room, reference, room.center.catalogue.collection(entry.collection).title.zh)
    staff = room.sit_down(OFFICER)

    def listed(query: str) -> set[str]:
        page = staff.get(f"/staff/holds?request={reference}&{query}").text
        return set(re.findall(r'/staff/holds/placed/([0-9a-f-]+)"', page)) | set(re.findall(r"没有保留的记录", page))

    assert listed("tab=placed&reason=placed:evidence") == listed("reason=placed:evidence") != {"没有保留的记录"}
    assert listed("tab=placed&reason=placed:minor") == listed("reason=placed:minor") == {"没有保留的记录"}
    assert listed(f"tab=placed&reason={rules[0]}") == {"没有保留的记录"}
    assert "没有保留的记录" not in staff.get(f"/staff/holds?reason={rules[-1]}").text


def test_the_request_page_shows_what_was_done_beside_what_was_planned(room: StaffRoom):
    reference = room.ask("open-case", cooling_off_days=0)
    item = item_on(room, reference, Outcome.ERASE, "health_note")
    record = path_of(reference, f"/items/{item.position}")
    decide_with_second(room, reference, restrict_as_evidence(item))
    assert "处理中" in done_of(room, reference, item)
    carry_out_waiting(room)
    assert (
        "暂时保留 1" in done_of(room, reference, item)
        and "已删除" in room.sit_down(SENIOR).get(path_of(reference)).text
    )
    assert "<b>暂时保留</b>" in room.sit_down(SENIOR).get(record).text
    with room.center.database.reading() as session:
        held = session.scalars(sa.select(PlacedHold).where(PlacedHold.request_id == room.request(reference).id)).one()
    room.sit_down(SENIOR).post(f"/staff/holds/placed/{held.id}/end", {"end_reason": "争议已了结"})
    assert sweep(room) == 1
    assert "已删除 1" in done_of(room, reference, item) and "暂时保留" not in done_of(room, reference, item)
    assert "<b>已删除</b>" in room.sit_down(SENIOR).get(record).text
    with room.app.test_request_context(), room.center.database.reading() as session:
        lines = [one for one in told_of(session, room.request(reference)).lines if item.id in one.items]
    assert [(one.words, one.count) for line in lines for one in line.done] == [("已删除", 1)]


def done_of(room: StaffRoom, reference: str, item) -> str:
    """What the request page says became of the records of an item."""
    page = room.sit_down(SENIOR).get(path_of(reference)).text
    row = page[page.index(f'id="item-{item.position}"') :].partition("</tr>")[0]
    return re.sub(r"<[^>]+>", "", row.partition("处理结果：")[2].partition("</td>")[0])
