"""The second proof of staff: a code from an authenticator app, each used once, or a recovery code from paper."""

import secrets
from datetime import datetime

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import keyring_of, open_text, seal_text
from privacy_center.people.staff.models import RecoveryCode, StaffMember
from privacy_center.people.staff.passwords import is_locked, note_failure, note_success, wait_for_turn

SECRET = "staff_member.totp_secret"
STEP = 30  # seconds, RFC 6238
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RECOVERY_CODES = 10


def start_totp(session: Session, staff: StaffMember, issuer: str) -> str:
    """A new secret for an authenticator app, as an otpauth:// address to show as a QR code. The old one ends."""
    secret = pyotp.random_base32()
    staff.totp_secret_sealed = seal_text(session, secret, SECRET)
    staff.totp_confirmed_at = None
    staff.totp_last_counter = 0
    return pyotp.TOTP(secret).provisioning_uri(name=staff.number, issuer_name=issuer)


def totp_address(session: Session, staff: StaffMember, issuer: str) -> str | None:
    """The otpauth:// address of a secret that is still to be confirmed; None when there is none or it is in use."""
    if staff.totp_secret_sealed is None or staff.totp_confirmed_at is not None:
        return None
    secret = open_text(session, staff.totp_secret_sealed, SECRET)
    return pyotp.TOTP(secret).provisioning_uri(name=staff.number, issuer_name=issuer)


def check_totp(session: Session, staff: StaffMember, code: str, at: datetime) -> bool:
    """Whether the app's code is right now (one step of 30 s to either side) and newer than the last one used.

    A wrong code counts as a wrong try; the first right one confirms the secret.
    """
    wait_for_turn(session, staff)
    if staff.totp_secret_sealed is None or is_locked(staff, at):
        return False
    counter = _matching_counter(open_text(session, staff.totp_secret_sealed, SECRET), "".join(code.split()), at)
    if counter is None or not _use_counter(session, staff, counter):
        note_failure(session, staff, at)
        return False
    staff.totp_confirmed_at = staff.totp_confirmed_at or at
    note_success(staff)
    return True


def new_recovery_codes(session: Session, staff: StaffMember) -> list[str]:
    """Ten codes to print, told once; all earlier ones end."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(staff_id=staff.id, code_hash=_recovery_hash(session, staff, code)) for code in codes)
    session.flush()
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def codes_left(session: Session, staff: StaffMember) -> int:
    """How many recovery codes still work."""
    unused = sa.select(sa.func.count()).where(RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def use_recovery_code(session: Session, staff: StaffMember, code: str, at: datetime) -> bool:
    """Whether the code is one of theirs and was not used before; it is used now. A wrong one counts as a wrong try."""
    wait_for_turn(session, staff)
    if is_locked(staff, at):
        return False
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    mine = sa.and_(RecoveryCode.staff_id == staff.id, RecoveryCode.code_hash == _recovery_hash(session, staff, typed))
    use = sa.update(RecoveryCode).where(mine, RecoveryCode.used_at.is_(None)).values(used_at=at)
    if session.execute(use.execution_options(synchronize_session=False)).rowcount != 1:
        note_failure(session, staff, at)
        return False
    note_success(staff)
    return True


def _matching_counter(secret: str, code: str, at: datetime) -> int | None:
    totp, now = pyotp.TOTP(secret, interval=STEP), int(at.timestamp()) // STEP
    found = None
    for counter in (now - 1, now, now + 1):
        if secrets.compare_digest(totp.generate_otp(counter).encode(), code.encode()):
            found = counter
    return found


def _use_counter(session: Session, staff: StaffMember, counter: int) -> bool:
    newer = sa.and_(StaffMember.id == staff.id, StaffMember.totp_last_counter < counter)
    use = sa.update(StaffMember).where(newer).values(totp_last_counter=counter)
    used = session.execute(use.execution_options(synchronize_session=False)).rowcount == 1
    session.refresh(staff, ["totp_last_counter"])
    return used


def _recovery_hash(session: Session, staff: StaffMember, code: str) -> str:
    return keyring_of(session).keyed_hash(f"{staff.id}|{code}", "staff_recovery_code.code")
