"""A member of staff who is signed in proves themself once more, before something that cannot be taken back."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.login import refresh_login
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.passwords import check_password
from privacy_center.people.staff.second_factor import check_totp


def prove_again(
    session: Session, staff: StaffMember, login: uuid.UUID, *, password: str, code: str, at: datetime
) -> bool:
    """Whether password and a fresh code are right; the login is then fresh for five minutes.

    It answers False instead of refusing so that the wrong try is kept when the caller's transaction is; after the
    transaction, refuse with `proof_refusal()`.
    """
    found = check_password(session, staff.number, password, at)
    proven = found is not None and found.id == staff.id and check_totp(session, found, code, at)
    return _note(session, staff, login, proven, at)


def prove_by_passkey(session: Session, staff: StaffMember, login: uuid.UUID, *, owner: uuid.UUID, at: datetime) -> bool:
    """The same by a passkey whose answer holds and whose owner is `owner`; a colleague's passkey proves nothing."""
    return _note(session, staff, login, owner == staff.id, at)


def _note(session: Session, staff: StaffMember, login: uuid.UUID, proven: bool, at: datetime) -> bool:
    if proven:
        refresh_login(session, login, at)
    act = "staff.proved_again" if proven else "staff.proof_refused"
    record(session, actor=staff.as_actor(), act=act, at=at)
    return proven


def proof_refusal() -> Refusal:
    """The one answer to a proof that did not work, whatever the reason."""
    return Refusal(
        "密码或动态码不对，或尝试过多。一个动态码只能用一次，等下一个再写。",
        "Password or code is not right, or there were too many tries. A code works once: wait for the next one.",
        status=422,
        field="password",
    )
