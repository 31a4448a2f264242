"""Commands about staff accounts: add, train, end, list. They are for the first days; later the staff pages do this."""

import secrets
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.errors import Refusal
from privacy_center.people.staff.administer import enter_training, set_employment
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.roster import all_staff, create_staff, find_staff
from privacy_center.people.staff.terms import is_former
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say


def run_add(arguments: Namespace) -> int:
    """A new account with a first password, printed once; the second factor is set up at the first sign-in."""
    center = open_to_act(arguments.home, sound=False)
    password = secrets.token_urlsafe(12)
    roles = [_role(name) for name in arguments.role]
    at = clock.now()
    with center.database.transaction() as session:
        create_staff(
            session,
            number=arguments.number,
            name=arguments.name,
            email=arguments.email,
            password=password,
            roles=roles,
            department=arguments.department,
            at=at,
        )
        told = {"number": arguments.number, "roles": [role.value for role in roles]}
        record(session, actor=Actor("system", "terminal"), act="staff.added", details=told, at=at)
    say(arguments, {"number": arguments.number, "password": password}, [f"{arguments.number}  {password}"])
    return 0


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        known = ", ".join(role.value for role in Role)
        raise Refusal(f"没有 {name} 这个角色。可用：{known}", f"There is no role {name}. There are: {known}") from error


def run_train(arguments: Namespace) -> int:
    """A training that was done, and the last day until which it counts; entered by the terminal."""
    center = open_to_act(arguments.home, sound=False)
    done, due = _day(arguments.done), _day(arguments.due)
    with center.database.transaction() as session:
        member = _member(session, arguments.number)
        enter_training(session, member, title=arguments.title, done_on=done, due_on=due, by=None, at=clock.now())
    say(arguments, {"number": arguments.number, "due": due.isoformat()}, [f"{arguments.number}  {due.isoformat()}"])
    return 0


def run_end(arguments: Namespace) -> int:
    """The last day of an employment: sign-in and permits end with it."""
    center = open_to_act(arguments.home, sound=False)
    last = _day(arguments.on)
    with center.database.transaction() as session:
        member = _member(session, arguments.number)
        set_employment(session, member, starts_on=member.started_on, ends_on=last, by=None, at=clock.now())
    say(arguments, {"number": arguments.number, "ends": last.isoformat()}, [f"{arguments.number}  {last.isoformat()}"])
    return 0


def _member(session: Session, number: str) -> StaffMember:
    found = find_staff(session, number)
    if found is None:
        raise Refusal(f"没有工号 {number}。", f"There is no staff number {number}.")
    return found


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise Refusal(f"日期写成 2026-11-22 这样：{said}", f"Write the day like 2026-11-22: {said}") from error


def run_list(arguments: Namespace) -> int:
    """Every account: number, name (empty once it is forgotten), roles, whether it is active, whether its owner has left."""
    center = open_to_act(arguments.home, sound=False)
    today = center.today(clock.now())
    with center.database.reading() as session:
        rows = [
            {
                "number": one.number,
                "name": "" if one.nameless else one.name,
                "roles": list(one.roles),
                "active": one.active,
                "former": is_former(one, today),
            }
            for one in all_staff(session)
        ]
    say(arguments, rows, [f"{row['number']:12} {row['name']:20} {_standing(row)}" for row in rows])
    return 0


def _standing(row: Mapping[str, Any]) -> str:
    return "former 已离职" if row["former"] else ", ".join(row["roles"])
