"""Passwords of staff: argon2id, equal work for everybody, longer and longer pauses after wrong ones."""

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from privacy_center.errors import Refusal
from privacy_center.people.common_passwords import refuse_common
from privacy_center.people.hashing import HASHER, LONGEST, SHORTEST, holds
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.terms import is_employed, local_today

FREE_TRIES = 5
NO_PASSWORD = "!"
"""How what is kept begins where there is no password: argon2 hashes begin with `$`."""
NOBODY = uuid.UUID(int=0)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


def hash_password(password: str) -> str:
    """The argon2id hash to keep; refuses (422) fewer than 12 or more than 200 characters, and a common one."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refusal(
            f"密码需要 {SHORTEST} 到 {LONGEST} 个字符。可以用一句只有您知道的话。",
            f"A password needs {SHORTEST} to {LONGEST} characters. A sentence only you know works well.",
            status=422,
            field="password",
        )
    refuse_common(password)
    return HASHER.hash(password)


def no_password() -> str:
    """What is kept in the place of a hash where there is no password: nothing fits it, and each is another."""
    return NO_PASSWORD + secrets.token_urlsafe(32)


def has_password(staff: StaffMember) -> bool:
    """Whether there is a password to sign in with; a former member has none once it is forgotten."""
    return not staff.password_hash.startswith(NO_PASSWORD)


def check_password(session: Session, number: str, password: str, at: datetime) -> StaffMember | None:
    """The member of staff whose password this is; None for a wrong one, an unknown number, a locked or former member.

    The work is the same in each case. It answers None instead of refusing so that the wrong try is kept when the caller's
    transaction is; after the transaction, refuse with `staff_refusal()`. Whoever tries in parallel waits for his turn.
    """
    wanted = sa.select(StaffMember).where(StaffMember.number == number.strip()).with_for_update()
    staff = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    fits = holds(staff.password_hash if staff and has_password(staff) else None, password)
    if staff is None or not is_employed(staff, local_today(session, at)) or is_locked(staff, at):
        _count_failure(session, NOBODY, at)
        return None
    if not fits:
        note_failure(session, staff, at)
        return None
    if HASHER.check_needs_rehash(staff.password_hash):
        staff.password_hash = HASHER.hash(password)
    return staff


def is_locked(staff: StaffMember, at: datetime) -> bool:
    """Whether wrong tries have closed the door for now."""
    return staff.locked_until is not None and at < staff.locked_until


def wait_for_turn(session: Session, staff: StaffMember) -> None:
    """One try at a time for each member: who tries in parallel sees here what came of the tries before."""
    session.refresh(staff, ["failures", "locked_until", "totp_last_counter"], with_for_update=True)


def note_failure(session: Session, staff: StaffMember, at: datetime) -> None:
    """Count one wrong try; from the fifth on the door stays closed for 30 seconds, doubling up to an hour."""
    failures, until = _count_failure(session, staff.id, at)
    set_committed_value(staff, "failures", failures)
    set_committed_value(staff, "locked_until", until)


def _count_failure(session: Session, whose: uuid.UUID, at: datetime) -> tuple[int, datetime | None]:
    """The same statements whether or not `whose` is anybody: a sign-in by an unknown number takes no less work."""
    mine = sa.update(StaffMember).where(StaffMember.id == whose).execution_options(synchronize_session=False)
    counted = mine.values(failures=StaffMember.failures + 1).returning(StaffMember.failures)
    failures = session.execute(counted).scalar_one_or_none() or 0
    pause = min(FIRST_PAUSE * 2 ** min(max(failures - FREE_TRIES, 0), 20), LONGEST_PAUSE)
    until = at + pause if failures >= FREE_TRIES else None
    session.execute(mine.values(locked_until=until))
    return failures, until


def note_success(staff: StaffMember) -> None:
    """Wrong tries are forgotten once somebody is fully signed in."""
    staff.failures, staff.locked_until = 0, None


def staff_refusal() -> Refusal:
    """The one answer to a sign-in that did not work, whatever the reason."""
    return Refusal(
        "工号、密码或动态码不对，或尝试过多。请核对；连续出错需等待一段时间再试。",
        "Staff number, password or code is not right, or there were too many tries. Check them; "
        "after several wrong ones, wait a while.",
        status=422,
        field="password",
    )
