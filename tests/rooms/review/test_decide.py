import threading

import pytest
import sqlalchemy as sa

from privacy_center.audit.append import Actor
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import OutOfDate, Refusal
from privacy_center.people.models import Level
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import start_review
from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.privacy_requests.thread import thread_of
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.retention.verdict import Outcome
from privacy_center.review.confirm import confirm_decision
from privacy_center.review.decide import Ruling, decide, decisions_on, overrides_of, text_of, waiting_decision
from privacy_center.review.desk import add_note, assign, notes_of
from privacy_center.review.duties import SecondPolicy
from privacy_center.review.models import Choice, DecisionState
from privacy_center.review.overrides import Override
from privacy_center.review.reasons import all_reasons, letter_words, reasons_for
from privacy_center.sources.rows import Ownership
from tests.rooms.privacy_requests.asking import ask_and_review
from tests.rooms.review.planning import DIGEST, LAW, POLICY, draft, hire

ALONE = SecondPolicy(required=False)
KEEP = Override(Outcome.KEEP, "not_the_customers", "地址簿里是邻居")
ERASE = Override(Outcome.ERASE, "is_the_customers", "电话核对过")


@pytest.fixture
def case(own, at):
    """A request in review, its plan of one row to erase, and two reviewers; rolled back afterwards."""
    with own.transaction() as session:
        request = ask_and_review(session, at, scope=RequestScope.of_categories(["user.contact"]))
        items = draft(session, request, at, {})
        yield session, request, items, hire(session, at, "S-0001"), hire(session, at, "S-0002")


def decided(case, choice, at, by=None, items=None, **more):
    session, request, planned, first, _ = case
    told = {name: more.pop(name) for name in ("reason_codes", "text", "overrides", "keep_undecided") if name in more}
    given = {"version": request.version, "policy": ALONE, "plan_digest": DIGEST} | more
    return decide(session, request, Ruling(choice, **told), by=by or first, at=at, items=items or planned, **given)


def test_an_approval_takes_effect_at_once_where_one_person_is_enough(case, at):
    decision = decided(case, Choice.APPROVE, at)
    assert (case[1].state, decision.state, decision.why_second) == (State.APPROVED, DecisionState.FINAL, [])
    assert (case[1].decided_at, decision.first_by, decision.row_count) == (at, "S-0001", 1)


def test_a_refusal_needs_a_known_reason_and_other_needs_words(case, at):
    for wrong in (
        {},
        {"reason_codes": ("nonsense",)},
        {"reason_codes": ("other",)},
        {"reason_codes": ("reason_ended",)},
    ):
        with pytest.raises(Refusal) as refused:
            decided(case, Choice.REFUSE, at, **wrong)
        assert refused.value.status == 422
    decision = decided(case, Choice.REFUSE, at, reason_codes=("no_match",), text="没有记录")
    assert (case[1].state, text_of(case[0], decision)) == (State.REFUSED, "没有记录")
    assert timeline_of(case[0], case[1].id)[0].details["reason_codes"] == ["no_match"]


@pytest.mark.parametrize("code", ["other", "not_covered", "technically_hard"])
def test_a_reason_whose_letter_says_that_more_stands_below_needs_words(case, at, code):
    with pytest.raises(Refusal) as refused:
        decided(case, Choice.REFUSE, at, reason_codes=(code,), text="  ")
    assert (refused.value.status, refused.value.field) == (422, "text")
    decided(case, Choice.REFUSE, at, reason_codes=(code,), text="写明的原因")


def test_a_period_or_a_dispute_refuses_no_request_because_only_a_plan_keeps_what_it_promises():
    assert not {"statutory_retention", "open_contract"} & all_reasons().keys()


@pytest.mark.parametrize("codes", [(), ("no_match",), ("guardian_agreed", "fourteen_or_older")])
def test_what_a_child_asked_for_is_not_approved_without_one_word_on_a_guardian(case, at, codes):
    case[1].risk_flags = ["under_14"]
    case[0].flush()
    with pytest.raises(Refusal) as refused:
        decided(case, Choice.APPROVE, at, reason_codes=codes)
    assert (refused.value.status, refused.value.field) == (422, "guardian")
    assert decided(case, Choice.APPROVE, at, reason_codes=("guardian_agreed",)).reason_codes == ["guardian_agreed"]


def test_asking_sends_the_question_to_the_customer(case, at):
    with pytest.raises(Refusal, match="Write what you need"):
        decided(case, Choice.ASK, at)
    decided(case, Choice.ASK, at, text="请问是哪个订单？")
    assert case[1].state is State.WAITING_CUSTOMER
    assert thread_of(case[0], case[1].id)[0].text == "请问是哪个订单？"


def test_nobody_decides_their_own_case(case, at):
    session = case[0]
    own_case = hire(session, at, "S-0009", own_identities={"email": ["ZHANG@example.com"]})
    with pytest.raises(Refusal, match="your own case"):
        decided(case, Choice.APPROVE, at, by=own_case)
    with pytest.raises(Refusal, match="your own case"):
        assign(session, case[1], to=own_case, by=case[3], at=at)


@pytest.mark.parametrize("how", ["submitted", "verified"])
def test_nobody_decides_what_they_took_in(own, at, how):
    with own.transaction() as session:
        agent = Actor("staff", "S-0001", "agent")
        more = {"actor": agent} if how == "submitted" else {"verified_by": "S-0001"}
        request = ask_and_review(session, at, **more)
        case = (session, request, draft(session, request, at, {}), hire(session, at, "S-0001"), None)
        with pytest.raises(Refusal, match="took this request in"):
            decided(case, Choice.APPROVE, at)


def test_only_reviewers_decide(case, at):
    for number, role in (("S-1", Role.AGENT), ("S-2", Role.AUDITOR), ("S-3", Role.OPERATOR)):
        with pytest.raises(Refusal, match="Only reviewers"):
            decided(case, Choice.APPROVE, at, by=hire(case[0], at, number, role))
    former = hire(case[0], at, "S-4")
    former.active = False
    case[0].flush()
    with pytest.raises(Refusal, match="Only reviewers"):
        decided(case, Choice.APPROVE, at, by=former)


def test_a_decision_on_an_older_version_is_refused(case, at):
    with pytest.raises(OutOfDate) as refused:
        decided(case, Choice.APPROVE, at, version=case[1].version - 1)
    assert refused.value.status == 409


def test_what_is_not_in_review_cannot_be_decided(case, at):
    decided(case, Choice.APPROVE, at)
    with pytest.raises(Refusal, match="not in review"):
        decided(case, Choice.REFUSE, at, reason_codes=("no_match",))


def test_what_a_law_holds_no_person_can_erase(case, at):
    session, request = case[0], case[1]
    held, company = draft(
        session,
        request,
        at,
        {"outcome": Outcome.RESTRICT, "holds": LAW},
        {"outcome": Outcome.RESTRICT, "holds": POLICY},
    )
    with pytest.raises(Refusal, match="held by a law") as refused:
        decided(case, Choice.APPROVE_PART, at, items=[held, company], overrides={str(held.id): ERASE})
    assert refused.value.status == 422
    decided(case, Choice.APPROVE_PART, at, items=[held, company], overrides={str(company.id): ERASE})
    assert (held.decided_outcome, company.decided_outcome) == (None, Outcome.ERASE)
    assert company.decided_reason == all_reasons()["is_the_customers"].letter.as_json() | {"customer": ERASE.text}


@pytest.mark.parametrize("ownership", [Ownership.THIRD_PARTY, Ownership.SHARED])
def test_rows_that_are_other_peoples_or_theirs_as_well_cannot_be_erased(case, at, ownership):
    [theirs] = draft(case[0], case[1], at, {"outcome": Outcome.KEEP, "ownership": ownership})
    with pytest.raises(Refusal, match="omebody else"):
        decided(case, Choice.APPROVE_PART, at, items=[theirs], overrides={str(theirs.id): ERASE})


@pytest.mark.parametrize(
    "override",
    [
        Override(Outcome.KEEP, "not_the_customers", " "),
        Override(Outcome.KEEP, "no_match", "x"),
        Override(Outcome.MANUAL, "not_the_customers", "x"),
        Override(Outcome.KEEP, "", "x"),
    ],
)
def test_an_override_needs_an_outcome_a_reason_and_words(case, at, override):
    with pytest.raises(Refusal) as refused:
        decided(case, Choice.APPROVE_PART, at, overrides={str(case[2][0].id): override})
    assert refused.value.status == 422
    with pytest.raises(Refusal, match="not in the plan"):
        decided(case, Choice.APPROVE_PART, at, overrides={"elsewhere": KEEP})


def test_items_in_doubt_must_be_decided_or_left_on_purpose(case, at):
    doubtful, clear = draft(case[0], case[1], at, {"outcome": Outcome.MANUAL, "ownership": Ownership.UNCLEAR}, {})
    with pytest.raises(Refusal, match=r"1 items wait for your decision: shop\.customer"):
        decided(case, Choice.APPROVE, at, items=[doubtful, clear])
    decided(case, Choice.APPROVE, at, items=[doubtful, clear], overrides={str(doubtful.id): ERASE})
    assert doubtful.decided_outcome is Outcome.ERASE


def test_items_in_doubt_can_be_left_untouched(case, at):
    [doubtful] = draft(case[0], case[1], at, {"outcome": Outcome.MANUAL})
    decided(case, Choice.APPROVE_PART, at, items=[doubtful], keep_undecided=True)
    assert (case[1].state, doubtful.decided_outcome) == (State.PARTLY_APPROVED, None)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"overrides": True}, ["overrides"]),
        ({"sensitive": ["x"]}, ["sensitive"]),
        ({"policy": SecondPolicy(level=Level.V2)}, ["level"]),
        ({"policy": SecondPolicy(rows=0)}, ["rows"]),
        ({"policy": SecondPolicy()}, []),
    ],
)
def test_a_second_person_is_asked_where_one_is_not_enough(case, at, more, why):
    session, request, [item], *_ = case
    if more.get("overrides"):
        more = {"overrides": {str(item.id): KEEP}}
    decision = decided(case, Choice.APPROVE_PART, at, **({"policy": SecondPolicy()} | more))
    assert decision.why_second == why
    assert request.state is (State.IN_REVIEW if why else State.PARTLY_APPROVED)
    assert (waiting_decision(session, request.id) is decision) == bool(why)
    assert "second_needed" not in [event.what for event in timeline_of(session, request.id, customer_only=True)]


def waiting(case, at):
    _session, _request, [item], *_ = case
    return decided(
        case, Choice.APPROVE_PART, at, overrides={str(item.id): KEEP}, policy=SecondPolicy(), text="部分保留"
    )


def seconded(case, decision, at, by=None, agree=True, **more):
    session, request, items, _, second = case
    given = {"version": request.version, "plan_digest": DIGEST, "items": items} | more
    confirm_decision(session, decision, request, by=by or second, agree=agree, at=at, **given)


def test_a_second_person_makes_it_final(case, at):
    session, request, [item], _first, _second = case
    decision = waiting(case, at)
    assert overrides_of(session, decision) == {str(item.id): KEEP}
    assert item.decided_outcome is None
    seconded(case, decision, at)
    assert (request.state, decision.state, decision.second_by) == (State.PARTLY_APPROVED, DecisionState.FINAL, "S-0002")
    assert item.decided_outcome is Outcome.KEEP
    with pytest.raises(OutOfDate):
        seconded(case, decision, at)


def test_the_second_person_is_another_one_with_no_stake_and_the_same_plan(case, at):
    session = case[0]
    decision = waiting(case, at)
    with pytest.raises(Refusal, match="another person"):
        seconded(case, decision, at, by=find_staff(session, "S-0001"))
    own_case = hire(session, at, "S-0009", own_identities={"email": ["zhang@example.com"]})
    with pytest.raises(Refusal, match="your own case"):
        seconded(case, decision, at, by=own_case)
    with pytest.raises(Refusal, match="Only reviewers"):
        seconded(case, decision, at, by=hire(session, at, "S-0008", Role.OPERATOR))
    with pytest.raises(OutOfDate):
        seconded(case, decision, at, plan_digest="e" * 64)
    with pytest.raises(OutOfDate):
        seconded(case, decision, at, version=1)
    assert decision.state is DecisionState.WAITING


def test_the_second_person_can_send_it_back_and_the_first_decides_again(case, at):
    session, request, items, *_ = case
    decision = waiting(case, at)
    with pytest.raises(Refusal, match="already waits"):
        decided(case, Choice.APPROVE, at)
    with pytest.raises(Refusal, match="why you send it back"):
        seconded(case, decision, at, agree=False)
    seconded(case, decision, at, agree=False, text="邻居的地址也是客户写的")
    assert (request.state, decision.state, items[0].decided_outcome) == (State.IN_REVIEW, DecisionState.SENT_BACK, None)
    decided(case, Choice.APPROVE, at)
    assert [one.state for one in decisions_on(session, request.id)].count(DecisionState.FINAL) == 1


def test_of_two_reviewers_at_once_one_decides(own_postgres, at):
    database = own_postgres
    with database.transaction() as session:
        request = ask_and_review(session, at)
        for number in ("S-0001", "S-0002"):
            hire(session, at, number)
    came_of = []

    def rule(number):
        try:
            with database.transaction() as session:
                mine = session.get_one(PrivacyRequest, request.id)
                by = find_staff(session, number)
                decide(session, mine, Ruling(Choice.APPROVE), by=by, version=request.version, at=at, policy=ALONE)
            came_of.append("done")
        except OutOfDate:
            came_of.append("out of date")

    threads = [threading.Thread(target=rule, args=(number,)) for number in ("S-0001", "S-0002")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(came_of) == ["done", "out of date"]
    database.close()


def test_every_decision_is_in_the_audit_trail_without_its_words(case, at):
    session, _request, *_ = case
    seconded(case, waiting(case, at), at, text="同意")
    session.commit()
    acts = session.execute(
        sa.select(AuditEntry.act, AuditEntry.actor_id, AuditEntry.details).order_by(AuditEntry.seq)
    ).all()
    assert [(act, who) for act, who, _ in acts[-3:]] == [
        ("request.second_needed", "S-0001"),
        ("request.second_agreed", "S-0002"),
        ("request.partly_approved", "S-0002"),
    ]
    assert not any("邻居" in details or "部分保留" in details for *_, details in acts)


def test_a_refused_request_can_be_looked_at_again_by_somebody_else(case, at):
    session, request, *_ = case
    decided(case, Choice.REFUSE, at, reason_codes=("no_match",))
    start_review(session, request, actor=Actor("customer", str(request.person_id)), at=at)
    decided(case, Choice.APPROVE, at, by=case[4])
    assert request.state is State.APPROVED


def test_notes_and_assignment_are_for_staff_only(case, at):
    session, request, _, first, second = case
    assign(session, request, to=second, by=first, at=at)
    add_note(session, request, text="客户来电确认过", by=first, at=at)
    assert request.assignee == "S-0002"
    assert [(note.author, note.text) for note in notes_of(session, request.id)] == [("S-0001", "客户来电确认过")]
    assert {"note", "assigned"}.isdisjoint(event.what for event in timeline_of(session, request.id, customer_only=True))
    assign(session, request, to=None, by=first, at=at)
    assert request.assignee is None
    with pytest.raises(Refusal):
        add_note(session, request, text=" ", by=first, at=at)


def test_every_reason_has_words_for_reviewers_and_customers():
    assert {reason.code for reason in reasons_for("refuse")} >= {"no_match", "suspected_fraud"}
    for reason in all_reasons().values():
        assert all((reason.title.zh, reason.title.en, reason.letter.zh, reason.letter.en))
        assert reason.uses <= {"refuse", "override", "extend", "child"}
    assert len(letter_words(["no_match", "gone"])) == 1
