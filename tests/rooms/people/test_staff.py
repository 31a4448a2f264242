import threading
from datetime import timedelta

import pyotp
import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_text
from privacy_center.people import hashing
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.passwords import check_password, is_locked, staff_refusal
from privacy_center.people.staff.roster import all_staff, create_staff, find_staff, is_same_person
from privacy_center.people.staff.second_factor import (
    SECRET,
    check_totp,
    new_recovery_codes,
    start_totp,
    totp_address,
    use_recovery_code,
)
from tests.conftest import REAL_HASHING

PASSWORD = "一句只有我自己知道的话 2026"
SECOND = timedelta(seconds=1)


def hire(session, at, number="S-0001", **more):
    told = {
        "name": "王敏",
        "email": "wang@company.example",
        "password": PASSWORD,
        "roles": [Role.REVIEWER],
        "own_identities": {"phone_number": ["13800138000"]},
    }
    return create_staff(session, number=number, at=at, **(told | more))


def app_code(session, staff, at):
    return pyotp.TOTP(open_text(session, staff.totp_secret_sealed, SECRET)).at(at)


def test_staff_are_known_by_number_and_password(either, at):
    with either.transaction() as session:
        hire(session, at)
        assert check_password(session, " S-0001 ", PASSWORD, at).name == "王敏"
        assert check_password(session, "S-0001", PASSWORD + "x", at) is None
        assert check_password(session, "S-9999", PASSWORD, at) is None
        assert check_password(session, "S-0001", "", at) is None
        assert [one.number for one in all_staff(session)] == ["S-0001"]


def test_former_staff_get_in_no_more(own, at):
    with own.transaction() as session:
        staff = hire(session, at)
        staff.active = False
        assert check_password(session, "S-0001", PASSWORD, at) is None
        assert not staff.has(Role.REVIEWER)


def test_passwords_are_hashed_as_rfc_9106_asks():
    assert REAL_HASHING == RFC_9106_LOW_MEMORY


def test_unknown_numbers_cost_the_same_work(own, at, monkeypatch):
    verified = []

    class Watched(PasswordHasher):
        def verify(self, kept, given):
            verified.append(kept[:10])
            return super().verify(kept, given)

    monkeypatch.setattr(hashing, "HASHER", Watched())
    with own.transaction() as session:
        hire(session, at)
        check_password(session, "S-0001", "wrong", at)
        check_password(session, "S-9999", "wrong", at)
    assert verified == ["$argon2id$", "$argon2id$"]


def test_wrong_passwords_close_the_door_for_longer_and_longer(either, at):
    with either.transaction() as session:
        hire(session, at)
    for _ in range(5):
        with either.transaction() as session:
            assert check_password(session, "S-0001", "wrong", at) is None
    with either.transaction() as session:
        assert check_password(session, "S-0001", PASSWORD, at + 29 * SECOND) is None
        assert check_password(session, "S-0001", PASSWORD, at + 30 * SECOND)
        assert check_password(session, "S-0001", "wrong", at + 30 * SECOND) is None
        assert check_password(session, "S-0001", PASSWORD, at + 89 * SECOND) is None
        assert check_password(session, "S-0001", PASSWORD, at + 90 * SECOND)
        staff = find_staff(session, "S-0001")
        for _ in range(40):
            staff.locked_until = None
            check_password(session, "S-0001", "wrong", at)
        assert staff.locked_until == at + timedelta(hours=1)


def test_a_short_password_and_a_taken_number_are_refused(own, at):
    with own.transaction() as session:
        hire(session, at)
        with pytest.raises(Refusal, match="12 to 200"):
            hire(session, at, number="S-0002", password="short")
        with pytest.raises(Refusal, match="taken"):
            hire(session, at)


def test_an_app_code_works_once_and_within_half_a_minute_of_now(own, at):
    with own.transaction() as session:
        staff = hire(session, at)
        assert not check_totp(session, staff, "123456", at)
        assert start_totp(session, staff, "隐私中心").startswith("otpauth://totp/")
        assert totp_address(session, staff, "隐私中心")
        code = app_code(session, staff, at)
        assert not check_totp(session, staff, app_code(session, staff, at - timedelta(minutes=2)), at)
        assert check_totp(session, staff, f"{code[:3]} {code[3:]}", at)
        assert not check_totp(session, staff, code, at + SECOND)
        assert not check_totp(session, staff, app_code(session, staff, at - 30 * SECOND), at + SECOND)
        assert check_totp(session, staff, app_code(session, staff, at + 30 * SECOND), at + 2 * SECOND)
        assert totp_address(session, staff, "隐私中心") is None
        assert staff.failures == 0


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "1" * 500])
def test_odd_app_codes_are_simply_wrong(own, at, code):
    with own.transaction() as session:
        staff = hire(session, at)
        start_totp(session, staff, "x")
        assert not check_totp(session, staff, code, at)
        assert staff.failures == 1


def test_wrong_app_codes_close_the_same_door(own, at):
    with own.transaction() as session:
        staff = hire(session, at)
        start_totp(session, staff, "x")
        for _ in range(5):
            check_totp(session, staff, "000000", at)
        assert is_locked(staff, at)
        assert not check_totp(session, staff, app_code(session, staff, at), at)
        assert check_password(session, "S-0001", PASSWORD, at) is None
        assert staff_refusal().status == 422


@pytest.mark.parametrize("proof", ["password", "app code", "recovery code"])
def test_many_tries_at_once_are_still_five(either, at, proof):
    with either.transaction() as session:
        start_totp(session, hire(session, at), "x")
    looked = {
        "password": lambda session, staff: check_password(session, staff.number, "wrong", at),
        "app code": lambda session, staff: check_totp(session, staff, "000000", at),
        "recovery code": lambda session, staff: use_recovery_code(session, staff, "AAAA-AAAA-AAAA", at),
    }[proof]
    ready = threading.Barrier(12)

    def guess():
        with either.reading() as session:
            staff = find_staff(session, "S-0001")
        ready.wait()
        with either.transaction() as session:
            looked(session, session.get(type(staff), staff.id))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with either.reading() as session:
        assert find_staff(session, "S-0001").failures == 5


def test_a_recovery_code_works_once_for_its_owner(own, at):
    with own.transaction() as session:
        staff, other = hire(session, at), hire(session, at, number="S-0002", email="li@company.example")
        codes = new_recovery_codes(session, staff)
        assert len(set(codes)) == 10
        assert not use_recovery_code(session, other, codes[0], at)
        assert use_recovery_code(session, staff, codes[0].lower(), at)
        assert not use_recovery_code(session, staff, codes[0], at)
        new_recovery_codes(session, staff)
        assert not use_recovery_code(session, staff, codes[1], at)


def test_a_conflict_of_interest_is_seen_without_reading_anything(own, at):
    with own.transaction() as session:
        staff = hire(session, at)
        assert is_same_person(session, staff, {"phone_number": ["+86 138 0013 8000"]})
        assert is_same_person(session, staff, {"email": ["WANG@company.example"]})
        assert not is_same_person(session, staff, {"email": ["zhang@example.com"], "phone_number": []})
