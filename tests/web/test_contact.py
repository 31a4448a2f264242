"""Contacts are changed: a code to both, then 72 hours in which nothing is given away."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.outbox.demo_mailbox import shown_mails
from privacy_center.people.contact_change import HOLD, contacts_of, hold_until
from privacy_center.people.forget import forget_old
from privacy_center.people.identity import find_person, search_identities_of
from privacy_center.people.models import Level, LoginSession
from privacy_center.privacy_requests.queries import ready_to_execute, request_by_reference
from privacy_center.rounds import deliver
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.staff_room import BY_KEY, StaffRoom
from tests.web.test_customer_ways_in import add_phone
from tests.web.test_not_me import make_due, number_in_notice

NEW = "new.lin@example.com"


def prove_strongly(counter: CustomerRoom, key: str = "open-case") -> None:
    """As if two proofs had just been given for changing a contact."""
    with counter.center.database.transaction() as session:
        mine = sa.update(LoginSession).where(LoginSession.owner_id == counter.person(key))
        fresh = {"fresh_for": "change_contact", "fresh_until": clock.now() + timedelta(minutes=5)}
        session.execute(mine.values(level=Level.V3, **fresh))


def codes(counter: CustomerRoom) -> dict[str, str]:
    """Address → the newest code that went to it."""
    deliver(counter.center, clock.now())
    found: dict[str, str] = {}
    with counter.center.database.reading() as session:
        for mail in shown_mails(session):
            code = re.search(r"\d{6}", mail.body)
            if code and mail.address not in found:
                found[mail.address] = code[0]
    return found


def place_of(counter: CustomerRoom, key: str = "open-case") -> uuid.UUID:
    with counter.center.database.reading() as session:
        return contacts_of(session, counter.person(key))[0].id


def replace(counter: CustomerRoom, lin: Browser, wrong: str = "") -> None:
    prove_strongly(counter)
    counter.forget_limits()
    here = f"/me/contact/{place_of(counter)}/replace"
    lin.get(here)
    lin.post(here, 200, do="send", contact=NEW)
    sent = codes(counter)
    given = {"contact": NEW, "code": sent[NEW], "old_code": sent[BY_KEY["open-case"].email]}
    lin.post(here, 422 if wrong else 303, do="check", **(given | ({wrong: "000000"} if wrong else {})))


def test_a_contact_is_replaced_by_codes_to_both_and_both_are_told(counter: CustomerRoom, lin: Browser):
    person, old = counter.person("open-case"), BY_KEY["open-case"].email
    replace(counter, lin)
    lin.get("/me/contact/")
    assert "n***@example.com" in lin.words() and "现在不能申请删除" in lin.words()
    assert "下载" not in lin.words()
    deliver(counter.center, clock.now())
    with counter.center.database.reading() as session:
        assert find_person(session, "email", old) is None and find_person(session, "email", NEW).id == person
        assert (
            search_identities_of(session, person)["email"] == [NEW, old]
            or old in search_identities_of(session, person)["email"]
        )
        told = {mail.address for mail in shown_mails(session, 5) if "/not-me/" in mail.body}
    assert {old, NEW} <= told


@pytest.mark.parametrize("given_up", ["replaced", "removed"])
def test_who_came_in_by_a_contact_that_is_given_up_is_out_at_once(counter: CustomerRoom, lin: Browser, given_up: str):
    counter.forget_limits()
    elsewhere = counter.sign_in("open-case")
    if given_up == "replaced":
        replace(counter, lin)
    else:
        add_phone(counter, "open-case")
        prove_strongly(counter)
        lin.get(f"/me/contact/{place_of(counter)}/remove")
        lin.post(f"/me/contact/{place_of(counter)}/remove", 303)
    elsewhere.get("/me/", 303)
    lin.get("/me/contact/")


def test_while_nothing_may_be_deleted_the_first_steps_say_so_and_lead_no_further(counter: CustomerRoom, lin: Browser):
    replace(counter, lin)
    lin.get("/me/deletion/")
    assert "现在还不能提交" in lin.words() and re.search(r"\d月\d+日（周.）\d\d:\d\d 之后才能申请删除", lin.words())
    lin.choose()
    lin.get("/me/deletion/preview")
    assert "现在还不能提交" in lin.words() and "继续，核验身份" not in lin.words()


def test_the_two_codes_are_told_apart_and_the_new_contact_is_kept_after_a_wrong_one(
    counter: CustomerRoom, lin: Browser
):
    replace(counter, lin, "code")
    assert "新的 n***@example.com 收到的" in lin.words() and "原来的 l***@example.com 收到的" in lin.words()
    assert f'name="contact" value="{NEW}"' in lin.page.text
    replace(counter, lin, "old_code")
    assert "这两个验证码已经作废" in lin.words() and f'value="{NEW}"' in lin.page.text


@pytest.mark.parametrize("wrong", ["code", "old_code"])
def test_one_wrong_code_of_the_two_changes_nothing(counter: CustomerRoom, lin: Browser, wrong):
    replace(counter, lin, wrong)
    with counter.center.database.reading() as session:
        assert find_person(session, "email", NEW) is None


def test_without_a_fresh_and_strong_proof_no_contact_is_changed(counter: CustomerRoom, lin: Browser):
    for path in ("add", f"{place_of(counter)}/replace", f"{place_of(counter)}/remove"):
        assert "/me/confirm" in lin.get(f"/me/contact/{path}", 303).headers["Location"]


def test_for_72_hours_nothing_is_submitted_and_what_waits_is_put_off(counter: CustomerRoom, lin: Browser):
    reference = lin.submit()
    make_due(counter, reference)
    at = clock.now()
    with counter.center.database.transaction() as session:
        found = request_by_reference(session, reference)
        found.cooling_off_until = found.execute_after = at + timedelta(hours=1)
    replace(counter, lin)
    with counter.center.database.reading() as session:
        assert ready_to_execute(session, at + timedelta(hours=2)) == []
        assert ready_to_execute(session, at + HOLD + timedelta(minutes=5)) != []
        found = request_by_reference(session, reference)
        assert found.execute_after >= at + HOLD == found.execute_after - (found.execute_after - at - HOLD)
    lin.get(f"/me/requests/{reference}")
    assert "执行时间推后" in lin.words()


def test_changing_the_number_and_asking_at_once_is_refused_with_the_hour_it_opens(counter: CustomerRoom, lin: Browser):
    replace(counter, lin)
    with counter.center.database.reading() as session:
        person = counter_person(session)
        assert hold_until(session, person, clock.now()) is not None
        assert hold_until(session, person, clock.now() + HOLD) is None
    with pytest.raises(Refusal, match="opens again after"):
        with_new = {"identities": {"email": [NEW]}}
        ask_as(counter, with_new)


def counter_person(session) -> uuid.UUID:
    return find_person(session, "email", NEW).id


def ask_as(counter: CustomerRoom, more) -> None:
    from privacy_center.audit.append import Actor
    from privacy_center.people.models import Person
    from privacy_center.privacy_requests.submit import Submission, submit_request

    with counter.center.database.transaction() as session:
        person = session.get_one(Person, counter_person(session))
        proven = {"level": Level.V2, "verification_method": "code", "timezone": "Asia/Shanghai"}
        handed_in = Submission(person=person, **proven, **more)
        submit_request(session, handed_in, actor=Actor("customer", str(person.id)), at=clock.now())


def test_the_old_contact_says_it_was_not_them_and_comes_back_with_everything_stopped(
    counter: CustomerRoom, lin: Browser
):
    old = BY_KEY["open-case"].email
    person = counter.person("open-case")
    replace(counter, lin)
    number = number_in_notice(counter)
    owner = counter.browser()
    owner.get(f"/not-me/{number}")
    owner.post(f"/not-me/{number}", 200)
    with counter.center.database.reading() as session:
        assert find_person(session, "email", old).id == person and find_person(session, "email", NEW) is None
        assert hold_until(session, person, clock.now()) is None
    lin.get("/me/", 303)


def test_a_contact_is_added_by_a_code_to_it_and_the_last_one_cannot_be_removed(counter: CustomerRoom, lin: Browser):
    prove_strongly(counter)
    lin.get(f"/me/contact/{place_of(counter)}/remove")
    lin.post(f"/me/contact/{place_of(counter)}/remove", 409)
    counter.forget_limits()
    prove_strongly(counter)
    lin.get("/me/contact/add")
    lin.post("/me/contact/add", 422, do="send", contact="no contact")
    lin.post("/me/contact/add", 200, do="send", contact=NEW)
    lin.post("/me/contact/add", do="check", code=codes(counter)[NEW])
    gone = place_of(counter)
    prove_strongly(counter)
    lin.get(f"/me/contact/{gone}/remove")
    lin.post(f"/me/contact/{gone}/remove")
    with counter.center.database.transaction() as session:
        person = counter_person(session)
        assert BY_KEY["open-case"].email in search_identities_of(session, person)["email"]
        assert forget_old(session, clock.now() + HOLD + timedelta(minutes=1))["contacts"] == 2
        assert search_identities_of(session, person) == {"email": [NEW]}


def test_somebody_elses_contact_is_not_found(counter: CustomerRoom, lin: Browser):
    theirs = counter.sign_in("two-numbers")
    prove_strongly(counter, "two-numbers")
    theirs.get(f"/me/contact/{place_of(counter)}/remove", 404)
    assert StaffRoom(counter.center, counter.app)
