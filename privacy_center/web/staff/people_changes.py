"""Changes to one member of staff: roles, dates, trainings, in or out. Each needs a fresh proof and is on record."""

import uuid
from collections.abc import Callable
from datetime import date, datetime

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.people.staff import administer
from privacy_center.people.staff.models import Role, RoleTerm, StaffMember
from privacy_center.people.staff.terms import local_today
from privacy_center.web.filters import words_by_field
from privacy_center.web.page import go
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.people import draw_person, member_of
from privacy_center.web.staff.who import me
from privacy_center.web.units import transaction

Change = Callable[[Session, StaffMember, datetime], object]


@staff.post("/people/<number>/roles")
def give_post(number: str) -> Response:
    """Give a role from a day to a last day."""

    def change(session: Session, member: StaffMember, at: datetime) -> object:
        wrong: dict[str, Words] = {}
        role, starts = _role(wrong), _day("role_starts_on", wrong)
        ends = _day("role_ends_on", wrong, needed=False)
        refuse_wrong(wrong)
        return administer.give_role(session, member, role, starts_on=starts, ends_on=ends, by=me(), at=at)

    return _change(number, "given", change)


@staff.post("/people/<number>/roles/<uuid:term>/take")
def take_post(number: str, term: uuid.UUID) -> Response:
    """Take a role; at once."""

    def change(session: Session, member: StaffMember, at: datetime) -> object:
        found = session.get(RoleTerm, term)
        if found is None or found.staff_id != member.id:
            raise Refusal("没有这个岗位。", "There is no such role.", status=404)
        return administer.take_role(session, member, found, by=me(), at=at)

    return _change(number, "taken", change)


@staff.post("/people/<number>/dates")
def set_dates(number: str) -> Response:
    """First and last day of the employment."""

    def change(session: Session, member: StaffMember, at: datetime) -> object:
        wrong: dict[str, Words] = {}
        starts, ends = _day("starts_on", wrong), _day("ends_on", wrong, needed=False)
        refuse_wrong(wrong)
        return administer.set_employment(session, member, starts_on=starts, ends_on=ends, by=me(), at=at)

    return _change(number, "dates", change)


@staff.post("/people/<number>/active")
def set_active(number: str) -> Response:
    """Deactivate or let in again."""
    wanted = request.form.get("active") == "yes"

    def change(session: Session, member: StaffMember, at: datetime) -> object:
        return administer.set_active(session, member, wanted, by=me(), at=at)

    return _change(number, "on" if wanted else "off", change)


@staff.post("/people/<number>/logins/end")
def end_logins(number: str) -> Response:
    """Sign a member out everywhere."""

    def change(session: Session, member: StaffMember, at: datetime) -> object:
        return administer.sign_out_everywhere(session, member, by=me(), at=at)

    return _change(number, "out", change)


@staff.post("/people/<number>/trainings")
def add_training(number: str) -> Response:
    """A training that was done, and until when it counts."""

    def change(session: Session, member: StaffMember, at: datetime) -> object:
        typed: dict[str, Words] = {}
        days = {"done_on": _day("done_on", typed), "due_on": _day("due_on", typed)}
        title = request.form.get("title", "")
        refuse_wrong(administer.wrong_training(title, **days, today=local_today(session, at)) | typed)
        return administer.enter_training(session, member, title=title, **days, by=me(), at=at)

    return _change(number, "training", change)


def _change(number: str, done: str, change: Change) -> Response:
    at = clock.now()
    try:
        with transaction() as session:
            change(session, member_of(session, number), at)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return draw_person(number, typed=request.form, errors=words_by_field(refusal), status=refusal.status)
    return go(url_for("staff.person", number=number, done=done))


def _role(wrong: dict[str, Words]) -> Role | None:
    typed = request.form.get("role", "")
    if typed not in set(Role):
        wrong["role"] = Words("选一个岗位。", "Choose a role.")
        return None
    return Role(typed)


def _day(field: str, wrong: dict[str, Words], *, needed: bool = True) -> date | None:
    """The day that was typed; none, and a word in `wrong`, for what is no day or, where it is needed, an empty field."""
    said = request.form.get(field, "").strip()
    if not said and needed:
        wrong[field] = administer.NO_DAY
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        wrong[field] = Words("日期写成 2026-11-22 这样。", "Write the day like this: 2026-11-22.")
        return None
