"""Where somebody can be told something: their contacts, and for 72 hours those that were just given up."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import open_text
from privacy_center.people.identity import FORMER, VALUE, identities_of
from privacy_center.people.models import PersonIdentity
from privacy_center.people.not_me.models import ContactChange


def reachable_at(session: Session, person: uuid.UUID, at: datetime) -> dict[str, list[str]]:
    """Kind → values of every contact that a notice goes to at a moment, contacts given up in the last 72 hours last."""
    found = {kind: list(values) for kind, values in identities_of(session, person).items()}
    held = sa.and_(ContactChange.hold_until > at, ContactChange.undone_at.is_(None))
    given_up = sa.select(ContactChange.old_identity).where(ContactChange.person_id == person, held)
    for old in session.scalars(sa.select(PersonIdentity).where(PersonIdentity.id.in_(given_up))):
        kind = old.kind.removeprefix(FORMER)
        value = open_text(session, old.value_sealed, VALUE)
        if value not in found.setdefault(kind, []):
            found[kind].append(value)
    return found
