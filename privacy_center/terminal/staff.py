"""Commands about staff accounts: add, list."""

import secrets
from argparse import Namespace

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.errors import Refusal
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import all_staff, create_staff
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


def run_list(arguments: Namespace) -> int:
    """Every account: number, name, roles, whether it is active."""
    center = open_to_act(arguments.home, sound=False)
    with center.database.reading() as session:
        rows = [
            {"number": one.number, "name": one.name, "roles": list(one.roles), "active": one.active}
            for one in all_staff(session)
        ]
    say(arguments, rows, [f"{row['number']:12} {row['name']:20} {', '.join(row['roles'])}" for row in rows])
    return 0
