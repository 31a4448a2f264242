"""Somebody who works here tries to do alone what takes two, and to leave traces that say more or less than they should."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.look import record_look, seen_in
from privacy_center.audit.models import AuditEntry
from privacy_center.looks.mine import looks_at
from privacy_center.looks.models import LookQuestion
from privacy_center.people.identity import identities_of
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation, Role
from privacy_center.people.staff.roster import find_staff, note_identities
from tests.web.staff_room import OFFICER, REVIEWER, SENIOR, StaffRoom
from tests.web.test_staff_decides import APPROVE, hidden_on, path_of, reasons_on, version_on
from tests.web.test_staff_record import question
from tests.web.test_staff_reveal import carried_out, sealing  # noqa: F401

pytest_plugins = ["tests.web.staff_fixtures"]

AGAIN, SECURITY = "S0901", "S0107"


@pytest.fixture
def double(room: StaffRoom) -> StaffRoom:
    """The first reviewer has a second staff number, with every role that could be a second person."""
    give_second_number(room, REVIEWER)
    return room


def give_second_number(room: StaffRoom, number: str) -> None:
    room.hire(AGAIN, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER, Role.MANAGER)
    with room.center.database.transaction() as session:
        for one in (number, AGAIN):
            note_identities(session, find_staff(session, one), {"phone_number": ["13911112222"]})


def test_nobody_confirms_their_own_decision_under_a_second_staff_number(double: StaffRoom):
    reference = double.ask("open-case", cooling_off_days=0, risk_flags=["below_level"])
    first = double.sit_down(REVIEWER)
    page = first.get(path_of(reference))
    sent = {"version": version_on(page), **reasons_on(page), **APPROVE}
    check = first.post(path_of(reference, "/decision"), sent, status=200)
    first.post(path_of(reference, "/decision"), {**hidden_on(check), "step": "submit"})
    waiting = re.search(r'name="decision" value="([^"]+)"', double.sit_down(SENIOR).get(path_of(reference)).text)[1]
    again = double.sit_down(AGAIN)
    fields = {"version": version_on(again.get(path_of(reference))), "decision": waiting, "answer": "confirm"}
    again.post(path_of(reference, "/second"), fields, status=409)


def test_nobody_agrees_to_their_own_wish_to_open_the_vault_under_a_second_staff_number(sealing: StaffRoom):  # noqa: F811
    give_second_number(sealing, SENIOR)
    path = f"/staff/requests/{carried_out(sealing)}/vault"
    sealing.sit_down(SENIOR).post(path, {"reason": "tax audit"})
    again = sealing.sit_down(AGAIN)
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", again.get(path).text)[1]
    again.post(f"{path}/{wish}/answer", {"do": "agree"}, status=403)


def test_nobody_changes_their_own_employment_under_a_second_staff_number(double: StaffRoom):
    double.sit_down(AGAIN).post(f"/staff/people/{REVIEWER}/active", {"active": "no"}, status=403)
    double.sit_down(AGAIN).post(f"/staff/people/{SENIOR}/active", {"active": "no"})


def test_why_the_vault_was_opened_stands_sealed_in_the_record(sealing: StaffRoom):  # noqa: F811
    reference = carried_out(sealing)
    senior, officer, path = sealing.sit_down(SENIOR), sealing.sit_down(OFFICER), f"/staff/requests/{reference}/vault"
    senior.post(path, {"reason": "林晓霞 13800138000 要求核对"})
    wish = re.search(r"/vault/([0-9a-f-]{36})/answer", officer.get(path).text)[1]
    officer.post(f"{path}/{wish}/answer", {"do": "agree"})
    senior.post(f"{path}/{wish}/read", {}, status=200)
    with sealing.center.database.reading() as session:
        opened = session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "vault.opened")).one()
        assert "13800138000" not in opened.details
        assert seen_in(session, opened) == {"why": "林晓霞 13800138000 要求核对"}


def test_nobody_hides_their_own_look_from_the_customer(room: StaffRoom):
    reference = room.ask("open-case")
    asked, case = room.request(reference), {"case": "INV-9", "purpose": "complaint", "data": ["user.contact"]}
    with room.center.database.transaction() as session:
        for number in (OFFICER, REVIEWER):
            actor = Actor("staff", number, "privacy_officer")
            record_look(session, actor=actor, subject=asked.person_id, at=clock.now(), **case)
    hide_case(room, "INV-9")
    with room.center.database.reading() as session:
        period = {"since": clock.now() - timedelta(days=1), "until": clock.now() + timedelta(days=1)}
        seen = looks_at(session, asked.person_id, **period, today=room.center.today(clock.now()))
        by = [session.get(AuditEntry, one.seq).actor_id for one in seen if one.case == "INV-9"]
    assert by == [OFFICER]


def hide_case(room: StaffRoom, case: str) -> None:
    """The privacy officer asks, the security officer agrees."""
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    asked = {"what": case, "until": until, "ground": "authority", "reason": "公安机关来函"}
    room.sit_down(OFFICER).post("/staff/hidden-looks", asked)
    security = room.sit_down(SECURITY)
    (wish,) = re.findall(r'action="(/staff/hiding/[0-9a-f-]{36})"', security.get("/staff/hiding").text)
    security.post(wish, {"do": "agree"})


def test_nobody_hides_looks_alone_and_nothing_is_hidden_before_the_second_person_agreed(room: StaffRoom):
    reference = room.ask("open-case")
    asked, case = room.request(reference), {"case": "INV-9", "purpose": "complaint", "data": ["user.contact"]}
    with room.center.database.transaction() as session:
        record_look(
            session, actor=Actor("staff", REVIEWER, "reviewer"), subject=asked.person_id, at=clock.now(), **case
        )
    room.hire(AGAIN, Role.SECURITY_OFFICER, Role.PRIVACY_OFFICER)
    with room.center.database.transaction() as session:
        for one in (OFFICER, AGAIN):
            note_identities(session, find_staff(session, one), {"phone_number": ["13911112222"]})
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    wish = {"what": "INV-9", "until": until, "ground": "authority", "reason": "公安机关来函"}
    officer, again, security = (room.sit_down(one) for one in (OFFICER, AGAIN, SECURITY))
    for missing in ("until", "ground", "reason"):
        officer.post("/staff/hidden-looks", {**wish, missing: ""}, status=422)
    officer.post("/staff/hidden-looks", wish)
    assert seen_by_customer(room, asked.person_id) == ["INV-9"]
    page = security.get("/staff/hiding").text
    assert "公安机关来函" in page and "国家机关履行法定职责" in page and 'name="what"' not in page
    (answer,) = re.findall(r'action="(/staff/hiding/[0-9a-f-]{36})"', page)
    officer.post(answer, {"do": "agree"}, status=403)
    again.post(answer, {"do": "agree"}, status=403)
    security.post("/staff/hidden-looks", wish, status=403)
    assert seen_by_customer(room, asked.person_id) == ["INV-9"]
    security.post(answer, {"do": "agree"})
    assert seen_by_customer(room, asked.person_id) == []
    security.post(answer, {"do": "agree"}, status=404)


def test_what_the_second_person_declines_stays_to_be_seen(room: StaffRoom):
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    wish = {"what": "INV-9", "until": until, "ground": "authority", "reason": "公安机关来函"}
    room.sit_down(OFFICER).post("/staff/hidden-looks", wish)
    security = room.sit_down(SECURITY)
    assert "暂不公开的记录" in security.get("/staff/anomalies").text
    (answer,) = re.findall(r'action="(/staff/hiding/[0-9a-f-]{36})"', security.get("/staff/hiding").text)
    security.post(answer, {"do": "perhaps"}, status=422)
    security.post(answer, {"do": "decline"})
    security.post(answer, {"do": "agree"}, status=404)


def seen_by_customer(room: StaffRoom, person: object) -> list[str | None]:
    with room.center.database.reading() as session:
        period = {"since": clock.now() - timedelta(days=1), "until": clock.now() + timedelta(days=1)}
        return [one.case for one in looks_at(session, person, **period, today=room.center.today(clock.now()))]


def test_nobody_answers_a_question_of_somebody_close(room: StaffRoom):
    reference, _ = question(room)
    officer = room.sit_down(OFFICER)
    officer.get(f"/staff/questions/{reference}")
    with room.center.database.transaction() as session:
        person = session.scalars(sa.select(LookQuestion.person_id)).one()
        told = identities_of(session, person)
        kind, value = next((kind, values[0]) for kind, values in told.items())
        declare(session, find_staff(session, OFFICER), kind, value, Relation.RELATIVE)
    officer.get(f"/staff/questions/{reference}", status=403)
    officer.post(f"/staff/questions/{reference}", {"text": "没有问题。"}, status=403)
