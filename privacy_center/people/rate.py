"""Counting how often something happens, so that guessing gets nowhere. The counts live in our own database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.models import RateCount


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in each `window`, for one thing that is counted."""

    what: str
    times: int
    window: timedelta


class TooOften(Refusal):
    """Asked too often; the words are the same whoever asks and whatever is asked for."""

    def __init__(self) -> None:
        super().__init__(
            "请求过于频繁，请一小时后再试；急需帮助请联系客服热线。",
            "Too many requests. Try again in an hour; if it is urgent, call the hotline.",
            status=429,
        )


def count_once(session: Session, limit: Limit, whose: str, at: datetime) -> None:
    """Count one more for `whose`; refuses (429) when the window is full. Exact with any number of processes."""
    if count_up(session, limit.what, whose, limit.window, at) > limit.times:
        raise TooOften


def count_up(session: Session, what: str, whose: str, window: timedelta, at: datetime) -> int:
    """One more for `whose` in the window that `at` falls in; answers the new count."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    name = keyring_of(session).keyed_hash(whose, f"rate_count.{what}")
    put = dialect.insert(RateCount).values(name=name, window_start=_window_start(at, window), times=1)
    put = put.on_conflict_do_update(
        index_elements=["name", "window_start"], set_={"times": RateCount.__table__.c.times + 1}
    )
    return session.execute(put.returning(RateCount.times)).scalar_one()


def forget_counts(session: Session, before: datetime) -> int:
    """Remove the counts of windows that began before `before`; answers how many."""
    return session.execute(sa.delete(RateCount).where(RateCount.window_start < before)).rowcount


def _window_start(at: datetime, window: timedelta) -> datetime:
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, at.tzinfo)
