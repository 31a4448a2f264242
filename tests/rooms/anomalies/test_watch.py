import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from privacy_center.anomalies.items import (
    anomalies,
    being_checked,
    count_items,
    count_lines,
    lines_behind,
    reason_of,
    settle,
)
from privacy_center.anomalies.models import Anomaly, AnomalyCursor, Settled
from privacy_center.anomalies.rule import Hours, RuleSet, load_anomaly_rules
from privacy_center.anomalies.seen import Surroundings
from privacy_center.anomalies.watch import watch
from privacy_center.audit.append import Actor
from privacy_center.audit.look import record_look
from privacy_center.audit.queries import newest_entries
from privacy_center.datamap.catalogue import load_catalogue
from privacy_center.errors import OutOfDate, Refusal
from privacy_center.looks.receive import read_batch, take_batch
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.identity import add_identity, find_or_create_person, identity_index
from privacy_center.people.rate import TooOften
from privacy_center.people.sign_in import start_sign_in
from privacy_center.people.staff.conflict import declare
from privacy_center.people.staff.models import Relation, Role
from privacy_center.people.staff.roster import create_staff

NIGHT = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # Tuesday, midnight in Shanghai
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    return load_anomaly_rules(tmp_path_factory.mktemp("none"))[0]


@pytest.fixture(scope="module")
def around(tmp_path_factory, rules):
    return Surroundings(
        "Asia/Shanghai", "CN", load_catalogue(tmp_path_factory.mktemp("none") / "catalogue.yml"), rules.hours
    )


def only(rules, *keys):
    return RuleSet(tuple(one for one in rules.rules if one.key in keys), rules.hours)


def look(
    database, at, times=1, by="S-1", subject=None, case="C-1", act="look", data=("user.name",), apart=MINUTE, **more
):
    with database.transaction() as session:
        return [
            record_look(
                session, actor=Actor("staff", by, "agent"), subject=subject or uuid.uuid4(), data=data,
                purpose="complaint", case=case, act=f"data.{act}", more=more, at=at + number * apart,
            ).seq
            for number in range(times)
        ]  # fmt: skip


def items(database, settled=False):
    with database.reading() as session:
        return anomalies(session, settled=settled)


def hire(database, number, *roles, email=None, at=NOON):
    with database.transaction() as session:
        return create_staff(
            session, number=number, name=number, email=email or f"{number.lower()}@example.com",
            password="a long password", roles=roles or [Role.SECURITY_OFFICER], at=at,
        )  # fmt: skip


def test_the_built_in_rules_are_sound(rules):
    assert {one.key for one in rules.rules} >= {"out-of-hours", "bulk-export", "outside-sweep", "own-or-close"}
    assert rules.hours == Hours(**{"from": "08:00", "to": "20:00", "days": "working"})


def test_many_looks_at_night_open_one_item_with_the_lines_behind_it(either, rules, around):
    seqs = look(either, NIGHT, 20)
    assert watch(either, only(rules, "out-of-hours"), around, NOON) == 1
    (item,) = items(either)
    assert (item.group_key, item.counted, item.threshold, item.severity) == ("S-1", 20, 20, "medium")
    assert item.due_at == NOON + timedelta(days=3)
    with either.reading() as session:
        assert [one.seq for one in lines_behind(session, item.id)] == sorted(seqs, reverse=True)
        assert being_checked(session, [*seqs, 999]) == set(seqs)
        assert newest_entries(session)[0].act == "anomaly.opened"


def test_the_same_looks_by_day_or_spread_over_hours_or_people_open_nothing(own, rules, around):
    look(own, NOON, 20)
    look(own, NIGHT, 20, by="S-2", apart=10 * MINUTE)
    look(own, NIGHT, 10, by="S-3")
    look(own, NIGHT, 10, by="S-4")
    assert watch(own, only(rules, "out-of-hours"), around, NOON) == 0


def test_a_window_reaches_over_what_was_read_before(either, rules, around):
    for start in range(0, 20, 5):
        look(either, NIGHT + start * MINUTE, 5)
        watch(either, only(rules, "out-of-hours"), around, NOON)
    (item,) = items(either)
    assert item.counted == 20
    look(either, NIGHT + 20 * MINUTE, 5)
    assert watch(either, only(rules, "out-of-hours"), around, NOON) == 0
    (item,) = items(either)
    assert item.counted == 25
    with either.reading() as session:
        assert count_lines(session, item.id) == 25


def test_looks_that_arrive_late_are_counted_in_their_own_time(own, rules, around):
    look(own, NIGHT + 30 * MINUTE, 10)
    watch(own, only(rules, "out-of-hours"), around, NOON)
    look(own, NIGHT, 10)
    assert watch(own, only(rules, "out-of-hours"), around, NOON) == 1


def test_several_workers_open_each_item_once(either, rules, around):
    look(either, NIGHT, 40)
    workers = [threading.Thread(target=watch, args=(either, rules, around, NOON)) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert [one.rule for one in items(either)] == ["out-of-hours"]
    with either.reading() as session:
        assert session.scalar(sa.select(AnomalyCursor.seq)) >= 40


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_out_and_nothing_twice(own, rules, around, monkeypatch):
    look(own, NIGHT, 20)

    def die(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("privacy_center.anomalies.watch.open_or_extend", die)
        with pytest.raises(KeyboardInterrupt):
            watch(own, only(rules, "out-of-hours"), around, NOON)
    assert items(own) == []
    assert watch(own, only(rules, "out-of-hours"), around, NOON) == 1


@pytest.mark.parametrize(
    ("rule", "enough", "few"),
    [
        (
            "many-reveals",
            {"times": 10, "act": "reveal", "apart": MINUTE / 2},
            {"times": 10, "act": "reveal", "apart": 2 * MINUTE},
        ),
        ("search-without-case", {"times": 3, "act": "search", "case": None}, {"times": 9, "act": "search"}),
        (
            "search-without-case",
            {"times": 3, "act": "search", "case": None},
            {"times": 9, "act": "search", "case": None, "ticket": "T-2001"},
        ),
        (
            "one-ticket-many-people",
            {"times": 3, "act": "search", "case": None, "ticket": "T-2001"},
            {"times": 9, "act": "search", "case": None, "ticket": "T-1001", "subject": uuid.uuid4()},
        ),
        (
            "searches-for-nobody",
            {"times": 10, "act": "search", "case": None, "ticket": "T-2001", "found": False},
            {"times": 30, "act": "search", "case": None, "ticket": "T-2001", "found": True},
        ),
        ("browsing", {"times": 60, "apart": MINUTE / 2}, {"times": 80, "subject": uuid.uuid4(), "apart": MINUTE / 2}),
        ("bulk-export", {"act": "export", "records": 1000}, {"act": "export", "times": 5, "records": 199}),
        ("same-person-revealed", {"act": "reveal", "times": 8, "subject": uuid.uuid4()}, {"act": "reveal", "times": 9}),
        (
            "sensitive-across-regions",
            {
                "times": 5,
                "data": ["user.financial.bank_account"],
                "operator_region": "CN-31",
                "subject_region": "CN-44",
            },
            {
                "times": 9,
                "data": ["user.financial.bank_account"],
                "operator_region": "CN-31",
                "subject_region": "CN-31",
            },
        ),
    ],
)
def test_each_rule_opens_an_item_at_its_threshold_and_not_below(own, rules, around, rule, enough, few):
    look(own, NOON, **few)
    assert watch(own, only(rules, rule), around, NOON) == 0
    look(own, NOON, by="S-2", **enough)
    assert watch(own, only(rules, rule), around, NOON) == 1
    assert items(own)[0].rule == rule


def test_looks_at_oneself_at_relatives_and_at_colleagues_are_found(either, rules, around):
    first = hire(either, "S-1", Role.AGENT, email="mine@example.com")
    hire(either, "S-2", Role.AGENT, email="colleague@example.com")
    with either.transaction() as session:
        declare(session, session.merge(first), "email", "sister@example.com", Relation.RELATIVE)
        people = {
            name: find_or_create_person(session, "email", f"{name}@example.com", NOON).id
            for name in ("mine", "sister", "colleague", "stranger")
        }
    for name in people:
        look(either, NOON, by="S-1", subject=people[name], case="C-1")
    assert watch(either, only(rules, "own-or-close", "colleague-without-case"), around, NOON) == 2
    assert {one.group_key for one in items(either)} == {f"S-1|{people[name].hex}" for name in ("mine", "sister")}
    look(either, NOON, by="S-1", subject=people["colleague"], case=None)
    look(either, NOON, by="S-1", subject=people["stranger"], case=None)
    assert watch(either, only(rules, "own-or-close", "colleague-without-case"), around, NOON) == 1


def test_a_colleague_who_never_came_here_as_a_customer_is_known_by_the_contact_that_another_system_named(
    own, rules, around
):
    hire(own, "S-2", Role.AGENT, email="colleague@example.com")
    entry = {
        "id": "e-1", "at": NOON.isoformat(), "operator": {"number": "A-1"}, "purpose": "customer.service",
        "subject": {"kind": "email", "value": "colleague@example.com"}, "data": ["user.name"],
    }  # fmt: skip
    with own.transaction() as session:
        take_batch(session, "crm", read_batch({"entries": [entry]}, 36, NOON), NOON)
    assert watch(own, only(rules, "colleague-without-case"), around, NOON) == 1


def ask_codes(database, at, numbers, address):
    for number in numbers:
        try:
            with database.transaction() as session:
                start_sign_in(
                    session, typed=f"138001{number:05}", browser_token="b", address=address, language="zh-CN", at=at
                )
        except TooOften:
            continue


def test_a_sweep_over_phone_numbers_from_one_address_is_found_once(either, rules, around):
    ask_codes(either, NOON, range(9), "203.0.113.7")
    ask_codes(either, NOON, range(20, 29), "203.0.113.8")
    assert watch(either, only(rules, "outside-sweep"), around, NOON) == 0
    ask_codes(either, NOON + MINUTE, range(40, 43), "203.0.113.7")
    assert watch(either, only(rules, "outside-sweep"), around, NOON + MINUTE) == 1
    assert watch(either, only(rules, "outside-sweep"), around, NOON + 2 * MINUTE) == 0
    (item,) = items(either)
    assert item.counted == 12 and item.severity == "high" and "203.0" not in item.group_key
    ask_codes(either, NOON + 3 * MINUTE, range(50, 53), "203.0.113.7")
    assert watch(either, only(rules, "outside-sweep"), around, NOON + 3 * MINUTE) == 0
    assert items(either)[0].counted == 15


def test_security_officers_are_told_once_an_hour_without_any_detail(own, rules, around):
    hire(own, "S-9", Role.SECURITY_OFFICER)
    hire(own, "S-8", Role.REVIEWER)
    look(own, NIGHT, 20)
    look(own, NIGHT, 20, by="S-2")
    watch(own, only(rules, "out-of-hours"), around, NOON)
    with own.reading() as session:
        assert session.scalars(sa.select(OutboxMessage.template)).all() == ["anomaly_waiting"]


def test_an_item_is_settled_once_with_outcome_and_reason_and_does_not_come_back(either, rules, around):
    officer = hire(either, "S-9")
    look(either, NIGHT, 20)
    watch(either, only(rules, "out-of-hours"), around, NOON)
    (item,) = items(either)
    for outcome, reason in ((None, "x"), (Settled.EXPLAINED, " ")):
        with either.transaction() as session, pytest.raises(Refusal) as refused:
            settle(session, item, by=officer, outcome=outcome, reason=reason, at=NOON)
        assert refused.value.status == 422
    with either.transaction() as session:
        settle(session, item, by=officer, outcome=Settled.EXPLAINED, reason="盘点，已核对排班", at=NOON)
    with either.transaction() as session, pytest.raises(OutOfDate):
        settle(session, item, by=officer, outcome=Settled.MISUSE, reason="x", at=NOON)
    (done,) = items(either, settled=True)
    with either.reading() as session:
        assert (done.outcome, done.settled_by, reason_of(session, done)) == ("explained", "S-9", "盘点，已核对排班")
        assert count_items(session, NOON).open == 0 and being_checked(session, [1]) == set()
        assert "anomaly.settled" in {one.act for one in newest_entries(session)}
    look(either, NIGHT + 25 * MINUTE, 3)
    assert watch(either, only(rules, "out-of-hours"), around, NOON) == 0
    look(either, NIGHT + 30 * MINUTE, 20)
    assert watch(either, only(rules, "out-of-hours"), around, NOON) == 1


def test_whoever_is_concerned_cannot_settle_it(own, rules, around):
    officer = hire(own, "S-9", email="officer@example.com")
    other = hire(own, "S-8")
    with own.transaction() as session:
        mine = find_or_create_person(session, "email", "officer@example.com", NOON).id
    look(own, NIGHT, 20, by="S-9")
    look(own, NIGHT, 20, by="S-2", subject=mine)
    watch(own, only(rules, "out-of-hours"), around, NOON)
    for item in items(own):
        with own.transaction() as session, pytest.raises(Refusal) as refused:
            settle(session, item, by=officer, outcome=Settled.EXPLAINED, reason="x", at=NOON)
        assert refused.value.status == 403
        with own.transaction() as session:
            settle(session, item, by=other, outcome=Settled.MISUSE, reason="核实", at=NOON)


@pytest.mark.parametrize(
    ("declared", "named"), [("email", "email"), ("email", "phone_number"), ("phone_number", "email")]
)
def test_whoever_is_close_to_somebody_who_was_new_here_cannot_settle_it(own, rules, around, declared, named):
    """What is on record of somebody new bears an index of their contact, and no person, even once they have come."""
    contacts = {"email": "sister@example.com", "phone_number": "13800138000"}
    officer, other = hire(own, "S-9"), hire(own, "S-8")
    with own.transaction() as session:
        declare(session, session.merge(officer), declared, contacts[declared], Relation.RELATIVE)
        declare(session, session.merge(other), "email", "stranger@example.com", Relation.RELATIVE)
        if declared != named:
            person = find_or_create_person(session, "email", contacts["email"], NOON)
            add_identity(session, person, "phone_number", contacts["phone_number"], method="code", at=NOON)
        index = identity_index(session, named, contacts[named]).hex()
        for number in range(10):
            record_look(
                session, actor=Actor("staff", "S-2", "agent"), subject=None, data=["user.contact"], purpose="complaint",
                case=None, act="data.search", more={"subject_index": index, "ticket": f"T-{number}", "found": False},
                at=NOON,
            )  # fmt: skip
    watch(own, only(rules, "searches-for-nobody"), around, NOON)
    (item,) = items(own)
    with own.transaction() as session, pytest.raises(Refusal) as refused:
        settle(session, item, by=officer, outcome=Settled.EXPLAINED, reason="x", at=NOON)
    assert refused.value.status == 403
    with own.transaction() as session:
        settle(session, item, by=other, outcome=Settled.MISUSE, reason="核实", at=NOON)


def test_an_item_that_nobody_settles_is_overdue(own, rules, around):
    look(own, NIGHT, 20)
    watch(own, only(rules, "out-of-hours"), around, NOON)
    with own.reading() as session:
        assert count_items(session, NOON + timedelta(days=2)).overdue == 0
        assert count_items(session, NOON + timedelta(days=4)).overdue == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(Anomaly)) == 1
