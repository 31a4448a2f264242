import re
from datetime import timedelta

import sqlalchemy as sa

from privacy_center.audit.queries import entries_of_request
from privacy_center.outbox.inbox import notices_for
from privacy_center.plans.freeze import current_plan
from tests.web.staff_room import AUDITOR, OFFICER, OPERATOR, RELATED, REVIEWER, SENIOR, StaffRoom
from tests.web.test_staff_decides import APPROVE, own_story, path_of, reasons_on, version_on

pytest_plugins = ["tests.web.staff_fixtures"]


def plan_of(room: StaffRoom, reference: str):
    asked = room.request(reference)
    with room.center.database.reading() as session:
        return current_plan(session, asked.id)


def block(room: StaffRoom, reference: str) -> None:
    asked = room.request(reference)
    with room.center.database.transaction() as session:
        plan = current_plan(session, asked.id)
        words = {"zh-CN": "这张表只读。", "en": "This table is read only."}
        plan.problems = [*plan.problems, {"collection": "shop.customer", "words": words, "blocking": True}]


def fields_of(page) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(version|digest)" value="([^"]*)"', page.text))


def test_where_nothing_has_changed_there_is_nothing_to_keep(room: StaffRoom):
    reference = room.ask("open-case", days_ago=0)
    page = room.sit_down(REVIEWER).get(path_of(reference, "/draft-anew"))
    assert "都与原方案相同" in page.text and "换用新方案" not in page.text


def test_a_blocked_plan_leads_to_a_new_draft_that_says_what_is_solved_and_can_be_approved(room: StaffRoom):
    reference = room.ask("open-case", days_ago=0)
    block(room, reference)
    before, staff = plan_of(room, reference), room.sit_down(REVIEWER)
    asked = staff.get(path_of(reference))
    assert f'href="{path_of(reference, "/draft-anew")}"' in asked.text
    page = staff.get(path_of(reference, "/draft-anew"))
    assert "已经解决：shop.customer" in page.text and plan_of(room, reference).id == before.id
    answer = staff.post(path_of(reference, "/draft-anew"), fields_of(page))
    assert "done=redrafted" in answer.location
    after = plan_of(room, reference)
    assert after.id != before.id and not after.blocked
    assert "重新起草方案" in staff.get(path_of(reference)).text
    stale = {"version": version_on(asked), **reasons_on(asked), **APPROVE, "step": "submit"}
    staff.post(path_of(reference, "/decision"), stale, status=409)
    with room.center.database.reading() as session:
        assert "request.redrafted" in [one.act for one in entries_of_request(session, reference)]


def test_what_was_not_shown_is_not_kept(room: StaffRoom):
    reference = room.ask("open-case", days_ago=0)
    block(room, reference)
    before, staff = plan_of(room, reference), room.sit_down(REVIEWER)
    fields = fields_of(staff.get(path_of(reference, "/draft-anew")))
    answer = staff.post(path_of(reference, "/draft-anew"), fields | {"digest": "0" * 64}, status=409)
    assert "数据又变了" in answer.text and plan_of(room, reference).id == before.id
    staff.post(path_of(reference, "/draft-anew"), fields | {"version": "999"}, status=409)
    assert plan_of(room, reference).id == before.id


def test_only_those_who_may_decide_it_draft_it_anew_or_extend_it(room: StaffRoom):
    reference = room.ask(own_story())
    for rest in ("/draft-anew", "/deadline"):
        assert "本人的申请" in room.sit_down(RELATED).get(path_of(reference, rest), status=403).text
        for number in (OPERATOR, AUDITOR):
            room.sit_down(number).get(path_of(reference, rest), status=403)


def test_more_time_is_told_to_the_customer_in_words_that_were_shown_first(room: StaffRoom):
    reference = room.ask("open-case", language="en")
    staff, asked = room.sit_down(SENIOR), room.request(reference)
    page = staff.get(path_of(reference, "/deadline"))
    version = version_on(page)
    wrong = {"version": version, "to": asked.due_on.isoformat(), "code": "extend_other", "reason": " "}
    answer = staff.post(path_of(reference, "/deadline"), wrong, status=422)
    assert 'href="#to"' in answer.text and 'href="#reason"' in answer.text
    beyond = {"to": (asked.due_on + timedelta(days=60)).isoformat(), "code": ""}
    answer = staff.post(path_of(reference, "/deadline"), wrong | beyond, status=422)
    assert "最多延长到" in answer.text and 'href="#code"' in answer.text
    to = asked.due_on + timedelta(days=10)
    right = {"version": version, "to": to.isoformat(), "code": "many_systems", "reason": "Three systems hold it."}
    shown = staff.post(path_of(reference, "/deadline"), right, status=200)
    assert "We need more time" in shown.text and "Three systems hold it." in shown.text and "须第二人复核" in shown.text
    assert room.request(reference).due_on == asked.due_on
    answer = staff.post(path_of(reference, "/deadline"), right | {"step": "submit"})
    assert "done=extension_waiting" in answer.location and room.request(reference).due_on == asked.due_on
    assert "We need more time" not in notices_to(room, asked.person_id)
    waiting = staff.get(path_of(reference, "/deadline"))
    assert "延长待复核" in waiting.text and 'value="confirm"' not in waiting.text
    confirm = {"version": version_on(staff.get(path_of(reference))), "answer": "confirm"}
    staff.post(path_of(reference, "/deadline/second"), confirm, status=409)
    officer = room.sit_down(OFFICER)
    page = officer.get(path_of(reference, "/deadline"))
    assert "Three systems hold it." in page.text
    answer = officer.post(path_of(reference, "/deadline/second"), confirm | {"version": version_on(page)})
    assert "done=extended" in answer.location and room.request(reference).due_on == to
    assert "已延长" in staff.get(path_of(reference)).text
    assert "We need more time" in notices_to(room, asked.person_id)
    staff.post(path_of(reference, "/deadline"), right | {"step": "submit"}, status=422)


def notices_to(room: StaffRoom, person) -> list[str]:
    with room.center.database.reading() as session:
        return [one.title.en for one in notices_for(session, person)]


def test_two_people_do_not_extend_the_same_deadline(room: StaffRoom):
    reference = room.ask("open-case")
    slow, quick = room.sit_down(SENIOR), room.sit_down(OFFICER)
    version, due = version_on(slow.get(path_of(reference, "/deadline"))), room.request(reference).due_on
    form = {"version": version, "code": "many_systems", "reason": "系统多", "step": "submit"}
    quick.post(path_of(reference, "/deadline"), form | {"to": (due + timedelta(days=5)).isoformat()})
    slow.post(path_of(reference, "/deadline"), form | {"to": (due + timedelta(days=9)).isoformat()}, status=409)
    page = slow.get(path_of(reference, "/deadline"))
    slow.post(path_of(reference, "/deadline/second"), {"version": version_on(page), "answer": "confirm"})
    assert room.request(reference).due_on == due + timedelta(days=5)


def test_rows_that_are_about_nobody_are_counted_and_not_listed(room: StaffRoom):
    reference = room.ask("open-case")
    page = room.sit_down(REVIEWER).get(path_of(reference))
    personal = {key for key, one in room.center.data_map.collections.items() if one.personal}
    listed = set(re.findall(r'技术细节</summary><p class="fine">([a-z_]+\.[a-z_]+)', page.text))
    assert listed and listed <= personal
    assert re.search(r"另有 [\d,]+ 条与人无关的记录", page.text)


def test_the_pages_cost_the_same_statements_with_two_hundred_requests(room: StaffRoom):
    from tests.web.test_staff_queue import ask_many

    staff = room.sit_down(OFFICER)
    reference = room.ask("open-case", days_ago=0)
    paths = ("/staff/?tab=all", "/staff/?tab=todo&sort=-state", path_of(reference), "/staff/holds", "/staff/audit")
    ask_many(room, 10)
    few = [count(room, staff, path) for path in paths]
    ask_many(room, 190, start=10)
    assert [count(room, staff, path) for path in paths] == few and max(few) < 60


def count(room: StaffRoom, staff, path: str) -> int:
    staff.get(path)
    said: list[str] = []
    engine = room.center.database.engine

    def note(*told) -> None:
        said.append(told[2])

    sa.event.listen(engine, "before_cursor_execute", note)
    staff.get(path)
    sa.event.remove(engine, "before_cursor_execute", note)
    return len(said)
