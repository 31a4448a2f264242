"""The gate in front of every staff page: role, fitness, conflict of interest, the case in hand, and a fresh proof."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import sqlalchemy as sa
from flask import Response, g, request, url_for

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.identity_cases.at_counter import cases_at_counter
from privacy_center.people.identity_cases.decide import no_such_case
from privacy_center.people.models import LoginKind
from privacy_center.people.passkey_store import keys_of
from privacy_center.people.staff.fit import what_is_missing
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.permits import OF_CASES, permit
from privacy_center.people.staff.terms import local_today
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.conflict import refuse_conflict_over
from privacy_center.review.duties import standing_to
from privacy_center.web.may import May
from privacy_center.web.page import go, page
from privacy_center.web.passkey_site import ask_passkey
from privacy_center.web.staff.access import STAFF_ACCESS
from privacy_center.web.units import reading
from privacy_center.web.visitor import Visitor, signed_in

FRONT = "staff.queue"
SECRETS = frozenset({"csrf_token", "password", "password_again", "present", "code"})


def guard_staff(may: May, who: Visitor | None, here: str) -> Response | None:
    """Let a member of staff through (None), or say what stands in the way.

    Refuses with 403 who has no role for it or a conflict of interest, with 404 a case that is not given to them. Answers
    with a page who lacks pledge or training, and who must prove themself again; `here` is where to come back to.
    """
    if who is None:
        return go(f"/staff/sign-in?next={quote(here)}")
    if may.roles and not may.roles & who.roles:
        if request.endpoint == FRONT:
            return go(first_page(who))
        raise Refusal(
            "这一页不在您的岗位范围内。需要的话，请找主管。",
            "This page is not part of your role. Ask your manager if you need it.",
            status=403,
        )
    if may.data_class in OF_CASES:
        unfit = _refuse_unfit(who)
        if unfit is not None:
            return unfit
        _refuse_case(may)
        _refuse_identity_case(may)
    return ask_again(here) if may.sudo and not who.fresh else None


def first_page(who: Visitor) -> str:
    """Where somebody begins who has no queue of requests."""
    firsts = ("staff.totals", "staff.audit", "staff.people", "staff.map", "staff.account")
    mays = [(one, STAFF_ACCESS[one]) for one in firsts]
    return url_for(next(one for one, may in mays if not may.roles or may.roles & who.roles))


def ask_again(here: str) -> Response:
    """Ask for password and code once more. What was typed into a form comes along, save secrets; files do not."""
    if request.method == "GET":
        return go(f"/staff/confirm?next={quote(here)}")
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRETS]
    return confirm_page(here, kept, sends=True, status=403)


def confirm_page(
    onward: str,
    kept: Sequence[tuple[str, str]],
    *,
    sends: bool,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page that asks for password and code, or a passkey. `kept`: a form that waits, when it `sends` one."""
    who = signed_in()
    with reading() as session:
        known = tuple(keys_of(session, LoginKind.STAFF, who.person))
    options = ask_passkey(known) if known else ""
    told = {"next": onward, "kept": kept, "sends": sends, "options": options, "errors": errors or {}}
    return page("staff/confirm.html", has_passkeys=bool(known), status=status, **told)


def member_at_gate(who: Visitor) -> StaffMember:
    """The member who is signed in, with the roles in force today; read once for each request."""
    if "staff_member" not in g:
        with reading() as session:
            g.staff_member = session.get_one(StaffMember, who.person)
        g.staff_member.roles = [role.value for role in Role if role.value in who.roles]
    found: StaffMember = g.staff_member
    return found


def _refuse_unfit(who: Visitor) -> Response | None:
    at = clock.now()
    with reading() as session:
        gaps = what_is_missing(session, session.get_one(StaffMember, who.person), local_today(session, at))
    return page("staff/not_fit.html", gaps=gaps, status=403) if gaps else None


def _refuse_case(may: May) -> None:
    """Refuses one's own and relatives' cases (403), and every case that the permits do not open (404)."""
    reference = (request.view_args or {}).get("reference")
    if reference is None or may.act is None or may.data_class is None:
        return
    member = member_at_gate(signed_in())
    with reading() as session:
        wanted = sa.select(PrivacyRequest).where(PrivacyRequest.reference == reference)
        asked = session.scalars(wanted).one_or_none()
        if asked is not None:
            refuse_conflict_over(session, member, asked)
            standing = standing_to(asked, member.number, may.act)
    if asked is None or permit(member, may.act, may.data_class, **standing) is None:
        raise Refusal(
            "没有找到这个申请，或者它没有分派给您。请核对编号，或请高级审核员分派。",
            "There is no such request, or it is not given to you. Check the reference, or ask a senior reviewer for it.",
            status=404,
        )


def _refuse_identity_case(may: May) -> None:
    """Refuses (404, as if it did not exist) an identity case that is neither open to the role nor in the member's hands."""
    reference = (request.view_args or {}).get("case")
    if reference is None or may.act is None or may.data_class is None:
        return
    member = member_at_gate(signed_in())
    with reading() as session:
        opened = reference in {one.reference for one in cases_at_counter(session, member, clock.now())}
    if permit(member, may.act, may.data_class, opened=opened) is None:
        raise no_such_case()
