"""Two requests about one record: one of them deals with it at a time, also while records that were kept are released."""

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.execution.due import release_due
from privacy_center.execution.held import open_entries
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.followed import can_be_drafted_again, customer_words, other_requests
from privacy_center.plans.models import PlannedRecord
from privacy_center.privacy_requests.moves import cancel_request
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.scope import RequestScope
from tests import corner
from tests.rooms.execution import second_request
from tests.rooms.execution.second_request import erased_by, is_blocked, take_in

LI = {"email": ["li@example.com"]}
BY_CARD = {"member_number": ["M007"], "email": ["li@example.com"]}
CASES = RequestScope.of_records(["shop.after_sales_case"])
FREE = corner.case.update().where(corner.case.c.id == 31).values(closed_at=datetime(2026, 11, 20))


@pytest.fixture
def shop(tmp_path):
    opened = corner.open_corner(tmp_path)
    yield opened
    opened.center.close()
    opened.shop.dispose()
    opened.crm.dispose()


def look(center, reference):
    """Whether the plan of a request is blocked, and what the customer reads of other requests."""
    with center.database.reading() as session:
        others = other_requests(session, request_by_reference(session, reference))
    return is_blocked(center, reference), customer_words(others)


def test_records_that_are_being_released_are_not_planned_again_by_a_new_request_of_the_same_person(shop):
    first = corner.sign_and_run(shop, LI, scope=CASES)
    shop.change(FREE)
    handed = []
    release_due(shop.center, lambda _, run, datasets: handed.append((run.id, datasets)), clock.now())
    later = take_in(shop.center, LI)
    blocked, words = look(shop.center, later)
    assert blocked and f"您的另一份申请 {first} 处理" in words[0].zh
    corner.run_handed(shop, handed)
    with shop.center.database.reading() as session:
        assert can_be_drafted_again(session, [request_by_reference(session, later).id])
    assert erased_by(shop.center, first)["shop.after_sales_case"] == 2


def test_records_that_an_open_request_plans_are_left_to_it_by_a_release_until_it_ends(shop):
    first = corner.sign_and_run(shop, LI, scope=CASES)
    later = take_in(shop.center, BY_CARD)
    assert not look(shop.center, later)[0]
    shop.change(FREE)
    assert corner.release(shop) == 0 and len(shop.rows(corner.case)) == 1
    with shop.center.database.transaction() as session:
        request = request_by_reference(session, later)
        cancel_request(session, request, actor=Actor("customer", str(request.person_id)), at=clock.now())
    assert corner.release(shop) == 1 and not shop.rows(corner.case)
    assert erased_by(shop.center, first)["shop.after_sales_case"] == 2


def test_what_two_ended_requests_both_keep_is_released_once_and_neither_keeps_it_any_more(shop):
    both = corner.sign_and_run(shop, LI, scope=CASES), corner.sign_and_run(shop, BY_CARD)
    shop.change(FREE)
    handed = []
    for one in both:
        with shop.center.database.reading() as session:
            request = request_by_reference(session, one).id
        hand_in = lambda _, run, datasets: handed.append((run.id, datasets))  # noqa: E731
        release_due(shop.center, hand_in, clock.now(), request_id=request)
    assert len(handed) == 1, "two runs at a time would both count what one of them erases"
    corner.run_handed(shop, handed)
    while corner.release(shop):
        pass
    assert shop.rows(corner.case) == [] and erased_by(shop.center, *both)["shop.after_sales_case"] == 2
    with shop.center.database.reading() as session:
        states = [request_by_reference(session, one).state.value for one in both]
        kept = [one.collection for one in open_entries(session) if one.collection == "shop.after_sales_case"]
    assert states[0] == "completed" and not kept


def test_of_two_requests_that_are_taken_in_at_the_same_moment_one_deals_with_the_records(
    tmp_path, new_postgres, monkeypatch
):
    shop = corner.open_corner(tmp_path, own_url=new_postgres())
    meet, references = threading.Barrier(2), []

    def draft_together(*asked):
        drafted = draft_plan(*asked)
        meet.wait(timeout=60)
        return drafted

    monkeypatch.setattr(second_request, "draft_plan", draft_together)
    both = [
        threading.Thread(target=lambda one=one: references.append(take_in(shop.center, one))) for one in (LI, BY_CARD)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    looks = [look(shop.center, reference) for reference in references]
    assert len(looks) == 2 and sorted(blocked for blocked, _words in looks) == [False, True]
    with shop.center.database.reading() as session:
        owners = set(session.scalars(sa.select(PlannedRecord.request_id)))
    assert len(owners) == 1
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()
