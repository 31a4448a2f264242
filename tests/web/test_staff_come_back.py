"""Who left and was forgotten: how the pages show them, and how they come back through the front door, as a new member."""

import re
from datetime import timedelta

import pyotp
import pytest

from privacy_center import clock
from privacy_center.execution.forget_ended import forget_ended
from privacy_center.people.staff.administer import set_employment
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.passwords import has_password
from privacy_center.people.staff.pledge import pledges_of
from privacy_center.people.staff.roster import find_staff
from tests.journeys.terminal import Terminal
from tests.web.staff_room import StaffRoom
from tests.web.test_staff_sign_in import give_password, send, token_on
from tests.web.test_staff_trust import MANAGER, STEWARD, acts, grow_stale, today

pytest_plugins = ["tests.web.staff_fixtures"]

PASSWORD = "a sentence of their own"
BACK = {"name": "N1", "email": "n1@example.com"}


def gone(room: StaffRoom, number: str, days: int) -> None:
    """A member whose last day was so many days ago, and the daily pass since."""
    room.hire(number, Role.REVIEWER, department="D")
    with room.center.database.transaction() as session:
        last = today(room) - timedelta(days=days)
        told = {"starts_on": last, "ends_on": last, "by": None}
        set_employment(session, find_staff(session, number), **told, at=clock.now())
    forget_ended(room.center.database, clock.now(), room.center.settings.timezone)


def extend(room: StaffRoom, number: str) -> None:
    dates = {"starts_on": today(room).isoformat(), "ends_on": ""}
    room.sit_down(MANAGER).post(f"/staff/people/{number}/dates", dates)


def link_for(room: StaffRoom, number: str, **more: str) -> str:
    """The path of the link that the manager is shown."""
    page = room.sit_down(MANAGER).post(f"/staff/people/{number}/enrol", BACK | more, status=200)
    return re.search(r"http://localhost(/staff/sign-in/first/[^<\"]+)", page.text)[1]


def choose(room: StaffRoom, link: str, password: str = PASSWORD, again: str | None = None):
    browser = room.app.test_client()
    told = {"password": password, "password_again": password if again is None else again}
    return send(browser, link, token_on(browser.get("/staff/sign-in")), **told)


def sign_in_for_the_first_time(room: StaffRoom, number: str):
    """A browser in which the member has set the app up; it is signed in."""
    browser = room.app.test_client()
    answer = give_password(browser, number, PASSWORD)
    assert "/staff/sign-in/enrol" in answer.location
    page = browser.get(answer.location)
    secret = re.search(r'class="ref">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    codes = send(browser, answer.location, token_on(page), code=pyotp.TOTP(secret).at(clock.now()))
    assert len(re.findall(r'<li class="ref">([^<]+)</li>', codes.text)) == 10
    return browser


def test_who_comes_back_after_30_days_is_enrolled_anew_by_a_link(room: StaffRoom):
    gone(room, "N1", 31)
    extend(room, "N1")
    assert give_password(room.app.test_client(), "N1", "a long password").status_code == 422, "the old one is gone"
    shown = room.sit_down(MANAGER).get("/staff/people/N1").text
    assert "重新开通" in shown and 'value="n1@example.com"' in shown
    link = link_for(room, "N1")
    assert "N1" in room.app.test_client().get(link).text
    assert "两次写的新密码不一样" in choose(room, link, again="x").text
    assert "12 到 200" in choose(room, link, "short").text
    assert choose(room, link).location == "/staff/sign-in"
    assert choose(room, link, "another long sentence").status_code == 404, "a link works once"
    browser = sign_in_for_the_first_time(room, "N1")
    assert browser.get("/staff/").status_code == 200, "the pledge under the same name still stands"
    assert "重新开通" not in room.sit_down(MANAGER).get("/staff/people/N1").text
    assert [one for one in acts(room) if one in ("staff.enrolled_anew", "staff.password_chosen")] == [
        "staff.enrolled_anew",
        "staff.password_chosen",
    ]


def test_who_comes_back_after_three_years_has_a_name_again_and_signs_the_pledge_again(room: StaffRoom):
    gone(room, "N1", 3 * 366)
    manager = room.sit_down(MANAGER)
    for path in ("/staff/people", "/staff/people/N1"):
        page = manager.get(path).text
        assert "离职员工" in page and "n1@example.com" not in page
    assert "N1" not in manager.get("/staff/permits/people").text
    terminal = Terminal(room.center.settings.home)
    assert terminal("staff", "list") == 0
    assert re.search(r"^N1 +former 已离职$", terminal.out, re.M)
    extend(room, "N1")
    form = manager.get("/staff/people/N1").text
    assert 'name="name" type="text" value=""' in form
    wrong = manager.post("/staff/people/N1/enrol", {"name": "", "email": "N1"}, status=422).text
    assert "写下姓名" in wrong and "写下工作邮箱" in wrong
    assert choose(room, link_for(room, "N1", name="王新", email="wang@example.com")).status_code == 303
    browser = sign_in_for_the_first_time(room, "N1")
    page = browser.get("/staff/", follow_redirects=True).text
    assert "还没有签保密承诺书" in page and "没有培训记录" in page
    with room.center.database.reading() as session:
        member = find_staff(session, "N1")
        assert (member.name, member.email, pledges_of(session, member)) == ("王新", "wang@example.com", [])


def test_the_open_review_says_who_has_left_and_can_be_signed(room: StaffRoom):
    gone(room, "N1", 3 * 366)
    manager = room.sit_down(MANAGER)
    page = manager.get(manager.post("/staff/access-review", {"department": "D"}).location).text
    assert "离职员工 N1" in page and "已离职" in page


@pytest.mark.parametrize("spoil", ["replaced", "ended", "late", "forged", "another"])
def test_a_link_that_was_replaced_or_forged_or_is_over_opens_nothing(room: StaffRoom, spoil: str, monkeypatch):
    gone(room, "N1", 31)
    gone(room, "N2", 31)
    extend(room, "N1")
    link = link_for(room, "N1")
    if spoil == "replaced":
        link_for(room, "N1")
    elif spoil == "ended":
        gone_again = {"starts_on": (today(room) - timedelta(days=9)).isoformat()}
        gone_again["ends_on"] = (today(room) - timedelta(days=1)).isoformat()
        room.sit_down(MANAGER).post("/staff/people/N1/dates", gone_again)
    elif spoil == "late":
        later = clock.now() + timedelta(days=3)
        monkeypatch.setattr(clock, "now", lambda: later)
    elif spoil == "forged":
        head, ends, proof = link.rsplit("-", 2)
        link = f"{head}-{int(ends) + 86400}-{proof}"
    else:
        extend(room, "N2")
        with room.center.database.reading() as session:
            other = find_staff(session, "N2").id.hex
        link = re.sub(r"first/[0-9a-f]{32}", f"first/{other}", link)
    assert room.app.test_client().get(link).status_code == 404
    assert choose(room, link).status_code == 404
    with room.center.database.reading() as session:
        assert not any(has_password(find_staff(session, number)) for number in ("N1", "N2"))


def test_nobody_with_a_password_and_nobody_who_has_left_gets_a_link_and_stewards_make_none(room: StaffRoom):
    room.hire("N2", Role.REVIEWER)
    gone(room, "N1", 31)
    manager = room.sit_down(MANAGER)
    manager.post("/staff/people/N2/enrol", BACK, status=409)
    manager.post("/staff/people/N1/enrol", BACK, status=409)
    assert "先在上面改任职日期" in manager.get("/staff/people/N1").text
    room.sit_down(STEWARD).post("/staff/people/N1/enrol", BACK, status=403)
    grow_stale(room)
    extend_page = manager.post("/staff/people/N1/enrol", BACK, status=403)
    assert "再核对一次是您" in extend_page.text
