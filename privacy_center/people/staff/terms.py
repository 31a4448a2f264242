"""Roles and employment have a first and a last day: what is in force on a day, and what follows from that."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.clock import local_date
from privacy_center.people.staff.models import Role, RoleTerm, StaffMember


def local_today(session: Session, at: datetime) -> date:
    """The company's local date at a moment."""
    return local_date(at, session.info.get("timezone", "UTC"))


def is_employed(staff: StaffMember, today: date) -> bool:
    """Whether the member works here on this day: not deactivated, begun, and not past the last day."""
    begun = staff.started_on is None or staff.started_on <= today
    return staff.active and begun and (staff.ends_on is None or today <= staff.ends_on)


def is_former(staff: StaffMember, today: date) -> bool:
    """Whether the employment is over on this day, or the account deactivated."""
    return not staff.active or (staff.ends_on is not None and staff.ends_on < today)


def terms_of(session: Session, staff: StaffMember) -> list[RoleTerm]:
    """Every role that the member holds, held or will hold, oldest first."""
    mine = sa.select(RoleTerm).where(RoleTerm.staff_id == staff.id)
    return list(session.scalars(mine.order_by(RoleTerm.starts_on, RoleTerm.given_at, RoleTerm.role)))


def in_force(term: RoleTerm, today: date) -> bool:
    """Whether a term counts on this day."""
    return term.taken_at is None and term.starts_on <= today and (term.ends_on is None or today <= term.ends_on)


def is_over(term: RoleTerm, today: date) -> bool:
    """Whether a term will not count again."""
    return term.taken_at is not None or (term.ends_on is not None and term.ends_on < today)


def roles_in_force(session: Session, staff: StaffMember, today: date) -> list[str]:
    """The roles that count on this day, in the order in which roles are declared; none for who does not work here."""
    if not is_employed(staff, today):
        return []
    held = {term.role for term in terms_of(session, staff) if in_force(term, today)}
    return [role.value for role in Role if role in held]


def settle_roles(session: Session, staff: StaffMember, today: date) -> None:
    """Write down what is in force, so that whoever reads the member alone sees it too."""
    roles = roles_in_force(session, staff, today)
    if staff.roles != roles:
        staff.roles = roles
    session.flush()


def settle_everybody(session: Session, at: datetime) -> int:
    """Let terms begin and end for everybody; answers for how many something changed. Part of the daily pass."""
    today, changed = local_today(session, at), 0
    for staff in session.scalars(sa.select(StaffMember).order_by(StaffMember.number)):
        before = list(staff.roles)
        settle_roles(session, staff, today)
        changed += before != staff.roles
    return changed
