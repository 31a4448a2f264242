"""A person is forgotten by the privacy center itself: their ways in, their messages, and the key of everything else.

Requests, decisions, certificates and the audit trail stay as rows that say what was done and when; whatever they held of the
person in words is sealed by the key that is destroyed here, in every backup as well.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.db import Base
from privacy_center.errors import Refusal
from privacy_center.execution.models import HeldRows
from privacy_center.keys.sealing import keyring_of
from privacy_center.looks.receive import owner_of
from privacy_center.outbox.models import InboxMessage, OutboxMessage
from privacy_center.people.identity import identity_index, search_identities_of
from privacy_center.people.models import (
    LoginKind,
    LoginSession,
    Passkey,
    Person,
    PersonIdentity,
    SignInCode,
    WrongPassword,
)
from privacy_center.people.not_me.models import ContactChange
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import OPEN


def forget_person(session: Session, person: uuid.UUID, *, actor: Actor, at: datetime, why: str) -> bool:
    """Remove what leads to a person and destroy their key; False where there was nothing left to forget.

    What they told before a check at the counter showed who they are goes as well. Refuses (409) while a request of theirs is
    open or rows of theirs are still held: their ends need what the key opens. The key is gone at once, even if the
    caller's transaction is taken back afterwards; doing it again is safe.
    """
    everything = _known_as(session, person)
    for one in everything:
        refuse_while_needed(session, one)
    return any([_forget_one(session, one, actor, at, why) for one in everything])


def _known_as(session: Session, person: uuid.UUID) -> list[uuid.UUID]:
    """The person, and everybody they were here until a contact of theirs was found to be this person's."""
    found = [person]
    for one in found:
        moved = sa.and_(ContactChange.person_id == one, ContactChange.undone_at.is_(None))
        before = session.scalars(
            sa.select(ContactChange.moved_from).where(moved, ContactChange.moved_from.is_not(None))
        )
        found += [other for other in before if other not in found and session.get(Person, other) is not None]
    return found


def _forget_one(session: Session, person: uuid.UUID, actor: Actor, at: datetime, why: str) -> bool:
    found = session.get_one(Person, person)
    sealed = [found.name_sealed, *_identities_sealed(session, person), *_requests_sealed(session, person)]
    before_proof = _keys_before_proof(session, person)
    removed = sum(_remove(session, statement) for statement in _removals(session, person))
    found.name_sealed = None
    for owner in before_proof:
        keyring_of(session).subjects.destroy(owner, at)
    destroyed = keyring_of(session).subjects.destroy(person, at, [one for one in sealed if one])
    if destroyed or removed:
        details = {"why": why, "rows": removed, "key_destroyed": destroyed}
        record(session, actor=actor, act="keys.destroyed", subject=person, details=details, at=at)
    return bool(destroyed or removed)


def refuse_while_needed(session: Session, person: uuid.UUID) -> None:
    """Refuse (409) as long as something of this person still has to be opened; names it."""
    theirs = sa.select(PrivacyRequest.reference).where(PrivacyRequest.person_id == person)
    going_on = session.scalars(theirs.where(PrivacyRequest.state.in_(OPEN)).limit(1)).first()
    if going_on:
        raise Refusal(
            f"申请 {going_on} 还没有结束，密钥不能销毁。请先办结或撤回。",
            f"Request {going_on} is not closed, so the key cannot be destroyed. Close or cancel it first.",
        )
    held = theirs.join(HeldRows, HeldRows.request_id == PrivacyRequest.id).where(HeldRows.released_at.is_(None))
    waiting = session.scalars(held.limit(1)).first()
    if waiting:
        raise Refusal(
            f"申请 {waiting} 还有保留中的数据，到期释放需要这把密钥。请等全部释放之后再销毁。",
            f"Request {waiting} still holds rows; releasing them needs this key. Destroy it once all are released.",
        )


def _removals(session: Session, person: uuid.UUID) -> list[sa.Delete]:
    """Every row that exists only for this person: those that would go with the person's own row, and what has no key to it."""
    going = [
        sa.delete(table).where(next(iter(key.columns)) == person)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is Person.__table__ and key.ondelete == "CASCADE"
    ]
    typed = sa.select(PersonIdentity.value_index).where(PersonIdentity.person_id == person)
    return [
        sa.delete(SignInCode).where(SignInCode.value_index.in_(typed)),
        sa.delete(WrongPassword).where(WrongPassword.value_index.in_(typed)),
        sa.delete(LoginSession).where(LoginSession.kind == LoginKind.CUSTOMER, LoginSession.owner_id == person),
        sa.delete(Passkey).where(Passkey.kind == LoginKind.CUSTOMER, Passkey.owner_id == person),
        sa.delete(InboxMessage).where(InboxMessage.person_id == person),
        sa.delete(OutboxMessage).where(OutboxMessage.person_id == person),
        *going,
    ]


def _remove(session: Session, statement: sa.Delete) -> int:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def _keys_before_proof(session: Session, person: uuid.UUID) -> list[uuid.UUID]:
    """Whose keys sealed what other systems told of this person's contacts before they were proven (`looks.receive`)."""
    found = search_identities_of(session, person)
    return [owner_of(identity_index(session, kind, value)) for kind in found for value in found[kind]]


def _identities_sealed(session: Session, person: uuid.UUID) -> list[bytes]:
    return list(session.scalars(sa.select(PersonIdentity.value_sealed).where(PersonIdentity.person_id == person)))


def _requests_sealed(session: Session, person: uuid.UUID) -> list[bytes]:
    mine = sa.select(PrivacyRequest.identities_sealed).where(PrivacyRequest.person_id == person)
    return list(session.scalars(mine))
