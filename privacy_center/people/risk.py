"""Signs that somebody else may be there. Each raises what is needed by one level, and none locks anybody out."""

import enum
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.people.models import KnownDevice, PersonIdentity, PersonPassword, SignInCode

NEW_DEVICE = timedelta(hours=24)
NEW_NUMBER = timedelta(days=180)  # China re-issues numbers after some 90 days; the longer of the usual two
NEW_CONTACT = timedelta(hours=72)
NEW_PASSWORD = timedelta(hours=24)
LATELY = timedelta(hours=24)
MANY_FAILURES = 5
MANY_PERSONS, SHARED_LATELY = 4, timedelta(days=30)  # a family shares a computer; four people in a month are more


class SignalKind(enum.StrEnum):
    """What was noticed."""

    RECYCLED_NUMBER = "recycled_number"
    NEW_NUMBER = "new_number"
    NEW_DEVICE = "new_device"
    MANY_FAILURES = "many_failures"
    CONTACT_CHANGED = "contact_changed"
    PASSWORD_RESET = "password_reset"
    SHARED_DEVICE = "shared_device"


SAID: dict[SignalKind, Words] = {
    SignalKind.RECYCLED_NUMBER: Words("同一号码登记在几个账户上", "The number stands on several accounts"),
    SignalKind.NEW_NUMBER: Words("号码登记不满 180 天", "The number was changed less than 180 days ago"),
    SignalKind.NEW_DEVICE: Words("第一次用这台设备", "A device not used before"),
    SignalKind.MANY_FAILURES: Words("近 24 小时验证码多次输错", "Many wrong codes in the last 24 hours"),
    SignalKind.CONTACT_CHANGED: Words("联系方式 72 小时内改过", "A contact was changed in the last 72 hours"),
    SignalKind.PASSWORD_RESET: Words("24 小时内设过密码", "The password was set in the last 24 hours"),
    SignalKind.SHARED_DEVICE: Words("这台设备上登录过多人", "Several people signed in on this device"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign, since when (UTC; the moment of asking when it has none of its own)."""

    kind: SignalKind
    since: datetime

    @property
    def words(self) -> Words:
        return SAID[self.kind]


def signals_of(
    session: Session,
    person: uuid.UUID,
    at: datetime,
    *,
    device: str | None = None,
    several_accounts: bool = False,
    number_changed_at: datetime | None = None,
) -> list[Signal]:
    """The signs there are for this person at a moment.

    `device`: the keyed hash of the browser they use now. `several_accounts`: a search in the company's databases met their
    number on accounts of several people; `number_changed_at`: what a database says of when it was last changed.
    """
    found: list[Signal] = []
    if several_accounts:
        found.append(Signal(SignalKind.RECYCLED_NUMBER, at))
    if number_changed_at is not None and at - NEW_NUMBER < number_changed_at <= at:
        found.append(Signal(SignalKind.NEW_NUMBER, number_changed_at))
    found += _of_device(session, person, device, at) if device else ()
    found += _of_failures(session, person, at)
    found += _of_changes(session, person, at)
    return found


def flags(signals: Iterable[Signal]) -> list[str]:
    """The form in which a request keeps them."""
    return sorted({one.kind.value for one in signals})


def note_device(session: Session, device: str, person: uuid.UUID, at: datetime) -> None:
    """Remember that this person signed in with this browser."""
    known = session.scalars(
        sa.select(KnownDevice).where(KnownDevice.device_hash == device, KnownDevice.person_id == person)
    ).one_or_none()
    if known is None:
        session.add(KnownDevice(device_hash=device, person_id=person, first_seen_at=at, last_seen_at=at))
    else:
        known.last_seen_at = at
    session.flush()


def forget_devices(session: Session, before: datetime) -> int:
    """Remove browsers that were last seen before `before`; answers how many."""
    return session.execute(sa.delete(KnownDevice).where(KnownDevice.last_seen_at < before)).rowcount


def _of_device(session: Session, person: uuid.UUID, device: str, at: datetime) -> Iterator[Signal]:
    mine = {
        one.device_hash: one.first_seen_at
        for one in session.scalars(sa.select(KnownDevice).where(KnownDevice.person_id == person))
    }
    first = mine.get(device, at)
    others = [seen for known, seen in mine.items() if known != device]
    if others and min(others) < first and at - first < NEW_DEVICE:
        yield Signal(SignalKind.NEW_DEVICE, first)
    sharing = sa.select(KnownDevice.last_seen_at).where(
        KnownDevice.device_hash == device, KnownDevice.last_seen_at > at - SHARED_LATELY
    )
    seen_at = list(session.scalars(sharing))
    if len(seen_at) >= MANY_PERSONS:
        yield Signal(SignalKind.SHARED_DEVICE, min(seen_at))


def _of_failures(session: Session, person: uuid.UUID, at: datetime) -> Iterator[Signal]:
    """Wrong codes for any of the person's contacts, by whomever; the last try of a code that worked was right."""
    contacts = sa.select(PersonIdentity.value_index).where(PersonIdentity.person_id == person)
    codes = sa.select(SignInCode.tries, SignInCode.worked, SignInCode.created_at).where(
        SignInCode.value_index.in_(contacts), SignInCode.created_at > at - LATELY
    )
    tried = [(tries - bool(worked), asked) for tries, worked, asked in session.execute(codes)]
    if sum(wrong for wrong, _asked in tried) >= MANY_FAILURES:
        yield Signal(SignalKind.MANY_FAILURES, min(asked for wrong, asked in tried if wrong))


def _of_changes(session: Session, person: uuid.UUID, at: datetime) -> Iterator[Signal]:
    changed = sa.select(sa.func.max(PersonIdentity.proven_at)).where(
        PersonIdentity.person_id == person,
        PersonIdentity.method.startswith("change"),
        PersonIdentity.proven_at > at - NEW_CONTACT,
    )
    if (since := session.scalar(changed)) is not None:
        yield Signal(SignalKind.CONTACT_CHANGED, since)
    password = sa.select(PersonPassword.changed_at).where(
        PersonPassword.person_id == person, PersonPassword.changed_at > at - NEW_PASSWORD
    )
    if (since := session.scalar(password)) is not None:
        yield Signal(SignalKind.PASSWORD_RESET, since)
