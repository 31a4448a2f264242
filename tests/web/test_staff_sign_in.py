import re

import pyotp
import pytest

from privacy_center import clock
from privacy_center.people.staff.models import Role
from tests.web.staff_room import PEOPLE, REVIEWER, StaffClient, StaffRoom, check_page

pytest_plugins = ["tests.web.staff_fixtures"]


def token_on(page) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def send(browser, path, token, **fields):
    answer = browser.post(path, data={**fields, "csrf_token": token})
    check_page(answer)
    return answer


def give_password(browser, number, password):
    page = browser.get("/staff/sign-in")
    check_page(page)
    return send(browser, "/staff/sign-in", token_on(page), number=number, password=password)


def test_staff_sign_in_with_password_and_app_code(room: StaffRoom):
    browser, person = room.app.test_client(), PEOPLE[REVIEWER]
    answer = give_password(browser, person.number, person.password)
    assert answer.status_code == 303 and "/staff/sign-in/second-step" in answer.location
    assert browser.get("/staff/").status_code == 303, "the password alone opens nothing"
    page = browser.get(answer.location)
    check_page(page)
    answer = send(browser, answer.location, token_on(page), code=person.code(clock.now()))
    assert answer.location == "/staff/"
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("pc_staff="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/staff" in cookie
    assert browser.get("/staff/").status_code == 200
    assert "不认识的设备" in browser.get("/staff/account").text


def test_each_sign_in_names_its_browser_and_system(room: StaffRoom):
    browser, person = room.app.test_client(), PEOPLE[REVIEWER]
    browser.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36"
    second = give_password(browser, person.number, person.password).location
    send(browser, second, token_on(browser.get(second)), code=person.code(clock.now()))
    page = browser.get("/staff/account")
    check_page(page)
    assert "Chrome, Windows" in page.text


def test_an_e_mail_address_works_in_place_of_the_number(room: StaffRoom):
    answer = give_password(room.app.test_client(), f"{REVIEWER.upper()}@QINGHE.example", PEOPLE[REVIEWER].password)
    assert "/staff/sign-in/second-step" in answer.location


@pytest.mark.parametrize(
    ("number", "password"), [(REVIEWER, "wrong password"), ("nobody", "wrong password"), ("a@b.c", "x")]
)
def test_a_wrong_password_and_an_unknown_number_get_the_same_answer(room: StaffRoom, number, password):
    answer = give_password(room.app.test_client(), number, password)
    assert answer.status_code == 422
    assert "工号、密码或动态码不对" in answer.text and "autofocus" in answer.text


def test_after_five_wrong_passwords_the_right_one_waits_too(room: StaffRoom):
    browser = room.app.test_client()
    for _ in range(5):
        give_password(browser, REVIEWER, "wrong password")
    assert give_password(browser, REVIEWER, PEOPLE[REVIEWER].password).status_code == 422


def test_a_code_works_once(room: StaffRoom):
    person, code = PEOPLE[REVIEWER], PEOPLE[REVIEWER].code(clock.now())
    for expected in (303, 422):
        browser = room.app.test_client()
        page = give_password(browser, person.number, person.password)
        form = browser.get(page.location)
        assert send(browser, page.location, token_on(form), code=code).status_code == expected


def test_the_first_sign_in_sets_the_app_up_and_tells_recovery_codes_once(room: StaffRoom):
    room.hire("N1", Role.REVIEWER)
    browser = room.app.test_client()
    answer = give_password(browser, "N1", "a long password")
    assert "/staff/sign-in/enrol" in answer.location
    page = browser.get(answer.location)
    check_page(page)
    assert "<svg" in page.text
    secret = re.search(r'class="ref">([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    assert send(browser, answer.location, token_on(page), code="000000").status_code == 422
    codes = send(browser, answer.location, token_on(page), code=pyotp.TOTP(secret).at(clock.now()))
    told = re.findall(r'<li class="ref">([^<]+)</li>', codes.text)
    assert codes.status_code == 200 and len(told) == 10
    assert browser.get("/staff/").status_code == 200

    later = room.app.test_client()
    page = give_password(later, "N1", "a long password")
    form = later.get(page.location)
    assert send(later, page.location, token_on(form), code=told[0].lower()).status_code == 303
    again = room.app.test_client()
    page = give_password(again, "N1", "a long password")
    assert send(again, page.location, token_on(again.get(page.location)), code=told[0]).status_code == 422


def test_signing_out_ends_the_login(room: StaffRoom):
    staff = room.sit_down(REVIEWER)
    staff.post("/staff/sign-out", {})
    staff.get("/staff/", status=303)


def test_a_login_can_be_ended_from_another_browser_but_only_ones_own(room: StaffRoom):
    here, there, other = room.sit_down(REVIEWER), room.sit_down(REVIEWER), room.sit_down("S0102")
    page = here.get("/staff/account")
    assert "2 处" in page.text
    this, elsewhere = sorted(
        re.findall(r"/staff/account/logins/([0-9a-f-]+)/end", page.text),
        key=lambda one: page.text.index(one) > page.text.index("这台设备"),
    )[:2]
    other.post(f"/staff/account/logins/{elsewhere}/end", {}, status=404)
    for login in (this, elsewhere):
        client = StaffClient(room.sit_down(REVIEWER).browser)
        client.post(f"/staff/account/logins/{login}/end", {})
    here.get("/staff/", status=303)
    there.get("/staff/", status=303)


def test_the_way_back_after_sign_in_never_leads_to_another_site(room: StaffRoom):
    page = room.app.test_client().get("/staff/sign-in?next=//evil.example/")
    assert "evil.example" not in re.search(r'<form method="post" action="([^"]+)"', page.text)[1]


def test_a_new_password_needs_the_present_one_and_a_code_and_ends_sign_ins_elsewhere(room: StaffRoom):
    here, there, person = room.sit_down(REVIEWER), room.sit_down(REVIEWER), PEOPLE[REVIEWER]
    wanted = "a sentence that only I know"
    form = {"present": person.password, "password": wanted, "password_again": wanted, "code": "000000"}
    path = "/staff/account/password"
    assert "两次写的新密码不一样" in here.post(path, form | {"password_again": "x"}, status=422).text
    assert "12 到 200" in here.post(path, form | {"password": "short", "password_again": "short"}, status=422).text
    assert "动态码不对" in here.post(path, form, status=422).text
    code = {"code": person.code(clock.now())}
    assert "动态码不对" in here.post(path, form | code | {"present": "wrong"}, status=422).text
    there.get("/staff/")
    answer = here.post(path, form | code)
    assert "密码已改" in here.get(answer.location).text
    there.get("/staff/", status=303)
    fresh = room.app.test_client()
    assert give_password(fresh, REVIEWER, person.password).status_code == 422
    assert give_password(fresh, REVIEWER, wanted).status_code == 303
