"""Who works here: members of staff, their roles, and the identities that make a conflict of interest visible."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.identity import identity_index
from privacy_center.people.staff.models import Role, RoleTerm, StaffIdentity, StaffMember
from privacy_center.people.staff.passwords import hash_password
from privacy_center.people.staff.terms import local_today, settle_roles


def create_staff(
    session: Session,
    *,
    number: str,
    name: str,
    email: str,
    password: str,
    roles: Iterable[Role],
    at: datetime,
    department: str = "",
    language: str = "zh-CN",
    own_identities: Mapping[str, Iterable[str]] | None = None,
    ends_on: date | None = None,
    given_by: str = "terminal",
) -> StaffMember:
    """A new member of staff from today (the company's date) on; refuses (422) a number that is taken or a password that
    is too short. `given_by`: who gave the roles, by staff number, or the terminal.
    """
    if find_staff(session, number) is not None:
        raise Refusal(
            f"工号 {number} 已存在。请换一个工号。",
            f"Staff number {number} is taken. Use another.",
            status=422,
            field="number",
        )
    staff = StaffMember(
        id=uuid.uuid4(),
        number=number,
        name=name,
        email=email,
        department=department,
        language=language,
        roles=[],
        password_hash=hash_password(password),
        totp_last_counter=0,
        failures=0,
        active=True,
        started_on=local_today(session, at),
        ends_on=ends_on,
        created_at=at,
    )
    session.add(staff)
    session.flush()
    _begin_roles(session, staff, [Role(role) for role in roles], given_by, at)
    note_identities(session, staff, {"email": [email], **(own_identities or {})})
    return staff


def _begin_roles(session: Session, staff: StaffMember, roles: Iterable[Role], given_by: str, at: datetime) -> None:
    today = local_today(session, at)
    session.add_all(
        RoleTerm(staff_id=staff.id, role=role, starts_on=today, given_by=given_by, given_at=at)
        for role in dict.fromkeys(roles)
    )
    session.flush()
    settle_roles(session, staff, today)


def note_identities(session: Session, staff: StaffMember, identities: Mapping[str, Iterable[str]]) -> None:
    """Remember, as blind indexes only, under which identities a member of staff may be a customer."""
    known = {(one.kind, one.value_index) for one in session.scalars(_identities(staff))}
    wanted = {(kind, identity_index(session, kind, value)) for kind, values in identities.items() for value in values}
    session.add_all(
        StaffIdentity(staff_id=staff.id, kind=kind, value_index=index) for kind, index in sorted(wanted - known)
    )
    session.flush()


def is_same_person(session: Session, staff: StaffMember, identities: Mapping[str, Iterable[str]]) -> bool:
    """Whether one of these identity values is the member's own: then it is no case for them."""
    asked = {(kind, identity_index(session, kind, value)) for kind, values in identities.items() for value in values}
    return any((one.kind, one.value_index) in asked for one in session.scalars(_identities(staff)))


def find_staff(session: Session, number: str) -> StaffMember | None:
    """The member of staff with this number."""
    return session.scalars(sa.select(StaffMember).where(StaffMember.number == number)).one_or_none()


def all_staff(session: Session) -> list[StaffMember]:
    """Everybody who works or worked here, by number."""
    return list(session.scalars(sa.select(StaffMember).order_by(StaffMember.number)))


def _identities(staff: StaffMember) -> sa.Select[tuple[StaffIdentity]]:
    return sa.select(StaffIdentity).where(StaffIdentity.staff_id == staff.id)
