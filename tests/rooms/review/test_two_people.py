"""What needs two people, what a company may change of it, and what the second person must have opened."""

import pytest

from privacy_center.config import SecondReview, Settings
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.errors import Refusal
from privacy_center.people.staff.models import Role
from privacy_center.plans.preview import preview_items
from privacy_center.privacy_requests.models import Channel, State
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.retention.verdict import Outcome
from privacy_center.review.confirm import confirm_decision, note_change_opened
from privacy_center.review.decide import Ruling, decide, hold_reasons_of, ruling_of
from privacy_center.review.duties import SecondPolicy, Weight, alone_by_policy, policy_of, why_second
from privacy_center.review.hold_reasons import rules_to_justify
from privacy_center.review.models import Choice, DecisionState
from privacy_center.review.overrides import Override
from privacy_center.sources.rows import Ownership
from privacy_center.terminal.check import _check_second_review
from tests.rooms.privacy_requests.asking import ask_and_review
from tests.rooms.retention.conftest import a_map
from tests.rooms.review.planning import DIGEST, draft, hire

ALONE = SecondPolicy(required=False)
WEAK = {
    "title": {"zh-CN": "支付记录", "en": "Payments"},
    "citation": {"zh-CN": "办法", "en": "Measures"},
    "reason": {"zh-CN": "要留", "en": "kept"},
    "until": None,
    "event": None,
    "needs_human_reason": True,
}
DEPARTMENT = WEAK | {"rule": "pay-3y", "authority": "department_rule"}
CONTRACT = WEAK | {"rule": "order-open", "authority": "contract"}
STATUTE = WEAK | {"rule": "ecl-31", "authority": "law", "needs_human_reason": False}
DELEGATED = WEAK | {"rule": "voucher-30y", "authority": "delegated_rule", "needs_human_reason": False}
ERASE = Override(Outcome.ERASE, "is_the_customers", "电话核对过")


@pytest.fixture
def session(own):
    with own.transaction() as session:
        yield session


def request_of(session, at, **more):
    return ask_and_review(session, at, **({"scope": RequestScope.of_categories(["user.contact"])} | more))


def ruled(session, request, items, at, ruling, **more):
    by = more.pop("by", None) or hire(session, at, "S-0001")
    given = {"version": request.version, "plan_digest": DIGEST, "policy": SecondPolicy()} | more
    return decide(session, request, ruling, by=by, at=at, items=items, **given)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"scope": EVERYTHING}, ["account"]),
        ({"channel": Channel.COUNTER}, ["counter"]),
        ({"represented_as": "minor"}, ["child"]),
        ({}, []),
    ],
)
def test_whole_accounts_counters_and_children_need_two(session, at, more, why):
    request = request_of(session, at, **more)
    assert why_second(SecondPolicy(), request, Weight()) == why


def test_a_refusal_needs_two_and_takes_effect_with_the_second(session, at):
    request = request_of(session, at)
    items = draft(session, request, at, {})
    made = ruled(session, request, items, at, Ruling(Choice.REFUSE, ("no_match",)))
    assert (made.state, made.why_second, request.state) == (DecisionState.WAITING, ["refusal"], State.IN_REVIEW)
    second = hire(session, at, "S-0002")
    confirm_decision(session, made, request, by=second, agree=True, version=request.version, at=at, plan_digest=DIGEST)
    assert (made.state, request.state) == (DecisionState.FINAL, State.REFUSED)


def test_erasing_what_is_not_surely_the_applicant_s_needs_two(session, at):
    request = request_of(session, at)
    [doubtful] = draft(session, request, at, {"outcome": Outcome.MANUAL, "ownership": Ownership.UNCLEAR})
    made = ruled(session, request, [doubtful], at, Ruling(Choice.APPROVE, overrides={str(doubtful.id): ERASE}))
    assert "unclear" in made.why_second and doubtful.decided_outcome is None


def test_a_company_weakens_the_policy_by_name_and_the_page_can_say_so(session, at, tmp_path):
    settings = Settings(home=tmp_path, second_review=SecondReview(alone=["refusal"], reason="夜班只有一人"))
    policy = policy_of(settings)
    request = request_of(session, at, channel=Channel.COUNTER)
    assert why_second(policy, request, Weight(refusal=True)) == []
    assert alone_by_policy(policy, request, Weight(refusal=True)) == ["refusal"]
    assert why_second(policy, request, Weight()) == ["counter"] and policy.reason == "夜班只有一人"


def test_check_refuses_a_weakened_policy_without_a_reason(tmp_path):
    silent = Settings(home=tmp_path, second_review=SecondReview(alone=["counter", "child"]))
    [found] = _check_second_review(silent)
    assert found.level == "error" and "counter, child" in found.words.en
    told = Settings(home=tmp_path, second_review=SecondReview(alone=["counter"], reason="one counter clerk"))
    assert list(_check_second_review(told)) == []
    [off] = _check_second_review(Settings(home=tmp_path, require_second_approval=False))
    assert off.level == "warning" and "second_approval_reason" in off.words.en


def test_the_second_person_opens_every_change_first(session, at):
    request = request_of(session, at)
    one, two = draft(session, request, at, {}, {"collection": "shop.orders"})
    kept = Override(Outcome.KEEP, "not_the_customers", "地址簿里是邻居")
    overrides = {str(one.id): kept, str(two.id): kept}
    made = ruled(session, request, [one, two], at, Ruling(Choice.APPROVE_PART, overrides=overrides))
    second = hire(session, at, "S-0002", Role.SENIOR_REVIEWER)
    given = {"by": second, "agree": True, "at": at, "plan_digest": DIGEST, "items": [one, two], "must_open": True}
    note_change_opened(session, made, str(one.id), second, at)
    with pytest.raises(Refusal, match="1 decisions that differ") as refused:
        confirm_decision(session, made, request, version=request.version, **given)
    assert (refused.value.status, refused.value.field) == (422, "opened")
    note_change_opened(session, made, str(two.id), hire(session, at, "S-0003"), at)
    with pytest.raises(Refusal, match="1 decisions that differ"):
        confirm_decision(session, made, request, version=request.version, **given)
    note_change_opened(session, made, str(two.id), second, at)
    note_change_opened(session, made, str(two.id), second, at)
    confirm_decision(session, made, request, version=request.version, **given)
    assert made.state is DecisionState.FINAL


def test_what_a_delegated_rule_holds_no_person_erases(session, at):
    request = request_of(session, at)
    [held] = draft(session, request, at, {"outcome": Outcome.RESTRICT, "holds": [DELEGATED]})
    with pytest.raises(Refusal, match="no person may decide to erase"):
        ruled(session, request, [held], at, Ruling(Choice.APPROVE_PART, overrides={str(held.id): ERASE}))


def test_records_kept_on_a_rule_that_does_not_bind_need_a_written_reason(session, at):
    request = request_of(session, at)
    held = {"outcome": Outcome.RESTRICT, "rows": 3}
    items = draft(
        session, request, at, held | {"holds": [DEPARTMENT]}, held | {"holds": [DEPARTMENT, CONTRACT]},
        held | {"holds": [STATUTE, DEPARTMENT]},
    )  # fmt: skip
    assert [(rule.key, rule.rows) for rule in rules_to_justify(items)] == [("pay-3y", 6), ("order-open", 3)]
    first = hire(session, at, "S-0001")
    for wrong in (
        {},
        {"pay-3y": "对账"},
        {"pay-3y": "对账", "order-open": "  "},
        {"pay-3y": "x" * 501, "order-open": "x"},
    ):
        with pytest.raises(Refusal) as refused:
            ruled(session, request, items, at, Ruling(Choice.APPROVE_PART, hold_reasons=wrong), by=first)
        assert refused.value.status == 422 and refused.value.field.startswith("hold-reason-")
    reasons = {"pay-3y": "对账未完成", "order-open": "订单还没送到"}
    made = ruled(session, request, items, at, Ruling(Choice.APPROVE_PART, hold_reasons=reasons), by=first)
    assert hold_reasons_of(session, made) == reasons == ruling_of(session, made).hold_reasons


def test_an_item_that_is_decided_otherwise_needs_no_further_reason(session, at):
    request = request_of(session, at)
    [held] = draft(session, request, at, {"outcome": Outcome.RESTRICT, "holds": [DEPARTMENT]})
    ruled(session, request, [held], at, Ruling(Choice.APPROVE, overrides={str(held.id): ERASE}), policy=ALONE)
    assert held.decided_outcome is Outcome.ERASE


def test_what_staff_wrote_stands_with_the_records_it_is_about(session, at):
    request = request_of(session, at)
    of = {"collection": "shop.orders"}
    one, two, held = draft(session, request, at, of, of, of | {"outcome": Outcome.RESTRICT, "holds": [DEPARTMENT]})
    said = Override(Outcome.KEEP, "not_the_customers", "这是您邻居的地址。")
    freed = Override(Outcome.ERASE, "reason_ended", "对账已完成，今天删除。")
    overrides = {str(one.id): said, str(held.id): freed}
    ruled(session, request, [one, two, held], at, Ruling(Choice.APPROVE_PART, overrides=overrides), policy=ALONE)
    lines = {line.staff_words: line for line in preview_items(load_catalogue(None), a_map(), [one, two, held]).lines}
    assert lines.keys() == {"", said.text, freed.text}
    assert lines[said.text].outcome is Outcome.KEEP and "不是您的信息" in lines[said.text].why.zh
    assert lines[freed.text].outcome is Outcome.ERASE and "原因已经结束" in lines[freed.text].why.zh
    assert lines[freed.text].law == [] and lines[""].count == 1
