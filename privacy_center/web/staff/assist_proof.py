"""Is it the customer? At the counter the original document; on the hotline a code to a contact on file, read back; or neither."""

import secrets
import uuid
from collections.abc import Callable

from flask import request
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.enough import has
from privacy_center.people.identity_cases.decide import DOCUMENTS
from privacy_center.people.models import Level, Person
from privacy_center.people.sign_in import code_refusal, finish_proof, start_sign_in
from privacy_center.people.step_up import Proof, add_proof
from privacy_center.privacy_requests.models import Channel
from privacy_center.web.staff.assist_visit import Visit, keep_visit, ticket_of
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

ACTION = "hotline_delete"
COUNTER, CODE, NONE = "counter", "code", "none"


def ways_to_reach(visit: Visit) -> list[tuple[str, str, str]]:
    """The contacts on file to which a code can go, as boxes: their place in the list, how they may be shown, no small print."""
    with reading() as session:
        return [(str(number), mask_contact(one), "") for number, one in enumerate(_contacts(session, visit))]


def take_answer(visit: Visit) -> bool:
    """Do what the form of step 1 asks; whether the customer is verified now, or gone on with without.

    Refuses (422) a counter check without a document or without the tick, an unknown contact and a code that does not work,
    (429) too many codes and too many wrong ones.
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
    at, bound = clock.now(), secrets.token_urlsafe(24)
    with transaction() as session:
        contact = _chosen(session, visit)
        started = start_sign_in(
            session,
            typed=contact.value,
            browser_token=bound,
            address=f"staff:{me().number}",  # a call centre has one address; each member has their own twenty an hour
            language=session.get_one(Person, visit.subject).language,
            at=at,
            action=ACTION,
            reference=_bound_to(visit),
        )
    visit.attempt = {"id": str(started.id), "browser": bound, "to": mask_contact(contact)}
    keep_visit(visit)
    return False


def _check_code(visit: Visit) -> bool:
    if not visit.attempt:
        raise code_refusal()
    at, typed, attempt = clock.now(), request.form.get("code", ""), visit.attempt
    with transaction() as session:
        asked = (uuid.UUID(attempt["id"]), typed, attempt["browser"], ACTION, at)
        contact = finish_proof(session, *asked, reference=_bound_to(visit))
        if contact is not None:
            login = visit.as_login()
            add_proof(session, login, Proof("code", contact), at)
            visit.take_from(login)
    if contact is None:
        raise code_refusal()
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
    "check": _check_code,
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


def _bound_to(visit: Visit) -> str:
    return f"{visit.login}:{visit.person}"
