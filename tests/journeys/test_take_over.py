"""A worker that is gone for good, or only slept too long: another one has its runs, and each is done once."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from privacy_center.center import Center
from privacy_center.config import load_settings
from privacy_center.execution.models import WorkerBeat
from privacy_center.sources.config import load_sources
from tests import corner
from tests.journeys.blows import Blow
from tests.journeys.children import PATIENCE, Child, Homes, Nursery
from tests.journeys.outcome import outcome_of
from tests.journeys.test_crash import differences, strike, undisturbed

QUICK = {"BEAT": 0.2, "LOST_AFTER": 1.5}


@pytest.fixture(params=["sqlite", "postgres"])
def homes(request: pytest.FixtureRequest) -> Homes:
    return request.getfixturevalue(f"on_{request.param}")


def number_of(texts: list[str], beginning: str) -> int:
    """Where in what was committed or said something of this kind comes last, counted from 1."""
    return max(number for number, text in enumerate(texts, 1) if beginning in text)


def wait_until_taken_for_lost(home: Path, pid: int) -> None:
    """Wait until no worker counts on the one with this process id any more."""
    center = Center.open(home)

    def nobody_counts_on_it() -> bool:
        with center.database.reading() as session:
            return session.scalar(sa.select(WorkerBeat.id).where(WorkerBeat.pid == pid)) is None

    try:
        wait_until(nobody_counts_on_it)
    finally:
        center.close()


def fall_asleep(nursery: Nursery, home: Path, blow: Blow, **more: str) -> Child:
    """A worker that has taken the run and then stands still."""
    child = nursery.start(home, blow=blow, **more)
    child.sleeps()
    return child


@pytest.mark.parametrize("host", ["here", "elsewhere"])
def test_a_worker_killed_for_good_is_replaced_by_one_that_was_already_alive(on_postgres, nursery, host):
    expected, counts = undisturbed(on_postgres, nursery)
    with on_postgres.copy() as home:
        blow = Blow("statement", number_of(counts["statements"], "DELETE FROM"), sleeps=True)
        lost = fall_asleep(nursery, home, blow, **({"host": "elsewhere"} if host == "elsewhere" else {}))
        other = nursery.start(home, pace=QUICK if host == "elsewhere" else {"BEAT": 0.2})
        os.kill(lost.pid, signal.SIGKILL)
        assert lost.ends() == -signal.SIGKILL
        other.ends_well()
        assert differences(expected, outcome_of(home)) == {}


def test_a_worker_that_slept_between_two_transactions_does_no_harm_when_it_wakes(homes, nursery):
    expected, counts = undisturbed(homes, nursery)
    with homes.copy() as home:
        asleep = fall_asleep(
            nursery, home, Blow("after", number_of(counts["commits"], "UPDATE after_sales_case"), sleeps=True)
        )
        nursery.start(home, pace=QUICK).ends_well()
        asleep.wakes()
        asleep.ends_well()
        assert differences(expected, outcome_of(home)) == {}


@pytest.mark.parametrize(
    "stage", ["UPDATE after_sales_case", "UPDATE execution_step SET state", "UPDATE privacy_request"]
)
def test_a_worker_that_slept_inside_a_transaction_does_no_harm_when_it_wakes(on_postgres, nursery, stage):
    expected, counts = undisturbed(on_postgres, nursery)
    with on_postgres.copy() as home:
        asleep = fall_asleep(nursery, home, Blow("before", number_of(counts["commits"], stage), sleeps=True))
        other = nursery.start(home, pace=QUICK)
        wait_until_taken_for_lost(home, asleep.pid)
        asleep.wakes()
        asleep.ends_well()
        other.ends_well()
        assert differences(expected, outcome_of(home)) == {}


@pytest.mark.parametrize("before", ["UPDATE execution_step SET state", "INSERT INTO certificate"])
def test_two_who_write_down_the_same_end_do_so_one_after_the_other(on_postgres, nursery, before):
    expected, counts = undisturbed(on_postgres, nursery)
    with on_postgres.copy() as home:
        asleep = fall_asleep(nursery, home, Blow("statement", number_of(counts["statements"], before), sleeps=True))
        other = nursery.start(home, pace=QUICK)
        ours = sa.create_engine(load_settings(home).own_database_url, poolclass=sa.NullPool)
        wait_until(lambda: other.has_ended() or somebody_waits(ours))
        asleep.wakes()
        asleep.ends_well()
        other.ends_well()
        assert differences(expected, outcome_of(home)) == {}


def test_the_one_who_takes_over_may_die_as_well(on_postgres, nurseries):
    expected, counts = undisturbed(on_postgres, nurseries[0])
    first = Blow("after", number_of(counts["commits"], "UPDATE after_sales_case"))

    def killed_twice(nursery: Nursery, home: Path, second: Blow) -> str | None:
        killed = nursery.start(home, blow=first).is_killed() and nursery.start(home, blow=second).is_killed()
        nursery.start(home).ends_well()
        return None if killed else "it was never reached"

    blows = [Blow(where, number) for where in ("before", "after") for number in (2, 3)]
    assert strike(on_postgres, nurseries, blows, killed_twice, expected) == {}


def test_a_worker_told_to_stop_in_mid_step_leaves_what_it_did_not_finish_to_the_next(on_postgres, nursery):
    expected, _ = undisturbed(on_postgres, nursery)
    with on_postgres.copy() as home:
        shop = sa.create_engine(load_sources(home / "sources.yml")["shop"].url, poolclass=sa.NullPool)
        with shop.begin() as connection:
            connection.execute(sa.select(corner.customer).with_for_update())
            stopping = nursery.start(home, "command", arguments=["--home", str(home), "worker"])
            wait_until(lambda: somebody_waits(shop))
            os.kill(stopping.pid, signal.SIGTERM)
            wait_until_taken_for_lost(home, stopping.pid)
        stopping.ends()
        nursery.start(home).ends_well()
        assert differences(expected, outcome_of(home)) == {}


def somebody_waits(engine: sa.Engine) -> bool:
    """Whether a statement in this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(waiting).scalar())


def wait_until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
