"""Telling members of staff by e-mail that something waits for them; what it is, they read after signing in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.queue import put_message
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.roles import Role
from privacy_center.people.staff.roster import all_staff
from privacy_center.people.tell import site_address


def tell_staff(
    session: Session, role: Role, template: str, context: Mapping[str, Any], *, dedupe_key: str, at: datetime
) -> int:
    """Queue a message to everybody who holds a role; answers how many. Each is told once for a `dedupe_key`."""
    return sum(
        tell_member(session, one, template, context, dedupe_key=dedupe_key, at=at)
        for one in all_staff(session)
        if one.has(role)
    )


def tell_member(
    session: Session, member: StaffMember, template: str, context: Mapping[str, Any], *, dedupe_key: str, at: datetime
) -> bool:
    """Queue a message to one member of staff, once for a `dedupe_key`; answers whether it was queued now."""
    if member.nameless:
        return False
    return put_message(
        session,
        kind=MessageKind.EMAIL,
        address=member.email,
        template=template,
        context={**context, "site": site_address(session)},
        dedupe_key=f"{dedupe_key}:{member.number}",
        language=member.language,
        at=at,
    )
