"""Who may open a page: the vocabulary of the access table."""

import enum
from dataclasses import dataclass


class Door(enum.StrEnum):
    """The kinds of visitor that a page lets in."""

    ANYONE = "anyone"
    CUSTOMER = "customer"
    CUSTOMER_FRESH = "customer_fresh"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class May:
    """Who may: a door, and for staff the roles (none named: any member of staff who is signed in)."""

    door: Door
    roles: frozenset[str] = frozenset()


ANYONE = May(Door.ANYONE)
CUSTOMER = May(Door.CUSTOMER)
CUSTOMER_FRESH = May(Door.CUSTOMER_FRESH)


def staff(*roles: str) -> May:
    """Members of staff with one of these roles; without roles, every member of staff who is signed in."""
    return May(Door.STAFF, frozenset(roles))
