"""A customer's own records in full: after a second proof, only their own, and masked again on the next page."""

import re

import pytest
import sqlalchemy as sa

from privacy_center.audit.models import AuditEntry
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY

CUSTOMER, CARD = "/me/data/shop.customer", "/me/data/shop.bank_card"


def prove(room: CustomerRoom, browser: Browser, path: str) -> None:
    """Prove oneself by every contact that the page offers, until the page of `path` opens."""
    answer = browser.get(path, None)
    while answer.status_code == 303:
        room.forget_limits()
        confirm = browser.get(answer.location)
        place = re.search(r'name="to" value="([^"]+)"', confirm.text)[1]
        browser.post(answer.location, 200, do="send", to=place)
        browser.post(answer.location, do="check", code=room.code())
        answer = browser.get(path, None)


@pytest.fixture
def two_ways(counter: CustomerRoom) -> Browser:
    """A customer who has proven an e-mail address and a phone."""
    browser = counter.sign_in("bound-card")
    path = re.search(r'href="(/me/also/[^"?]+)', browser.get("/me/").text)
    if path:
        counter.forget_limits()
        browser.get(path[1])
        browser.post(path[1], 200, do="send")
        browser.post(path[1], do="check", code=counter.code(), next="/me/")
    return browser


def test_signing_in_by_one_code_does_not_show_anything_in_full(counter: CustomerRoom):
    browser, story = counter.sign_in("open-case"), BY_KEY["open-case"]
    assert story.phone not in browser.get("/me/data/").text
    assert browser.get(CUSTOMER, 303).location.startswith("/me/confirm")


def test_a_second_proof_shows_ones_own_record_in_full_once_and_it_is_on_record(counter, two_ways):
    story = BY_KEY["bound-card"]
    prove(counter, two_ways, CUSTOMER)
    page = two_ways.get(CUSTOMER)
    assert story.phone in page.text and story.name in page.text
    assert 'class="back" href="/me/data/"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert story.phone not in two_ways.get("/me/data/").text
    with counter.center.database.reading() as session:
        acts = list(session.scalars(sa.select(AuditEntry.act)))
    assert "data.reveal_own" in acts


def test_card_numbers_stay_masked_even_then_and_other_collections_say_nothing(counter, two_ways):
    prove(counter, two_ways, CARD)
    page = two_ways.get(CARD).text
    assert two_ways.words().count("卡号和卡上的数字从不完整显示") == 1 and "银行 ****" not in two_ways.words()
    assert not re.search(r"\d{12,19}", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))
    for path in ("/me/data/shop.product", "/me/data/nothing.here", "/me/data/shop.supplier"):
        two_ways.get(path, 404)
