"""From a token in a cookie to the visitor it stands for."""

from datetime import datetime
from typing import Any

from flask import Flask, Request
from flask_login import LoginManager
from sqlalchemy import Row
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.login import find_login, is_fresh, needs_touch, touch_login
from privacy_center.people.models import LoginKind
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.terms import is_employed, local_today, roles_in_force
from privacy_center.web.cookies import STAFF_COOKIE, sent_cookie
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, Visitor, staff_side


def find_customer(token: str, at: datetime) -> Visitor | None:
    """The customer whose login has this token and has not ended."""
    if not token:
        return None
    with reading() as session:
        login = find_login(session, token, LoginKind.CUSTOMER, at)
    if login is None:
        return None
    note_sign_of_life(login, at)
    return Visitor(
        "customer",
        login.id,
        login.owner_id,
        fresh=is_fresh(login, at),
        fresh_for=login.fresh_for or "",
        level=login.level,
        device=login.device_hash,
    )


def find_staff(token: str, at: datetime) -> Visitor | None:
    """The member of staff whose login has this token and has not ended, and who is still active."""
    if not token:
        return None
    with reading() as session:
        login = find_login(session, token, LoginKind.STAFF, at)
        visitor = _staff_visitor(session, login, at) if login else None
    if login is not None and visitor is not None:
        note_sign_of_life(login, at)
    return visitor


def _staff_visitor(session: Session, login: Row[Any], at: datetime) -> Visitor | None:
    member = session.get(StaffMember, login.owner_id)
    today = local_today(session, at)
    if member is None or not is_employed(member, today):
        return None
    roles = frozenset(roles_in_force(session, member, today))
    return Visitor("staff", login.id, member.id, fresh=is_fresh(login, at), roles=roles, name=member.name)


def note_sign_of_life(login: Row[Any], at: datetime) -> None:
    """Put the idle end of a login off; at most one write a minute, and the only write that any page may cause."""
    if needs_touch(login, at):
        with transaction() as session:
            touch_login(session, login.id, at)


def load_visitor(asked: Request) -> Visitor | None:
    """The visitor whose token the cookie of this door holds; None when there is none or the login has ended."""
    if staff_side():
        return find_staff(sent_cookie(STAFF_COOKIE, asked), clock.now())
    return find_customer(sent_cookie(CUSTOMER_COOKIE, asked), clock.now())


def install_visitors(app: Flask) -> None:
    """Flask-Login asks us for each request; it keeps nothing of its own."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(load_visitor)
