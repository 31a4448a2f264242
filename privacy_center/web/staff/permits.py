"""The table of permits in words, and the list of who may see what, by name, to print."""

from dataclasses import dataclass

from flask import Response

from privacy_center import clock
from privacy_center.people.staff.fit import Gap, what_is_missing
from privacy_center.people.staff.models import Role, RoleTerm, StaffMember
from privacy_center.people.staff.permits import PERMITS, Act, DataClass, Permit, Scope, permits_of
from privacy_center.people.staff.roster import all_staff
from privacy_center.people.staff.terms import in_force, is_employed, terms_of
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.permit_words import (
    act_words,
    class_meaning,
    class_words,
    permit_words,
    role_meaning,
    sight_words,
)
from privacy_center.web.staff.vocabulary import role_words
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import reading

OF_DATA = (Act.LOOK, Act.REVEAL)
OF_ANYBODY = frozenset({Act.SEARCH, Act.ASSIST})
"""A customer is found and helped before there is a case, so no scope of cases narrows it."""


@dataclass(frozen=True, slots=True)
class ShownRole:
    """One role: what it is for, what it sees of each class, and what else it may do. `mine`: the reader holds it."""

    name: str
    meaning: str
    sees: list[tuple[str, list[str]]]
    does: list[tuple[str, str]]
    mine: bool


@dataclass(frozen=True, slots=True)
class Named:
    """One member with the roles in force, and what keeps them from customer data, if anything does."""

    member: StaffMember
    held: list[tuple[RoleTerm, ShownRole]]
    gaps: list[Gap]


@staff.get("/permits")
def permits() -> Response:
    """What each role may do with each class of data."""
    classes = [(class_words(one), class_meaning(one)) for one in DataClass if one is not DataClass.HOUSE]
    roles = [shown_role(role) for role in Role]
    return page("staff/permits.html", roles=roles, classes=classes, may_print=may_open("staff.permits_people"))


@staff.get("/permits/people")
def permits_people() -> Response:
    """Everybody who works here today, with the concrete scope of each role."""
    day, at = today(), clock.now()
    with reading() as session:
        people = []
        for member in all_staff(session):
            if is_employed(member, day):
                held = [(term, shown_role(term.role)) for term in terms_of(session, member) if in_force(term, day)]
                people.append(Named(member, held, what_is_missing(session, member, day)))
    return page("staff/permits_people.html", people=people, at=at)


def shown_role(role: Role) -> ShownRole:
    """A role in words."""
    sees = [(class_words(one), _seen(role, one)) for one in DataClass if one is not DataClass.HOUSE]
    return ShownRole(
        name=role_words(role.value),
        meaning=role_meaning(role),
        sees=[(name, lines) for name, lines in sees if lines],
        does=_done(role),
        mine=role.value in me().roles,
    )


def _seen(role: Role, data_class: DataClass) -> list[str]:
    """How a role sees a class of data: masked, whole; on which cases; what it must give for it."""
    found = [(act, one) for act in OF_DATA for one in permits_of([role.value], act, data_class)]
    return [f"{sight_words(act, data_class)}{permit_words(one)}" for act, one in found]


def _done(role: Role) -> list[tuple[str, str]]:
    """What else a role does, each act once with the widest scope it has."""
    widest: dict[Act, Permit] = {}
    for line in PERMITS[role]:
        for act in sorted(line.acts - set(OF_DATA), key=list(Act).index):
            known = widest.get(act)
            if known is None or line.permit.scope is Scope.ANY:
                widest[act] = line.permit
    return [
        (act_words(act), "" if act in OF_ANYBODY else permit_words(widest[act]))
        for act in sorted(widest, key=list(Act).index)
    ]
