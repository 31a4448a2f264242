"""What the home page says of the signed-in customer, in one statement: it is the page that everybody opens."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import show_text
from privacy_center.looks.mine import counted
from privacy_center.outbox.inbox import UNREAD
from privacy_center.people.contact import mask_contact
from privacy_center.people.identity import MINE, identities_and_name
from privacy_center.people.not_me.models import PersonFreeze
from privacy_center.web.customer.identity import NAME, first_contact, me, sees_values
from privacy_center.web.customer.who_looked import LATELY, period
from privacy_center.web.filters import today


@dataclass(frozen=True, slots=True)
class Glance:
    """Name and contact as they may be shown; messages not opened, looks of staff in the last 30 days; all stopped."""

    name: str
    contact: str
    unread: int
    looks: int
    stopped: bool


def glance(session: Session) -> Glance:
    """No name where signs of risk hide what the company's records say."""
    day = today()
    asked = {"person": me().person, "since": period(day, LATELY)[0], "today": day}
    rows = session.execute(_everything(), asked).all()
    identities, sealed = identities_and_name(session, rows)
    name = show_text(session, sealed, NAME) if sealed and sees_values(session) else ""
    return Glance(name, mask_contact(first_contact(identities)), *rows[0][3:])


@lru_cache(maxsize=1)
def _everything() -> sa.Select[Any]:
    stopped = sa.exists().where(PersonFreeze.person_id == sa.bindparam("person"), PersonFreeze.lifted_at.is_(None))
    return MINE.add_columns(UNREAD.scalar_subquery(), counted().scalar_subquery(), stopped)
