"""A former member whose password was forgotten works here again: a link, once, by which they choose a new one.

Nothing is stored for a link: it is a keyed hash over who it is for, when it ends and what stands in the place of the password.
Another link, a password, or the next end of the employment puts something else there, and the link opens nothing any more.
"""

import secrets
import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import record
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.staff.administer import TERMINAL, refuse_oneself
from privacy_center.people.staff.models import Pledge, StaffMember
from privacy_center.people.staff.passwords import has_password, hash_password, no_password
from privacy_center.people.staff.roster import note_identities
from privacy_center.people.staff.terms import is_employed, is_former, local_today

LASTS = timedelta(days=3)
LONGEST_NAME, LONGEST_EMAIL = 80, 200


def make_link(
    session: Session, staff: StaffMember, *, name: str, email: str, by: StaffMember | None, at: datetime
) -> str:
    """The token of a link that works once, for three days from `at` (UTC). Name and e-mail are as on the form.

    Refuses (403) oneself, (409) a member who has a password or whose employment is over, (422) a name or e-mail that is
    none. Earlier links end; pledges that were signed under a name that is forgotten are signed again.
    """
    refuse_oneself(session, staff, by)
    if has_password(staff):
        raise Refusal(
            "这个账号有密码，不用重新开通。", "This account has a password. It does not need to be enrolled anew."
        )
    if is_former(staff, local_today(session, at)):
        raise Refusal(
            "任职已经结束，或者账号停用。先改任职日期，再重新开通。",
            "The employment is over, or the account deactivated. Change the dates first, then enrol anew.",
        )
    refuse_wrong(_wrong(name.strip(), email.strip()))
    staff.name, staff.email, staff.password_hash = name.strip(), email.strip(), no_password()
    note_identities(session, staff, {"email": [staff.email]})
    of_another = sa.delete(Pledge).where(Pledge.staff_id == staff.id, Pledge.name != staff.name)
    session.execute(of_another.execution_options(synchronize_session=False))
    told = {"number": staff.number}
    record(session, actor=by.as_actor() if by else TERMINAL, act="staff.enrolled_anew", details=told, at=at)
    session.flush()
    ends = int((at + LASTS).timestamp())
    return f"{staff.id.hex}-{ends}-{_proof(session, staff, ends)}"


def link_owner(session: Session, token: str, at: datetime, *, for_update: bool = False) -> StaffMember:
    """The member whom a link is for; refuses (404) a link that is unknown, used, replaced or over, in the same words."""
    owner, _dash, rest = token.partition("-")
    ends, _dash, proof = rest.partition("-")
    if (
        len(owner) == 32
        and set(owner) <= set("0123456789abcdef")
        and ends.isascii()
        and ends.isdigit()
        and len(ends) < 12
    ):
        wanted = sa.select(StaffMember).where(StaffMember.id == uuid.UUID(owner))
        wanted = wanted.with_for_update() if for_update else wanted
        found = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
        if found is not None and _opens(session, found, int(ends), proof, at):
            return found
    raise Refusal(
        "这个链接不能用：用过了，过期了，或者换过新的。请找给您链接的人再要一个。",
        "This link does not work: it was used, has ended, or was replaced. Ask whoever gave it to you for another.",
        status=404,
    )


def choose_password(session: Session, token: str, password: str, at: datetime) -> StaffMember:
    """The member of a link takes a password; the link is used. Refuses as `link_owner` and `hash_password` do."""
    staff = link_owner(session, token, at, for_update=True)
    staff.password_hash = hash_password(password)
    record(session, actor=staff.as_actor(), act="staff.password_chosen", at=at)
    session.flush()
    return staff


def _opens(session: Session, staff: StaffMember, ends: int, proof: str, at: datetime) -> bool:
    right = secrets.compare_digest(_proof(session, staff, ends).encode(), proof.encode())
    living = at < datetime.fromtimestamp(ends, UTC) if right else False
    return living and not has_password(staff) and is_employed(staff, local_today(session, at))


def _proof(session: Session, staff: StaffMember, ends: int) -> str:
    return keyring_of(session).keyed_hash(f"{staff.id}|{ends}|{staff.password_hash}", "staff_member.link")


def _wrong(name: str, email: str) -> dict[str, Words]:
    wrong = {}
    if not 0 < len(name) <= LONGEST_NAME:
        wrong["name"] = Words(
            f"写下姓名，最多 {LONGEST_NAME} 字。", f"Write the name, at most {LONGEST_NAME} characters."
        )
    local, _at, domain = email.partition("@")
    if not local or "." not in domain or " " in email or len(email) > LONGEST_EMAIL:
        wrong["email"] = Words("写下工作邮箱，如 li@example.com。", "Write the work e-mail, such as li@example.com.")
    return wrong
