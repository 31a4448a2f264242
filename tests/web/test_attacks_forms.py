"""Forms under attack: sent by other sites, by GET, with fields that nobody asked for, with other people's numbers."""

import uuid

import pytest
import sqlalchemy as sa

from privacy_center.people.models import LoginKind, LoginSession, Person, PersonIdentity
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.roster import find_staff
from privacy_center.web.access import ACCESS
from privacy_center.web.may import Door
from tests.web.attackers import Attack, changed
from tests.web.staff_room import OFFICER, OPERATOR, REVIEWER, SENIOR

BY_TOKEN = {"access_log.write", "suppression.check", "suppression.add", "suppression.remove"}
"""The endpoint for other systems: it takes no cookie, so there is nothing that another site could ride on."""
RECORDED = {"audit_entry", "opened_record", "person"}
"""A look is written into the record, by design, even when it is asked for by GET, and so is which record a reviewer has opened,
as the second person must; the name by which a customer is greeted is kept (sealed) when it is first asked for."""


def walk(attack: Attack, method: str):
    """(rule, path, browser): each address in the browser of somebody who may open it, where anybody may."""
    browsers = {Door.ANYONE: attack.room.app.test_client(), Door.CUSTOMER: attack.customer("open-case")}
    browsers[Door.CUSTOMER_FRESH] = browsers[Door.CUSTOMER]
    staff = {number: attack.staff(number) for number in (SENIOR, OFFICER, OPERATOR, REVIEWER)}
    with attack.room.center.database.reading() as session:
        roles = {number: set(find_staff(session, number).roles) for number in staff}
    for rule, path in attack.routes(method):
        may = ACCESS[rule.endpoint]
        fits = [number for number in staff if not may.roles or may.roles & roles[number]]
        yield rule, path, staff[fits[0] if fits else SENIOR] if may.door is Door.STAFF else browsers[may.door]


def test_no_form_is_taken_without_a_token_and_nothing_changes(attack: Attack):
    walked = list(walk(attack, "POST"))
    before, wrong = attack.state(), []
    for rule, path, browser in walked:
        if rule.endpoint not in BY_TOKEN and browser.post(path, data={"text": "x", "do": "send"}).status_code != 400:
            wrong.append(rule.endpoint)
    assert wrong == [] and len(walked) > 60
    assert changed(before, attack.state()) == set()


def test_no_form_is_taken_with_the_token_of_another_browser(attack: Attack):
    stolen, walked = attack.token(attack.room.app.test_client()), list(walk(attack, "POST"))
    for _rule, _path, browser in walked:
        browser.get("/sign-in")
    before, wrong = attack.state(), []
    for rule, path, browser in walked:
        answer = browser.post(path, data={"csrf_token": stolen})
        if rule.endpoint not in BY_TOKEN and answer.status_code != 400:
            wrong.append(rule.endpoint)
    assert wrong == []
    assert changed(before, attack.state()) == set()


def test_the_token_may_not_stand_in_the_address(attack: Attack):
    browser = attack.room.app.test_client()
    token = attack.token(browser)
    assert browser.post(f"/sign-in?csrf_token={token}", data={"contact": "a@example.com"}).status_code == 400


def test_only_the_endpoint_for_other_systems_goes_without_a_token(attack: Attack):
    protect = attack.room.app.extensions["csrf"]
    assert {one.name for one in protect._exempt_blueprints} | protect._exempt_views == {"access_log", "suppression"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_page_never_changes_anything_but_the_record(attack: Attack, method: str):
    walked = list(walk(attack, "GET"))
    before = attack.state()
    for _rule, path, browser in walked:
        assert browser.open(path, method=method, query_string={"do": "send", "text": "x"}).status_code < 500
    assert changed(before, attack.state()) <= RECORDED
    assert len(walked) > 70


def test_no_endpoint_takes_a_method_that_nobody_uses(attack: Attack):
    for rule in attack.room.app.url_map.iter_rules():
        assert rule.methods <= {"GET", "HEAD", "POST", "OPTIONS"}, rule.endpoint
    browser = attack.customer("open-case")
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
        assert browser.open("/me/", method=method).status_code == 405
    answer = browser.get("/me/?_method=POST", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code == 200 and "GET" in answer.request.method


def test_a_customer_finds_nothing_under_another_customers_numbers(attack: Attack):
    """The same answer as to a number that does not exist, for every address that takes one: none, or a proof first."""
    theirs = attack.room.references["open-case"]
    mine = attack.customer("invoices")
    mine_token = attack.token(mine)
    before, walked = attack.state(), 0
    for method in ("GET", "POST"):
        for rule, _ in attack.routes(method):
            if ACCESS[rule.endpoint].door in (Door.STAFF, Door.ANYONE) or "reference" not in rule.arguments:
                continue
            walked += 1
            answers = []
            for number in (theirs, "PC-0000-0000-0000"):
                path, data = (
                    rule.build({"reference": number})[1],
                    {"csrf_token": mine_token, "text": "x", "version": "1"},
                )
                answers.append(mine.open(path, method=method, data=data if method == "POST" else None))
            said = [one.text.replace(theirs, "PC-0000-0000-0000") for one in answers]
            expected = (
                303 if ACCESS[rule.endpoint].door is Door.CUSTOMER_FRESH else 404
            )  # a fresh proof is asked for before anything is looked up
            assert {one.status_code for one in answers} == {expected} and said[0] == said[1], rule.endpoint
    assert walked >= 8 and changed(before, attack.state()) == set()


def test_a_customer_cannot_end_logins_or_touch_keys_and_contacts_of_others(attack: Attack):
    victim, mine = attack.customer("open-case"), attack.customer("invoices")
    token = attack.token(mine)
    login = attack.logins["open-case"]
    assert mine.post(f"/me/security/logins/{login}/end", data={"csrf_token": token}).status_code in (303, 404)
    assert victim.get("/me/").status_code == 200
    with attack.room.center.database.reading() as session:
        theirs = sa.select(PersonIdentity).where(PersonIdentity.person_id == attack.person("open-case"))
        found = session.scalars(theirs.where(PersonIdentity.kind == "email")).all()
    assert found
    before = attack.state()
    for one in found:
        for act in ("remove", "replace"):
            answer = mine.post(f"/me/contact/{one.id}/{act}", data={"csrf_token": token, "do": "send"})
            assert answer.status_code in (303, 404)
    assert "person_identity" not in str(changed(before, attack.state()))


def test_a_member_of_staff_cannot_end_a_colleagues_login_by_its_number(attack: Attack):
    victim, mine = attack.staff(SENIOR), attack.staff(REVIEWER)
    with attack.room.center.database.reading() as session:
        owner = find_staff(session, SENIOR).id
        login = session.scalars(sa.select(LoginSession.id).where(LoginSession.owner_id == owner)).first()
    token = attack.token(mine, "/staff/account")
    assert mine.post(f"/staff/account/logins/{login}/end", data={"csrf_token": token}).status_code in (303, 404)
    assert victim.get("/staff/account").status_code == 200


def test_fields_that_a_form_does_not_have_change_nothing(attack: Attack):
    """Level, state, owner and roles are never read from a form."""
    more = {
        "level": "V3",
        "state": "completed",
        "person_id": str(uuid.uuid4()),
        "person": "x",
        "roles": "privacy_officer",
    }
    more |= {"role": "privacy_officer", "kind": "staff", "fresh": "1", "admin": "1", "id": "1", "assignee": SENIOR}
    browser, reference = attack.customer("open-case"), attack.room.references["open-case"]
    token = attack.token(browser)
    with attack.room.center.database.reading() as session:
        staff = {one.number: list(one.roles) for one in session.scalars(sa.select(StaffMember))}
    was = attack.room.request(reference)
    data = {"csrf_token": token, "text": "hello", **more}
    assert browser.post(f"/me/requests/{reference}/messages", data=data).status_code == 303
    reviewer = attack.staff(REVIEWER)
    data["csrf_token"] = attack.token(reviewer, "/staff/account")
    assert reviewer.post(f"/staff/requests/{reference}/notes", data=data).status_code in (303, 422)
    now = attack.room.request(reference)
    for name in ("state", "level", "person_id", "assignee", "submitted_by", "due_on"):
        assert getattr(was, name) == getattr(now, name), name
    with attack.room.center.database.reading() as session:
        assert staff == {one.number: list(one.roles) for one in session.scalars(sa.select(StaffMember))}
        login = session.get_one(LoginSession, attack.logins["open-case"])
        assert (login.level.value, login.kind) == ("V2", LoginKind.CUSTOMER)
        assert session.get_one(Person, attack.person("open-case")).id == was.person_id


def test_a_field_sent_twice_or_in_the_address_as_well_counts_once(attack: Attack):
    """HTTP parameter pollution: the first value in the form counts, and the address never fills in for the form."""
    browser = attack.room.app.test_client()
    token = attack.token(browser)
    answer = browser.post("/sign-in?contact=a@example.com", data={"csrf_token": token})
    assert answer.status_code == 422
    answer = browser.post("/sign-in", data={"csrf_token": token, "contact": ["nobody", "a@example.com"]})
    assert answer.status_code == 422 and 'value="nobody"' in answer.text
