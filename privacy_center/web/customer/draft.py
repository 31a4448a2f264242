"""What the customer has chosen so far in the deletion steps, kept in their own signed cookie until they submit."""

import secrets
from dataclasses import asdict, dataclass, field, replace

from flask import session as browser

from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.web.choices import scope_chosen

KEPT = "deletion"


@dataclass(slots=True)
class Chosen:
    """The scope: everything, or some groups and kinds of record. `waived`: rules whose protection the customer gives up.

    `key` makes a second press of the button the same request.
    """

    scope: str = "everything"
    groups: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    key: str = ""
    waived: list[str] = field(default_factory=list)


def scope_of_choice(chosen: Chosen) -> RequestScope:
    """What the deletion will be about."""
    return scope_chosen(chosen.scope, chosen.groups, chosen.kinds)


def chosen_so_far() -> Chosen | None:
    """What was chosen, or None when step one has not been done in this browser."""
    kept = browser.get(KEPT)
    return Chosen(**kept) if kept else None


def keep_chosen(scope: str, groups: list[str], kinds: list[str]) -> Chosen:
    """Remember the choice of step one."""
    made = Chosen(scope, groups, kinds, secrets.token_urlsafe(24))
    browser[KEPT] = asdict(made)
    return made


def keep_waived(chosen: Chosen, waived: list[str]) -> None:
    """Remember what the customer gives up, in place of what was remembered."""
    browser[KEPT] = asdict(replace(chosen, waived=sorted(set(waived))))


def forget_chosen() -> None:
    """The request is submitted, or given up."""
    browser.pop(KEPT, None)
