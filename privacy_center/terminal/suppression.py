"""Commands on suppressed contacts: check, add, remove."""

from argparse import Namespace
from typing import Any

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.errors import Refusal
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.roster import find_staff
from privacy_center.suppressions.contacts import HashedContact, read_channel, read_typed_contact
from privacy_center.suppressions.models import SuppressionSource
from privacy_center.suppressions.register import add_suppression, look_up, record_check, remove_suppression
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say

TERMINAL = Actor("system", "terminal")
MAY_CHANGE = (Role.PRIVACY_OFFICER, Role.SENIOR_REVIEWER, Role.REVIEWER)


def run_check(arguments: Namespace) -> int:
    """Whether each contact is suppressed: yes or no, in the order typed, with the channels refused; never the contact."""
    center, at = open_to_act(arguments.home, sound=False), clock.now()
    contacts, channel = _contacts(center, arguments), read_channel(arguments.channel)
    with center.database.transaction() as session:
        answers = look_up(session, contacts, channel)
        record_check(session, TERMINAL, answers, channel, at)
    document: list[dict[str, Any]] = [
        {"kind": contact.kind} | one.as_json() for contact, one in zip(contacts, answers, strict=True)
    ]
    lines = [
        f"{row['kind']:16} "
        + (f"yes  {', '.join(row['channels'])}  since {row['since']}" if row["suppressed"] else "no")
        for row in document
    ]
    say(arguments, document, lines)
    return 0


def run_add(arguments: Namespace) -> int:
    """Suppress contacts by hand, with a reason, in the name of a member of staff."""
    center, at = open_to_act(arguments.home, sound=False), clock.now()
    contacts, channel = _contacts(center, arguments), read_channel(arguments.channel)
    with center.database.transaction() as session:
        actor, source = _authorised(session, arguments.by).as_actor(), SuppressionSource.STAFF
        told = {"source": source, "actor": actor, "reason": arguments.reason, "at": at}
        added = sum(add_suppression(session, one, channel, **told) for one in contacts)
    say(arguments, {"added": added}, [f"{added} added"])
    return 0


def run_remove(arguments: Namespace) -> int:
    """End the suppression of contacts whose owner agreed anew, with a reason, in the name of a member of staff."""
    center, at = open_to_act(arguments.home, sound=False), clock.now()
    contacts, channel = _contacts(center, arguments), read_channel(arguments.channel)
    with center.database.transaction() as session:
        actor = _authorised(session, arguments.by).as_actor()
        told = {"actor": actor, "reason": arguments.reason, "at": at}
        removed = sum(remove_suppression(session, one, channel, **told) for one in contacts)
    say(arguments, {"removed": removed}, [f"{removed} removed"])
    return 0


def _contacts(center: Center, arguments: Namespace) -> list[HashedContact]:
    read = [read_typed_contact(center.keyring, kind, value) for kind, value in arguments.identity]
    return list(dict.fromkeys(read))


def _authorised(session: Session, number: str) -> StaffMember:
    """The member of staff; refuses an unknown one, one who has left, and one who does not decide on requests."""
    found = find_staff(session, number)
    if found is None or not found.active or not found.has(*MAY_CHANGE):
        raise Refusal(
            f"工号 {number} 不能更改营销屏蔽。请由在职的审核员或个人信息保护负责人办理。",
            f"Staff number {number} may not change suppressions. Let an active reviewer or privacy officer do it.",
        )
    return found
