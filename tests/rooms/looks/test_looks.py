import json
import threading
import uuid
from datetime import date, timedelta

import pytest

from privacy_center.audit.append import Actor
from privacy_center.audit.look import record_look, seen_in
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.queries import newest_entries
from privacy_center.audit.verify import verify_chain
from privacy_center.errors import Refusal
from privacy_center.looks.hidden import agree, all_hidden, hide, lift
from privacy_center.looks.mine import count_looks, look_of, looks_at
from privacy_center.looks.questions import answer, ask, count_open, questions, said_about
from privacy_center.looks.receive import WrongBatch, read_batch, take_batch
from privacy_center.looks.systems import add_system, all_systems, find_system, revoke_system
from privacy_center.outbox.inbox import notices_for
from privacy_center.people.contact import Contact
from privacy_center.people.contact_change import contacts_of, replace_contact, undo_changes
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Person
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import create_staff, find_staff

CLERK = Actor("staff", "S-0007", "agent", "客服一组")
OFFICER = Actor("staff", "S-0103", "privacy_officer")
TODAY = date(2026, 11, 21)
HIDDEN = {"ground": "secrecy", "until": date(2026, 12, 1), "today": TODAY}
PLACE = {"timezone": "Asia/Shanghai", "jurisdiction": "CN"}


def sent(at, number=1, **more):
    return {
        "id": f"crm-{number}",
        "at": (at - timedelta(minutes=number)).isoformat(),
        "operator": {"number": "A-12", "role": "agent", "department": "华东客服"},
        "subject": {"kind": "email", "value": "Lin@Example.com"},
        "data": ["user.contact", "user.financial"],
        "purpose": "after_sales",
        "case": "CASE-77",
        "content": {"order": "QH****77"},
        **more,
    }


def take(database, at, *entries, system="crm"):
    with database.transaction() as session:
        return take_batch(session, system, read_batch({"entries": list(entries)}, 36, at), at)


def someone(database, at, value="lin@example.com"):
    with database.transaction() as session:
        return find_or_create_person(session, "email", value, at).id


def look(database, at, person, case="PC-1"):
    with database.transaction() as session:
        return record_look(
            session, actor=CLERK, subject=person, data=["user.name"], purpose="complaint", case=case, at=at
        ).seq


def mine(database, person, at, today=TODAY, **more):
    with database.reading() as session:
        wide = {"since": at - timedelta(days=365), "until": at + timedelta(days=1)}
        return looks_at(session, person, today=today, **wide | more)


def test_a_batch_is_written_once_however_often_it_comes(either, at):
    person = someone(either, at)
    batch = [sent(at, 1), sent(at, 2)]
    first, again = take(either, at, *batch), take(either, at, *batch, sent(at, 3))
    assert (first.written, first.known) == (["crm-1", "crm-2"], [])
    assert (again.written, again.known) == (["crm-3"], ["crm-1", "crm-2"])
    assert take(either, at, sent(at, 1), system="erp").written == ["crm-1"]
    assert len(mine(either, person, at)) == 4
    with either.reading() as session:
        assert verify_chain(session).ok


def test_the_same_batch_from_two_sides_at_once_is_written_once(either, at):
    batch = [sent(at, number) for number in range(1, 20)]
    workers = [threading.Thread(target=take, args=(either, at, *batch)) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    with either.reading() as session:
        assert verify_chain(session).entries == 19


def test_the_value_that_named_the_person_is_kept_nowhere_in_plain(own, at, tmp_path):
    take(own, at, sent(at))
    own.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))
    assert b"xample.com" not in stored.lower() and b"QH****77" not in stored and b"CASE-77" in stored


def test_a_look_at_somebody_unknown_becomes_theirs_who_proves_the_contact_in_time(either, at):
    take(either, at, sent(at))
    later = someone(either, at + timedelta(days=80))
    (found,) = mine(either, later, at)
    assert (found.act, found.department, found.role, found.system) == ("data.look", "华东客服", "agent", "crm")
    assert found.data == ("user.contact", "user.financial") and found.case == "CASE-77"


def test_whoever_gets_a_number_long_after_does_not_see_who_looked_at_its_last_owner(either, at):
    take(either, at, sent(at))
    next_owner = someone(either, at + timedelta(days=200))
    assert mine(either, next_owner, at) == []


def give_up(database, at, person, new="lin@new.example.com"):
    with database.transaction() as session:
        (old,) = contacts_of(session, person)
        replace_contact(session, session.get_one(Person, person), old, Contact("email", new), at)


def test_looks_at_who_gave_a_contact_up_are_not_told_to_whoever_gets_it_soon_after(either, at):
    day = timedelta(days=1)
    take(either, at, sent(at, 1))
    first = someone(either, at)
    give_up(either, at + 5 * day, first)
    take(either, at + 8 * day, sent(at + 7 * day, 2))
    second = someone(either, at + 20 * day)
    take(either, at + 30 * day, sent(at, 4), sent(at + 19 * day, 5), sent(at + 21 * day, 6))
    told = {one: [look.case for look in mine(either, one, at, until=at + 90 * day)] for one in (first, second)}
    assert told == {first: ["CASE-77"] * 2, second: ["CASE-77"]}
    assert [one.seq for one in mine(either, first, at, until=at + 90 * day)] == [3, 1]
    assert [one.seq for one in mine(either, second, at, until=at + 90 * day)] == [5]
    with either.reading() as session:
        lately = {"since": at - 365 * day, "today": TODAY}
        assert [count_looks(session, one, **lately) for one in (first, second)] == [2, 1]
        with pytest.raises(Refusal, match="no such entry"):
            look_of(session, second, 1, TODAY)


def test_a_contact_that_came_back_brings_its_looks_back(either, at):
    take(either, at, sent(at, 1))
    first = someone(either, at)
    give_up(either, at + timedelta(days=1), first)
    with either.transaction() as session:
        undo_changes(session, first, at + timedelta(days=2))
    assert len(mine(either, first, at)) == 1


def test_a_look_that_is_told_late_is_not_that_of_who_proved_the_contact_long_after_it(either, at):
    person = someone(either, at)
    take(either, at, sent(at - timedelta(days=91), 1))
    assert mine(either, person, at) == []
    take(either, at, sent(at - timedelta(days=89), 2))
    assert len(mine(either, person, at)) == 1


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("at", {"at": "2026-11-21 10:00"}),
        ("at", {"at": "2030-01-01T00:00:00+00:00"}),
        ("at", {"at": 5}),
        ("id", {"id": "a b"}),
        ("operator", {"operator": "A-12"}),
        ("operator.number", {"operator": {"role": "agent"}}),
        ("data", {"data": []}),
        ("data", {"data": ["13800010001"]}),
        ("purpose", {"purpose": "看看 张三"}),
        ("act", {"act": "delete"}),
        ("subject", {"subject": {"kind": "email"}}),
        ("content", {"content": {"x": "y" * 5_000}}),
        ("content", {"content": {"mail": "to Lin@Example.com"}}),
        ("content", {"content": {"mail": "to lin@example.com"}}),
        ("content", {"content": {"Lin@Example.com": "mail"}}),
        ("content", {"content": {"tel": "138-0001 0001"}, "subject": {"kind": "phone_number", "value": "13800010001"}}),
        (
            "content",
            {"content": {"tel": "13800010001"}, "subject": {"kind": "phone_number", "value": "+86 13800010001"}},
        ),
        ("content", {"subject": None}),
        ("at", {"at": "0001-01-01T00:00:00+14:00"}),
        ("at", {"at": "9999-12-31T23:59:59-12:00"}),
        ("records", {"records": -1}),
        ("name", {"name": "林晓霞"}),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_of_the_batch_is_kept(own, at, field, more):
    with pytest.raises(WrongBatch) as refused:
        take(own, at, sent(at, 1), sent(at, 2) | more)
    (fault,) = refused.value.faults
    assert (fault.place, fault.field) == (1, field) and fault.words.zh and fault.words.en
    with own.reading() as session:
        assert newest_entries(session) == []


@pytest.mark.parametrize(
    "told", [None, [], {"entries": []}, {"entries": {}}, {"entries": [1], "x": 1}, {"entries": [0] * 501}]
)
def test_a_batch_of_another_shape_is_refused(at, told):
    with pytest.raises(Refusal):
        read_batch(told, 36, at)


def test_a_token_works_until_it_is_revoked_and_stands_nowhere(own, at, tmp_path):
    with own.transaction() as session:
        token = add_system(session, "order-desk", actor=OFFICER, at=at)
        with pytest.raises(Refusal):
            add_system(session, "Order Desk", actor=OFFICER, at=at)
    with own.transaction() as session:
        assert find_system(session, token, at).name == "order-desk"
        assert len(all_systems(session)) == 1
        assert revoke_system(session, "order-desk", actor=OFFICER, at=at) == 1
    with own.transaction() as session, pytest.raises(Refusal) as refused:
        find_system(session, token, at)
    assert refused.value.status == 401
    own.close()
    assert token.encode() not in b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))


def test_only_ones_own_looks_by_staff_are_shown_newest_first(either, at):
    person, other = someone(either, at), someone(either, at, "wang@example.com")
    first, second = look(either, at, person), look(either, at + timedelta(hours=1), person)
    look(either, at, other)
    with either.transaction() as session:
        record_look(
            session, actor=Actor("system", "sweep"), subject=person, data=[], purpose="operations", case=None, at=at
        )
    assert [one.seq for one in mine(either, person, at)] == [second, first]
    assert [one.seq for one in mine(either, person, at, until=at + timedelta(minutes=1))] == [first]
    with either.reading() as session:
        assert count_looks(session, person, since=at - timedelta(days=30), today=TODAY) == 2
        with pytest.raises(Refusal) as refused:
            look_of(session, other, first, TODAY)
    assert refused.value.status == 404


def test_an_open_investigation_is_hidden_by_case_until_it_is_lifted(either, at):
    person = someone(either, at)
    look(either, at, person, "INV-9")
    seen = look(either, at, person)
    with either.transaction() as session:
        row = hide(session, case="INV-9", reason="警方调查", actor=OFFICER, at=at, **HIDDEN)
        session.flush()
        number = row.id
    assert len(mine(either, person, at)) == 2, "nothing is hidden before a second person has agreed"
    with either.transaction() as session:
        agree(session, number, by=second(session, at), at=at, today=TODAY)
    with either.transaction() as session, pytest.raises(Refusal):
        agree(session, number, by=find_staff(session, "S-0107"), at=at, today=TODAY)
    look(either, at, person, "INV-9")
    assert [one.seq for one in mine(either, person, at)] == [seen]
    with either.reading() as session:
        assert count_looks(session, person, since=at - timedelta(days=30), today=TODAY) == 1
        (shown,) = all_hidden(session, TODAY)
        assert (shown.reason, shown.ended) == ("警方调查", False)
    with either.transaction() as session:
        lift(session, row.id, actor=OFFICER, at=at)
    assert len(mine(either, person, at)) == 3
    with either.transaction() as session, pytest.raises(Refusal):
        lift(session, row.id, actor=OFFICER, at=at)


def second(session, at):
    """A security officer."""
    told = {"number": "S-0107", "name": "周岩", "email": "z@example.com", "password": "一句只有我自己知道的话 2026"}
    return create_staff(session, **told, roles=[Role.SECURITY_OFFICER], at=at)


def test_one_entry_is_hidden_until_its_day(either, at):
    person = someone(either, at)
    seq = look(either, at, person)
    with either.transaction() as session:
        row = hide(session, seq=seq, reason="调查", actor=OFFICER, at=at, **HIDDEN)
        session.flush()
        agree(session, row.id, by=second(session, at), at=at, today=TODAY)
    assert mine(either, person, at, today=date(2026, 12, 1)) == []
    assert len(mine(either, person, at, today=date(2026, 12, 2))) == 1


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("reason", {"reason": " "}), ("until", {"until": TODAY}), ("what", {"case": None}), ("what", {"case": "a b"}),
        ("until", {"until": None}), ("until", {"until": TODAY + timedelta(days=91)}), ("ground", {"ground": "because"}),
    ],
)  # fmt: skip
def test_hiding_asks_for_a_reason_a_later_day_and_something_to_hide(own, at, field, more):
    with own.transaction() as session, pytest.raises(Refusal) as refused:
        hide(session, **{"case": "INV-9", "reason": "x", "actor": OFFICER, "at": at} | HIDDEN | more)
    assert refused.value.field == field


def test_a_question_is_answered_in_the_inbox_and_opens_again_when_the_customer_writes_on(either, at):
    person = someone(either, at)
    seq = look(either, at, person)
    with either.transaction() as session:
        asked = ask(session, person, seq, "为什么看我的信息？", at=at, **PLACE)
    assert asked.due_on == date(2026, 12, 11)  # 15 working days after Saturday 21 November
    with either.transaction() as session:
        (waiting,) = questions(session, open_only=True)
        assert count_open(session) == 1 and count_open(session, due_before=date(2026, 12, 12)) == 1
        answer(session, waiting, "核对投诉时查看。", actor=OFFICER, at=at)
    with either.reading() as session:
        assert count_open(session) == 0 and len(questions(session, open_only=False)) == 1
        assert [(one.author, one.text) for one in said_about(session, asked.id)] == [
            ("", "为什么看我的信息？"), ("S-0103", "核对投诉时查看。"),
        ]  # fmt: skip
        assert "答复" in notices_for(session, person)[0].body.zh
        acts = {one.act for one in newest_entries(session)}
        assert {"question.asked", "question.answered"} <= acts
    with either.transaction() as session:
        again = ask(session, person, seq, "还有一个问题", at=at, **PLACE)
        assert again.id == asked.id and count_open(session) == 1


def test_nobody_asks_about_an_entry_of_somebody_else_or_a_hidden_one(own, at):
    person, other = someone(own, at), someone(own, at, "wang@example.com")
    seq = look(own, at, person)
    with own.transaction() as session, pytest.raises(Refusal) as refused:
        ask(session, other, seq, "谁？", at=at, **PLACE)
    assert refused.value.status == 404


def test_what_is_told_of_a_received_look_is_codes_and_its_content_is_sealed(own, at):
    take(own, at, sent(at, records=40, operator_region="CN-31", subject_region="CN-44"))
    with own.reading() as session:
        entry = session.get(AuditEntry, 1)
        told = json.loads(entry.details)
        assert (told["entry"], told["records"], told["operator_region"]) == ("crm-1", 40, "CN-31")
        assert len(bytes.fromhex(told["subject_index"])) == 32
        assert seen_in(session, entry) == {"order": "QH****77"}
        assert uuid.UUID(int=0) != entry.subject_id
