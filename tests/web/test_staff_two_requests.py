"""Two open requests about the same records: what the pages say, and which of them deals with the records."""

import sqlalchemy as sa

from privacy_center import cli, clock
from privacy_center.audit.append import Actor
from privacy_center.execution.waive import waivable_rules, waive
from privacy_center.plans.models import PlannedRecord
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.decide import decisions_on
from privacy_center.rounds import remind, sweep
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, REVIEWER, StaffRoom
from tests.web.test_staff_decides import APPROVE, decide, path_of
from tests.web.test_staff_redraft import fields_of, plan_of

pytest_plugins = ["tests.web.staff_fixtures"]


def cancel(room: StaffRoom, reference: str) -> None:
    home = str(room.center.settings.home)
    assert cli.main(["--home", home, "request", "cancel", reference, "--by", "A1"]) == 0


def ask_twice(room: StaffRoom, key: str = "open-case") -> tuple[str, str]:
    """The same customer under two numbers: who came by e-mail asked first, and the request by telephone is dated earlier."""
    return room.ask(key, days_ago=0), room.ask(key, days_ago=1, known_by="phone_number")


def owners_of_records(room: StaffRoom) -> set[object]:
    with room.center.database.reading() as session:
        return set(session.scalars(sa.select(PlannedRecord.request_id)))


def test_the_first_to_plan_a_record_keeps_it_although_the_later_was_received_earlier(room: StaffRoom):
    first, later = ask_twice(room)
    assert not plan_of(room, first).blocked and plan_of(room, later).blocked
    page = room.sit_down(REVIEWER).get(path_of(later)).text
    assert f"条记录已在申请 {first} 中处理" in page and path_of(later, "/draft-anew") in page
    assert "另一份申请正在处理同样的记录" in page and f'href="{path_of(first)}"' in page
    again = room.sit_down(REVIEWER).get(path_of(first, "/draft-anew")).text
    assert f"已在申请 {later} 中处理" not in again
    assert "可重新起草" not in room.sit_down(REVIEWER).get("/staff/?tab=all").text


def test_a_new_draft_takes_over_the_records_of_a_request_that_was_cancelled(room: StaffRoom):
    first, later = ask_twice(room)
    staff = room.sit_down(REVIEWER)
    waiting = staff.get(path_of(later, "/draft-anew"))
    assert f"已在申请 {first} 中处理" in waiting.text
    cancel(room, first)
    assert "可重新起草" in staff.get("/staff/?tab=all").text
    remind(room.center, clock.now())
    remind(room.center, clock.now())
    page = staff.get(path_of(later)).text
    assert page.count("另一份申请不再处理这些记录，可重新起草") == 1 and "还在的归这个申请" in page
    staff.post(path_of(later, "/draft-anew"), fields_of(staff.get(path_of(later, "/draft-anew"))))
    assert not plan_of(room, later).blocked
    assert "可重新起草" not in staff.get("/staff/?tab=all").text
    assert f'href="{path_of(first)}"' not in staff.get(path_of(later)).text
    assert owners_of_records(room) == {room.request(later).id}
    decide(staff, later, APPROVE)


def test_giving_up_what_is_kept_drafts_without_taking_the_records_of_another_request(room: StaffRoom):
    first, later = ask_twice(room, "unused-points")
    give_up(room, later)
    assert plan_of(room, later).blocked and owners_of_records(room) == {room.request(first).id}
    cancel(room, later)
    give_up(room, first)
    assert not plan_of(room, first).blocked and owners_of_records(room) == {room.request(first).id}


def test_an_approval_is_refused_where_another_request_has_come_to_deal_with_the_records(room: StaffRoom):
    first, later = ask_twice(room)
    staff = room.sit_down(REVIEWER)
    with room.center.database.transaction() as session:
        session.execute(sa.update(PlannedRecord).values(request_id=request_by_reference(session, later).id))
    page = decide(staff, first, APPROVE, status=409)
    assert f"已在申请 {later} 中处理" in page.text
    with room.center.database.reading() as session:
        assert not decisions_on(session, room.request(first).id)


def test_the_daily_pass_lets_go_of_the_records_of_requests_that_ended(room: StaffRoom):
    first = room.ask("open-case", days_ago=0)
    assert owners_of_records(room) == {room.request(first).id}
    cancel(room, first)
    sweep(room.center, lambda *_run: None, clock.now())
    assert owners_of_records(room) == set()


def give_up(room: StaffRoom, reference: str) -> None:
    at = clock.now()
    with room.center.database.transaction() as session:
        asked = request_by_reference(session, reference)
        rules, actor = list(waivable_rules(session, asked)), Actor("customer", str(asked.person_id))
        assert rules
        waive(session, room.center, asked, rules, actor=actor, today=room.center.today(at), at=at)


def test_the_customer_reads_that_another_request_deals_with_records_but_not_which(counter: CustomerRoom):
    room = StaffRoom(counter.center, counter.app)
    first = room.ask("open-case", known_by="phone_number")
    browser = counter.browser()
    browser.sign_in(BY_KEY["open-case"].email)
    browser.choose()
    page = browser.get("/me/deletion/preview").text
    assert "条记录已在另一份申请中处理" in page and first not in page
    later = browser.submit()
    page = browser.get(f"/me/requests/{later}").text
    assert "条记录正由另一份申请处理" in page and first not in page
    counter.approve(first)
    staff = room.sit_down(REVIEWER)
    staff.post(path_of(later, "/draft-anew"), fields_of(staff.get(path_of(later, "/draft-anew"))))
    counter.approve(later)
    for paper in ("", "/letter", "/certificate"):
        page = browser.get(f"/me/requests/{later}{paper}").text
        assert "条记录已在另一份申请中处理，不在这里重复计算" in page and first not in page, paper
    assert f'href="{path_of(first)}"' in staff.get(path_of(later)).text
    assert "条记录已在另一份申请中处理" in staff.get(path_of(later, "/certificate")).text


def test_the_preview_says_nothing_of_a_request_that_was_cancelled(counter: CustomerRoom):
    room = StaffRoom(counter.center, counter.app)
    cancel(room, room.ask("open-case", known_by="phone_number"))
    browser = counter.browser()
    browser.sign_in(BY_KEY["open-case"].email)
    browser.choose()
    assert "已在另一份申请中处理" not in browser.get("/me/deletion/preview").text
