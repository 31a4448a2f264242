"""Who may open a page: the vocabulary of the access table."""

import enum
from dataclasses import dataclass

from privacy_center.people.levels import Action
from privacy_center.people.staff.permits import Act, DataClass, Scope, roles_that_may


class Door(enum.StrEnum):
    """The kinds of visitor that a page lets in."""

    ANYONE = "anyone"
    CUSTOMER = "customer"
    CUSTOMER_FRESH = "customer_fresh"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class May:
    """Who may: a door; for staff the roles (none named: any member of staff who is signed in), for customers what for.

    `act` and `data_class`: what a staff page does with what, from which its roles follow. `sudo`: password and code (or a
    passkey) must have been given in the last five minutes.
    """

    door: Door
    roles: frozenset[str] = frozenset()
    action: Action | None = None
    act: Act | None = None
    data_class: DataClass | None = None
    sudo: bool = False


ANYONE = May(Door.ANYONE)
CUSTOMER = May(Door.CUSTOMER)
CUSTOMER_FRESH = May(Door.CUSTOMER_FRESH)


def sees(action: Action) -> May:
    """Customers who are signed in. Who is not as sure as the table asks for this action is shown less by the page itself."""
    return May(Door.CUSTOMER, action=action)


def customer(action: Action) -> May:
    """Customers as sure, and proven as freshly, as the table of levels asks for this action."""
    return May(Door.CUSTOMER_FRESH, action=action)


def staff(
    act: Act | None = None, data_class: DataClass | None = None, *, every: bool = False, sudo: bool = False
) -> May:
    """The members of staff whom the table of permits lets do this; without an act, everybody who is signed in.

    `every`: the page goes over all cases at once, so that a permit for the cases given to one is not enough.
    """
    if act is None or data_class is None:
        return May(Door.STAFF, sudo=sudo)
    roles = roles_that_may(act, data_class, (Scope.ANY,) if every else tuple(Scope))
    if not roles:
        raise ValueError(f"no role may {act} {data_class}")
    return May(Door.STAFF, roles, act=act, data_class=data_class, sudo=sudo)
