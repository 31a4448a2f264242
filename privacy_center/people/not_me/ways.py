"""Ways in that were set up shortly before somebody said that it was not them."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.people.models import LoginKind, Passkey, PersonPassword
from privacy_center.people.step_up import SETTLES


def remove_new_ways(session: Session, person: uuid.UUID, at: datetime) -> int:
    """Take away the password and the passkeys that are younger than 72 hours: whoever was there may have set them up.

    Answers how many.
    """
    password = sa.delete(PersonPassword).where(
        PersonPassword.person_id == person, PersonPassword.changed_at > at - SETTLES
    )
    keys = sa.delete(Passkey).where(
        Passkey.kind == LoginKind.CUSTOMER, Passkey.owner_id == person, Passkey.created_at > at - SETTLES
    )
    return sum(session.execute(one).rowcount for one in (password, keys))  # type: ignore[attr-defined]
