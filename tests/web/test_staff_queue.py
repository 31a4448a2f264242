import json
import re
from datetime import timedelta

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.models import AuditEntry
from privacy_center.execution.models import WorkerBeat
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.people.staff.models import Role
from privacy_center.privacy_requests.models import Channel, Kind
from privacy_center.privacy_requests.submit import Submission, submit_request
from tests.web.staff_room import AUDITOR, OPERATOR, REVIEWER, StaffRoom

pytest_plugins = ["tests.web.staff_fixtures"]


def references_on(page) -> list[str]:
    return re.findall(r'<th scope="row"><a class="nowrap" href="/staff/requests/([^"]+)"', page.text)


def test_the_queue_shows_what_is_due_first_with_its_deadline_in_words_and_colour(room: StaffRoom):
    fresh, late = room.ask("open-case"), room.ask("invoices", days_ago=40)
    page = room.sit_down(REVIEWER).get("/staff/")
    assert references_on(page) == [late, fresh]
    assert re.search(r'class="tag stop">.*?逾期 \d+ 天', page.text, re.S)
    assert "林**" in page.text and "林晓霞" not in page.text


def test_a_filter_stands_in_the_address_and_comes_off_by_its_chip(room: StaffRoom):
    room.ask("open-case", channel=Channel.HOTLINE)
    mine = room.ask("invoices", channel=Channel.COUNTER)
    staff = room.sit_down(REVIEWER)
    page = staff.get("/staff/?tab=all&channel=counter&due=week&kind=nonsense")
    assert "渠道：门店" in page.text and "到期日：7 天内" in page.text and "类型：" not in page.text
    page = staff.get("/staff/?tab=all&channel=counter")
    assert references_on(page) == [mine]
    off = re.search(r'class="chip" href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert len(references_on(staff.get(off))) == 2


def test_finding_by_reference_forgives_small_letters(room: StaffRoom):
    reference = room.ask("open-case")
    page = room.sit_down(REVIEWER).get(f"/staff/?tab=all&reference={reference.lower()}")
    assert references_on(page) == [reference]


def test_an_empty_tab_says_so(room: StaffRoom):
    assert "没有要您处理的申请" in room.sit_down(REVIEWER).get("/staff/").text
    assert "没有符合筛选条件的申请" in room.sit_down(REVIEWER).get("/staff/?tab=all&channel=counter").text


def test_the_queue_says_when_no_worker_carries_out_what_is_approved(room: StaffRoom):
    staff = room.sit_down(OPERATOR)
    assert "现在没有程序在执行" in staff.get("/staff/").text
    with room.center.database.transaction() as session:
        session.add(WorkerBeat(name="w1", host="here", pid=1, seen_at=clock.now()))
    assert "现在没有程序在执行" not in staff.get("/staff/").text


def test_taking_a_request_moves_it_to_mine(room: StaffRoom):
    reference = room.ask("open-case")
    staff = room.sit_down(REVIEWER)
    assert "我的 0" in staff.get("/staff/").text
    staff.post(f"/staff/requests/{reference}/take", {"back": "/staff/?tab=mine"})
    page = staff.get("/staff/?tab=mine")
    assert references_on(page) == [reference] and "我的 1" in page.text


def test_there_is_no_way_to_approve_several_at_once(room: StaffRoom):
    room.ask("open-case")
    page = room.sit_down(REVIEWER).get("/staff/?tab=all")
    assert 'type="checkbox"' not in page.text and "不能批量批准" in page.text


def test_htmx_gets_only_the_list(room: StaffRoom):
    room.ask("open-case")
    answer = room.sit_down(REVIEWER).browser.get("/staff/?tab=all", headers={"HX-Request": "true"})
    assert "<html" not in answer.text and 'id="listed"' in answer.text and "HX-Request" in answer.headers["Vary"]


def ask_many(room: StaffRoom, number: int, *, start: int = 0) -> None:
    """So many requests to see, of people that the company does not know."""
    at, kinds = clock.now(), list(Kind)
    with room.center.database.transaction() as session:
        for one in range(start, start + number):
            email = f"n{one}@example.com"
            person = find_or_create_person(session, "email", email, at)
            handed_in = Submission(
                person=person,
                kind=kinds[one % 4],
                identities={"email": [email]},
                level=Level.V1,
                verification_method="code",
                timezone="Asia/Shanghai",
            )
            by = Actor("customer", str(person.id))
            submit_request(session, handed_in, actor=by, at=at - timedelta(hours=one))


def kinds_on(page) -> list[str]:
    return re.findall(r"</th>\s*<td>([^<]+)</td><td class=\"nowrap masked\"", page.text)


def test_the_queue_is_sorted_by_a_columns_head_and_turned_by_it(room: StaffRoom):
    ask_many(room, 8)
    staff = room.sit_down(REVIEWER)
    page = staff.get("/staff/?tab=all")
    assert (
        page.text.count("aria-sort") == 1
        and 'aria-sort="ascending"><a class="sort" href="/staff/?tab=all&amp;sort=-due"' in page.text
    )
    by_kind = staff.get("/staff/?tab=all&sort=kind")
    assert kinds_on(by_kind) == ["删除"] * 2 + ["查阅"] * 2 + ["更正"] * 2 + ["撤回同意"] * 2
    assert kinds_on(staff.get("/staff/?tab=all&sort=-kind")) == kinds_on(by_kind)[::-1]
    newest = references_on(staff.get("/staff/?tab=all&sort=-received"))
    assert newest == references_on(staff.get("/staff/?tab=all&sort=received"))[::-1]
    assert (
        'aria-sort="ascending"><a class="sort" href="/staff/?tab=all&amp;sort=-due"'
        in staff.get("/staff/?tab=all&sort=x").text
    )
    kept = staff.get("/staff/?tab=all&sort=-kind&kind=access")
    assert "sort=-kind" in re.search(r'class="chip" href="([^"]+)"', kept.text)[1]


def test_a_long_queue_has_pages_of_25(room: StaffRoom):
    ask_many(room, 30)
    staff = room.sit_down(REVIEWER)
    first = staff.get("/staff/?tab=all")
    assert len(references_on(first)) == 25 and 'rel="next"' in first.text
    second = staff.get("/staff/?tab=all&page=2")
    assert len(references_on(second)) == 5 and 'rel="prev"' in second.text
    assert not set(references_on(first)) & set(references_on(second))


def test_those_who_do_not_review_are_not_offered_to_take_it(room: StaffRoom):
    room.ask("open-case")
    for number in (OPERATOR, AUDITOR):
        assert "分派给我" not in room.sit_down(number).get("/staff/?tab=all").text
    room.hire("A1", Role.SECURITY_OFFICER)
    assert room.sit_down("A1").get("/staff/", status=303).location == "/staff/audit"


def test_who_may_see_cases_without_personal_data_opens_one_without_the_customer(room: StaffRoom):
    reference = room.ask("open-case")
    page = room.sit_down(OPERATOR).get(f"/staff/requests/{reference}").text
    assert "您的岗位看不到客户是谁" in page and "林**" not in page and "l***@example.com" not in page
    with room.center.database.reading() as session:
        looks = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.actor_id == OPERATOR, AuditEntry.act == "data.look")
        )
        assert all(json.loads(one.details)["data"] == [] for one in looks)
    assert "l***@example.com" in room.sit_down(REVIEWER).get(f"/staff/requests/{reference}").text


def test_the_queue_counts_the_records_that_the_request_page_counts(room: StaffRoom):
    for key in ("open-case", "family-mother"):
        reference = room.ask(key)
        staff = room.sit_down(REVIEWER)
        row = re.search(rf"{reference}.*?</tr>", staff.get("/staff/?tab=all").text, re.S)[0]
        counted = re.search(r'data-label="条数">([\d,]+)<', row)[1]
        page = staff.get(f"/staff/requests/{reference}").text
        assert re.search(r"共 ([\d,]+) 条记录", page)[1] == counted
