"""What the home page counts for the signed-in customer, in one statement: it is the page that everybody opens."""

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.looks.mine import counted
from privacy_center.outbox.inbox import UNREAD
from privacy_center.web.customer.identity import me
from privacy_center.web.customer.who_looked import LATELY, period
from privacy_center.web.filters import today


def unread_and_looks(session: Session) -> tuple[int, int]:
    """How many messages are not opened, and how often staff looked in the last 30 days."""
    day = today()
    asked = {"person": me().person, "since": period(day, LATELY)[0], "today": day}
    unread, looks = session.execute(_both(), asked).one()
    return unread, looks


@lru_cache(maxsize=1)
def _both() -> sa.Select[tuple[int, int]]:
    return sa.select(UNREAD.scalar_subquery(), counted().scalar_subquery())
