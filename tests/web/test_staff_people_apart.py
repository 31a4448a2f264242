"""Two people under one number, and single records of an item, through the pages of reviewers."""

import re

from privacy_center import clock
from privacy_center.plans.freeze import current_plan, items_of
from privacy_center.privacy_requests.models import State
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.rows import Ownership
from tests.web.staff_room import BY_KEY, REVIEWER, SENIOR, StaffRoom
from tests.web.test_staff_decides import APPROVE, hidden_on, open_changes, path_of, version_on

pytest_plugins = ["tests.web.staff_fixtures"]


def ask_by_phone(room: StaffRoom) -> str:
    phone = BY_KEY["recycled-new"].phone
    return room.ask("recycled-new", identities={"phone_number": [phone]})


def unclear(room: StaffRoom, reference: str):
    asked = room.request(reference)
    with room.center.database.reading() as session:
        items = items_of(session, current_plan(session, asked.id).id)
    return [one for one in items if one.ownership is Ownership.UNCLEAR]


def compared(page) -> dict[str, list[str]]:
    """The table of comparison: what is compared → each person's cell and what comparing says, tags left out."""
    rows = re.findall(r'<tr><th scope="(?:row|col)">(.*?)</tr>', page.text, re.DOTALL)
    cells = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"</t[hd]>", row)] for row in rows]
    return {title: rest[:-1] for title, *rest in cells}


def decided_people(page) -> dict[str, str]:
    """The form that says of person 1 that the records are the applicant's, and of everybody else that they are not."""
    marks = sorted(set(re.findall(r'name="who-(\d+)"', page.text)))
    plan = re.search(r'name="plan" value="([^"]+)"', page.text)[1]
    answers = {f"who-{mark}": "is" if mark == "1" else "not" for mark in marks}
    return {"plan": plan, **answers, **{f"why-{mark}": "核对过登记信息" for mark in marks}}


def test_two_people_under_one_number_are_told_apart_and_the_second_person_must_have_opened_the_records(room):
    reference = ask_by_phone(room)
    items = unclear(room, reference)
    assert len({one.person_mark for one in items}) >= 2
    first = room.sit_down(REVIEWER)
    page = first.get(path_of(reference))
    assert "待人工判断" in page.text and "个人" in page.text
    stopped = first.post(path_of(reference, "/decision"), {"version": version_on(page), **APPROVE}, status=422)
    assert f'href="#item-{items[0].position}-outcome"' in stopped.text and "还没有提交" not in stopped.text
    side_by_side = first.get(path_of(reference, "/people"))
    assert "吴国栋" not in side_by_side.text and "吴**" in side_by_side.text and "何**" in side_by_side.text
    first.post(path_of(reference, "/people"), decided_people(side_by_side))
    sent = {"version": version_on(first.get(path_of(reference))), **APPROVE}
    check = first.post(path_of(reference, "/decision"), sent, status=200)
    assert "还没有提交" in check.text
    first.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"})
    assert room.request(reference).state is State.IN_REVIEW
    second = room.sit_down(SENIOR)
    waiting = second.get(path_of(reference))
    links = re.findall(
        r'href="(/staff/requests/[^"]+/items/[^"]+)"', waiting.text[waiting.text.index('id="unopened"') :]
    )
    form = {"version": version_on(waiting), "decision": re.search(r'name="decision" value="([^"]+)"', waiting.text)[1]}
    refused = second.post(path_of(reference, "/second"), {**form, "answer": "confirm"}, status=409)
    assert "请先逐条打开" in refused.text and room.request(reference).state is State.IN_REVIEW
    for link in dict.fromkeys(links):
        second.get(link.replace("&amp;", "&"))
    open_changes(second, reference)
    second.post(path_of(reference, "/second"), {**form, "answer": "confirm"})
    outcomes = {(one.person_mark == "1", one.decided_outcome) for one in unclear(room, reference)}
    assert (False, Outcome.ERASE) not in outcomes and (True, Outcome.KEEP) not in outcomes


def test_unclear_records_stand_beside_the_confirmed_ones_of_the_applicant_with_their_last_orders(room):
    staff = room.sit_down(REVIEWER)
    table = compared(staff.get(path_of(room.ask("recycled-old"), "/people")))
    assert table["对照项"] == ["申请人（已确认）", "第 1 人", "比较"]
    assert table["姓名"] == ["吴**", "何**", "不同"] and table["手机"][2] == "显示的部分相同"
    former, now, verdict = table["最近一次下单"]
    assert former.startswith("2020") and now.startswith(str(clock.now().year)) and verdict == "不同"
    assert "最近一次登录" not in table, "sign-in logs are the security department's"
    page = staff.get(path_of(room.ask("two-numbers"), "/people"))
    table = compared(page)
    assert (
        table["姓名"] == ["赵**", "赵**", "显示的部分相同"]
        and "0008" in table["手机"][0]
        and "0088" in table["手机"][1]
    )
    assert table["手机"][2] == "不同" and table["最近一次下单"][2] == "只有一方有这类记录"
    assert set(re.findall(r'name="who-([^"]+)"', page.text)) == {"1"}


def test_an_undecided_record_is_named_in_the_letter_without_the_reason_when_it_is_left_on_purpose(room):
    reference = room.ask("wrong-dates")
    staff = room.sit_down(REVIEWER)
    page = staff.get(path_of(reference))
    assert "completed_at 早于" not in page.text.split("技术细节")[0]
    sent = {"version": version_on(page), **APPROVE, "keep_undecided": "yes"}
    check = staff.post(path_of(reference, "/decision"), sent, status=200)
    letter = check.text[check.text.index('class="card letter"') :]
    assert "待人工判断" in letter and "completed_at" not in letter and "placed_at" not in letter


def test_one_record_of_an_item_is_decided_by_itself(room):
    reference = room.ask("open-case")
    asked = room.request(reference)
    with room.center.database.reading() as session:
        items = items_of(session, current_plan(session, asked.id).id)
    item = next(one for one in items if one.outcome is Outcome.ERASE and one.row_count >= 3 and not one.skeleton)
    staff, path = room.sit_down(REVIEWER), path_of(reference, f"/items/{item.position}")
    page = staff.get(path)
    plan = re.search(r'name="plan" value="([^"]+)"', page.text)[1]
    name = "record-2"
    chosen = {"plan": plan, f"{name}-outcome": "keep", f"{name}-code": "other"}
    assert "请写明调整的原因" in staff.post(path, chosen, status=422).text
    staff.post(path, {**chosen, f"{name}-why": "另有用处"})
    page = staff.get(path_of(reference))
    assert "1 条单独决定" in page.text
