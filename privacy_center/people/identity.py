"""Persons and the identity values they have proven."""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of, open_text, seal_text
from privacy_center.keys.subjects import Destroyed
from privacy_center.people.contact import compared_value, normal_value
from privacy_center.people.models import Person, PersonIdentity

VALUE = "person_identity.value"
FORMER = "former_"
"""Before the kind of a contact that was given up: it finds data, and lets nobody in."""
MINE = (
    sa.select(PersonIdentity.kind, PersonIdentity.value_sealed, Person.name_sealed)
    .outerjoin(Person, Person.id == PersonIdentity.person_id)
    .where(PersonIdentity.person_id == sa.bindparam("person"))
    .order_by(PersonIdentity.proven_at)
)


def identity_index(session: Session, kind: str, value: str) -> bytes:
    """The blind index of an identity value, the same for customers and staff, and for every spelling of a number."""
    return keyring_of(session).blind_index(compared_value(kind, value), f"identity.{kind}")


def find_person(session: Session, kind: str, value: str) -> Person | None:
    """The person who has proven this identity, if anybody has."""
    owner = sa.select(PersonIdentity.person_id).where(
        PersonIdentity.kind == kind, PersonIdentity.value_index == identity_index(session, kind, value)
    )
    return session.scalars(sa.select(Person).where(Person.id == owner.scalar_subquery())).one_or_none()


def find_or_create_person(
    session: Session, kind: str, value: str, at: datetime, *, method: str = "code", language: str = "zh-CN"
) -> Person:
    """The person with this proven identity; a new one when nobody has it yet."""
    person = find_person(session, kind, value)
    if person is None:
        person = create_person(session, kind, value, at, method=method, language=language)
    return person or find_or_create_person(session, kind, value, at, method=method, language=language)


def create_person(
    session: Session, kind: str, value: str, at: datetime, *, method: str = "code", language: str = "zh-CN"
) -> Person | None:
    """A new person with this proven identity; None where somebody has it, even since a moment ago."""
    try:
        with session.begin_nested():
            person = Person(id=uuid.uuid4(), created_at=at, language=language)
            session.add(person)
            session.flush()
            _put_identity(session, person, kind, value, method, at)
    except sa.exc.IntegrityError:
        return None
    return person


def add_identity(session: Session, person: Person, kind: str, value: str, *, method: str, at: datetime) -> None:
    """One more proven identity of a person; refuses (409) one that somebody else has proven."""
    owner = find_person(session, kind, value)
    if owner is not None and owner.id != person.id:
        raise Refusal(
            "这个联系方式已属于另一位用户。如果您确认是您的，请到柜台或致电热线处理。",
            "This contact already belongs to somebody else. If it is yours, come to a counter or call the hotline.",
        )
    if owner is None:
        _put_identity(session, person, kind, value, method, at)


def identities_of(session: Session, person: uuid.UUID) -> dict[str, list[str]]:
    """Kind → proven values of a person, in the order in which they were proven; none whose key was destroyed."""
    return identities_and_name(session, session.execute(MINE, {"person": person}))[0]


def identities_and_name(session: Session, rows: Iterable[sa.Row[Any]]) -> tuple[dict[str, list[str]], bytes | None]:
    """The same, and the person's sealed name, from the rows of `MINE`; no name where there is no identity either."""
    found: dict[str, list[str]] = {}
    name: bytes | None = None
    for kind, value_sealed, name_sealed, *_beside in rows:
        name = name_sealed
        with suppress(Destroyed):
            found.setdefault(kind, []).append(open_text(session, value_sealed, VALUE))
    return found, name


def search_identities_of(session: Session, person: uuid.UUID) -> dict[str, list[str]]:
    """Kind → values by which a person's data is looked for: their identities, and contacts that they gave up."""
    found: dict[str, list[str]] = {}
    for kind, values in identities_of(session, person).items():
        known = found.setdefault(kind.removeprefix(FORMER), [])
        known += [value for value in values if value not in known]
    return found


def _put_identity(session: Session, person: Person, kind: str, value: str, method: str, at: datetime) -> None:
    session.add(
        PersonIdentity(
            person_id=person.id,
            kind=kind,
            value_sealed=seal_text(session, normal_value(kind, value), VALUE, subject=person.id),
            value_index=identity_index(session, kind, value),
            proven_at=at,
            method=method,
        )
    )
    session.flush()
