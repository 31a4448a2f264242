"""Signs that somebody else may be there. Each raises what is needed by one level, and none locks anybody out."""

import enum
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

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
    SignalKind.PASSWORD_RESET: Words("24 小时内改过密码", "The password was changed in the last 24 hours"),
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
    asked = {
        "person": person,
        "device": device or "",
        "shared_after": at - SHARED_LATELY,
        "tried_after": at - LATELY,
        "changed_after": at - NEW_CONTACT,
        "replaced_after": at - NEW_PASSWORD,
    }
    many = int(session.info.get("people_on_one_device") or MANY_PERSONS)
    found += _told_by(session.execute(_noticed(), asked).one(), device, many, at)
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


@lru_cache(maxsize=1)
def _noticed() -> sa.Select[tuple[Any, ...]]:
    """Everything that our own database tells, in one statement: the pages that everybody opens ask for it."""
    person = sa.bindparam("person", type_=KnownDevice.person_id.type)
    device = sa.bindparam("device", type_=KnownDevice.device_hash.type)
    return sa.select(*_of_devices(person, device), *_of_failures(person), *_of_changes(person))


def _of_devices(person: sa.BindParameter[Any], device: sa.BindParameter[Any]) -> Iterator[sa.ColumnElement[Any]]:
    """When this browser and the first other one were first seen with the person; how many people it had lately."""
    mine, here = KnownDevice.person_id == person, KnownDevice.device_hash == device
    lately = KnownDevice.last_seen_at > sa.bindparam("shared_after", type_=KnownDevice.last_seen_at.type)
    yield _only(sa.func.min(KnownDevice.first_seen_at), mine, here).label("seen_here")
    yield _only(sa.func.min(KnownDevice.first_seen_at), mine, ~here).label("seen_elsewhere")
    yield _only(sa.func.count(), here, lately).label("sharing")
    yield _only(sa.func.min(KnownDevice.last_seen_at), here, lately).label("shared_since")


def _of_failures(person: sa.BindParameter[Any]) -> Iterator[sa.ColumnElement[Any]]:
    """Wrong codes for any of the person's contacts, by whomever; the last try of a code that worked was right."""
    contacts = sa.select(PersonIdentity.value_index).where(PersonIdentity.person_id == person)
    wrong = SignInCode.tries - sa.case((SignInCode.worked, 1), else_=0)
    lately = SignInCode.created_at > sa.bindparam("tried_after", type_=SignInCode.created_at.type)
    told = (SignInCode.value_index.in_(contacts), lately, wrong > 0)
    yield _only(sa.func.coalesce(sa.func.sum(wrong), 0), *told).label("wrong")
    yield _only(sa.func.min(SignInCode.created_at), *told).label("wrong_since")


def _of_changes(person: sa.BindParameter[Any]) -> Iterator[sa.ColumnElement[Any]]:
    proven = PersonIdentity.proven_at
    contact = (
        PersonIdentity.person_id == person,
        PersonIdentity.method.startswith("change"),
        proven > sa.bindparam("changed_after", type_=proven.type),
    )
    yield _only(sa.func.max(proven), *contact).label("contact_changed")
    changed = PersonPassword.replaced_at
    password = (PersonPassword.person_id == person, changed > sa.bindparam("replaced_after", type_=changed.type))
    yield _only(sa.func.max(changed), *password).label("password_changed")


def _only(what: sa.ColumnElement[Any], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    return sa.select(what).where(*where).scalar_subquery()


def _told_by(row: sa.Row[Any], device: str | None, many: int, at: datetime) -> Iterator[Signal]:
    """The signs in what was noticed."""
    first = row.seen_here or at
    if device and row.seen_elsewhere and row.seen_elsewhere < first and at - first < NEW_DEVICE:
        yield Signal(SignalKind.NEW_DEVICE, first)
    if device and row.sharing >= many:
        yield Signal(SignalKind.SHARED_DEVICE, row.shared_since)
    if row.wrong >= MANY_FAILURES:
        yield Signal(SignalKind.MANY_FAILURES, row.wrong_since)
    if row.contact_changed is not None:
        yield Signal(SignalKind.CONTACT_CHANGED, row.contact_changed)
    if row.password_changed is not None:
        yield Signal(SignalKind.PASSWORD_RESET, row.password_changed)
