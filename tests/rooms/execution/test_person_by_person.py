"""Two people under one number, and single records of one item: deciding one leaves the other untouched."""

import pytest

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.execution.proceed import proceed
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import current_plan, items_of, keys_in, sign_plan, signed_content
from privacy_center.privacy_requests.submit import Submission
from privacy_center.retention.verdict import Outcome
from privacy_center.review.confirm import confirm_decision
from privacy_center.review.decide import Ruling, decide
from privacy_center.review.duties import SecondPolicy
from privacy_center.review.intake import take_in_deletion
from privacy_center.review.models import Choice
from privacy_center.review.opened import note_opened
from privacy_center.review.overrides import Override, record_key
from privacy_center.sources.rows import Ownership
from tests.corner import contact, customer, open_corner, orders, release, run_handed
from tests.rooms.review.planning import hire

NUMBER = "13900000002"
HERS = Override(Outcome.ERASE, "is_the_customers", "注册信息与申请人一致")
NOT_HERS = Override(Outcome.KEEP, "not_the_customers", "号码换过主人")
ALONE = SecondPolicy(required=False)


@pytest.fixture
def corner(tmp_path):
    """Wang's number has gone to somebody new, who has an account of her own."""
    opened = open_corner(tmp_path / "home")
    opened.change(customer.insert().values(id=3, email="new@example.com", phone=NUMBER, name="何欣"))
    opened.change(contact.insert().values(member_no="M009", customer_ref="3", email="new@example.com", remark="新"))
    yield opened
    opened.center.close()


def ask(session, corner, identities, at):
    center = corner.center
    kind, values = next(iter(identities.items()))
    person = find_or_create_person(session, kind, values[0], at)
    asked = Submission(
        person=person, identities=identities, level=Level.V2, verification_method="code", timezone="Asia/Shanghai"
    )
    drafted = draft_plan(center, identities, None, center.today(at))
    by = Actor("customer", str(person.id))
    request = take_in_deletion(session, center, drafted, asked, cooling_off_days=0, actor=by, at=at)
    return request, current_plan(session, request.id)


def unclear(session, plan, collection="shop.customer"):
    return [
        one for one in items_of(session, plan.id) if one.ownership is Ownership.UNCLEAR and one.collection == collection
    ]


def approve(session, request, plan, overrides, at, *, by=None, policy=ALONE, keep=False):
    by = by or hire(session, at, "S-0001")
    ruling = Ruling(Choice.APPROVE_PART, overrides=overrides, keep_undecided=keep)
    items, digest = items_of(session, plan.id), plan.digest
    return decide(
        session, request, ruling, by=by, version=request.version, at=at, items=items, plan_digest=digest, policy=policy
    )


def carry_out(corner, session_work):
    handed = []
    at = clock.now()
    with corner.center.database.transaction() as session:
        request, plan = session_work(session, at)
        sign_plan(session, plan, by="S-0001", at=at)
        proceed(session, request, lambda _, run, datasets: handed.append((run.id, datasets)), at)
    run_handed(corner, handed)


def test_the_accounts_of_two_people_under_one_number_are_two_items(corner):
    at = clock.now()
    with corner.center.database.transaction() as session:
        _request, plan = ask(session, corner, {"phone_number": [NUMBER]}, at)
        found = unclear(session, plan)
        marks = {one.person_mark for one in found}
        assert [one.row_count for one in found] == [1, 1] and len(marks) == 2
        assert "wang" not in str(marks) and "new" not in str(marks)


def test_deciding_one_account_leaves_the_other_as_it_was(corner):
    before = {table.name: corner.rows(table) for table in (customer, contact, orders)}

    def decided(session, at):
        request, plan = ask(session, corner, {"phone_number": [NUMBER]}, at)
        hers = next(one for one in unclear(session, plan) if keys_in(session, one) == [(3,)])
        his = next(one for one in unclear(session, plan) if keys_in(session, one) == [(2,)])
        approve(session, request, plan, {str(hers.id): HERS, str(his.id): NOT_HERS}, at)
        return request, plan

    carry_out(corner, decided)
    release(corner)
    after = {table.name: corner.rows(table) for table in (customer, contact, orders)}
    assert after["orders"] == before["orders"] and after["contact"] == before["contact"]
    assert [one for one in after["customer"] if one["id"] == 2] == [one for one in before["customer"] if one["id"] == 2]
    assert not [one for one in after["customer"] if one["id"] == 3 and one["email"] == "new@example.com"]


def test_an_account_that_is_left_undecided_is_never_deleted_by_a_sweep(corner):
    before = corner.rows(customer)

    def decided(session, at):
        request, plan = ask(session, corner, {"phone_number": [NUMBER]}, at)
        approve(session, request, plan, {}, at, keep=True)
        return request, plan

    carry_out(corner, decided)
    release(corner)
    assert corner.rows(customer) == before


def test_one_record_of_three_alike_is_decided_by_itself(corner):
    corner.change(orders.delete().where(orders.c.id == 21))
    at = clock.now()
    with corner.center.database.transaction() as session:
        request, plan = ask(session, corner, {"email": ["li@example.com"]}, at)
        item = next(one for one in items_of(session, plan.id) if one.row_count >= 3 and one.outcome is Outcome.ERASE)
        keys, count = keys_in(session, item), item.row_count
        approve(session, request, plan, {record_key(item.id, 2): NOT_HERS}, at)
        items = items_of(session, plan.id)
        alone = next(one for one in items if one.decided_outcome is Outcome.KEEP)
        assert keys_in(session, alone) == [keys[1]] and alone.row_count == 1
        assert keys_in(session, item) == [keys[0], *keys[2:]] and item.row_count == count - 1
        assert item.decided_outcome is None and alone.position == max(one.position for one in items)
        sign_plan(session, plan, by="S-0001", at=at)
        signed = signed_content(session, plan)
        assert set(signed["records"]) == {str(item.position), str(alone.position)}
        alone.keys_sealed, alone.keys_hash = item.keys_sealed, item.keys_hash
        assert signed_content(session, plan) != signed


def test_every_record_decided_by_itself_leaves_no_empty_item(corner):
    at = clock.now()
    with corner.center.database.transaction() as session:
        request, plan = ask(session, corner, {"email": ["li@example.com"]}, at)
        item = next(one for one in items_of(session, plan.id) if one.row_count == 5 and one.outcome is Outcome.ERASE)
        keys, before = keys_in(session, item), len(items_of(session, plan.id))
        odd = Override(Outcome.KEEP, "other", "另有原因")
        choices = {record_key(item.id, number): (odd if number == 2 else NOT_HERS) for number in range(1, 6)}
        approve(session, request, plan, choices, at)
        parts = [one for one in items_of(session, plan.id) if one.decided_outcome is Outcome.KEEP]
        assert len(items_of(session, plan.id)) == before + 1
        assert sorted(keys_in(session, one) for one in parts) == sorted([[keys[0], *keys[2:]], [keys[1]]])


def test_who_has_opened_nothing_cannot_confirm_the_erasure_of_an_unclear_record(corner):
    at = clock.now()
    with corner.center.database.transaction() as session:
        request, plan = ask(session, corner, {"phone_number": [NUMBER]}, at)
        first, second = hire(session, at, "S-0001"), hire(session, at, "S-0002")
        items = items_of(session, plan.id)
        hers, his = unclear(session, plan)
        made = approve(
            session, request, plan, {str(hers.id): HERS, str(his.id): NOT_HERS}, at, by=first, policy=SecondPolicy()
        )
        more = {"by": second, "agree": True, "at": at, "items": items, "plan_digest": plan.digest}
        note_opened(session, request.id, hers.id, [1], first.number, at)
        note_opened(session, request.id, his.id, [1], second.number, at)
        with pytest.raises(Refusal, match="Open each of them"):
            confirm_decision(session, made, request, version=request.version, **more)
        note_opened(session, request.id, hers.id, [1], second.number, at)
        confirm_decision(session, made, request, version=request.version, **more)
        assert (hers.decided_outcome, his.decided_outcome) == (Outcome.ERASE, Outcome.KEEP)


def test_a_law_that_holds_an_unclear_record_holds_it_whosever_it_is(corner):
    at = clock.now()
    with corner.center.database.transaction() as session:
        request, plan = ask(session, corner, {"phone_number": [NUMBER]}, at)
        hers, _his = unclear(session, plan)
        law = {"rule": "x", "authority": "law", "title": {"en": "x"}, "reason": {"en": "x"}, "citation": {"en": "x"}}
        hers.holds = [law | {"treatment": "restrict", "until": None, "event": None, "needs": [], "waivable": False}]
        with pytest.raises(Refusal, match="held by a law"):
            approve(session, request, plan, {str(hers.id): HERS}, at, keep=True)
