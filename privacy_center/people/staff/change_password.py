"""A member of staff takes a new password: the present one and a fresh code prove who asks; other sign-ins end."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.login import end_other_logins
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.passwords import check_password, hash_password
from privacy_center.people.staff.second_factor import check_totp


def change_password(
    session: Session, staff: StaffMember, *, present: str, wanted: str, code: str, this: uuid.UUID, at: datetime
) -> bool:
    """Take the new password and end every sign-in of the member but `this` one; False when the proofs are not right.

    It answers False instead of refusing so that the wrong try is kept when the caller's transaction is. Refuses (422) a
    new password that is too short, too long, or the present one again.
    """
    kept = hash_password(wanted)
    if wanted == present:
        raise Refusal(
            "新密码和现在的一样。换一个没有用过的。",
            "The new password is the present one. Take one that you have not used.",
            status=422,
            field="password",
        )
    found = check_password(session, staff.number, present, at)
    if found is None or not check_totp(session, found, code, at):
        return False
    found.password_hash = kept
    end_other_logins(session, found.id, this, at)
    session.flush()
    return True
