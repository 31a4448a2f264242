"""The access review: for each member and role of a department somebody who answers for it says keep or remove, and signs."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.keys.canonical import canonical
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.staff.administer import take_role
from privacy_center.people.staff.models import AccessReview, AccessReviewLine, RoleTerm, StaffMember
from privacy_center.people.staff.terms import is_over, local_today

EVERY = timedelta(days=180)  # twice a year; GB/T 35273-2020, 11.7 asks for regular checks of permissions
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Held:
    """One member and role to look at. `since_last`: given after the last signed review of the department."""

    staff: StaffMember
    term: RoleTerm
    since_last: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Keep or remove, and why."""

    keep: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a department is to be reviewed next (local date); `last`: the review that was signed last."""

    department: str
    members: int
    last: AccessReview | None
    due_on: date
    overdue: bool


def open_review(session: Session, department: str, *, by: StaffMember, at: datetime) -> AccessReview:
    """The open review of a department, begun now where there is none. Refuses (404) a department where nobody works."""
    if department not in {due.department for due in departments_due(session, at)}:
        raise Refusal("没有这个部门。", "There is no such department.", status=404)
    unsigned = sa.select(AccessReview).where(AccessReview.department == department, AccessReview.signed_at.is_(None))
    found = session.scalars(unsigned).first()
    if found is None:
        found = AccessReview(id=uuid.uuid4(), department=department, opened_by=by.number, opened_at=at)
        session.add(found)
        session.flush()
        told = {"review": str(found.id), "department": department}
        record(session, actor=by.as_actor(), act="staff.access_review_opened", details=told, at=at)
    return found


def to_review(session: Session, review: AccessReview, by: StaffMember, at: datetime) -> list[Held]:
    """Every role that somebody of the department has or will have, by number. One's own are left for another reviewer."""
    today, last = local_today(session, at), _last_signed(session).get(review.department)
    wanted = (
        sa.select(StaffMember, RoleTerm)
        .join(RoleTerm, RoleTerm.staff_id == StaffMember.id)
        .where(StaffMember.department == review.department, StaffMember.number != by.number)
        .order_by(StaffMember.number, RoleTerm.given_at, RoleTerm.role)
    )
    return [
        Held(staff, term, last is not None and last.signed_at is not None and term.given_at > last.signed_at)
        for staff, term in session.execute(wanted)
        if not is_over(term, today)
    ]


def sign_review(
    session: Session, review: AccessReview, answers: Mapping[uuid.UUID, Answer], *, by: StaffMember, at: datetime
) -> AccessReview:
    """Carry the answers out at once, and sign them (Ed25519). The caller has checked password and code.

    `answers`: term → keep or remove. Refuses (409) a review that is signed, (422) one with a role that has no answer.
    """
    session.refresh(review, with_for_update=True)
    if review.signed_at is not None:
        raise Refusal("这次复核已经签过了。", "This review is signed already.")
    held = to_review(session, review, by, at)
    missing = [one.term.id for one in held if one.term.id not in answers]
    if missing or not held:
        raise Refusal(
            "每一行都要选保留或收回。", "Choose keep or remove on every line.", status=422, field=_first(missing)
        )
    lines = [_line(review, place, one, answers[one.term.id]) for place, one in enumerate(held)]
    for one in held:
        if not answers[one.term.id].keep:
            take_role(session, one.staff, one.term, by=by, at=at)
    review.signed_by, review.signed_at = by.number, at
    review.signature = keyring_of(session).sign(canonical(_document(review, lines)))
    session.add_all(lines)
    removed = sum(not line.keep for line in lines)
    told = {"review": str(review.id), "department": review.department, "kept": len(lines) - removed, "removed": removed}
    record(session, actor=by.as_actor(), act="staff.access_review_signed", details=told, at=at)
    session.flush()
    return review


def lines_of(session: Session, review: AccessReview) -> list[AccessReviewLine]:
    """What was answered in a signed review, in order."""
    wanted = sa.select(AccessReviewLine).where(AccessReviewLine.review_id == review.id)
    return list(session.scalars(wanted.order_by(AccessReviewLine.position)))


def review_holds(session: Session, review: AccessReview) -> bool:
    """Whether a signed review and its lines are those that were signed."""
    document = canonical(_document(review, lines_of(session, review)))
    return review.signature is not None and keyring_of(session).verify(document, review.signature)


def reviews(session: Session, limit: int = 100) -> list[AccessReview]:
    """Reviews, newest first; those still open before those signed."""
    newest = sa.select(AccessReview).order_by(AccessReview.signed_at.is_not(None), AccessReview.opened_at.desc())
    return list(session.scalars(newest.limit(limit)))


def departments_due(session: Session, at: datetime) -> list[Due]:
    """Every department where somebody holds a role, what is due first on top. Due 180 days after the last review, or
    after the first role was given where none was ever signed.
    """
    today, last = local_today(session, at), _last_signed(session)
    wanted = sa.select(StaffMember, RoleTerm).join(RoleTerm, RoleTerm.staff_id == StaffMember.id)
    found: dict[str, tuple[set[str], date]] = {}
    for staff, term in session.execute(wanted):
        if not is_over(term, today):
            members, since = found.get(staff.department, (set(), term.starts_on))
            found[staff.department] = (members | {staff.number}, min(since, term.starts_on))
    due = [_due(session, name, members, since, last.get(name), today) for name, (members, since) in found.items()]
    return sorted(due, key=lambda one: (one.due_on, one.department))


def _due(session: Session, name: str, members: set[str], since: date, last: AccessReview | None, today: date) -> Due:
    from_day = local_today(session, last.signed_at) if last is not None and last.signed_at is not None else since
    return Due(name, len(members), last, from_day + EVERY, from_day + EVERY < today)


def _last_signed(session: Session) -> dict[str, AccessReview]:
    signed = sa.select(AccessReview).where(AccessReview.signed_at.is_not(None)).order_by(AccessReview.signed_at)
    return {one.department: one for one in session.scalars(signed)}


def _line(review: AccessReview, place: int, held: Held, answer: Answer) -> AccessReviewLine:
    return AccessReviewLine(
        review_id=review.id,
        position=place,
        number=held.staff.number,
        name=held.staff.name,
        role=held.term.role,
        starts_on=held.term.starts_on,
        ends_on=held.term.ends_on,
        given_by=held.term.given_by,
        since_last=held.since_last,
        keep=answer.keep,
        reason=answer.reason.strip()[:LONGEST_REASON],
    )


def _document(review: AccessReview, lines: Sequence[AccessReviewLine]) -> dict[str, Any]:
    return {
        "review": str(review.id),
        "department": review.department,
        "signed_by": review.signed_by,
        "signed_at": review.signed_at.isoformat() if review.signed_at else None,
        "lines": [_told(one) for one in lines],
    }


def _told(line: AccessReviewLine) -> dict[str, Any]:
    """Everything that the list shows of a line."""
    return {
        "position": line.position,
        "number": line.number,
        "name": line.name,
        "role": line.role.value,
        "starts_on": line.starts_on.isoformat(),
        "ends_on": line.ends_on.isoformat() if line.ends_on else None,
        "given_by": line.given_by,
        "since_last": line.since_last,
        "keep": line.keep,
        "reason": line.reason,
    }


def _first(missing: Sequence[uuid.UUID]) -> str:
    return f"answer-{missing[0]}" if missing else ""
