"""One network address that tries passwords on many different contacts is a sweep, as one that asks for codes is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.anomalies.models import Anomaly
from privacy_center.anomalies.watch import watch
from privacy_center.people.forget import forget_old
from privacy_center.people.models import RateCount, WrongPassword
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY
from tests.web.test_customer_ways_in import PASSWORD, set_password, sign_in_by_password

WRONG = "a password of nobody at all"


def sweeps(counter: CustomerRoom) -> list[int]:
    """How many contacts each item about a sweep counts, after the rules have read what is new."""
    watch(counter.center.database, counter.center.anomaly_rules, counter.center.surroundings, clock.now())
    with counter.center.database.reading() as session:
        return list(session.scalars(sa.select(Anomaly.counted).where(Anomaly.rule == "outside-sweep")))


def try_passwords(counter: CustomerRoom, contacts: list[str]) -> None:
    for contact in contacts:
        sign_in_by_password(counter, 422, contact, WRONG)


def test_wrong_passwords_for_ten_contacts_from_one_address_open_one_item(counter: CustomerRoom):
    known = [BY_KEY["open-case"].email, BY_KEY["unused-points"].phone]
    try_passwords(counter, known + [f"nobody-{number}@example.com" for number in range(7)])
    assert sweeps(counter) == []
    try_passwords(counter, ["nobody-8@example.com", "nobody-8@example.com"])
    assert sweeps(counter) == sweeps(counter) == [10]


def test_codes_and_passwords_count_together_and_each_contact_once(counter: CustomerRoom):
    contacts = [f"nobody-{number}@example.com" for number in range(9)]
    for contact in contacts[:5]:
        browser = counter.browser()
        browser.get("/sign-in")
        browser.post("/sign-in", contact=contact)
    try_passwords(counter, contacts)
    assert sweeps(counter) == []
    try_passwords(counter, ["nobody-9@example.com"])
    assert sweeps(counter) == [10]


def test_right_passwords_and_other_addresses_are_no_sweep(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    counter.forget_limits()
    sign_in_by_password(counter, password=PASSWORD)
    with counter.center.database.reading() as session:
        assert session.scalars(sa.select(WrongPassword)).all() == []
    for number in range(10):
        browser = counter.browser()
        browser.client.environ_base = {"REMOTE_ADDR": f"203.0.113.{number}"}
        browser.get("/sign-in/password")
        browser.post("/sign-in/password", 422, contact=f"nobody-{number}@example.com", password=WRONG)
    assert sweeps(counter) == []


@pytest.mark.parametrize("known", [True, False])
def test_of_a_wrong_password_two_keyed_hashes_and_a_time_are_kept_for_a_day(counter: CustomerRoom, known: bool):
    try_passwords(counter, [BY_KEY["open-case"].email if known else "nobody@example.com"])
    with counter.center.database.reading() as session:
        (kept,) = session.scalars(sa.select(WrongPassword)).all()
        assert {column.name for column in WrongPassword.__table__.columns} == {
            "id",
            "value_index",
            "address_hash",
            "at",
        }
        assert len(kept.value_index) == 32 and "127.0.0.1" not in kept.address_hash
        assert session.scalars(sa.select(RateCount)).all()
    with counter.center.database.transaction() as session:
        assert forget_old(session, clock.now() + timedelta(days=1, minutes=1))["wrong_passwords"] == 1
