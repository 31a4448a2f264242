"""Levels, step-up and the ways in beside the code: password, order number, sessions; passkeys are tried in a browser."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.errors import Misconfigured
from privacy_center.people.contact import mask_contact, read_contact
from privacy_center.people.identity import add_identity
from privacy_center.people.levels import Action, check_levels, needed_for
from privacy_center.people.models import Level, LoginSession, Person, SignInCode
from privacy_center.people.risk import SignalKind, signals_of
from privacy_center.privacy_requests.models import PrivacyRequest
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY
from tests.web.test_customer_sign_in import page_without_tokens

PASSWORD = "一句只有我知道的很长的话"


def login_of(counter: CustomerRoom) -> LoginSession:
    with counter.center.database.reading() as session:
        newest = sa.select(LoginSession).order_by(LoginSession.created_at.desc(), LoginSession.id)
        found = session.scalars(newest.where(LoginSession.kind == "customer")).first()
        session.expunge_all()
    return found


def request_of(counter: CustomerRoom) -> PrivacyRequest:
    with counter.center.database.reading() as session:
        found = session.scalars(sa.select(PrivacyRequest)).one()
        session.expunge_all()
    return found


def add_phone(counter: CustomerRoom, key: str) -> None:
    """As if the customer had proven the phone on their records as well."""
    with counter.center.database.transaction() as session:
        person = session.get_one(Person, counter.person(key))
        add_identity(session, person, "phone_number", BY_KEY[key].phone, method="code", at=clock.now())


def prove_by_code(browser: Browser, onward: str, place: str = "0") -> None:
    browser.room.forget_limits()
    browser.get(f"/me/confirm?next={onward}")
    browser.post("/me/confirm", 200, do="send", to=place, next=onward)
    browser.post("/me/confirm", do="check", code=browser.room.code(), next=onward)


def set_password(browser: Browser) -> None:
    prove_by_code(browser, "/me/security/password")
    browser.get("/me/security/password")
    browser.post("/me/security/password", password=PASSWORD, password_again=PASSWORD)


def sign_in_by_password(
    counter: CustomerRoom, status: int = 303, contact: str = "", password: str = PASSWORD
) -> Browser:
    browser = counter.browser()
    browser.get("/sign-in/password")
    browser.post("/sign-in/password", status, contact=contact or BY_KEY["open-case"].email, password=password)
    return browser


def test_a_code_is_one_proof_and_the_request_says_so(counter: CustomerRoom, lin: Browser):
    assert login_of(counter).level is Level.V1
    lin.submit()
    asked = request_of(counter)
    assert (asked.level, asked.verification_method) == (Level.V1, login_of(counter).method)
    assert asked.risk_flags == ["below_level"]


def test_one_proof_for_everything_waits_three_days_at_least_and_tells_every_contact(
    counter: CustomerRoom, lin: Browser
):
    counter.center.settings.cooling_off_days = 0
    before = counter.letters()
    lin.submit()
    asked = request_of(counter)
    assert asked.cooling_off_until - asked.received_at == timedelta(days=3)
    assert counter.letters() >= before + 3  # the code, and two or more contacts


def test_two_proofs_reach_the_level_and_nothing_is_held_up(counter: CustomerRoom):
    counter.center.settings.cooling_off_days = 0
    lin = counter.sign_in("open-case")
    add_phone(counter, "open-case")
    lin.choose()
    lin.prove()
    assert login_of(counter).level is Level.V2
    page = lin.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', page.text)[1]
    lin.post("/me/deletion/check", digest=digest, cooling="now", understood="yes")
    asked = request_of(counter)
    assert asked.level is Level.V2 and asked.risk_flags == [] and asked.cooling_off_until is None


def test_who_has_a_second_proof_must_give_it(counter: CustomerRoom):
    lin = counter.sign_in("open-case")
    add_phone(counter, "open-case")
    lin.choose()
    counter.forget_limits()
    lin.get("/me/deletion/verify")
    same = "0" if "@" in BY_KEY["open-case"].contact else "1"
    lin.post("/me/deletion/verify", 200, do="send", to=same)
    lin.post("/me/deletion/verify", do="check", code=counter.code())
    lin.get("/me/deletion/verify")
    assert "还差一种证明" in lin.words()
    assert lin.get("/me/deletion/check", 303).headers["Location"] == "/me/deletion/verify"


def test_going_on_from_the_preview_sends_the_code_to_the_contact_that_was_not_used_to_sign_in(counter: CustomerRoom):
    lin = counter.sign_in("open-case")
    add_phone(counter, "open-case")
    lin.choose()
    counter.forget_limits()
    lin.get("/me/deletion/preview")
    sent = lin.post("/me/deletion/verify", 200, do="send").text
    other = BY_KEY["open-case"].phone if "@" in BY_KEY["open-case"].contact else BY_KEY["open-case"].email
    assert f"验证码已发到 {mask_contact(read_contact(other))}" in sent


def test_a_proof_for_one_thing_opens_no_other(counter: CustomerRoom, lin: Browser):
    lin.choose()
    lin.prove()
    assert lin.get("/me/security/password", 303).headers["Location"].startswith("/me/confirm")
    prove_by_code(lin, "/me/security/password")
    assert lin.get("/me/deletion/check", 303).headers["Location"].startswith("/me/confirm")


def test_a_password_is_set_used_and_removed_and_every_contact_is_told(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    lin.get("/me/security/")
    assert "已设密码" in lin.words()
    lin.get("/me/inbox/")
    assert "登录方式" in lin.words()
    other = sign_in_by_password(counter)
    other.get("/me/")
    prove_by_code(other, "/me/security/password/remove")
    other.get("/me/security/password/remove")
    other.post("/me/security/password/remove")
    sign_in_by_password(counter, 422)


def test_a_password_that_a_code_alone_has_set_is_no_second_proof_for_three_days(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    early = sign_in_by_password(counter)
    prove_by_code(early, "/me/security/password")
    assert login_of(counter).level is Level.V1
    with time_machine.travel(clock.now() + timedelta(days=3, hours=1), tick=False):
        late = sign_in_by_password(counter)
        prove_by_code(late, "/me/security/password")
        assert login_of(counter).level is Level.V2


def test_passwords_tell_nobody_who_has_one(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    seen = []
    for contact in (BY_KEY["open-case"].email, "lucy@example.com"):
        browser = sign_in_by_password(counter, 422, contact, "not the right password")
        shown = page_without_tokens(browser).replace(contact, "")
        seen.append((shown, dict(browser.page.headers, **{"Set-Cookie": "", "Content-Length": ""})))
    assert seen[0] == seen[1]


def test_wrong_passwords_slow_the_next_ones_down_for_known_and_unknown_alike(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    counter.forget_limits()
    for contact in (BY_KEY["open-case"].email, "lucy@example.com"):
        for _try in range(5):
            sign_in_by_password(counter, 422, contact, "not the right password")
        browser = sign_in_by_password(counter, 429, contact, PASSWORD)
        assert "连续输错" in browser.words()


@pytest.mark.parametrize("weak", ["short", "a" * 30, "lin-has-this-address {mail}"])
def test_a_weak_password_is_refused_beside_its_field(counter: CustomerRoom, lin: Browser, weak: str):
    weak = weak.format(mail=BY_KEY["open-case"].email)
    prove_by_code(lin, "/me/security/password")
    lin.get("/me/security/password")
    lin.post("/me/security/password", 422, password=weak, password_again=weak)
    assert 'href="#password"' in lin.page.text and weak not in lin.page.text


def test_the_places_where_one_is_signed_in_are_listed_and_can_be_ended(counter: CustomerRoom, lin: Browser):
    other = counter.sign_in("open-case")
    lin.get("/me/security/")
    ends = re.findall(r'action="(/me/security/logins/[^"]+)"', lin.page.text)
    assert len(ends) == 2 and "这台设备" in lin.words()
    for end in ends:
        lin.post(end)
    other.get("/me/", 303)


def test_nobody_ends_another_customers_login(counter: CustomerRoom, lin: Browser):
    wang = counter.sign_in("unused-points")
    wang.get("/me/security/")
    theirs = re.search(r'action="(/me/security/logins/[^"]+)"', wang.page.text)[1]
    lin.get("/me/security/")
    lin.post(theirs, 404)
    wang.get("/me/security/")


def test_a_device_not_used_before_raises_the_level_by_one_and_the_reviewer_reads_it(
    counter: CustomerRoom, lin: Browser
):
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        other = counter.sign_in("open-case")
        other.submit()
    asked = request_of(counter)
    assert set(asked.risk_flags) == {"below_level", "new_device"}
    person = counter.person("open-case")
    with counter.center.database.reading() as session:
        later = clock.now() + timedelta(days=2)
        signals = tuple(signals_of(session, person, later, device=login_of(counter).device_hash))
        assert [one.kind for one in signals] == [SignalKind.NEW_DEVICE]
        assert needed_for(session, person, Action.DELETE_SOME, later, signals).level is Level.V2
        assert needed_for(session, person, Action.SEE_NOTICES, later, signals).level is Level.V0


def test_many_wrong_codes_are_a_sign(counter: CustomerRoom, lin: Browser):
    with counter.center.database.transaction() as session:
        session.execute(sa.update(SignInCode).values(tries=6))
    with counter.center.database.reading() as session:
        found = signals_of(session, counter.person("open-case"), clock.now())
    assert [one.kind for one in found] == [SignalKind.MANY_FAILURES]


def test_who_cannot_prove_more_waits_three_days_and_every_contact_is_told(counter: CustomerRoom, lin: Browser):
    onward = "/me/data/shop.customer"
    prove_by_code(lin, onward)
    lin.get(f"/me/confirm?next={onward}")
    assert "拿不出第二种证明" in lin.words()
    before = counter.letters()
    lin.post("/me/confirm", 200, do="wait", next=onward)
    assert "您已选择等 72 小时" in lin.words() and counter.letters() > before
    lin.get(onward, 303)
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        later = counter.sign_in("open-case")
        prove_by_code(later, onward)
        later.get(onward)


@pytest.mark.parametrize(
    ("onward", "says", "says_in_english"),
    [
        ("/me/security/password", "要过 72 小时，才算第二种", "counts as a second proof only after 72 hours"),
        ("/me/contact/add", "旧的联系方式可以撤销", "the old contact can undo it"),
        ("/me/deletion/check", "请再证明一次，5 分钟内有效", "it holds for 5 minutes"),
    ],
)
def test_where_one_proof_will_do_the_page_asks_for_one_and_offers_no_wait(
    counter: CustomerRoom, lin: Browser, onward: str, says: str, says_in_english: str
):
    lin.get(f"/me/confirm?next={onward}")
    assert says in lin.words()
    for untrue in ("两种互不依赖", "拿不出第二种证明", "我等 72 小时", "比平时多要一种"):
        assert untrue not in lin.words()
    before = counter.letters()
    lin.post("/me/confirm", 200, do="wait", next=onward)
    assert counter.letters() == before and "您已选择等 72 小时" not in lin.words()
    lin.get(f"/me/confirm?next={onward}&lang=en")
    assert says_in_english in lin.words()
    prove_by_code(lin, onward)
    lin.get(f"/me/confirm?next={onward}", 303)


def test_levels_can_be_raised_and_never_lowered(counter: CustomerRoom):
    assert check_levels({"see_data": "V2"}) == {"see_data": "V2"}
    for wrong in ({"delete_all": "V1"}, {"fly": "V3"}):
        with pytest.raises(Misconfigured, match="levels"):
            check_levels(wrong)


def order_in(counter: CustomerRoom) -> tuple[str, str]:
    """An order number of the sample shop with the phone of who gets it."""
    sources = counter.center.sources
    orders = sources.table("shop.orders")
    with sources.engine("shop").connect() as connection:
        picked = sa.select(orders.c.order_no, orders.c.recipient_phone).where(orders.c.recipient_phone.is_not(None))
        return tuple(connection.execute(picked.limit(1)).one())


def test_an_order_number_finds_its_contact_and_only_a_code_to_it_proves(counter: CustomerRoom):
    number, phone = order_in(counter)
    seen = []
    for order, contact, letters in (
        ("QH-NO-SUCH-ORDER", phone, 0),
        (number, "lucy@example.com", 0),
        (number, phone, 1),
    ):
        counter.forget_limits()
        before, browser = counter.letters(), counter.browser()
        browser.get("/sign-in/order")
        answer = browser.post("/sign-in/order", order=order, contact=contact)
        browser.get("/sign-in/code")
        seen.append((answer.headers["Location"], len(answer.headers)))
        assert counter.letters() == before + letters
    assert len(set(seen)) == 1
    browser.post("/sign-in/code", code=counter.code())
    browser.get("/me/")


def test_without_a_company_account_there_is_no_such_page(counter: CustomerRoom):
    browser = counter.browser()
    browser.get("/sign-in/company", 404)
    browser.get("/sign-in")
    assert "/sign-in/company" not in browser.page.text
