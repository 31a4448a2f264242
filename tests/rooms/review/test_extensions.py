"""More time for a reply: as far and as often as the law allows, by two people, told once it is confirmed."""

from datetime import date, timedelta

import pytest

from privacy_center.errors import Refusal
from privacy_center.people.staff.models import Role
from privacy_center.privacy_requests.deadlines import extension_limit
from privacy_center.privacy_requests.models import ExtensionState, Kind
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.review.duties import SecondPolicy
from privacy_center.review.extensions import extension_words, limit_of, propose_extension, settle_extension
from tests.rooms.privacy_requests.asking import ask_and_review
from tests.rooms.review.planning import hire


@pytest.mark.parametrize(
    ("place", "kind", "first", "last"),
    [
        ("CN", Kind.DELETION, date(2026, 12, 11), date(2027, 1, 4)),
        ("CN-SH", Kind.DELETION, date(2026, 12, 11), date(2027, 1, 4)),
        ("CN", Kind.ACCESS, date(2026, 12, 11), date(2027, 1, 10)),
        ("EU", Kind.DELETION, date(2026, 12, 11), date(2027, 2, 11)),
        ("US-CA", Kind.DELETION, date(2026, 12, 11), date(2027, 1, 25)),
        ("BR", Kind.ACCESS, date(2026, 12, 11), date(2027, 1, 10)),
    ],
)
def test_every_place_has_a_longest_extension(place, kind, first, last):
    limit = extension_limit(first, kind, place)
    assert (limit.last_day, limit.times) == (last, 1) and limit.source


@pytest.fixture
def case(own, at):
    with own.transaction() as session:
        request = ask_and_review(session, at)
        yield session, request, hire(session, at, "S-0001"), hire(session, at, "S-0002", Role.PRIVACY_OFFICER)


def proposed(case, at, to=None, by=None, code="many_systems", text="", policy=None):
    session, request, first, _ = case
    wanted = {"to": to or request.due_on + timedelta(3), "reason_code": code, "text": text}
    return propose_extension(session, request, by=by or first, policy=policy or SecondPolicy(), at=at, **wanted)


def test_the_deadline_moves_when_a_second_person_confirms_and_the_customer_is_told_then(case, at):
    session, request, first, second = case
    due, to = request.due_on, request.due_on + timedelta(3)
    made = proposed(case, at, text="周五前给您结果。")
    assert (made.state, request.due_on) == (ExtensionState.WAITING, due)
    assert "extended" not in [one.what for one in timeline_of(session, request.id)]
    with pytest.raises(Refusal, match="Another person"):
        settle_extension(session, request, agree=True, by=first, at=at)
    settle_extension(session, request, agree=True, by=second, at=at)
    told = next(one for one in timeline_of(session, request.id, customer_only=True) if one.what == "extended")
    assert request.due_on == to and told.details["reason"].endswith("周五前给您结果。")
    assert "多个系统" in extension_words(session, made).zh


@pytest.mark.parametrize("to", [date(2029, 12, 31), date(2027, 1, 30)])
def test_a_day_beyond_the_legal_maximum_is_refused_even_to_the_privacy_officer(case, at, to):
    with pytest.raises(Refusal, match="at most") as refused:
        proposed(case, at, to=to, by=case[3])
    assert refused.value.status == 422 and case[1].due_on == case[1].first_due_on


def test_a_deadline_is_extended_once_and_not_while_one_waits(case, at):
    session, request, _first, second = case
    proposed(case, at)
    with pytest.raises(Refusal, match="already waits"):
        proposed(case, at)
    settle_extension(session, request, agree=True, by=second, at=at)
    with pytest.raises(Refusal, match="legal maximum"):
        proposed(case, at, to=limit_of(request).last_day)


def test_a_rejected_extension_leaves_the_day_and_may_be_proposed_again(case, at):
    session, request, _first, second = case
    proposed(case, at)
    settle_extension(session, request, agree=False, by=second, at=at)
    assert request.due_on == request.first_due_on
    assert proposed(case, at).state is ExtensionState.WAITING


def test_after_the_deadline_nothing_is_extended(case, at):
    late = at + timedelta(days=60)
    with pytest.raises(Refusal, match="has passed"):
        proposed(case, late, to=limit_of(case[1]).last_day)


@pytest.mark.parametrize(("code", "text"), [("", ""), ("no_match", ""), ("extend_other", " ")])
def test_an_extension_has_a_reason_for_the_customer(case, at, code, text):
    with pytest.raises(Refusal) as refused:
        proposed(case, at, code=code, text=text)
    assert refused.value.status == 422


def test_where_the_company_lets_one_person_extend_it_takes_effect_at_once(case, at):
    made = proposed(case, at, policy=SecondPolicy(alone=frozenset({"extension"})))
    assert made.state is ExtensionState.CONFIRMED and case[1].due_on == made.due_on
