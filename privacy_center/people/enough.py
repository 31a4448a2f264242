"""Whether what a login has been proven by is enough for an action, and if not, what its owner still has."""

import enum
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.people.contact import Contact
from privacy_center.people.identity import identities_of, identity_index
from privacy_center.people.levels import WAIT, Action, Needed
from privacy_center.people.models import Level, LevelWait, LoginKind, LoginSession
from privacy_center.people.passkey_store import keys_of, passkeys_of
from privacy_center.people.password import password_of
from privacy_center.people.risk import SignalKind
from privacy_center.people.step_up import factors, settling_contacts

STAYS_OPEN = timedelta(days=7)
MAY_BE_ANOTHERS = (SignalKind.RECYCLED_NUMBER, SignalKind.NEW_NUMBER, SignalKind.CONTACT_CHANGED)


@dataclass(frozen=True, slots=True)
class Has:
    """What a customer can prove themselves with: contacts in the order they were proven, password, passkeys.

    `counting`: those contacts that count beside another proof by now; `best`: the level that can be reached by now.
    """

    contacts: tuple[Contact, ...]
    password: bool
    passkeys: tuple[bytes, ...]
    counting: tuple[Contact, ...]
    best: Level


class Verdict(enum.StrEnum):
    """`more`: they have another proof and must give it; `wait`: they have none, but may wait; `elsewhere`: neither."""

    ENOUGH = "enough"
    MORE = "more"
    WAIT = "wait"
    ELSEWHERE = "elsewhere"


def has(session: Session, person: uuid.UUID, at: datetime, login: LoginSession | None = None) -> Has:
    """The proofs of this person, as `step_up` would count them now; the company's own account counts where it opened `login`."""
    found = identities_of(session, person)
    contacts = tuple(Contact(kind, value) for kind in ("email", "phone_number") for value in found.get(kind, []))
    password = password_of(session, person)
    keys = passkeys_of(session, LoginKind.CUSTOMER, person)
    settling = settling_contacts(session, person, at)
    counting = tuple(one for one in contacts if identity_index(session, one.kind, one.value) not in settling)
    by_account = login is not None and "oidc" in factors(login.method)
    counted = len(counting) + bool(password and password.counts_from <= at) + by_account
    strong = counted >= 2 or any(key.counts_from <= at for key in keys)
    ids = tuple(keys_of(session, LoginKind.CUSTOMER, person))
    return Has(contacts, password is not None, ids, counting, Level.V2 if strong else Level.V1)


def judge(session: Session, login: LoginSession, action: Action, needed: Needed, at: datetime) -> Verdict:
    """Whether this login may go on with the action. Who has given all they have is never simply turned away: they wait,
    or come by another way. Waiting does not help where the contact itself may be somebody else's by now: whoever holds it
    would only have to wait. A request, which reviewers see with its signs, waits by itself.
    """
    waits = needed.as_request or not any(one.kind in MAY_BE_ANOTHERS for one in needed.signals)
    if login.level >= needed.level or (waits and has_waited(session, login.owner_id, action, at)):
        return Verdict.ENOUGH
    if login.level < min(has(session, login.owner_id, at, login).best, needed.level):
        return Verdict.MORE
    return Verdict.WAIT if waits and needed.or_wait is not None else Verdict.ELSEWHERE


def begin_waiting(session: Session, person: uuid.UUID, action: Action, at: datetime) -> LevelWait:
    """Start the 72 hours, or answer the wait that is under way. The caller tells every contact."""
    waiting = waiting_for(session, person, action, at)
    if waiting is None:
        waiting = LevelWait(
            id=uuid.uuid4(),
            person_id=person,
            action=action.value,
            asked_at=at,
            ready_at=at + WAIT,
            ends_at=at + WAIT + STAYS_OPEN,
        )
        session.add(waiting)
        session.flush()
    return waiting


def waiting_for(session: Session, person: uuid.UUID, action: Action, at: datetime) -> LevelWait | None:
    """The wait that is under way or just over, if there is one."""
    open_now = (LevelWait.ends_at > at, LevelWait.stopped_at.is_(None))
    mine = sa.select(LevelWait).where(LevelWait.person_id == person, LevelWait.action == action.value, *open_now)
    return session.scalars(mine.order_by(LevelWait.asked_at.desc()).limit(1)).one_or_none()


def has_waited(session: Session, person: uuid.UUID, action: Action, at: datetime) -> bool:
    """Whether the 72 hours are over, and not longer than a week ago."""
    waiting = waiting_for(session, person, action, at)
    return waiting is not None and waiting.ready_at <= at


def stop_waiting(session: Session, person: uuid.UUID, at: datetime) -> int:
    """End every wait of a person ("it was not me"); answers how many."""
    mine = sa.update(LevelWait).where(
        LevelWait.person_id == person, LevelWait.stopped_at.is_(None), LevelWait.ends_at > at
    )
    return session.execute(mine.values(stopped_at=at).execution_options(synchronize_session=False)).rowcount
