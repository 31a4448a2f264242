"""What stands in the way of anything new: a stop that is in force, and 72 hours after a change of contact."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.contact_change import refuse_held
from privacy_center.people.identity import identity_index
from privacy_center.people.models import PersonIdentity
from privacy_center.people.not_me.models import PersonFreeze
from privacy_center.privacy_requests.models import Kind

HANDED_OUT = frozenset({Kind.DELETION, Kind.ACCESS})


def open_freeze_of(session: Session, person: uuid.UUID) -> PersonFreeze | None:
    """The stop that is in force for a person, if there is one."""
    mine = sa.select(PersonFreeze).where(PersonFreeze.person_id == person, PersonFreeze.lifted_at.is_(None))
    return session.scalars(mine.limit(1)).one_or_none()


def refuse_frozen_person(session: Session, person: uuid.UUID) -> None:
    """Refuses (409) anything new of a person while everything of theirs is stopped."""
    if open_freeze_of(session, person) is not None:
        raise Refusal(
            "您的办理已全部叫停，核验本人之后才能再办。请打电话或到窗口找我们。",
            "Everything of yours is stopped until we have verified you. Call us or come to a counter.",
        )


def refuse_stopped(session: Session, person: uuid.UUID, kind: Kind, at: datetime) -> None:
    """Refuses (409) a new request while everything is stopped, and deletion or a copy within 72 hours of a change of contact.

    Reading on a page is no request, so access here means a copy that is handed out.
    """
    refuse_frozen_person(session, person)
    if kind in HANDED_OUT:
        refuse_held(session, person, at)


def refuse_stopped_beside(session: Session, identifiers: Mapping[str, Iterable[str]], kind: Kind, at: datetime) -> None:
    """The same where somebody has proven an identity (kind → values) that stands on the records that a request is about:
    whoever comes by another number of the same customer, as somebody new, gets no further than the customer would.
    """
    indexes = {identity_index(session, one, value) for one, values in identifiers.items() for value in values}
    owners = sa.select(PersonIdentity.person_id).where(PersonIdentity.value_index.in_(indexes)).distinct()
    for person in session.scalars(owners).all():
        refuse_stopped(session, person, kind, at)
