"""Signing in by a code, for known and unknown people alike."""

import re
from datetime import timedelta

import time_machine

from privacy_center import clock
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY


def page_without_tokens(browser: Browser) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", browser.page.text)


def test_a_known_and_an_unknown_contact_see_the_same_pages(counter: CustomerRoom):
    seen = []
    for contact in (BY_KEY["open-case"].email, "lucy@example.com"):
        browser = counter.browser()
        browser.get("/sign-in")
        answer = browser.post("/sign-in", contact=contact)
        browser.get("/sign-in/code")
        first = page_without_tokens(browser)
        browser.post("/sign-in/code", 422, code="123 456")
        seen.append((answer.headers["Location"], first, page_without_tokens(browser)))
    assert seen[0] == seen[1]


def test_a_code_goes_only_to_a_contact_that_the_company_has(counter: CustomerRoom):
    browser = counter.browser()
    browser.get("/sign-in")
    browser.post("/sign-in", contact="lucy@example.com")
    assert counter.letters() == 0
    browser.post("/sign-in", contact=BY_KEY["open-case"].phone)
    assert counter.letters() == 1


def test_what_was_typed_stays_and_the_field_says_what_to_do(counter: CustomerRoom):
    browser = counter.browser()
    browser.get("/sign-in")
    browser.post("/sign-in", 422, contact="12345")
    assert 'value="12345"' in browser.page.text and 'href="#contact"' in browser.page.text
    assert "<title>错误：" in browser.page.text and 'aria-invalid="true"' in browser.page.text


def test_asking_again_at_once_is_too_often(counter: CustomerRoom):
    browser = counter.browser()
    browser.get("/sign-in")
    with time_machine.travel(clock.now(), tick=False):
        browser.post("/sign-in", contact="lucy@example.com")
        browser.get("/sign-in")
        browser.post("/sign-in", 429, contact="lucy@example.com")
    assert "频繁" in browser.words()


def test_the_cookie_holds_a_random_token_that_scripts_cannot_read_and_signing_out_ends_it(lin: Browser):
    cookie = lin.client.get_cookie("pc_customer")
    assert len(cookie.value) >= 40 and cookie.http_only and cookie.same_site == "Lax"
    lin.get("/me/")
    lin.post("/sign-out")
    assert lin.client.get_cookie("pc_customer") is None
    lin.client.set_cookie("pc_customer", cookie.value)
    lin.get("/me/", 303)


def test_a_code_works_only_in_the_browser_that_asked_for_it(counter: CustomerRoom):
    asking, other = counter.browser(), counter.browser()
    for browser in (asking, other):
        counter.forget_limits()
        browser.get("/sign-in")
        browser.post("/sign-in", contact=BY_KEY["open-case"].email)
        browser.get("/sign-in/code")
    newest = counter.code()
    asking.post("/sign-in/code", 422, code=newest)
    other.post("/sign-in/code", code=newest)


def test_a_login_that_lies_idle_for_half_an_hour_is_over(lin: Browser):
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        lin.get("/me/", 303)


def test_after_signing_in_one_comes_to_the_page_that_was_wanted(counter: CustomerRoom):
    browser = counter.browser()
    answer = browser.get("/me/inbox/", 303)
    counter.forget_limits()
    browser.get(answer.headers["Location"])
    onward = browser.post("/sign-in", contact=BY_KEY["open-case"].email, next="/me/inbox/").headers["Location"]
    browser.get(onward)
    assert browser.post("/sign-in/code", code=counter.code(), next="/me/inbox/").headers["Location"] == "/me/inbox/"


def test_a_code_is_sent_again_after_a_minute_or_read_out_by_a_call(counter: CustomerRoom):
    browser, begun = counter.browser(), clock.now()
    with time_machine.travel(begun, tick=False):
        browser.get("/sign-in")
        browser.post("/sign-in", contact=BY_KEY["open-case"].phone)
        browser.get("/sign-in/code")
        first = counter.code()
        browser.post("/sign-in/code/again", 429, by="text")
        assert "频繁" in browser.words()
    with time_machine.travel(begun + timedelta(seconds=60), tick=False):
        browser.post("/sign-in/code/again", by="call")
        browser.get("/sign-in/code")
        browser.post("/sign-in/code", 422, code=first)
        assert counter.letters() == 2
        browser.post("/sign-in/code", code=counter.code())


def test_an_e_mail_address_is_not_called(counter: CustomerRoom):
    browser = counter.browser()
    browser.get("/sign-in")
    for contact, calls in ((BY_KEY["open-case"].email, False), (BY_KEY["open-case"].phone, True)):
        counter.forget_limits()
        browser.post("/sign-in", contact=contact)
        browser.get("/sign-in/code")
        assert ("改为打电话告诉我" in browser.page.text) is calls
        browser.get("/sign-in")
