"""Somebody who holds one contact of a customer tries to get further: more ways in, waits, and what a stop must end."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.look import seen_in
from privacy_center.audit.models import AuditEntry
from privacy_center.execution.due import release_due
from privacy_center.execution.forget import forget_person
from privacy_center.keys.sealing import DESTROYED_TEXT, show_text
from privacy_center.keys.subjects import Destroyed
from privacy_center.looks.systems import add_system
from privacy_center.outbox.models import InboxMessage
from privacy_center.people.contact import Contact
from privacy_center.people.contact_change import contacts_of, remove_contact
from privacy_center.people.forget import forget_old
from privacy_center.people.identity_cases.decide import REASON, case_by_reference
from privacy_center.people.identity_cases.file import facts_of
from privacy_center.people.models import Level, LevelWait, LoginKind, LoginSession, Passkey, Person, PersonPassword
from privacy_center.people.password import password_of
from privacy_center.people.step_up import Proof, note_proof
from privacy_center.privacy_requests.freeze import freeze_person, open_freezes
from privacy_center.privacy_requests.models import PrivacyRequest
from tests.web.customer_room import Browser, CustomerRoom
from tests.web.oidc_provider import come_back, provider, use_provider
from tests.web.staff_room import BY_KEY, StaffRoom
from tests.web.test_access_log import entry, send
from tests.web.test_customer_ways_in import add_phone, login_of, prove_by_code, set_password, sign_in_by_password
from tests.web.test_identity_cases import ASKER, begin, decide, file, verify
from tests.web.test_not_me import stop_by_notice

IN_FULL = "/me/data/shop.customer"


def stop(counter: CustomerRoom, key: str = "open-case") -> None:
    """As if the customer had said on the telephone that it was not them."""
    person = counter.person(key)
    with counter.center.database.transaction() as session:
        freeze_person(session, person, how="staff", actor=Actor("staff", "S0101"), at=clock.now())


def test_many_proofs_that_do_not_count_yet_never_make_one_that_does(counter: CustomerRoom, lin: Browser):
    at, soon = clock.now(), clock.now() + timedelta(hours=72)
    new = [Proof("code", Contact("phone_number", BY_KEY["open-case"].phone), soon), Proof("password", None, soon)]
    new += [Proof("passkey", None, soon), Proof("code", Contact("email", "other@example.com"), soon)]
    login = login_of(counter).id
    with counter.center.database.transaction() as session:
        levels = [note_proof(session, login, one, "reveal", at) for one in [*new, *reversed(new)]]
    assert set(levels) == {Level.V1}
    lin.submit()  # and the request can say how


def test_a_stop_takes_away_the_ways_in_that_were_set_up_just_before(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    key = {"credential_id": b"k", "public_key": b"p", "sign_count": 0, "backed_up": False, "name_sealed": b"n"}
    with counter.center.database.transaction() as session:
        times = {"created_at": clock.now(), "counts_from": clock.now() + timedelta(hours=72)}
        owner = counter.person("open-case")
        session.add(Passkey(id=uuid.uuid4(), kind=LoginKind.CUSTOMER, owner_id=owner, **key, **times))
    stop_by_notice(counter)
    with counter.center.database.reading() as session:
        assert session.scalars(sa.select(PersonPassword)).all() == session.scalars(sa.select(Passkey)).all() == []
    sign_in_by_password(counter, 422)


def test_a_stop_leaves_the_ways_in_that_the_customer_has_had_for_long(counter: CustomerRoom, lin: Browser):
    set_password(lin)
    with time_machine.travel(clock.now() + timedelta(days=4), tick=False):
        stop(counter)
        with counter.center.database.reading() as session:
            assert password_of(session, counter.person("open-case")) is not None


@pytest.mark.parametrize("path", ["/me/security/password", "/me/contact/add", IN_FULL])
def test_while_everything_is_stopped_no_way_in_is_set_up_and_nothing_is_shown_in_full(counter: CustomerRoom, path: str):
    counter.sign_in("open-case")
    stop(counter)
    thief = counter.sign_in("open-case")
    with counter.center.database.transaction() as session:
        session.execute(sa.update(LoginSession).values(level=Level.V3))
    thief.get("/me/confirm?next=" + path)
    thief.post("/me/confirm", 200, do="send", to="0", next=path)
    thief.post("/me/confirm", do="check", code=counter.code(), next=path)
    assert "全部叫停" in thief.get(path, 409).text


def test_while_everything_is_stopped_no_wait_begins(counter: CustomerRoom):
    counter.sign_in("open-case")
    stop(counter)
    thief = counter.sign_in("open-case")
    prove_by_code(thief, IN_FULL)
    thief.get(f"/me/confirm?next={IN_FULL}")
    thief.post("/me/confirm", 409, do="wait", next=IN_FULL)
    with counter.center.database.reading() as session:
        assert session.scalars(sa.select(LevelWait)).all() == []


def test_what_is_still_held_is_neither_given_up_nor_released_while_everything_is_stopped(counter: CustomerRoom):
    wang = counter.sign_in("unused-points")
    reference = wang.submit()
    counter.approve(reference)
    here = f"/me/requests/{reference}/give-up"
    rule = re.search(r'name="rule" value="([^"]+)"', wang.get(here).text)[1]
    stop(counter, "unused-points")
    thief = counter.sign_in("unused-points")
    assert thief.get(here, None).status_code in (303, 409)
    thief.get("/me/")
    assert "/me/confirm" in thief.post(here, rule=rule).location
    thief.get(f"/me/confirm?next={here}", None)
    assert thief.page.status_code in (200, 409)
    with counter.center.database.reading() as session:
        (found,) = open_freezes(session)
    later = clock.now() + timedelta(days=365 * 30)
    handed: list[object] = []
    day = counter.center.today(later)
    assert release_due(counter.center, lambda *told: handed.append(told), later, today=day) == handed == []
    with counter.center.database.transaction() as session:
        session.get_one(type(found), found.id).lifted_at = clock.now()
    assert release_due(counter.center, lambda *told: handed.append(told), later, today=day)


def test_wrong_tokens_are_slowed_down_for_each_address_and_keep_no_other_system_out(counter: CustomerRoom):
    counter.center.settings.base_url = "http://localhost"
    with counter.center.database.transaction() as session:
        token = add_system(session, "order-desk", actor=Actor("system", "terminal"), at=clock.now())
    client = counter.app.test_client()
    send = lambda said: client.post("/api/access-log", json={}, headers={"Authorization": f"Bearer {said}"})  # noqa: E731
    assert [send(f"wrong-{number}").status_code for number in range(22)][-1] == 429
    assert send(token).status_code == 422  # a right one is taken, and its content looked at


def test_whoever_gets_a_lost_number_next_finds_nothing_of_its_first_owner(counter: CustomerRoom):
    first = counter.sign_in("seventy")
    room = StaffRoom(counter.center, counter.app)
    reference = file(begin(counter, "lost-number"), "lost-number")
    verify(room, reference)
    decide(room, reference)
    stranger = counter.browser()
    stranger.sign_in(BY_KEY["seventy"].phone)
    sees_nothing(stranger)
    first.sign_in(ASKER)
    assert "郭" in first.get("/me/data/").text


def test_whoever_gets_a_number_that_was_removed_finds_nothing_of_its_first_owner(counter: CustomerRoom, lin: Browser):
    add_phone(counter, "open-case")
    with counter.center.database.transaction() as session:
        person = session.get_one(Person, counter.person("open-case"))
        phone = next(one for one in contacts_of(session, person.id) if one.kind == "phone_number")
        remove_contact(session, person, phone, clock.now())
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        with counter.center.database.transaction() as session:
            forget_old(session, clock.now())
        stranger = counter.browser()
        stranger.sign_in(BY_KEY["open-case"].phone)
        sees_nothing(stranger)


def sees_nothing(stranger: Browser) -> None:
    """No record, no name, no contact of anybody, and nothing to delete."""
    for page in ("/me/", "/me/data/"):
        assert "****" not in re.sub(r"\d{3}\*{4}\d{4}", "", stranger.get(page).text, count=2)
        assert "***@" not in stranger.page.text
    stranger.get(IN_FULL, 303)
    stranger.choose()
    stranger.get("/me/deletion/preview")
    assert "****" not in stranger.words()


def test_what_other_systems_told_before_somebody_came_is_gone_when_they_are_forgotten(counter: CustomerRoom):
    counter.center.settings.base_url = "http://localhost"
    with counter.center.database.transaction() as session:
        token = add_system(session, "order-desk", actor=Actor("system", "terminal"), at=clock.now())
    told = {"subject": {"kind": "email", "value": BY_KEY["open-case"].email}, "content": {"name": "林**"}}
    assert send(counter.app.test_client(), token, entry(1, **told)).status_code == 200
    counter.sign_in("open-case")
    person = counter.person("open-case")
    with counter.center.database.transaction() as session:
        look = session.scalars(sa.select(AuditEntry).where(AuditEntry.content_sealed.is_not(None))).one()
        assert seen_in(session, look) == {"name": "林**"}
        forget_person(session, person, actor=Actor("system", "forget"), at=clock.now(), why="own-requests")
        assert seen_in(session, look) == {}


def test_what_somebody_with_a_lost_number_told_is_gone_when_they_are_forgotten(counter: CustomerRoom):
    room = StaffRoom(counter.center, counter.app)
    reference = file(begin(counter, "lost-number"), "lost-number")
    verify(room, reference)
    decide(room, reference)
    with counter.center.database.transaction() as session:
        case = case_by_reference(session, reference)
        assert facts_of(session, case).identities()
        forget_person(session, case.asker_id, actor=Actor("system", "forget"), at=clock.now(), why="own-requests")
        with pytest.raises(Destroyed):
            facts_of(session, case)
        assert show_text(session, case.reason_sealed, REASON) == DESTROYED_TEXT
        notices = (
            sa.select(sa.func.count()).select_from(InboxMessage).where(InboxMessage.request_reference == reference)
        )
        assert session.scalar(notices) == 0


def test_a_contact_that_a_company_account_adds_later_is_no_second_proof_for_three_days(counter: CustomerRoom):
    use = {"email": BY_KEY["open-case"].email, "email_verified": True}
    with provider() as accounts:
        use_provider(counter, accounts.issuer)
        counter.sign_in("open-case")
        accounts.knows("lin", **use, phone_number="13900000001", phone_number_verified=True)
        browser = counter.browser()
        browser.get("/sign-in")
        browser.get(come_back(browser, accounts, "lin"), 303)
    prove_by_code(browser, IN_FULL, place="1")
    with counter.center.database.reading() as session:
        logins = session.scalars(sa.select(LoginSession).where(LoginSession.method.startswith("oidc"))).one()
        assert (logins.level, logins.method) == (Level.V1, "oidc+code:phone_number:new")


def test_a_stop_holds_for_who_comes_by_another_contact_on_the_same_records(counter):
    story = BY_KEY["open-case"]
    owner = counter.browser()
    owner.sign_in(story.email)
    owner.get("/me/stop")
    owner.post("/me/stop", 200)
    thief = counter.browser()
    thief.sign_in(story.phone)
    thief.choose()
    thief.get("/me/deletion/preview")
    thief.prove()
    page = thief.get("/me/deletion/check")
    digest = re.search(r'name="digest" value="([^"]+)', page.text)[1]
    answer = thief.post("/me/deletion/check", 409, digest=digest, cooling="days", understood="yes")
    assert "全部叫停" in answer.text
    with counter.center.database.reading() as session:
        assert session.scalars(sa.select(PrivacyRequest)).all() == []
