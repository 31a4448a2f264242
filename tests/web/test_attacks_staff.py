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
from tests.web.test_staff_decides import APPROVE, hidden_on, path_of, version_on
from tests.web.test_staff_record import question
from tests.web.test_staff_reveal import carried_out, sealing  # noqa: F401

pytest_plugins = ["tests.web.staff_fixtures"]

AGAIN = "S0901"


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
    check = first.post(
        path_of(reference, "/decision"), {"version": version_on(first.get(path_of(reference))), **APPROVE}, status=200
    )
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
    room.sit_down(OFFICER).post("/staff/hidden-looks", {"what": "INV-9", "until": "", "reason": "内部调查"})
    with room.center.database.reading() as session:
        period = {"since": clock.now() - timedelta(days=1), "until": clock.now() + timedelta(days=1)}
        seen = looks_at(session, asked.person_id, **period, today=room.center.today(clock.now()))
        by = [session.get(AuditEntry, one.seq).actor_id for one in seen if one.case == "INV-9"]
    assert by == [OFFICER]


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
