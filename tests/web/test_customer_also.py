"""Is this contact yours as well? Offered masked, counted only after a code to that very contact."""

import re

import pytest

from privacy_center.people.identity import find_or_create_person, identities_of
from privacy_center.people.models import Person
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY

SHOP_PHONE = "13800010008"
OTHER_PHONE = "13900010088"


@pytest.fixture
def zhao(counter: CustomerRoom) -> Browser:
    """A customer of two phones, signed in by e-mail."""
    return counter.sign_in("two-numbers")


def offers(browser: Browser) -> dict[str, str]:
    """Last four digits → address of each contact that the home page offers."""
    browser.get("/me/")
    rows = re.findall(
        r"<dd>[^<]*记录里还有\d{3}\*{4}(\d{4})，也是您的吗.*?href=\"(/me/also/[^\"]+)\"", browser.page.text, re.S
    )
    return {tail: href.replace("&amp;", "&").split("?")[0] for tail, href in rows}


def proven(counter: CustomerRoom) -> dict[str, list[str]]:
    with counter.center.database.reading() as session:
        return identities_of(session, counter.person("two-numbers"))


def send_code(counter: CustomerRoom, browser: Browser, path: str) -> str:
    counter.forget_limits()
    browser.get(path)
    browser.post(path, 200, do="send")
    return counter.code()


def test_the_home_page_and_the_preview_offer_both_phones_masked_and_follow_neither(
    counter: CustomerRoom, zhao: Browser
):
    assert offers(zhao).keys() == {"0008", "0088"}
    assert SHOP_PHONE not in zhao.page.text and OTHER_PHONE not in zhao.page.text
    zhao.choose()
    zhao.get("/me/deletion/preview")
    assert "138****0008，也是您的吗" in zhao.words() and "139****0088，也是您的吗" in zhao.words()
    assert proven(counter) == {"email": ["zhao.jingyi@example.com"]}


def test_a_code_to_the_contact_makes_it_the_customers_and_it_is_not_asked_again(counter: CustomerRoom, zhao: Browser):
    path = offers(zhao)["0088"]
    code = send_code(counter, zhao, path)
    onward = zhao.post(path, do="check", code=code, next="/me/").headers["Location"]
    assert proven(counter)["phone_number"] == [OTHER_PHONE]
    zhao.get(onward)
    assert "138****0008 也是您的吗" in zhao.words() and "记下了，139****0088 也是您的" in zhao.words()
    assert offers(zhao).keys() == {"0008"} and "记下了" not in zhao.words()
    zhao.get(path, 404)


def test_when_both_phones_are_proven_everything_is_found_that_was_found_before(counter: CustomerRoom, zhao: Browser):
    before = zhao.get("/me/data/").text.count("<h3>")
    for tail in ("0088", "0008"):
        path = offers(zhao)[tail]
        zhao.post(path, do="check", code=send_code(counter, zhao, path))
    assert offers(zhao) == {}
    assert zhao.get("/me/data/").text.count("<h3>") == before


def test_a_wrong_code_comes_back_with_what_to_do_and_adds_nothing(counter: CustomerRoom, zhao: Browser):
    path = offers(zhao)["0088"]
    send_code(counter, zhao, path)
    zhao.post(path, 422, do="check", code="12")
    assert 'href="#code"' in zhao.page.text and "phone_number" not in proven(counter)


def test_a_code_for_another_contact_does_not_work(counter: CustomerRoom, zhao: Browser):
    both = offers(zhao)
    code = send_code(counter, zhao, both["0008"])
    zhao.get(both["0088"])
    zhao.post(both["0088"], 200, do="check", code=code)
    send_code(counter, zhao, both["0088"])
    zhao.post(both["0088"], 422, do="check", code=code)
    assert "phone_number" not in proven(counter)


def test_a_code_for_signing_in_or_deleting_does_not_prove_a_contact(counter: CustomerRoom, zhao: Browser):
    path = offers(zhao)["0088"]
    send_code(counter, zhao, path)
    counter.forget_limits()
    stranger = counter.browser()
    stranger.get("/sign-in")
    stranger.post("/sign-in", contact=OTHER_PHONE)
    zhao.post(path, 422, do="check", code=counter.code())
    assert "phone_number" not in proven(counter)


def test_unknown_contacts_and_those_of_other_customers_cannot_be_asked_for(counter: CustomerRoom, zhao: Browser):
    path = offers(zhao)["0088"]
    lin = counter.sign_in("open-case")
    lin.get(path, 404)
    lin.get("/me/")
    lin.post(path, 404, do="send")
    lin.get("/me/")
    lin.post("/me/also/13900010088", 404, do="send")
    assert counter.browser().get(path, 303).headers["Location"].startswith("/sign-in")


def test_a_contact_that_somebody_else_has_proven_is_not_taken_from_them(counter: CustomerRoom, zhao: Browser):
    path = offers(zhao)["0088"]
    with counter.center.database.transaction() as session:
        owner = find_or_create_person(session, "phone_number", OTHER_PHONE, session.query(Person).first().created_at).id
    code = send_code(counter, zhao, path)
    zhao.post(path, 409, do="check", code=code)
    assert "已属于另一位用户" in zhao.words() and "phone_number" not in proven(counter)
    with counter.center.database.reading() as session:
        assert identities_of(session, owner) == {"phone_number": [OTHER_PHONE]}


def test_no_is_remembered_for_the_session(zhao: Browser):
    path = offers(zhao)["0088"]
    zhao.get(path)
    zhao.post(path, do="no")
    assert offers(zhao).keys() == {"0008"}
    zhao.choose()
    zhao.get("/me/deletion/preview")
    assert "0088" not in zhao.words()
    zhao.sign_in(BY_KEY["two-numbers"].contact)
    assert offers(zhao).keys() == {"0008", "0088"}


def test_the_way_on_stays_within_the_customers_pages(counter: CustomerRoom, zhao: Browser):
    path = offers(zhao)["0088"]
    zhao.get(path + "?next=https://evil.example/me/")
    assert not re.findall(r'(?:href="|value=")[^"?]*evil', zhao.page.text)
    assert zhao.post(path, do="no", next="//evil.example").headers["Location"] == "/me/"
    assert BY_KEY["two-numbers"].phone == SHOP_PHONE
