import uuid
from datetime import timedelta

import pytest

from privacy_center.people.login import (
    end_all_logins,
    end_login,
    find_login,
    forget_logins,
    is_fresh,
    needs_touch,
    open_login,
    refresh_login,
    touch_login,
)
from privacy_center.people.models import Level, LoginKind

MINUTE = timedelta(minutes=1)
OWNER = uuid.uuid4()


def opened(session, at, kind=LoginKind.CUSTOMER):
    return open_login(session, kind=kind, owner=OWNER, at=at)


def test_a_token_opens_its_own_door_only(either, at):
    with either.transaction() as session:
        login, token = opened(session, at)
        assert token not in (login.token_hash, str(login.id))
    with either.reading() as session:
        assert find_login(session, token, LoginKind.CUSTOMER, at).owner_id == OWNER
        assert find_login(session, token, LoginKind.STAFF, at) is None
        assert find_login(session, token + "x", LoginKind.CUSTOMER, at) is None
        assert find_login(session, "", LoginKind.CUSTOMER, at) is None


@pytest.mark.parametrize(("kind", "idle"), [(LoginKind.CUSTOMER, 30), (LoginKind.STAFF, 15)])
def test_a_session_ends_after_idle_minutes_and_after_twelve_hours_at_the_latest(own, at, kind, idle):
    with own.transaction() as session:
        login, token = opened(session, at, kind)
        assert find_login(session, token, kind, at + (idle - 1) * MINUTE)
        assert not find_login(session, token, kind, at + idle * MINUTE)
        for step in range(1, 80):
            touch_login(session, login.id, at + step * 10 * MINUTE)
        session.refresh(login)
        assert find_login(session, token, kind, at + timedelta(hours=11, minutes=59))
        assert not find_login(session, token, kind, at + timedelta(hours=12))


def test_a_sign_of_life_is_written_once_a_minute(own, at):
    with own.transaction() as session:
        login, _ = opened(session, at)
        assert not needs_touch(login, at + timedelta(seconds=59))
        assert needs_touch(login, at + MINUTE)


def test_signing_out_ends_the_token_here_or_everywhere(own, at):
    with own.transaction() as session:
        tokens = [opened(session, at)[1] for _ in range(3)]
        end_login(session, tokens[0], at)
        session.expire_all()
        assert [bool(find_login(session, token, LoginKind.CUSTOMER, at)) for token in tokens] == [False, True, True]
        assert end_all_logins(session, OWNER, at) == 2
        session.expire_all()
        assert not any(find_login(session, token, LoginKind.CUSTOMER, at) for token in tokens)
        assert forget_logins(session, at + timedelta(hours=13)) == 3


def test_a_fresh_proof_lasts_five_minutes_and_the_level_only_rises(own, at):
    with own.transaction() as session:
        login, _ = opened(session, at)
        assert is_fresh(login, at + 4 * MINUTE)
        assert not is_fresh(login, at + 5 * MINUTE)
        refresh_login(session, login.id, at + 20 * MINUTE, Level.V2)
        assert is_fresh(login, at + 24 * MINUTE)
        refresh_login(session, login.id, at + 20 * MINUTE, Level.V1)
        assert login.level is Level.V2
