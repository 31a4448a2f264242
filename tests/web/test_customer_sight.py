"""Under signs of risk: one more proof on arrival for who has one; kinds, counts, state and dates for who has none."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.people.contact import Contact
from privacy_center.people.contact_change import add_contact
from privacy_center.people.models import KnownDevice, Level, Person, PersonPassword, SignInCode
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.thread import ask_customer
from privacy_center.web.app import build_app
from tests.web.customer_room import REVIEWER, Browser, CustomerRoom
from tests.web.staff_room import BY_KEY
from tests.web.test_customer_ways_in import PASSWORD, add_phone, login_of, prove_by_code, set_password

DATA, IN_FULL = "/me/data/", "/me/data/shop.customer"
SECRET = "请告诉我们您最后一次下单的日期"


def guess_wrongly(counter: CustomerRoom) -> None:
    """As if somebody had typed wrong codes for every contact that is known."""
    with counter.center.database.transaction() as session:
        session.execute(sa.update(SignInCode).values(tries=6, created_at=clock.now()))


def share_device(counter: CustomerRoom) -> None:
    """As if as many people as the settings tell had signed in with every browser; this sign lasts for a month."""
    at, many = clock.now(), counter.center.settings.risk.people_on_one_device
    with counter.center.database.transaction() as session:
        for device in session.scalars(sa.select(KnownDevice.device_hash)).all():
            for _number in range(many - 1):
                person = Person(id=uuid.uuid4(), created_at=at, language="zh-CN")
                session.add(person)
                session.flush()
                session.add(KnownDevice(device_hash=device, person_id=person.id, first_seen_at=at, last_seen_at=at))


def give_proof(browser: Browser, onward: str) -> str:
    """The code to the contact that the page of proofs offers first; where it leads to."""
    browser.room.forget_limits()
    page = browser.get(f"/me/confirm?next={onward}")
    place = re.search(r'name="to" value="(\d+)"', page.text)[1]
    browser.post("/me/confirm", 200, do="send", to=place, next=onward)
    return browser.post("/me/confirm", do="check", code=browser.room.code(), next=onward).location


def values_of(counter: CustomerRoom, browser: Browser) -> list[str]:
    """The masked values on the page of one's data, while nothing is unusual."""
    found = re.findall(r"<dd><span>([^<]+)</span>", browser.get(DATA).text)
    assert len(found) > 5
    return [one for one in found if "*" in one]


def test_who_has_one_proof_sees_kinds_and_counts_and_no_value(counter: CustomerRoom, lin: Browser):
    values = values_of(counter, lin)
    guess_wrongly(counter)
    page = lin.get(DATA).text
    assert values and not [one for one in values if one in page]
    assert BY_KEY["open-case"].email.split("@")[1] not in page.split("<main", 1)[1]
    assert "现在只列种类和条数" in lin.words() and "近 24 小时验证码多次输错" in lin.words()
    assert re.search(r"<dt>[^<]+</dt><dd>\d+ 条</dd>", page) and "柜台" in lin.words()
    english = lin.get(DATA, headers={"Accept-Language": "en"}).text
    assert "Many wrong codes" in english and not re.search(r"[\u4e00-\u9fff]", lin.words())


def test_a_device_not_used_before_shows_less_and_the_old_one_shows_all(counter: CustomerRoom, lin: Browser):
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        other = counter.sign_in("open-case")
        other.get(DATA)
        assert "第一次用这台设备" in other.words() and "现在只列" in other.words()
    lin.get(DATA)
    assert "现在只列" not in lin.words()


def test_who_has_another_proof_is_asked_once_and_then_sees_everything_in_this_login(
    counter: CustomerRoom, lin: Browser
):
    reference = lin.submit()
    add_phone(counter, "open-case")
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        other = counter.sign_in("open-case")
        assert other.get(DATA, 303).location == "/me/confirm?next=/me/data/"
        other.get("/me/confirm?next=/me/data/")
        assert "第一次用这台设备" in other.words() and "这次登录里不会再问" in other.words()
        assert give_proof(other, DATA) == DATA
        assert login_of(counter).level is Level.V2
        other.get(DATA)
        assert "现在只列" not in other.words()
        other.get(f"/me/requests/{reference}")
        assert "每一项" in other.words()
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=20), tick=False):
        other.get(DATA)
        assert "现在只列" not in other.words()


def test_who_would_rather_not_sees_less_and_is_not_asked_again(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    add_phone(counter, "open-case")
    guess_wrongly(counter)
    asks = lin.get(DATA, 303).location
    assert f'href="{DATA}?less=yes"' in lin.get(asks).text
    lin.get(f"{DATA}?less=yes")
    assert "现在只列种类和条数" in lin.words() and "再证明一次" in lin.words()
    lin.get(f"/me/requests/{reference}")
    assert "现在只列进度和日期" in lin.words()
    assert give_proof(lin, DATA) == DATA
    lin.get(DATA)
    assert "现在只列" not in lin.words()


def test_who_waits_three_days_sees_everything_and_every_contact_was_told(counter: CustomerRoom, lin: Browser):
    share_device(counter)
    lin.get(DATA)
    assert "等 72 小时" in lin.words()
    lin.get("/me/confirm?next=/me/data/")
    before = counter.letters()
    lin.post("/me/confirm", 200, do="wait", next=DATA)
    assert counter.letters() > before
    lin.get(DATA)
    assert "您已选择等 72 小时" in lin.words()
    client = lin.client
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        later = Browser(counter, client)
        later.sign_in(BY_KEY["open-case"].contact)
        later.get(DATA)
        assert "现在只列" not in later.words()


def test_waiting_is_not_offered_where_the_number_may_be_somebody_elses(counter: CustomerRoom):
    browser = counter.browser()
    browser.sign_in(BY_KEY["recycled-new"].phone)
    browser.get(DATA)
    assert "同一号码登记在几个账户上" in browser.words() and "等下去没有用" in browser.words()
    assert "现在只列种类和条数" in browser.words()
    browser.get("/me/confirm?next=/me/data/")
    assert "我等 72 小时" not in browser.words()
    browser.post("/me/confirm", 200, do="wait", next=DATA)
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        later = Browser(counter, browser.client)
        later.sign_in(BY_KEY["recycled-new"].phone)
        later.get(DATA)
        assert "现在只列种类和条数" in later.words()


def test_a_request_shows_where_it_is_and_nothing_that_was_written(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    here = f"/me/requests/{reference}"
    lin.post(f"{here}/messages", text="我自己写的话")
    lin.get(here)
    assert "我自己写的话" in lin.words() and "每一项" in lin.words()
    guess_wrongly(counter)
    lin.get(here)
    assert "现在只列进度和日期" in lin.words() and "办理经过" in lin.words() and "最迟" in lin.words()
    for hidden in ("我自己写的话", "每一项的结果", "您要的是", "<table", "/letter", "/certificate"):
        assert hidden not in lin.page.text
    english = lin.get(here, headers={"Accept-Language": "en"})
    assert "Only progress and dates" in english.text and not re.search(r"[\u4e00-\u9fff]", lin.words())
    assert lin.get(here, 204, headers={"HX-Request": "true"}).headers["HX-Redirect"] == here
    lin.get(here)
    lin.post(f"{here}/messages", text="这不是我申请的")
    lin.get(f"{here}/cancel")
    version = re.search(r'name="version" value="(\d+)"', lin.page.text)[1]
    lin.post(f"{here}/cancel", version=version)
    lin.get(here)
    assert "已撤回" in lin.words()


def test_papers_lead_back_to_the_request(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    counter.approve(reference)
    here = f"/me/requests/{reference}"
    for paper in ("letter", "certificate"):
        lin.get(f"{here}/{paper}")
    guess_wrongly(counter)
    for paper in ("letter", "certificate"):
        assert lin.get(f"{here}/{paper}", 303).location == here
    lin.get(here)
    assert f"{here}/letter" not in lin.page.text and f"{here}/certificate" not in lin.page.text


def test_a_question_can_neither_be_read_nor_answered_blindly_and_everything_can_be_stopped(
    counter: CustomerRoom, lin: Browser
):
    reference = lin.submit()
    here = f"/me/requests/{reference}"
    with counter.center.database.transaction() as session:
        asked = request_by_reference(session, reference)
        ask_customer(session, asked, text=SECRET, actor=REVIEWER, at=clock.now())
    lin.get(here)
    assert SECRET in lin.words()
    guess_wrongly(counter)
    lin.get("/me/stop")
    assert lin.post(f"{here}/messages", text="昨天").location == f"/me/confirm?next={here}"
    lin.get(here)
    assert SECRET not in lin.page.text and "<textarea" not in lin.page.text and 'href="/me/stop"' in lin.page.text
    lin.get("/me/stop")
    lin.post("/me/stop", 200)


def test_home_tells_no_name_and_no_contact_that_is_not_proven(counter: CustomerRoom, lin: Browser):
    lin.get(DATA)
    lin.get("/me/")
    assert "林**，您好" in lin.words()
    guess_wrongly(counter)
    other = counter.sign_in("open-case")
    other.get("/me/")
    assert "林" not in other.words() and "138****" not in other.words()
    assert "也是您的吗" in other.words()


def test_the_signs_cost_a_page_one_statement(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    sent: list[str] = []
    engine = counter.center.database.engine
    note = lambda *told: sent.append(told[2])  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", note)
    lin.get(f"/me/requests/{reference}")
    sa.event.remove(engine, "before_cursor_execute", note)
    assert sum("known_device" in one for one in sent) == 1
    assert sum("FROM login_session" in one for one in sent) == 1


@pytest.mark.parametrize("action", ["see_data", "track"])
def test_a_company_may_ask_for_two_proofs_of_everybody(counter: CustomerRoom, action: str):
    settings = counter.center.settings.home / "settings.toml"
    settings.write_text(settings.read_text("utf-8") + f'\n[levels]\n{action} = "V2"\n', "utf-8")
    strict = Center.open(counter.center.settings.home)
    strict.settings.secure_cookies = False
    lin = CustomerRoom(strict, build_app(strict)).sign_in("open-case")
    here = DATA if action == "see_data" else f"/me/requests/{lin.submit()}"
    lin.get(here)
    assert "现在只列" in lin.words()
    strict.close()


def test_a_contact_that_was_just_added_is_no_proof_to_ask_for(counter: CustomerRoom, lin: Browser):
    with counter.center.database.transaction() as session:
        person = session.get_one(Person, counter.person("open-case"))
        add_contact(session, person, Contact("phone_number", "13900000001"), clock.now())
    lin.get(DATA)
    assert "联系方式 72 小时内改过" in lin.words() and "现在只列种类和条数" in lin.words()
    assert "等下去没有用" in lin.words()
    guess_wrongly(counter)
    prove_by_code(lin, IN_FULL)
    lin.get(f"/me/confirm?next={IN_FULL}")
    assert "还差一种证明" not in lin.words() and "拿不出第二种证明" in lin.words()


def test_a_contact_that_counts_stands_before_one_that_was_just_added(counter: CustomerRoom, lin: Browser):
    add_phone(counter, "open-case")
    with counter.center.database.transaction() as session:
        person = session.get_one(Person, counter.person("open-case"))
        add_contact(session, person, Contact("email", "a-new-one@example.com"), clock.now())
    asks = lin.get(DATA, 303).location
    offered = re.findall(r"发验证码到 (\S+)</button>", lin.get(asks).text)
    assert offered[0].startswith("138****") and len(offered) == 3
    assert give_proof(lin, DATA) == DATA
    lin.get(DATA)


def test_under_a_sign_of_risk_a_new_password_counts_after_three_days_whoever_sets_it(
    counter: CustomerRoom, lin: Browser
):
    def counts_after() -> timedelta:
        with counter.center.database.reading() as session:
            row = session.scalars(sa.select(PersonPassword)).one()
            return row.counts_from - row.changed_at

    add_phone(counter, "open-case")
    prove_by_code(lin, "/me/security/password", place="1")
    assert login_of(counter).level is Level.V2
    lin.get("/me/security/password")
    lin.post("/me/security/password", password=PASSWORD, password_again=PASSWORD)
    assert counts_after() == timedelta()
    guess_wrongly(counter)
    lin.get("/me/security/password")
    lin.post("/me/security/password", password=PASSWORD + "2", password_again=PASSWORD + "2")
    assert counts_after() == timedelta(hours=72)


def test_a_first_password_is_no_sign_of_risk_and_a_changed_one_is(counter: CustomerRoom, lin: Browser):
    values = values_of(counter, lin)
    set_password(lin)
    assert values_of(counter, lin) == values
    lin.get("/me/security/password")
    lin.post("/me/security/password", password=PASSWORD + "2", password_again=PASSWORD + "2")
    lin.get(DATA)
    assert "24 小时内改过密码" in lin.words()


def test_who_tries_the_demo_out_as_five_people_in_one_browser_sees_everything(counter: CustomerRoom):
    browser = counter.browser()
    for key in ("open-case", "unused-points", "two-numbers", "recycled-old", "seventy"):
        browser.sign_in(BY_KEY[key].contact)
        browser.get(DATA)
        assert "现在只列" not in browser.words()
