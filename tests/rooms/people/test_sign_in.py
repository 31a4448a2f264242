import threading
import uuid
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_json
from privacy_center.outbox.models import MessageKind, OutboxMessage
from privacy_center.outbox.queue import CONTEXT
from privacy_center.people.contact import Contact, mask_contact, read_contact
from privacy_center.people.identity import add_identity, find_or_create_person, find_person, identities_of
from privacy_center.people.models import Person, SignInCode
from privacy_center.people.rate import Slowed
from privacy_center.people.sign_in import (
    code_refusal,
    finish_proof,
    finish_sign_in,
    forget_codes,
    send_again,
    start_sign_in,
)

MINUTE = timedelta(minutes=1)


def start(session, at, typed="zhang@example.com", browser="browser-1", address="192.0.2.1", **more):
    return start_sign_in(
        session, typed=typed, browser_token=browser, address=address, language="zh-CN", at=at, **more
    )  # fmt: skip


def code_of(session, attempt):
    message = session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.dedupe_key == f"sign-in-code:{attempt.id}")
    ).one()
    return open_json(session, message.context_sealed, CONTEXT)["code"]


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ("  Zhang@Example.COM ", Contact("email", "zhang@example.com")),
        ("138 0013 8000", Contact("phone_number", "13800138000")),
        ("+86-138-0013-8000", Contact("phone_number", "13800138000")),
        ("１３８００１３８０００", Contact("phone_number", "13800138000")),
        ("010-8888 6666", Contact("phone_number", "01088886666")),
        ("+1 415 555 2671", Contact("phone_number", "+14155552671")),
    ],
)
def test_a_contact_is_understood_however_it_is_typed(typed, contact):
    assert read_contact(typed) == contact


@pytest.mark.parametrize(
    "typed", ["", "张三", "138", "a@b", "a@b@c.com", "x@y.com, z@y.com", "@", "1" * 5000, "<a@b.cn>"]
)
def test_what_is_no_contact_is_refused_in_words(typed):
    with pytest.raises(Refusal, match="full phone number") as refused:
        read_contact(typed)
    assert (refused.value.status, refused.value.field) == (422, "contact")


def test_contacts_are_masked_for_display():
    assert mask_contact(Contact("email", "zhang@example.com")) == "z***@example.com"
    assert mask_contact(Contact("phone_number", "13800138000")) == "138****8000"


def test_the_right_code_signs_a_person_in_and_the_next_time_it_is_the_same_person(either, at):
    with either.transaction() as session:
        attempt = start(session, at)
        person = finish_sign_in(session, attempt.id, code_of(session, attempt), "browser-1", at + MINUTE)
        assert identities_of(session, person.id) == {"email": ["zhang@example.com"]}
    with either.transaction() as session:
        later = at + 2 * MINUTE
        attempt = start(session, later, typed="ZHANG@example.com")
        again = finish_sign_in(session, attempt.id, f" {code_of(session, attempt)} ", "browser-1", later)
        assert again.id == person.id


def test_a_phone_number_is_one_identity_however_it_is_written(own, at):
    with own.transaction() as session:
        first = find_or_create_person(session, "phone_number", "+86 138 0013 8000", at)
        assert find_person(session, "phone_number", "13800138000").id == first.id


def test_a_code_works_once_in_its_browser_for_its_action_and_ten_minutes(own, at):
    with own.transaction() as session:
        attempt = start(session, at)
        code = code_of(session, attempt)
        assert finish_proof(session, attempt.id, code, "browser-2", "sign_in", at) is None
        assert finish_proof(session, attempt.id, code, "browser-1", "delete", at) is None
        assert finish_proof(session, uuid.uuid4(), code, "browser-1", "sign_in", at) is None
        assert finish_proof(session, attempt.id, code, "browser-1", "sign_in", at + 10 * MINUTE) is None
        assert finish_proof(session, attempt.id, code, "browser-1", "sign_in", at + 9 * MINUTE) is not None
        assert finish_proof(session, attempt.id, code, "browser-1", "sign_in", at + 9 * MINUTE) is None


def test_five_wrong_tries_end_a_code(either, at):
    with either.transaction() as session:
        attempt = start(session, at)
        code = code_of(session, attempt)
    for _ in range(5):
        with either.transaction() as session:
            assert finish_sign_in(session, attempt.id, other_than(code), "browser-1", at) is None
    with either.transaction() as session:
        assert finish_sign_in(session, attempt.id, code, "browser-1", at + MINUTE) is None


def test_wrong_codes_slow_a_contact_down_whatever_the_code_and_the_browser(either, at):
    start_of_hour = at.replace(minute=0)
    with either.transaction() as session:
        first = start(session, start_of_hour)
        for _ in range(3):
            finish_sign_in(session, first.id, other_than(code_of(session, first)), "browser-1", start_of_hour)
    now = start_of_hour + MINUTE
    with either.transaction() as session:
        second = start(session, now, browser="browser-2", address="192.0.2.7")
        right = code_of(session, second)
        for _ in range(2):
            assert finish_sign_in(session, second.id, other_than(right), "browser-2", now) is None
    for seconds in (0, 29):
        with pytest.raises(Slowed, match="1 min") as refused, either.transaction() as session:
            finish_sign_in(session, second.id, right, "browser-2", now + timedelta(seconds=seconds))
        assert refused.value.status == 429
    with either.transaction() as session:
        assert finish_sign_in(session, second.id, other_than(right), "browser-2", now + timedelta(seconds=30)) is None
    with pytest.raises(Slowed), either.transaction() as session:
        finish_sign_in(session, second.id, right, "browser-2", now + timedelta(seconds=89))
    with either.transaction() as session:
        assert finish_sign_in(session, second.id, right, "browser-2", now + timedelta(seconds=90))
    with either.transaction() as session:
        third = start(session, now + 10 * MINUTE)
        assert finish_sign_in(session, third.id, other_than(code_of(session, third)), "browser-1", now) is None
        assert finish_sign_in(session, third.id, code_of(session, third), "browser-1", now + 10 * MINUTE)


def test_a_code_is_bound_to_the_request_that_it_was_asked_for(own, at):
    with own.transaction() as session:
        attempt = start(session, at, action="delete", reference="AAAA-1")
        code = code_of(session, attempt)
        for reference in ("", "AAAA-2"):
            wrong = finish_proof(session, attempt.id, code, "browser-1", "delete", at, reference=reference)
            assert wrong is None
        assert finish_proof(session, attempt.id, code, "browser-1", "delete", at, reference="AAAA-1")


def test_a_code_is_sent_again_after_a_minute_to_the_same_contact_and_from_its_browser_alone(own, at):
    with own.transaction() as session:
        first = start(session, at, typed="138 0013 8000")
    with pytest.raises(Refusal, match="Too many"), own.transaction() as session:
        send_again(session, first.id, browser_token="browser-1", address="192.0.2.1", at=at + timedelta(seconds=59))
    with pytest.raises(Refusal, match="not right"), own.transaction() as session:
        send_again(session, first.id, browser_token="browser-2", address="192.0.2.1", at=at + MINUTE)
    with own.transaction() as session:
        again = send_again(
            session, first.id, browser_token="browser-1", address="192.0.2.1", at=at + MINUTE, by_call=True
        )
        sent = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
        assert [one.kind for one in sent] == [MessageKind.SMS, MessageKind.VOICE]
        assert again.contact == first.contact
        assert finish_proof(session, first.id, code_of(session, first), "browser-1", "sign_in", at + MINUTE) is None
        assert finish_proof(session, again.id, code_of(session, again), "browser-1", "sign_in", at + MINUTE)


def test_many_tries_at_once_are_still_five(own_postgres, at):
    database = own_postgres
    with database.transaction() as session:
        attempt = start(session, at)
        wrong = other_than(code_of(session, attempt))

    def guess():
        with suppress(Slowed), database.transaction() as session:
            finish_sign_in(session, attempt.id, wrong, "browser-1", at)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with database.reading() as session:
        assert session.get_one(SignInCode, attempt.id).tries == 5
    database.close()


def test_one_code_lets_one_of_two_racing_browsers_in(own_postgres, at):
    database = own_postgres
    with database.transaction() as session:
        attempt = start(session, at)
        code = code_of(session, attempt)
    came = []

    def enter():
        with database.transaction() as session:
            came.append(finish_proof(session, attempt.id, code, "browser-1", "sign_in", at))

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one is not None for one in came) == 1
    database.close()


def test_a_new_code_ends_the_older_one_of_the_same_browser_only(own, at):
    with own.transaction() as session:
        mine = start(session, at)
        elsewhere = start(session, at + MINUTE, browser="browser-2")
        newer = start(session, at + 2 * MINUTE)
        later = at + 3 * MINUTE
        assert finish_proof(session, mine.id, code_of(session, mine), "browser-1", "sign_in", later) is None
        assert finish_proof(session, elsewhere.id, code_of(session, elsewhere), "browser-2", "sign_in", later)
        assert finish_proof(session, newer.id, code_of(session, newer), "browser-1", "sign_in", later)


def test_known_and_unknown_contacts_cost_the_same_statements_and_leave_the_same_traces(own, at):
    with own.transaction() as session:
        find_or_create_person(session, "email", "known@example.com", at)
    said, traces = [], []
    sa.event.listen(own.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    for contact in ("known@example.com", "other@example.com"):
        said.clear()
        with own.transaction() as session:
            attempt = start(session, at, typed=contact, browser=contact)
        statements = list(said)
        with own.reading() as session:
            key = f"sign-in-code:{attempt.id}"
            left = session.scalars(sa.select(OutboxMessage).where(OutboxMessage.dedupe_key == key)).one()
            traces.append((statements, left.template, left.state, left.identity_kind, len(left.context_sealed)))
    assert traces[0] == traces[1]
    with own.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_the_stored_row_gives_neither_code_nor_contact_away(own, at, tmp_path):
    with own.transaction() as session:
        start(session, at)
        row = session.scalars(sa.select(SignInCode)).one()
        assert len(row.code_hash) == 64
    own.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))
    assert b"zhang@example.com" not in stored
    assert b"192.0.2.1" not in stored
    assert b"browser-1" not in stored


def test_codes_are_limited_per_contact_by_minute_hour_and_day(either, at):
    start_of_day = at.replace(hour=0, minute=0)
    with either.transaction() as session:
        start(session, start_of_day)
    with pytest.raises(Refusal, match="Too many") as refused, either.transaction() as session:
        start(session, start_of_day + timedelta(seconds=59), address="192.0.2.9")
    assert refused.value.status == 429
    came = 0
    for minute in range(1, 24 * 60):
        try:
            with either.transaction() as session:
                start(session, start_of_day + minute * MINUTE, address=f"192.0.2.{minute}")
            came += 1
            assert came < 5 or minute >= 60
        except Refusal:
            continue
        if came == 14:
            break
    assert came == 14
    with pytest.raises(Refusal), either.transaction() as session:
        start(session, start_of_day + timedelta(hours=20), address="192.0.2.99")
    with either.transaction() as session:
        start(session, start_of_day + timedelta(hours=24), address="192.0.2.99")


def test_codes_are_limited_per_address_whoever_they_are_for(own, at):
    at = at.replace(minute=0)
    for number in range(20):
        with own.transaction() as session:
            start(session, at, typed=f"someone{number}@example.com")
    with pytest.raises(Refusal) as unknown, own.transaction() as session:
        start(session, at, typed="nobody@example.com")
    with own.transaction() as session:
        find_or_create_person(session, "email", "known@example.com", at)
    with pytest.raises(Refusal) as known, own.transaction() as session:
        start(session, at, typed="known@example.com")
    assert known.value.words == unknown.value.words
    with own.transaction() as session:
        start(session, at, typed="nobody@example.com", address="192.0.2.2")


def test_two_who_sign_in_first_at_once_are_one_person(own_postgres, at):
    database = own_postgres
    met, barrier = [], threading.Barrier(4)

    def come():
        with database.transaction() as session:
            find_person(session, "email", "zhang@example.com")
            barrier.wait()
            met.append(find_or_create_person(session, "email", "zhang@example.com", at).id)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(met) == 4
    assert len(set(met)) == 1
    database.close()


def test_an_identity_of_somebody_else_is_not_taken_over(own, at):
    with own.transaction() as session:
        zhang = find_or_create_person(session, "email", "zhang@example.com", at)
        li = find_or_create_person(session, "email", "li@example.com", at)
        add_identity(session, zhang, "phone_number", "13800138000", method="code", at=at)
        add_identity(session, zhang, "phone_number", "138 0013 8000", method="code", at=at)
        assert identities_of(session, zhang.id) == {"email": ["zhang@example.com"], "phone_number": ["13800138000"]}
        with pytest.raises(Refusal, match="somebody else"):
            add_identity(session, li, "phone_number", "13800138000", method="code", at=at)


def test_old_codes_and_what_was_typed_are_forgotten(own, at):
    with own.transaction() as session:
        start(session, at)
        assert forget_codes(session, at) == 0
        assert forget_codes(session, at + timedelta(days=1)) == 1


def test_every_failure_of_a_code_is_told_in_the_same_words():
    assert code_refusal().words == code_refusal().words
    assert code_refusal().status == 422
