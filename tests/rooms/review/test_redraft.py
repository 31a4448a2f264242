"""A reviewer has the plan drafted anew: told first what is otherwise, kept only in review, and never behind a back."""

from datetime import timedelta

import pytest

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.audit.queries import entries_of_request
from privacy_center.errors import OutOfDate, Refusal
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import current_plan
from privacy_center.privacy_requests.submit import Submission
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.review.decide import Ruling, decide
from privacy_center.review.duties import SecondPolicy
from privacy_center.review.intake import take_in_deletion
from privacy_center.review.models import Choice
from privacy_center.review.redraft import keep_second_draft, look_again
from tests import corner
from tests.rooms.review.planning import hire

LI = {"email": ["li@example.com"]}


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path)
    yield opened
    opened.center.close()


@pytest.fixture
def case(shop):
    """Li's request in review with its plan, a reviewer, and what has happened at the shop since: an invoice came."""
    center, at = shop.center, clock.now() - timedelta(days=1)
    with center.database.transaction() as session:
        person = find_or_create_person(session, "email", "li@example.com", at)
        by = hire(session, at, "S-0001")
        drafted = draft_plan(center, LI, None, center.today(at))
        asked = {"person": person, "identities": LI, "level": Level.V2, "verification_method": "code"}
        request = take_in_deletion(
            session,
            center,
            drafted,
            Submission(timezone="Asia/Shanghai", **asked),
            cooling_off_days=0,
            actor=Actor("customer", str(person.id)),
            at=at,
        )
        with shop.shop.begin() as connection:
            connection.exec_driver_sql("INSERT INTO invoice VALUES (49, 1, '2010-01-01', 'new', NULL)")
        yield session, center, request, by


def test_the_new_plan_takes_the_place_of_the_old_and_old_pages_are_out_of_date(case):
    session, center, request, by = case
    at, seen = clock.now(), request.version
    again = look_again(session, center, request, center.today(at))
    assert [(one.kind, one.collection) for one in again.changes] == [("added", "shop.invoice")] and not again.same
    before = current_plan(session, request.id)
    plan = keep_second_draft(session, center, request, again, by=by, version=seen, at=at)
    session.flush()
    assert current_plan(session, request.id).id == plan.id and before.superseded_at == at
    assert look_again(session, center, request, center.today(at)).same
    with pytest.raises(OutOfDate):
        decide(session, request, Ruling(Choice.APPROVE), by=by, version=seen, at=at)
    event = timeline_of(session, request.id)[0]
    assert event.what == "redrafted" and event.details["rows"] == {"added": 1} and not event.visible_to_customer
    session.commit()
    assert entries_of_request(session, request.reference)[0].act == "request.redrafted"


def test_no_plan_is_drafted_anew_while_a_decision_waits_or_after_it(case):
    session, center, request, by = case
    at, policy = clock.now(), SecondPolicy(rows=-1)
    again = look_again(session, center, request, center.today(at))
    decide(session, request, Ruling(Choice.APPROVE), by=by, version=request.version, at=at, policy=policy)
    with pytest.raises(Refusal, match="while no decision waits"):
        look_again(session, center, request, center.today(at))
    with pytest.raises(Refusal, match="while no decision waits"):
        keep_second_draft(session, center, request, again, by=by, version=request.version, at=at)
