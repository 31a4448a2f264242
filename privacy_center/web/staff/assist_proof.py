"""Is it the customer? At the counter the original document; on the hotline a code to a contact on file, which the caller types
on our website and tells to nobody; or neither.
"""

import uuid
from collections.abc import Callable

from flask import request
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.call import begin_call, proven_in_call
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.enough import has
from privacy_center.people.identity_cases.decide import DOCUMENTS
from privacy_center.people.models import Level, Person
from privacy_center.people.step_up import Proof, add_proof
from privacy_center.privacy_requests.models import Channel
from privacy_center.web.staff.assist_visit import Visit, keep_visit, ticket_of
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

COUNTER, CODE, NONE = "counter", "code", "none"


def ways_to_reach(visit: Visit) -> list[tuple[str, str, str]]:
    """The contacts on file to which a code can go, as boxes: their place in the list, how they may be shown, no small print."""
    with reading() as session:
        return [(str(number), mask_contact(one), "") for number, one in enumerate(_contacts(session, visit))]


def take_answer(visit: Visit) -> bool:
    """Do what the form of step 1 asks; whether the customer is verified now, or gone on with without.

    Refuses (422) a counter check without a document or without the tick, an unknown contact, and to go on before the caller
    has typed the code, (429) too many codes.
    """
    return _WAYS.get(request.form.get("do", ""), _seen_at_counter)(visit)


def _seen_at_counter(visit: Visit) -> bool:
    document = request.form.get("document", "")
    if document not in DOCUMENTS:
        raise Refusal("选一下看的是什么证件。", "Choose which document was seen.", status=422, field="document")
    if request.form.get("seen") != "yes":
        raise Refusal(
            "看过原件、对过本人，再勾选。没有原件，请客户下次带来，或用热线的办法。",
            "Tick this once you have seen the original and compared it with the person. Without it, the customer comes again "
            "with it, or takes the way of the hotline.",
            status=422,
            field="seen",
        )
    visit.channel, visit.how, visit.method = Channel.COUNTER.value, COUNTER, COUNTER
    visit.level, visit.document = Level.V3.value, document
    return _verified(visit)


def _send_code(visit: Visit) -> bool:
    at = clock.now()
    with transaction() as session:
        contact, speaks = _chosen(session, visit), session.get_one(Person, visit.subject).language
        started, number = begin_call(session, contact, by=me().number, language=speaks, at=at)
    visit.attempt = {"id": str(started.id), "number": number, "to": mask_contact(contact)}
    keep_visit(visit)
    return False


def _look_whether_typed(visit: Visit) -> bool:
    at, attempt = clock.now(), visit.attempt
    with reading() as session:
        contact = proven_in_call(session, uuid.UUID(attempt["id"]), at) if attempt else None
        if contact is not None:
            login = visit.as_login()
            add_proof(session, login, Proof("code", contact), at)
            visit.take_from(login)
    if contact is None:
        raise Refusal(
            "客户还没有在网站上输对。请客户核对通话号码和验证码；超过 10 分钟，重新发一个。不要请客户念验证码。",
            "The caller has not typed both numbers rightly yet. Let them check; after 10 minutes send a new code. Do not ask "
            "for the code.",
            status=422,
            field="typed",
        )
    visit.attempt, visit.channel, visit.how, visit.document = {}, Channel.HOTLINE.value, CODE, ""
    return _verified(visit)


def _go_without(visit: Visit) -> bool:
    if not visit.proven:
        visit.channel, visit.how, visit.attempt = Channel.HOTLINE.value, NONE, {}
        keep_visit(visit)
    return True


_WAYS: dict[str, Callable[[Visit], bool]] = {
    "counter": _seen_at_counter,
    "send": _send_code,
    "check": _look_whether_typed,
    "none": _go_without,
}


def _verified(visit: Visit) -> bool:
    """On record with the kind of document, never its number; then kept."""
    told = {"channel": visit.channel, "by": visit.method, "level": visit.level, "document": visit.document}
    with transaction() as session:
        details = {**ticket_of(visit), **{name: value for name, value in told.items() if value}}
        record(session, actor=actor(), act="customer.verified", subject=visit.subject, details=details, at=clock.now())
    keep_visit(visit)
    return True


def _chosen(session: Session, visit: Visit) -> Contact:
    contacts, place = _contacts(session, visit), request.form.get("to", "")
    if not (place.isascii() and place.isdigit() and int(place[:3]) < len(contacts)):
        raise Refusal(
            "选一个登记的联系方式，验证码发到那里。",
            "Choose a contact on file; the code goes there.",
            status=422,
            field="to",
        )
    return contacts[int(place[:3])]


def _contacts(session: Session, visit: Visit) -> tuple[Contact, ...]:
    return has(session, visit.subject, clock.now()).contacts
