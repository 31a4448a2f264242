"""Limits: in any window, over several processes and restarts, on both databases."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.db import Database
from privacy_center.people.models import RateCount, SignInCode
from privacy_center.people.rate import (
    Backoff,
    Limit,
    Slowed,
    TooOften,
    count_all,
    count_once,
    counted_address,
    forget_wrong,
    note_wrong,
    refuse_while_slowed,
)
from privacy_center.people.sign_in import start_sign_in

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
ROOT = Path(__file__).parents[3]


@pytest.fixture
def keys(tmp_path_factory, keyring):
    return keyring.folder


def processes(database, keys, what, at, *more, each=()):
    """Four processes at once; how often each got through."""
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.rooms.people.guesser", what, url, str(keys), at.isoformat(), *more]
    started = [
        subprocess.Popen([*command, *(each[one] if each else ())], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for one in range(4)
    ]
    said = [one.communicate(timeout=120)[0] for one in started]
    assert [one.returncode for one in started] == [0] * 4
    return [int(one) for one in said]


def test_a_limit_holds_over_several_processes(either, keys, at):
    assert sum(processes(either, keys, "count", at, "17")) == 17


def test_codes_for_one_contact_are_one_a_minute_whatever_the_process(either, keys, at):
    assert sum(processes(either, keys, "code", at, "zhang@example.com")) == 1
    assert sum(processes(either, keys, "code", at + MINUTE, "zhang@example.com")) == 1


def test_one_place_of_the_internet_gets_twenty_codes_an_hour(either, keys, at):
    assert sum(processes(either, keys, "place", at, each=[("a",), ("b",), ("c",), ("d",)])) == 20


def test_wrong_codes_of_several_processes_slow_all_of_them_down(either, keys, at):
    attempts = []
    for number in range(4):
        with either.transaction() as session:
            begun = start_sign_in(
                session, typed="zhang@example.com", browser_token=f"b{number}", address="192.0.2.1", language="en",
                at=at - (5 - number) * MINUTE,
            )  # fmt: skip
            attempts.append((str(begun.id), f"b{number}"))
    processes(either, keys, "guess", at, each=attempts)
    with either.reading() as session:
        assert session.scalar(sa.select(sa.func.sum(SignInCode.tries))) == 5


def test_a_limit_holds_over_a_restart(either, keyring, at):
    limit = Limit("restart", 3, HOUR)
    for number in range(3):
        again = Database(either.engine.url.render_as_string(hide_password=False), keyring=keyring)
        with again.transaction() as session:
            count_once(session, limit, "zhang", at + number * MINUTE)
        again.close()
    with pytest.raises(TooOften), either.transaction() as session:
        count_once(session, limit, "zhang", at + 10 * MINUTE)


def test_a_window_is_the_hour_before_and_not_the_hour_of_the_clock(own, at):
    limit, late = Limit("sliding", 2, HOUR), at.replace(minute=59)
    for _ in range(2):
        with own.transaction() as session:
            count_once(session, limit, "x", late)
    with pytest.raises(TooOften), own.transaction() as session:
        count_once(session, limit, "x", late + 2 * MINUTE)
    with own.transaction() as session:
        count_once(session, limit, "x", late + HOUR)


def test_what_was_refused_is_not_counted_under_any_limit(own, at):
    small, large = Limit("small", 1, MINUTE), Limit("large", 3, HOUR)
    for minute in range(3):
        with own.transaction() as session:
            count_all(session, [(large, "x"), (small, "x")], at + minute * MINUTE)
        with pytest.raises(TooOften), own.transaction() as session:
            count_all(session, [(large, "x"), (small, "x")], at + minute * MINUTE)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:aaaa:bbbb:1::1", "2001:db8:aaaa:bbbb::/64"),
        ("2001:db8:aaaa:bbbb:ffff:ffff:ffff:ffff", "2001:db8:aaaa:bbbb::/64"),
        ("2001:db8:aaaa:bbbc::1", "2001:db8:aaaa:bbbc::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("192.0.2.7", "192.0.2.7"),
        ("email:zhang@example.com", "email:zhang@example.com"),
        ("", ""),
    ],
)
def test_an_address_of_version_6_counts_by_its_network(address, counted):
    assert counted_address(address) == counted


def test_pauses_grow_from_thirty_seconds_to_an_hour_and_are_forgotten_with_a_right_one(either, at):
    backoff, now, pauses = Backoff("test"), at.replace(microsecond=0), []
    for number in range(14):
        with either.transaction() as session:
            refuse_while_slowed(session, backoff, "zhang", now)
            note_wrong(session, backoff, "zhang", now)
        pause = backoff.pause_after(number + 1)
        pauses.append(int(pause.total_seconds()))
        if pause:
            with pytest.raises(Slowed), either.transaction() as session:
                refuse_while_slowed(session, backoff, "zhang", now + pause - SECOND)
            with either.transaction() as session:
                refuse_while_slowed(session, backoff, "li", now)
        now += pause + (SECOND if pause else timedelta())
    assert pauses == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    with either.transaction() as session:
        note_wrong(session, backoff, "zhang", now)
        forget_wrong(session, backoff, "zhang")
        refuse_while_slowed(session, backoff, "zhang", now)


def test_a_day_without_a_wrong_one_starts_anew(own, at):
    with own.transaction() as session:
        for _ in range(9):
            note_wrong(session, Backoff("day"), "zhang", at)
        refuse_while_slowed(session, Backoff("day"), "zhang", at + timedelta(days=1))


def test_the_table_names_nobody(own, at):
    with own.transaction() as session:
        count_once(session, Limit("what", 3, HOUR), "zhang@example.com", at)
        note_wrong(session, Backoff("what"), "192.0.2.1", at)
        names = session.scalars(sa.select(RateCount.name)).all()
    assert len(names) == 2 and all(len(one) == 64 and int(one, 16) for one in names)
