"""The customer whose login and device records a member of staff looks at now: from the search, with its ticket and purpose."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from flask import session as browser

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal
from privacy_center.looks.for_whoever_comes import keep_for_whoever_comes
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.sources.locate import locate
from privacy_center.sources.rows import Located
from privacy_center.web.staff.in_hand import InHand, begun_with, claimed_in, index_in_hand, searched_by
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import center, reading, transaction

KEPT = "login_lookup"


@dataclass(slots=True)
class LoginLookup(InHand):
    """Whose records they are. `purpose`: its code, as the record and the customer have it."""

    purpose: str = ""


def begin_lookup(person: uuid.UUID | None, claimed: Sequence[tuple[str, str]], ticket: str, purpose: str) -> str:
    """A search has found this customer: the key of the pages. `claimed`: the identifiers of somebody who is new here."""
    made = LoginLookup(**begun_with(person, claimed, ticket), purpose=purpose)
    browser[KEPT] = asdict(made)
    return made.key


def lookup_of(key: str) -> LoginLookup:
    """What the key stands for. Refuses (404) another login's, one that is over, and one that never was."""
    kept = browser.get(KEPT)
    lookup = LoginLookup(**kept) if kept else None
    if lookup is None or not lookup.is_mine(key):
        raise Refusal(
            "这次查看已经结束，或者不是从您的查找开始的。请回到“登录与设备”，再查一次。",
            "This look is over, or did not begin with a search of yours. Go back to “Logins and devices” and search again.",
            status=404,
        )
    return lookup


def locate_records(lookup: LoginLookup) -> Located:
    """The customer's records. Refuses (403) one's own and those of somebody declared, by any identity that stands on them."""
    person = lookup.subject if lookup.known else None
    with reading() as session:
        identities = searched_by(session, lookup)
        refuse_conflict(session, me(), identities, person)
    located = locate(center().sources, center().data_map, identities)
    with reading() as session:
        refuse_conflict(session, me(), located.identifiers, person)
    return located


def note_login_look(
    lookup: LoginLookup,
    act: str,
    *,
    data: Iterable[str],
    counts_of: Iterable[str] = (),
    shown: Mapping[str, object] | None = None,
    more: Mapping[str, object] | None = None,
) -> None:
    """Into the record, before the page is drawn: with purpose and ticket, for the customer to see. `shown`: masked already."""
    at = clock.now()
    with transaction() as session:
        entry = record_look(
            session,
            actor=actor(),
            subject=lookup.subject if lookup.known else None,
            data=data,
            counts_of=counts_of,
            purpose=lookup.purpose,
            case=None,
            act=act,
            shown=shown if lookup.known else None,
            more={"ticket": lookup.ticket, "page": "login_records", **index_in_hand(session, lookup), **(more or {})},
            at=at,
        )
        if not lookup.known:
            keep_for_whoever_comes(session, entry, claimed_in(session, lookup), at)
