"""Counting how often something happens, so that guessing gets nowhere. The counts live in our own database.

They hold over any number of processes and over restarts; names are keyed hashes, so the table tells nobody apart.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.models import RateCount

SECOND = timedelta(seconds=1)
PARTS = 360  # into which a window is cut: what happened in an hour is known to ten seconds, in a minute to one


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in any `window` up to now, for one thing that is counted."""

    what: str
    times: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Pauses after wrong tries: none for the first `free`, then `first`, doubling up to `longest` (NIST SP 800-63B §5.2.2).

    A right one, or `memory` without a wrong one, makes all forgotten.
    """

    what: str
    free: int = 5
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    memory: timedelta = timedelta(days=1)

    def pause_after(self, wrong: int) -> timedelta:
        """How long nothing is looked at after so many wrong tries."""
        if wrong < self.free:
            return timedelta()
        return min(self.first * 2 ** min(wrong - self.free, 20), self.longest)


class TooOften(Refusal):
    """Asked too often; the words are the same whoever asks and whichever of the limits is full.

    They name the shortest of the windows that were counted, and the longest for whom that does not help.
    """

    def __init__(self, windows: Iterable[timedelta]) -> None:
        said = [_WAITS[window] for window in sorted(set(windows))]
        later = said[-1] if len(said) > 1 else None
        super().__init__(
            f"次数太多了。请{said[0].zh}后再试" + (f"；还不行，请{later.zh}后再试。" if later else "。"),
            f"Too many tries. Try again in {said[0].en}"
            + (f"; if that does not help, in {later.en}." if later else "."),
            status=429,
        )


_WAITS = {
    timedelta(minutes=1): Words("一分钟", "a minute"),
    timedelta(hours=1): Words("一小时", "an hour"),
    timedelta(days=1): Words("一天", "a day"),
}


class Slowed(Refusal):
    """Too many wrong tries in a row; the words are the same whether or not there is anything to find."""

    def __init__(self, wait: timedelta, field: str | None = "code") -> None:
        minutes = max(1, -(-int(wait.total_seconds()) // 60))
        super().__init__(
            f"连续输错次数过多。请 {minutes} 分钟后再试；急需帮助请联系客服热线。",
            f"Too many wrong tries in a row. Try again in {minutes} min; if it is urgent, call the hotline.",
            status=429,
            field=field,
        )


def count_once(session: Session, limit: Limit, whose: str, at: datetime) -> None:
    """Count one more for `whose` (an IPv6 address counts as its /64); refuses (429) when the window is full."""
    count_all(session, [(limit, whose)], at)


def count_all(session: Session, counted: Iterable[tuple[Limit, str]], at: datetime) -> None:
    """Count one more under each limit at once; refuses (429) when any window is full, and then the caller keeps nothing.

    Exact with any number of processes: who counts the same thing waits for the other's transaction.
    """
    limits = {_name(session, limit.what, whose): limit for limit, whose in counted}
    _wait_for_turn(session, limits)
    _add(session, {name: _start(at, max(SECOND, limit.window / PARTS)) for name, limit in limits.items()})
    mine = [
        sa.and_(RateCount.name == name, RateCount.window_start > at - limit.window) for name, limit in limits.items()
    ]
    total = sa.select(RateCount.name, sa.func.sum(RateCount.times)).where(sa.or_(*mine)).group_by(RateCount.name)
    if any(times > limits[name].times for name, times in session.execute(total)):
        raise TooOften(limit.window for limit in limits.values())


def count_up(session: Session, what: str, whose: str, window: timedelta, at: datetime) -> int:
    """One more for `whose` in the fixed window that `at` falls in; answers the new count."""
    name = _name(session, what, whose)
    return session.execute(_put(session, {name: _start(at, window)}).returning(RateCount.times)).scalar_one()


def refuse_while_slowed(session: Session, backoff: Backoff, whose: str, at: datetime) -> None:
    """Refuse (429) while the pause after wrong tries lasts. Whoever tries in parallel waits for his turn here."""
    name = _name(session, backoff.what, whose)
    _wait_for_turn(session, [name])
    wrong, last = session.execute(
        sa.select(sa.func.coalesce(sa.func.sum(RateCount.times), 0), sa.func.max(RateCount.window_start)).where(
            RateCount.name == name, RateCount.window_start > at - backoff.memory
        )
    ).one()
    pause = backoff.pause_after(int(wrong))
    if pause and last + pause > at:
        raise Slowed(last + pause - at)


def note_wrong(session: Session, backoff: Backoff, whose: str, at: datetime) -> None:
    """One more wrong try of `whose`; keep it by keeping the transaction."""
    _add(session, {_name(session, backoff.what, whose): _start(at, SECOND)})


def forget_wrong(session: Session, backoff: Backoff, whose: str) -> None:
    """A right one: the wrong tries of `whose` are forgotten."""
    session.execute(sa.delete(RateCount).where(RateCount.name == _name(session, backoff.what, whose)))


def forget_counts(session: Session, before: datetime) -> int:
    """Remove the counts of windows that began before `before`; answers how many."""
    return session.execute(sa.delete(RateCount).where(RateCount.window_start < before)).rowcount


def counted_address(whose: str) -> str:
    """What is counted for a network address: an IPv6 one by its /64, for that is what one customer of a network has."""
    try:
        address = ipaddress.ip_address(whose.partition("%")[0])
    except ValueError:
        return whose
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def hashed_address(session: Session, whose: str) -> str:
    """The keyed hash of a network address beside what came from it: it tells addresses apart, and nobody's."""
    return keyring_of(session).keyed_hash(counted_address(whose), "sign_in_code.address")


def _name(session: Session, what: str, whose: str) -> str:
    return keyring_of(session).keyed_hash(counted_address(whose), f"rate_count.{what}")


def _wait_for_turn(session: Session, names: Iterable[str]) -> None:
    """On PostgreSQL, one transaction at a time for each name; on SQLite there is one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        locks = sorted(int(name[:15], 16) for name in names)
        session.execute(sa.select(*(sa.func.pg_advisory_xact_lock(lock) for lock in locks)))


def _add(session: Session, rows: dict[str, datetime]) -> None:
    session.execute(_put(session, rows))


def _put(session: Session, rows: dict[str, datetime]) -> postgresql.Insert | sqlite.Insert:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = [{"name": name, "window_start": start, "times": 1} for name, start in sorted(rows.items())]
    put = dialect.insert(RateCount).values(values)
    return put.on_conflict_do_update(
        index_elements=["name", "window_start"], set_={"times": RateCount.__table__.c.times + 1}
    )


def _start(at: datetime, grain: timedelta) -> datetime:
    seconds = int(grain.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, at.tzinfo)
