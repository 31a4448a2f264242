"""Signs of risk that a search would tell, and somebody who takes care that none is made before they ask for everything."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.people.models import PersonPassword
from privacy_center.web.app import build_app
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY
from tests.web.test_customer_ways_in import PASSWORD, add_phone

DATA, IN_FULL = "/me/data/", "/me/data/shop.customer"


@pytest.fixture
def changed(counter: CustomerRoom) -> Iterator[CustomerRoom]:
    """A house whose records say that the number of a customer was changed ten days ago."""
    home = counter.center.settings.home
    settings, shop = home / "settings.toml", sa.create_engine(f"sqlite:///{home / 'company' / 'shop.db'}")
    told = settings.read_text("utf-8")
    settings.write_text(told.replace("[risk]", '[risk]\nphone_changed_at = "shop.customer.registered_at"'), "utf-8")
    lately = (clock.now() - timedelta(days=10)).strftime("%Y-%m-%d %H:%M:%S.000000")
    with shop.begin() as connection:
        change = sa.text("UPDATE customer SET registered_at = :at WHERE email = :email")
        assert connection.execute(change, {"at": lately, "email": BY_KEY["open-case"].email}).rowcount == 1
    shop.dispose()
    center = Center.open(home)
    center.settings.secure_cookies = False
    yield CustomerRoom(center, build_app(center))
    center.close()


def give_every_proof(room: CustomerRoom, browser: Browser, path: str) -> None:
    """A code to each contact of one's own, asked for by the page of `path`; then that page."""
    for place in ("0", "1"):
        room.forget_limits()
        browser.get(f"/me/confirm?next={path}", None)
        if browser.page.status_code == 200:
            browser.post("/me/confirm", 200, do="send", to=place, next=path)
            browser.post("/me/confirm", do="check", code=room.code(), next=path)
    browser.get(path, None)


def test_who_never_opens_the_page_that_searches_is_judged_by_the_search_all_the_same(changed: CustomerRoom):
    lin = changed.sign_in("open-case")
    add_phone(changed, "open-case")
    give_every_proof(changed, lin, IN_FULL)
    assert lin.page.status_code == 303 and BY_KEY["open-case"].phone not in lin.page.text
    lin.get(f"/me/confirm?next={IN_FULL}")
    assert "号码登记不满 180 天" in lin.words()


def test_signs_that_a_search_found_hold_for_the_login_of_who_had_two_proofs_before(changed: CustomerRoom):
    lin = changed.sign_in("open-case")
    add_phone(changed, "open-case")
    give_every_proof(changed, lin, "/me/security/password")
    lin.get(DATA)
    lin.get("/me/security/password")
    lin.post("/me/security/password", password=PASSWORD, password_again=PASSWORD)
    with changed.center.database.reading() as session:
        row = session.scalars(sa.select(PersonPassword)).one()
        assert row.counts_from - row.changed_at == timedelta(hours=72)


def test_waiting_does_not_help_where_the_number_was_changed_lately_and_nothing_was_searched(changed: CustomerRoom):
    lin = changed.sign_in("open-case")
    lin.get(f"/me/confirm?next={IN_FULL}")
    lin.post("/me/confirm", 200, do="wait", next=IN_FULL)
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        later = Browser(changed, lin.client)
        later.sign_in(BY_KEY["open-case"].contact)
        give_every_proof(changed, later, IN_FULL)
        assert later.page.status_code == 303
