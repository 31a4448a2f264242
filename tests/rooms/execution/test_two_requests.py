"""Two requests about one record: one of them deals with it at a time, also while records that were kept are released."""

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.due import release_due
from privacy_center.execution.held import open_entries
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.followed import can_be_drafted_again, customer_words, other_requests
from privacy_center.plans.freeze import current_plan
from privacy_center.plans.models import PlannedRecord
from privacy_center.privacy_requests.moves import cancel_request
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion
from tests import corner

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


def take_in(center, identities, drafted, at):
    """A deletion of everything laid before the reviewers, asked by whom the first identity names; answers its reference."""
    kind, values = next(iter(identities.items()))
    with center.database.transaction() as session:
        handed_in = Submission(
            person=find_or_create_person(session, kind, values[0], at),
            identities=identities,
            level=Level.V2,
            verification_method="counter",
            timezone="Asia/Shanghai",
        )
        by = Actor("staff", "A1", "agent")
        return take_in_deletion(session, center, drafted, handed_in, cooling_off_days=0, actor=by, at=at).reference


def ask(center, identities):
    at = clock.now()
    return take_in(center, identities, draft_plan(center, identities, None, center.today(at)), at)


def look(center, reference):
    """Whether the plan of a request is blocked, and what the customer reads of other requests."""
    with center.database.reading() as session:
        request = request_by_reference(session, reference)
        return current_plan(session, request.id).blocked, customer_words(other_requests(session, request))


def erased_by(center, *references):
    """Records that the certificates of these requests count as erased, by collection."""
    counts = {}
    with center.database.reading() as session:
        for reference in references:
            for one in certificates_of(session, request_by_reference(session, reference).id):
                for collection, numbers in one.body["collections"].items():
                    counts[collection] = counts.get(collection, 0) + numbers["erased"]
    return counts


def test_records_that_are_being_released_are_not_planned_again_by_a_new_request_of_the_same_person(shop):
    first = corner.sign_and_run(shop, LI, scope=CASES)
    shop.change(FREE)
    handed = []
    release_due(shop.center, lambda _, run, datasets: handed.append((run.id, datasets)), clock.now())
    later = ask(shop.center, LI)
    blocked, words = look(shop.center, later)
    assert blocked and f"您的另一份申请 {first} 处理" in words[0].zh
    corner.run_handed(shop, handed)
    with shop.center.database.reading() as session:
        assert can_be_drafted_again(session, [request_by_reference(session, later).id])
    assert erased_by(shop.center, first)["shop.after_sales_case"] == 2


def test_records_that_an_open_request_plans_are_left_to_it_by_a_release_until_it_ends(shop):
    first = corner.sign_and_run(shop, LI, scope=CASES)
    later = ask(shop.center, BY_CARD)
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
    corner.run_handed(shop, handed)
    while corner.release(shop):
        pass
    assert shop.rows(corner.case) == [] and erased_by(shop.center, *both)["shop.after_sales_case"] == 2
    with shop.center.database.reading() as session:
        states = [request_by_reference(session, one).state.value for one in both]
        kept = [one.collection for one in open_entries(session) if one.collection == "shop.after_sales_case"]
    assert states[0] == "completed" and not kept


def test_of_two_requests_that_are_taken_in_at_the_same_moment_one_deals_with_the_records(tmp_path, new_postgres):
    shop = corner.open_corner(tmp_path, own_url=new_postgres())
    at, meet, references = clock.now(), threading.Barrier(2), {}

    def take_in_together(name, identities):
        drafted = draft_plan(shop.center, identities, None, shop.center.today(at))
        meet.wait(timeout=60)
        references[name] = take_in(shop.center, identities, drafted, at)

    both = [threading.Thread(target=take_in_together, args=one) for one in (("a", LI), ("b", BY_CARD))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    looks = [look(shop.center, reference) for reference in references.values()]
    assert len(looks) == 2 and sorted(blocked for blocked, _words in looks) == [False, True]
    with shop.center.database.reading() as session:
        owners = set(session.scalars(sa.select(PlannedRecord.request_id)))
    assert len(owners) == 1
    shop.center.close()
    shop.shop.dispose()
    shop.crm.dispose()
