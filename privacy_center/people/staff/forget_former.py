"""Former members of staff, forgotten in two steps: first what opens doors, later their name. Signed access reviews end too.

The periods stand in `retention/own/privacy-center.yml`. The record, decisions, roles and reviews keep the staff number.
"""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.db import Base
from privacy_center.keys.canonical import canonical_text
from privacy_center.people.models import LoginKind, LoginSession, Passkey
from privacy_center.people.staff.models import (
    AccessReview,
    AccessReviewLine,
    Pledge,
    RecoveryCode,
    Relation,
    StaffIdentity,
    StaffMember,
    Training,
)
from privacy_center.people.staff.passwords import NO_PASSWORD, no_password
from privacy_center.people.staff.terms import local_today

OFF, ON = "staff.deactivated", "staff.reactivated"


def forget_secrets(session: Session, before: date, *, by: Actor, at: datetime) -> int:
    """Remove password, app secret, recovery codes, passkeys, sign-ins and declared relatives of everybody whose last day
    (local date) was earlier than `before`; answers how many. They are let in again by `enrol_anew` only.
    """
    gone = _gone_before(session, before, ~StaffMember.password_hash.startswith(NO_PASSWORD, autoescape=True))
    for member in gone:
        _forget_secrets_of(session, member)
        record(session, actor=by, act="staff.secrets_forgotten", details={"number": member.number}, at=at)
    return len(gone)


def forget_names(session: Session, before: date, *, by: Actor, at: datetime) -> int:
    """Put the staff number in the place of name and e-mail, on pledges too, of everybody whose last day (local date) was
    earlier than `before`, and remove their trainings and own identities; answers how many.

    A name in a signed review stays with the review: it is under the signature.
    """
    gone = _gone_before(session, before, StaffMember.email != StaffMember.number)
    for member in gone:
        member.name = member.email = member.number
        _remove(session, Training, Training.staff_id == member.id)
        _remove(session, StaffIdentity, StaffIdentity.staff_id == member.id)
        renamed = sa.update(Pledge).where(Pledge.staff_id == member.id).values(name=member.number)
        session.execute(renamed.execution_options(synchronize_session=False))
        record(session, actor=by, act="staff.name_forgotten", details={"number": member.number}, at=at)
    session.flush()
    return len(gone)


def forget_reviews(session: Session, before: datetime, *, by: Actor, at: datetime) -> int:
    """Remove access reviews that were signed before a moment (UTC), lines and all, but never the latest of a department;
    answers how many.
    """
    later = aliased(AccessReview)
    newer = sa.exists().where(later.department == AccessReview.department, later.signed_at > AccessReview.signed_at)
    wanted = sa.select(AccessReview).where(AccessReview.signed_at < before, newer).with_for_update(of=AccessReview)
    over = session.scalars(wanted).all()
    for review in over:
        _remove(session, AccessReviewLine, AccessReviewLine.review_id == review.id)
        session.delete(review)
        told = {"review": str(review.id), "department": review.department}
        record(session, actor=by, act="staff.access_review_forgotten", details=told, at=at)
    session.flush()
    return len(over)


def _gone_before(session: Session, before: date, left: sa.ColumnElement[bool]) -> list[StaffMember]:
    """Who has something `left` and a last day before `before`: `ends_on`, or without it the day on which the record says
    that they were deactivated. Who was made inactive past the record is left alone: no day is known.
    """
    gone = sa.or_(StaffMember.ends_on < before, sa.and_(StaffMember.ends_on.is_(None), ~StaffMember.active))
    wanted = sa.select(StaffMember).where(left, gone).order_by(StaffMember.number).with_for_update()
    members = session.scalars(wanted.execution_options(populate_existing=True)).all()
    days = _deactivated_on(session, [one.number for one in members if one.ends_on is None])
    return [one for one in members if (one.ends_on or days.get(one.number, before)) < before]


def _deactivated_on(session: Session, numbers: Iterable[str]) -> dict[str, date]:
    """Staff number → local date of the last entry that deactivated the member, unless one let them in again since."""
    told = {canonical_text({"number": number}): number for number in numbers}
    if not told:
        return {}
    wanted = sa.select(AuditEntry.act, AuditEntry.details, AuditEntry.at)
    wanted = wanted.where(AuditEntry.act.in_((OFF, ON)), AuditEntry.details.in_(told)).order_by(AuditEntry.seq)
    last = {told[row.details]: row for row in session.execute(wanted)}
    return {number: local_today(session, row.at) for number, row in last.items() if row.act == OFF}


def _forget_secrets_of(session: Session, member: StaffMember) -> None:
    member.password_hash = no_password()
    member.totp_secret_sealed, member.totp_confirmed_at, member.totp_last_counter = None, None, 0
    member.failures, member.locked_until = 0, None
    relatives = (StaffIdentity.staff_id == member.id, StaffIdentity.relation == Relation.RELATIVE)
    _remove(session, RecoveryCode, RecoveryCode.staff_id == member.id)
    _remove(session, StaffIdentity, *relatives)
    _remove(session, Passkey, Passkey.kind == LoginKind.STAFF, Passkey.owner_id == member.id)
    _remove(session, LoginSession, LoginSession.kind == LoginKind.STAFF, LoginSession.owner_id == member.id)
    session.flush()


def _remove(session: Session, model: type[Base], *where: sa.ColumnElement[bool]) -> None:
    session.execute(sa.delete(model).where(*where).execution_options(synchronize_session=False))
