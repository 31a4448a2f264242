"""To whom a case can be given."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.staff.fit import who_is_fit
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.terms import local_today, roles_in_force
from privacy_center.review.duties import MAY_HOLD
from privacy_center.web.staff.vocabulary import name_words, role_words


def who_may_have(session: Session) -> list[tuple[str, str]]:
    """Everybody to whom a case can be given, with their role, and who could not open it now; nobody first, which takes it
    back.
    """
    at = clock.now()
    today = local_today(session, at)
    found = [("", _("没有人（收回）"))]
    members = session.scalars(sa.select(StaffMember).order_by(StaffMember.number)).all()
    fit = who_is_fit(session, members, today)
    for member in members:
        held = [role for role in roles_in_force(session, member, today) if Role(role) in MAY_HOLD]
        if held:
            shut = _("（暂时不能看客户信息）") if member.id not in fit else ""
            found.append((member.number, f"{member.number} {name_words(member)} {role_words(held[-1])}{shut}"))
    return found
