"""What a login has been proven by, and the level that this makes: one proof after another."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import seal_text
from privacy_center.people.contact import Contact
from privacy_center.people.identity import identity_index
from privacy_center.people.login import DEVICE, FRESH, open_login
from privacy_center.people.models import Level, LoginKind, LoginSession, PersonIdentity
from privacy_center.people.risk import note_device

SETTLES = timedelta(hours=72)
"""How long a password, a passkey or a contact that one proof alone has put in place does not count beside that proof."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof: `how` is code, password, passkey or oidc; `contact` got the code; it counts from `counts_from` on."""

    how: str
    contact: Contact | None = None
    counts_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """The browser that somebody uses: the keyed hash of its cookie, and words for a reader (`Chrome, Windows`)."""

    hash: str
    words: str


def open_proven(session: Session, person: uuid.UUID, proof: Proof, device: Device, at: datetime) -> str:
    """A new login of a customer with the level of this one proof; answers its token. It is fresh for nothing."""
    login, token = open_login(session, kind=LoginKind.CUSTOMER, owner=person, at=at)
    login.fresh_until = None
    login.device_hash = device.hash
    login.device_sealed = seal_text(session, device.words, DEVICE, subject=person)
    note_device(session, device.hash, person, at)
    add_proof(session, login, proof, at)
    return token


def note_proof(session: Session, login: uuid.UUID, proof: Proof, asked_for: str | None, at: datetime) -> Level:
    """One more proof in a login, and the level that all of them make; fresh for `asked_for`, if anything, for five minutes."""
    row = session.get_one(LoginSession, login)
    add_proof(session, row, proof, at)
    if asked_for is not None:
        row.fresh_for, row.fresh_until = asked_for, at + FRESH
    session.flush()
    return row.level


def counts_from(level: Level, at: datetime, needed: Level = Level.V2) -> datetime:
    """From when a new way in counts: at once when two proofs put it in place, else after 72 hours with notices.

    `needed`: the level for it, which signs of risk raise; then two proofs are not enough for "at once" either.
    """
    return at if level >= max(needed, Level.V2) else at + SETTLES


def settling_contacts(session: Session, person: uuid.UUID, at: datetime) -> set[bytes]:
    """The blind indexes of the person's contacts that do not count yet beside another proof."""
    young = sa.select(PersonIdentity.value_index).where(PersonIdentity.person_id == person, _settles(at))
    return set(session.scalars(young))


def factors(method: str) -> list[str]:
    """The proofs in a login's or a request's method that count beside each other."""
    return [one for one in method.split("+") if one and not one.endswith(":new")]


def reached(method: str) -> Level:
    """The level of a method: a passkey checks its user and so is two proofs in one."""
    counted = factors(method)
    return Level.V2 if "passkey" in counted or len(counted) >= 2 else Level.V1 if method else Level.V0


def add_proof(session: Session, login: LoginSession, proof: Proof, at: datetime) -> None:
    """Put one more proof into the method of a login, kept or not, and raise its level to what all of them make."""
    how = proof.how
    if proof.contact is not None:
        how = f"{how}:{proof.contact.kind}{_other(session, login, proof.contact)}"
    if (proof.counts_from is not None and at < proof.counts_from) or _is_settling(session, proof.contact, at):
        how += ":new"
    known = login.method.split("+") if login.method else []
    login.method = "+".join([*known, how] if how not in known else known)
    login.level = max(login.level if known else Level.V0, reached(login.method))


def _other(session: Session, login: LoginSession, contact: Contact) -> str:
    """Whether the code went to another contact than the first one did."""
    index = identity_index(session, contact.kind, contact.value)
    if login.contact_index is None:
        login.contact_index = index
    return "" if login.contact_index == index else ":other"


def _is_settling(session: Session, contact: Contact | None, at: datetime) -> bool:
    if contact is None:
        return False
    young = sa.select(PersonIdentity.id).where(
        PersonIdentity.kind == contact.kind,
        PersonIdentity.value_index == identity_index(session, contact.kind, contact.value),
        _settles(at),
    )
    return session.scalar(young) is not None


def _settles(at: datetime) -> sa.ColumnElement[bool]:
    """Contacts that one login has just put in place: by a change, or told by the company's own account."""
    put_in_place = sa.or_(PersonIdentity.method.startswith("change"), PersonIdentity.method == "oidc")
    return sa.and_(put_in_place, PersonIdentity.proven_at > at - SETTLES)
