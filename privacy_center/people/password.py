"""Passwords of customers who want one: argon2id, the same work and the same answer for everybody."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.common_passwords import refuse_common
from privacy_center.people.contact import Contact
from privacy_center.people.hashing import HASHER, LONGEST, SHORTEST, holds
from privacy_center.people.identity import identities_of, identity_index
from privacy_center.people.models import Level, PersonPassword, WrongPassword
from privacy_center.people.rate import (
    Backoff,
    Limit,
    count_all,
    forget_wrong,
    hashed_address,
    note_wrong,
    refuse_while_slowed,
)
from privacy_center.people.step_up import counts_from

FEWEST_SIGNS = 5
WRONG = Backoff("password.wrong")
LIMITS = {  # tries; the pages say the same whoever asks
    "identity": (
        Limit("password.identity.hour", 10, timedelta(hours=1)),
        Limit("password.identity.day", 30, timedelta(days=1)),
    ),
    "address": (Limit("password.address.hour", 60, timedelta(hours=1)),),
    "everybody": (Limit("password.everybody.hour", 5_000, timedelta(hours=1)),),
}


def set_password(
    session: Session, person: uuid.UUID, password: str, *, level: Level, at: datetime, needed: Level = Level.V2
) -> None:
    """Keep a password, in place of an earlier one. It raises the level at once when set with the level `needed`, else in
    72 hours.

    Refuses (422) fewer than 12 or more than 200 characters, fewer than five different ones, a common one, and the person's own contact.
    """
    _check_fit(session, person, password)
    row = password_of(session, person)
    if row is None:
        row = PersonPassword(person_id=person)
        session.add(row)
    else:
        row.replaced_at = at
    row.password_hash, row.changed_at, row.counts_from = HASHER.hash(password), at, counts_from(level, at, needed)
    session.flush()


def password_of(session: Session, person: uuid.UUID) -> PersonPassword | None:
    """The password's row, if the person has one."""
    return session.scalars(sa.select(PersonPassword).where(PersonPassword.person_id == person)).one_or_none()


def remove_password(session: Session, person: uuid.UUID) -> bool:
    """Take the password away; False when there was none."""
    return session.execute(sa.delete(PersonPassword).where(PersonPassword.person_id == person)).rowcount == 1


def count_try(session: Session, whose: str, *, address: str, at: datetime) -> None:
    """Count one try before looking at the password: `whose` is a contact (`contact_named`) or `person:ID`.

    Refuses (429) more than ten tries an hour or thirty a day for one, sixty an hour per address, and while wrong ones slow
    it down. Keep this transaction before the check, which takes long on purpose and must keep nobody waiting.
    """
    names = {"everybody": "", "address": address, "identity": whose}
    count_all(session, [(limit, names[who]) for who, limits in LIMITS.items() for limit in limits], at)
    refuse_while_slowed(session, WRONG, whose, at)


def contact_named(contact: Contact) -> str:
    """How a contact is called where tries are counted."""
    return f"{contact.kind}:{contact.value}"


def fits(session: Session, person: uuid.UUID | None, password: str) -> PersonPassword | None:
    """The row of the password that fits; None for a wrong one, nobody, and somebody without one. The same work each time."""
    row = password_of(session, person or uuid.UUID(int=0))
    return row if holds(row.password_hash if row else None, password) else None


def note_outcome(session: Session, whose: str, right: bool, at: datetime) -> None:
    """A wrong password slows the next ones down; a right one forgets them."""
    if right:
        forget_wrong(session, WRONG, whose)
    else:
        note_wrong(session, WRONG, whose, at)


def keep_wrong(session: Session, contact: Contact, address: str, at: datetime) -> None:
    """Keep for a day that a wrong password came for this contact from this network address; of both a keyed hash.

    Somebody who tries one password on many contacts slows down nobody's next try; the rules on sweeps see it by this.
    """
    index = identity_index(session, contact.kind, contact.value)
    session.add(WrongPassword(value_index=index, address_hash=hashed_address(session, address), at=at))


def forget_wrong_passwords(session: Session, before: datetime) -> int:
    """Remove what is older than `before`; answers how many."""
    return session.execute(sa.delete(WrongPassword).where(WrongPassword.at < before)).rowcount


def password_refusal() -> Refusal:
    """The one answer to a sign-in by password that did not work, whatever the reason."""
    return Refusal(
        "联系方式或密码不对，或者没有设过密码。核对后再试，或改用验证码登录。",
        "The contact or the password is not right, or no password was set. Check both, or sign in with a code.",
        status=422,
        field="password",
    )


def _check_fit(session: Session, person: uuid.UUID, password: str) -> None:
    values = [value for found in identities_of(session, person).values() for value in found]
    own = [part for value in values for part in (value, value.partition("@")[0]) if len(part) >= 4]
    if not SHORTEST <= len(password) <= LONGEST or len(set(password)) < FEWEST_SIGNS:
        raise Refusal(
            f"密码需要 {SHORTEST} 到 {LONGEST} 个字符，至少 {FEWEST_SIGNS} 种不同的字符。可以用一句只有您知道的话。",
            f"A password needs {SHORTEST} to {LONGEST} characters, {FEWEST_SIGNS} of them different. "
            "A sentence only you know works well.",
            status=422,
            field="password",
        )
    refuse_common(password)
    if any(part.lower() in password.lower() for part in own):
        raise Refusal(
            "密码里不要写您的邮箱或手机号。换一句别人猜不到的话。",
            "Leave your e-mail address and phone number out of the password. Choose what nobody can guess.",
            status=422,
            field="password",
        )
