"""Warning everybody whom a request may concern, where it is not certain enough who asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.outbox.days import on_the_wall
from privacy_center.outbox.queue import put_message
from privacy_center.people.identity import identity_index
from privacy_center.people.tell import WAYS, site_address, stop_address, tell_person
from privacy_center.privacy_requests.models import PrivacyRequest

MOST = 5
"""Contacts on the customer's records beyond the proven ones; more than this are hardly one person's."""


def tell_every_contact(
    session: Session, request: PrivacyRequest, on_file: Mapping[str, Iterable[str]], at: datetime
) -> None:
    """Tell every proven contact, and every other one on the customer's own records (`on_file`, kind → values; at most five).

    The others read the reference number, the address of the site and where everything is stopped, and no more.
    """
    key = f"below-level:{request.id}"
    until = on_the_wall(session, request.cooling_off_until) if request.cooling_off_until else "—"
    context = {"reference": request.reference, "until": until}
    tell_person(
        session,
        request.person_id,
        "deletion_below_level",
        context,
        dedupe_key=key,
        at=at,
        ways=("email", "phone_number"),
    )
    tell_contacts_on_file(session, request, on_file, at)


def tell_contacts_on_file(
    session: Session, request: PrivacyRequest, on_file: Mapping[str, Iterable[str]], at: datetime
) -> None:
    """Tell the contacts on the customer's own records that nobody has proven, as above; each once for a request."""
    others = [(kind, value) for kind in WAYS for value in sorted(on_file.get(kind, ()))]
    stop = stop_address(session, request.person_id, at)
    notice = {"reference": request.reference, "site": site_address(session), "stop": stop}
    for kind, value in others[:MOST]:
        put_message(
            session,
            kind=WAYS[kind],
            address=value,
            template="notice",
            context=notice,
            dedupe_key=f"on-file:{request.id}:{identity_index(session, kind, value).hex()[:32]}",
            language=request.language,
            at=at,
            only_if_on_file=kind,
        )
