"""Changes to one member of staff: roles, dates, trainings, in or out. Each needs a fresh proof and is on record."""

import uuid
from collections.abc import Callable
from datetime import date, datetime

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.staff import administer
from privacy_center.people.staff.models import Role, RoleTerm, StaffMember
from privacy_center.web.filters import words
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
        starts, ends = _day("role_starts_on"), _day_or_none("role_ends_on")
        return administer.give_role(session, member, _role(), starts_on=starts, ends_on=ends, by=me(), at=at)

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
        starts, ends = _day("starts_on"), _day_or_none("ends_on")
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
        days = {"done_on": _day("done_on"), "due_on": _day("due_on")}
        return administer.enter_training(session, member, title=request.form.get("title", ""), **days, by=me(), at=at)

    return _change(number, "training", change)


def _change(number: str, done: str, change: Change) -> Response:
    at = clock.now()
    try:
        with transaction() as session:
            change(session, member_of(session, number), at)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        errors = {refusal.field or "": words(refusal.words)}
        return draw_person(number, typed=request.form, errors=errors, status=refusal.status)
    return go(url_for("staff.person", number=number, done=done))


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise Refusal("选一个岗位。", "Choose a role.", status=422, field="role") from error


def _day(field: str) -> date:
    found = _day_or_none(field)
    if found is None:
        raise Refusal("写下日期，如 2026-11-22。", "Write the day, such as 2026-11-22.", status=422, field=field)
    return found


def _day_or_none(field: str) -> date | None:
    said = request.form.get(field, "").strip()
    try:
        return date.fromisoformat(said) if said else None
    except ValueError as error:
        said_zh, said_en = "日期写成 2026-11-22 这样。", "Write the day like this: 2026-11-22."
        raise Refusal(said_zh, said_en, status=422, field=field) from error
