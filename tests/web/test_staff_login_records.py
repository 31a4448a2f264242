"""Logins and devices: the security officer finds them by two identifiers, masked; nobody else of the staff sees any."""

import json
import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.looks.questions import ask
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation, Role
from privacy_center.people.staff.roster import find_staff
from tests.web.customer_room import CustomerRoom
from tests.web.staff_room import BY_KEY, OFFICER, StaffClient, StaffRoom
from tests.web.test_staff_reveal import looks, position_of

LIN = BY_KEY["open-case"]
SECURITY = "S0107"
NEWEST, ADDRESS, BROWSER = datetime(2026, 11, 29, 23, 15), "203.0.113.77", "Quokka/7.1 (Night device)"
FORM = {
    "kind_1": "email",
    "value_1": LIN.email,
    "kind_2": "phone_number",
    "value_2": LIN.phone,
    "case": "SEC-2026-81",
    "purpose": "account.security",
}


@pytest.fixture
def room(counter: CustomerRoom) -> StaffRoom:
    """The staff room of a house in which no customer has signed in yet; the customer signed in to the shop lately."""
    log_in(counter, NEWEST, ADDRESS)
    return StaffRoom(counter.center, counter.app)


def log_in(counter: CustomerRoom | StaffRoom, at: datetime, ip: str) -> None:
    table = counter.center.sources.table("shop.login_log")
    with counter.center.sources.engine("shop").begin() as connection:
        number = connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one() + 1
        told = {"id": number, "customer_id": LIN.number, "ip": ip, "user_agent": BROWSER, "succeeded": True, "at": at}
        connection.execute(sa.insert(table).values(**told))


def find(staff: StaffClient, **changed: str) -> str:
    """The address of the records that a search leads to."""
    return staff.post("/staff/login-records", FORM | changed).location


def reveal_link(page: str, field: str) -> str:
    return re.search(rf'href="(/staff/login-records/[^"]+/reveal/{field})"', page)[1]


def test_the_security_officer_sees_logins_masked_and_newest_first_with_nothing_else_of_the_customer(room: StaffRoom):
    staff = room.sit_down(SECURITY)
    assert 'href="/staff/login-records"' in staff.get("/staff/account").text
    page = staff.get(find(staff)).text
    first = page[page.index('id="record-1"') : page.index('id="record-2"')]
    assert "登录日志" in first and "203.0." in first and "23:15" in first
    assert "常用设备" in page and "SEC-2026-81" in page and "保护客户的账户安全" in page
    assert ADDRESS not in page and BROWSER not in page
    assert LIN.name not in page and LIN.phone not in page and LIN.email not in page and "收货" not in page


def test_every_page_is_on_record_and_the_customer_reads_what_it_was_for(counter: CustomerRoom, room: StaffRoom):
    lin = counter.sign_in("open-case")
    staff = room.sit_down(SECURITY)
    staff.get(find(staff))
    (look,) = [one for one in looks(room, "data.look") if one["by"] == SECURITY]
    assert (look["purpose"], look["ticket"]) == ("account.security", "SEC-2026-81")
    assert {"user.device.ip_address", "user.device", "user.telemetry"} <= set(look["data"])
    assert "user.contact" not in look["data"]
    lin.get("/me/who-looked/")
    assert "查看：保护您的账户安全" in lin.words() and "IP 地址" in lin.words() and "安全负责人" in lin.words()
    lin.get("/me/who-looked/?lang=en")
    assert "Keeping your account safe" in lin.words()


def test_a_value_is_seen_whole_with_a_reason_only_and_the_customer_sees_that_too(
    counter: CustomerRoom, room: StaffRoom
):
    lin = counter.sign_in("open-case")
    staff = room.sit_down(SECURITY)
    path = reveal_link(staff.get(find(staff)).text, "ip")
    assert ADDRESS not in staff.get(path).text
    assert "选择理由" in staff.post(path, {"reason": ""}, 422).text
    assert "写明原因" in staff.post(path, {"reason": "other", "text": " "}, 422).text
    assert looks(room, "data.reveal") == []
    assert ADDRESS in staff.post(path, {"reason": "trace"}, 200).text
    (look,) = looks(room, "data.reveal")
    assert (look["reason"], look["purpose"], look["ticket"]) == ("trace", "account.security", "SEC-2026-81")
    assert ADDRESS not in json.dumps(look, default=str)
    lin.get("/me/who-looked/")
    assert "查看完整内容：保护您的账户安全" in lin.words()


def test_fields_that_are_no_login_data_and_records_that_are_not_the_customers_are_not_revealed(room: StaffRoom):
    staff = room.sit_down(SECURITY)
    path = reveal_link(staff.get(find(staff)).text, "ip")
    staff.post(path.replace("/reveal/ip", "/reveal/customer_id"), {"reason": "trace"}, 404)
    sign = path.split("/")[4]
    staff.post(path.replace(sign, "0" * 24), {"reason": "trace"}, 404)
    assert looks(room, "data.reveal") == []


def test_whoever_signs_in_later_sees_the_looks_from_before(counter: CustomerRoom, room: StaffRoom):
    staff = room.sit_down(SECURITY)
    assert "登录日志" in staff.get(find(staff)).text
    lin = counter.sign_in("open-case")
    lin.get("/me/who-looked/")
    assert "查看：保护您的账户安全" in lin.words()


@pytest.mark.parametrize("missing", ["purpose", "case", "value_2"])
def test_without_purpose_ticket_and_two_identifiers_nobody_is_searched(room: StaffRoom, missing: str):
    page = room.sit_down(SECURITY).post("/staff/login-records", FORM | {missing: ""}, 422).text
    assert f'id="{missing}-error"' in page
    assert looks(room, "data.search") == [] and looks(room, "data.look") == []


def test_two_identifiers_of_different_people_lead_to_nobody(room: StaffRoom):
    other = BY_KEY["two-numbers"].phone
    page = room.sit_down(SECURITY).post("/staff/login-records", FORM | {"value_2": other}, 200).text
    assert "没有找到" in page and looks(room, "data.search")[0]["found"] is False


def test_the_records_of_somebody_declared_are_shut_by_any_number_of_theirs(room: StaffRoom):
    with room.center.database.transaction() as session:
        declare(session, find_staff(session, SECURITY), "customer_number", LIN.customer_no, Relation.RELATIVE)
    staff = room.sit_down(SECURITY)
    answer = staff.browser.post("/staff/login-records", data=FORM | {"csrf_token": token_of(staff)})
    if answer.status_code == 303:
        answer = staff.browser.get(answer.location)
    assert answer.status_code == 403 and "申报过的亲友" in answer.text
    assert looks(room, "data.look") == []


def test_twenty_five_a_page_and_the_next_ones_on_the_next(room: StaffRoom):
    for minute in range(30):
        log_in(room, NEWEST - timedelta(minutes=minute + 1), "198.51.100.9")
    staff = room.sit_down(SECURITY)
    path = find(staff)
    page = staff.get(path).text
    assert page.count("<article") == 25 and "203.0." in page and f'{path}?page=2"' in page
    second = staff.get(f"{path}?page=2").text
    assert 'id="record-26"' in second and 'id="record-1"' not in second


def test_a_look_ends_with_the_login_that_searched_and_is_nobody_elses(room: StaffRoom):
    path = find(room.sit_down(SECURITY))
    room.hire("S0191", Role.SECURITY_OFFICER)
    room.sit_down("S0191").get(path, 404)
    room.sit_down(SECURITY).get(path, 404)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.SECURITY_OFFICER], ids=lambda one: one.value)
def test_no_other_role_finds_sees_or_reveals_login_data(room: StaffRoom, role: Role):
    reference = room.ask("open-case")
    position = position_of(room, reference, "shop.login_log")
    room.hire("S0192", role)
    other, security = room.sit_down("S0192"), room.sit_down(SECURITY)
    path = find(security)
    reveal = reveal_link(security.get(path).text, "ip")
    other.get("/staff/login-records", 403)
    other.get(path, 403)
    other.get(reveal, 403)
    with room.center.database.transaction() as session:
        asked = room.request(reference)
        session.merge(asked).assignee = "S0192"
    opened = other.browser.get(f"/staff/requests/{reference}/items/{position}")
    assert "203.0." not in opened.text and BROWSER[:4] not in opened.text
    if opened.status_code == 200:
        assert "不显示：" in opened.text and "登录地点（IP）" in opened.text
        assert f"items/{position}/reveal/" not in opened.text
    else:
        assert opened.status_code in (403, 404)
    whole = f"/staff/requests/{reference}/items/{position}/reveal/ip"
    for answer in (other.browser.get(whole), post_to(other, whole, {"reason": "decide", "text": ""})):
        assert answer.status_code in (403, 404) and ADDRESS not in answer.text
    assert [one for one in looks(room, "data.reveal") if one["by"] == "S0192"] == []


def test_what_a_look_at_login_data_showed_stays_with_the_security_officer(counter: CustomerRoom, room: StaffRoom):
    counter.sign_in("open-case")
    staff = room.sit_down(SECURITY)
    staff.get(find(staff))
    (look,) = [one for one in looks(room, "data.look") if one["by"] == SECURITY]
    told = {"at": clock.now(), "timezone": "Asia/Shanghai", "jurisdiction": "CN"}
    with room.center.database.transaction() as session:
        ask(session, counter.person("open-case"), look["seq"], "为什么看？", **told)
    officer = room.sit_down(OFFICER)
    question = re.search(r'href="(/staff/questions/[^"]+)"', officer.get("/staff/questions").text)[1]
    page = officer.get(question).text
    assert "保护客户的账户安全" in page and "当时显示" not in page and "203.0." not in page


def test_the_customer_still_sees_their_own_logins(counter: CustomerRoom, room: StaffRoom):
    lin = counter.sign_in("open-case")
    lin.get("/me/data/")
    assert "登录日志" in lin.words() and "登录地点（IP）" in lin.words()


def test_the_pages_of_login_records_speak_english(room: StaffRoom):
    staff = room.sit_down(SECURITY)
    path = find(staff)
    for one in ("/staff/login-records", path, reveal_link(staff.get(path).text, "ip")):
        page = staff.get(f"{one}?lang=en").text
        ours = re.sub(r'<dd class="masked">.*?</dd>', "", page[page.index("<main") :])
        main = re.sub(r"<[^>]+>", " ", ours)
        assert not re.findall(r"[\u4e00-\u9fff]+", main), one


def token_of(staff: StaffClient) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', staff.browser.get("/staff/account").text)[1]


def post_to(staff: StaffClient, path: str, fields: dict[str, str]):
    return staff.browser.post(path, data={**fields, "csrf_token": token_of(staff)})
