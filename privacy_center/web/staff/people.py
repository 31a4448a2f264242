"""Who works here: one line each, and one page each with roles, dates, pledge and trainings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.staff.fit import Gap, trainings_of, what_is_missing
from privacy_center.people.staff.models import Role, RoleTerm, StaffMember
from privacy_center.people.staff.passwords import has_password
from privacy_center.people.staff.pledge import pledges_of
from privacy_center.people.staff.roster import all_staff, find_staff
from privacy_center.people.staff.terms import in_force, is_former, is_over, terms_of
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import role_words
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import reading


@dataclass(frozen=True, slots=True)
class ShownMember:
    """One line of the list. `gaps`: what keeps the member from customer data. `former`: works here no more."""

    member: StaffMember
    roles: list[str]
    gaps: list[Gap]
    former: bool


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """One role with its days. `state`: now, later or over."""

    term: RoleTerm
    words: str
    state: str


@staff.get("/people")
def people() -> Response:
    """Everybody, by number, and what is missing for each."""
    with reading() as session:
        members = [_line(session, one, today()) for one in all_staff(session)]
    missing = sum(bool(one.gaps) and not one.former for one in members)
    return page("staff/people.html", members=members, missing=missing)


@staff.get("/people/<number>")
def person(number: str) -> Response:
    """One member; 404 where nobody has the number."""
    return draw_person(number, said=_said(request.args.get("done", "")))


def draw_person(
    number: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    said: str = "",
    status: int = 200,
) -> Response:
    """The page of a member, with what was typed and what is wrong with it."""
    day = today()
    with reading() as session:
        member = member_of(session, number)
        told = {
            "member": member,
            "terms": [_shown(one, day) for one in terms_of(session, member)],
            "pledges": pledges_of(session, member),
            "trainings": trainings_of(session, member),
            "gaps": what_is_missing(session, member, day),
            "former": is_former(member, day),
            "locked_out": not has_password(member),
        }
    return page(
        "staff/person.html",
        roles=[(role.value, role_words(role.value)) for role in Role],
        may_manage=may_open("staff.give_post") and member.number != me().number,
        may_enter=may_open("staff.add_training") and member.number != me().number,
        typed=typed or {},
        errors=errors or {},
        said=said,
        day=day,
        status=status,
        **told,
    )


def member_of(session: Session, number: str) -> StaffMember:
    """The member with this number; refuses with 404."""
    found = find_staff(session, number)
    if found is None:
        raise Refusal("没有这个工号。", "There is no such staff number.", status=404)
    return found


def _line(session: Session, member: StaffMember, day: date) -> ShownMember:
    held = [one for one in terms_of(session, member) if in_force(one, day)]
    gaps = what_is_missing(session, member, day)
    return ShownMember(member, [role_words(one.role.value) for one in held], gaps, is_former(member, day))


def _shown(term: RoleTerm, day: date) -> ShownTerm:
    state = "now" if in_force(term, day) else "over" if is_over(term, day) else "later"
    return ShownTerm(term, role_words(term.role.value), state)


def _said(done: str) -> str:
    return {
        "given": _("岗位已给。下次权限复核会列出来。"),
        "taken": _("岗位已收回，马上生效。"),
        "dates": _("任职日期已改。"),
        "training": _("培训已登记。"),
        "off": _("账号已停用，登录都已结束。"),
        "on": _("账号已重新启用。"),
        "out": _("所有登录都已结束。"),
    }.get(done, "")
