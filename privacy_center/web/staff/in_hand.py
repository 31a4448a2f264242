"""One customer in the hands of one member of staff, from the search that found them on: kept in the browser's signed cookie
for half an hour, bound to this login. Another customer takes another search.

Whom nobody here knows yet is found by the company's databases: their identifiers travel sealed.
"""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.keys.sealing import open_json, seal_json
from privacy_center.people.contact import normal_value
from privacy_center.people.contact_change import without_given_up
from privacy_center.people.identity import identity_index, search_identities_of
from privacy_center.web.units import reading
from privacy_center.web.visitor import signed_in

CLAIMED = "assist.claimed"
LASTS = timedelta(minutes=30)


@dataclass(slots=True)
class InHand:
    """Whom a search has led to. `person`: empty while nobody here knows the customer; `claimed`: the identifiers by which
    somebody new was found, sealed, in hexadecimal digits; `until`: seconds since 1970.
    """

    key: str
    login: str
    person: str
    claimed: str
    ticket: str
    until: float

    @property
    def known(self) -> bool:
        """Whether the customer is a person of ours."""
        return bool(self.person)

    @property
    def subject(self) -> uuid.UUID:
        """The customer, who is known; for those who are not, nothing that needs a person may be asked."""
        return uuid.UUID(self.person)

    def is_mine(self, key: str) -> bool:
        """Whether this key, in this login, still opens it."""
        mine = secrets.compare_digest(self.key.encode(), key.encode()) and self.login == _login()
        return mine and self.until > clock.now().timestamp()


def begun_with(person: uuid.UUID | None, claimed: Sequence[tuple[str, str]], ticket: str) -> dict[str, Any]:
    """The fields of somebody who is taken in hand now. `claimed`: for somebody who is new, the identifiers that the company
    has on file as theirs; nobody has proven them to us.
    """
    with reading() as session:
        sealed = seal_json(session, claimed, CLAIMED)
    return {
        "key": secrets.token_urlsafe(12),
        "login": _login(),
        "person": str(person) if person else "",
        "claimed": sealed.hex(),
        "ticket": ticket,
        "until": (clock.now() + LASTS).timestamp(),
    }


def claimed_in(session: Session, hand: InHand) -> list[tuple[str, str]]:
    """The identifiers (kind, normal value) by which somebody new was found; nothing for who was known."""
    told = open_json(session, bytes.fromhex(hand.claimed), CLAIMED)
    return [(kind, normal_value(kind, value)) for kind, value in told]


def searched_by(session: Session, hand: InHand) -> dict[str, list[str]]:
    """The identities by which the customer's records are looked for, as on their own pages."""
    if not hand.known:
        return {kind: [value] for kind, value in claimed_in(session, hand)}
    return without_given_up(session, hand.subject, search_identities_of(session, hand.subject))


def index_of(session: Session, identifiers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Whom an entry of the record is about where we know nobody: the blind index of the first identifier."""
    kind, value = identifiers[0]
    return {"subject_index": identity_index(session, kind, value).hex()}


def index_in_hand(session: Session, hand: InHand) -> dict[str, str]:
    """The same of whoever is in hand; nothing for who is known."""
    return {} if hand.known else index_of(session, claimed_in(session, hand))


def _login() -> str:
    return str(signed_in().login)
