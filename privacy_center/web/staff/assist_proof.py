"""Is it the customer? At the counter the original document; on the hotline a code to a contact on file, which the caller types
on our website and tells to nobody; or neither.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.call import CANCEL, DELETE, begin_call, proven_in_call
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.contact_change import CONTACTS
from privacy_center.people.enough import has
from privacy_center.people.identity import add_identity
from privacy_center.people.identity_cases.decide import DOCUMENTS
from privacy_center.people.models import Level, Person
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.people.step_up import Proof, add_proof
from privacy_center.privacy_requests.models import Channel
from privacy_center.review.find_subject import take_up
from privacy_center.web.language import language
from privacy_center.web.staff.assist_visit import Visit, keep_visit, ticket_of
from privacy_center.web.staff.in_hand import claimed_in
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

COUNTER, CODE, NONE = "counter", "code", "none"


def ways_to_reach(visit: Visit) -> list[tuple[str, str, str]]:
    """The contacts on file to which a code can go, as boxes: their place in the list, how they may be shown, no small print."""
    with reading() as session:
        return [(str(number), mask_contact(one), "") for number, one in enumerate(_contacts(session, visit))]


def take_answer(visit: Visit, action: str = DELETE) -> bool:
    """Do what the form of step 1 asks; whether the customer is verified now for `action`, or gone on with without.

    Refuses (422) a counter check without a document or without the tick, an unknown contact, to go on before the caller
    has typed the code, and to cancel without a proof, (429) too many codes.
    """
    return _WAYS.get(request.form.get("do", ""), _seen_at_counter)(visit, action)


def sent_to(visit: Visit, action: str) -> str:
    """Where the code for this action went that is under way, masked; nothing where none is."""
    return visit.attempt["to"] if visit.attempt.get("for") == action else ""


def _seen_at_counter(visit: Visit, _action: str) -> bool:
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
    at = clock.now()
    with transaction() as session:
        _take_up(session, visit, claimed_in(session, visit), COUNTER, at)
        _note_verified(session, visit, at)
    keep_visit(visit)
    return True


def _send_code(visit: Visit, action: str) -> bool:
    at = clock.now()
    with transaction() as session:
        contact, speaks = _chosen(session, visit), language_of(session, visit)
        started, number = begin_call(session, contact, action=action, by=me().number, language=speaks, at=at)
    visit.attempt = {"id": str(started.id), "number": number, "to": mask_contact(contact), "for": action}
    keep_visit(visit)
    return False


def _look_whether_typed(visit: Visit, action: str) -> bool:
    at, attempt = clock.now(), visit.attempt
    with transaction() as session:
        contact = proven_in_call(session, uuid.UUID(attempt["id"]), action, at) if attempt else None
        if contact is not None:
            note = _proven_for_cancelling if action == CANCEL else _proven_for_deletion
            note(session, visit, contact, at)
            visit.attempt = {}
    if contact is None:
        raise Refusal(
            "客户还没有在网站上输对。请客户核对通话号码和验证码；超过 10 分钟，重新发一个。不要请客户念验证码。",
            "The caller has not typed both numbers rightly yet. Let them check; after 10 minutes send a new code. Do not ask "
            "for the code.",
            status=422,
            field="typed",
        )
    keep_visit(visit)
    return True


def _proven_for_deletion(session: Session, visit: Visit, contact: Contact, at: datetime) -> None:
    _take_up(session, visit, [(contact.kind, contact.value)], CODE, at)
    login = visit.as_login()
    add_proof(session, login, Proof("code", contact), at)
    visit.take_from(login)
    visit.channel, visit.how, visit.document = Channel.HOTLINE.value, CODE, ""
    _note_verified(session, visit, at)


def _proven_for_cancelling(session: Session, visit: Visit, contact: Contact, at: datetime) -> None:
    """What the message said that the code was for is all that it opens: it never makes a deletion easier."""
    visit.cancelling = f"{CODE}:{contact.kind}"
    told = {"channel": Channel.HOTLINE.value, "by": visit.cancelling, "level": Level.V1.value, "for": CANCEL}
    details = {**ticket_of(visit), **told}
    record(session, actor=actor(), act="customer.verified", subject=visit.subject, details=details, at=at)


def _go_without(visit: Visit, action: str) -> bool:
    if action == CANCEL:
        raise Refusal(
            "没有核验，不能替客户撤回：看证件原件，或由客户输入验证码。客户也可以自己登录撤回。",
            "Nothing is cancelled for somebody who was not verified: see the original document, or let the customer type "
            "a code. They can also sign in and cancel it themselves.",
            status=422,
        )
    if not visit.known:
        raise Refusal(
            "这位客户还没用过隐私中心，没有核验不能受理：看证件原件，或由客户输入验证码。收不到验证码，请客户到门店办理。",
            "This customer never used the privacy center, so somebody must be verified first: by the original document, or by "
            "a code. Who gets no code comes to a counter.",
            status=422,
        )
    if not visit.proven:
        visit.channel, visit.how, visit.attempt = Channel.HOTLINE.value, NONE, {}
        keep_visit(visit)
    return True


_WAYS: dict[str, Callable[[Visit, str], bool]] = {
    "counter": _seen_at_counter,
    "send": _send_code,
    "check": _look_whether_typed,
    "none": _go_without,
}


def _take_up(session: Session, visit: Visit, proven: Sequence[tuple[str, str]], method: str, at: datetime) -> None:
    """Somebody who was new is a person of ours from now on, by what was proven in this visit and by nothing else."""
    claimed = claimed_in(session, visit)
    identifiers = [one for one in proven if one in claimed]
    if visit.known:
        for kind, value in identifiers:
            add_identity(session, session.get_one(Person, visit.subject), kind, value, method=method, at=at)
        return
    person = take_up(session, identifiers, method=method, language=language_of(session, visit), at=at)
    refuse_conflict(session, me(), {}, person.id)
    visit.person = str(person.id)


def language_of(session: Session, visit: Visit) -> str:
    """The language in which the customer last used our pages; for who never did, that of the page before us."""
    return session.get_one(Person, visit.subject).language if visit.known else language()


def _note_verified(session: Session, visit: Visit, at: datetime) -> None:
    """On record with the kind of document, never its number."""
    told = {"channel": visit.channel, "by": visit.method, "level": visit.level, "document": visit.document}
    details = {**ticket_of(visit), **{name: value for name, value in told.items() if value}}
    record(session, actor=actor(), act="customer.verified", subject=visit.subject, details=details, at=at)


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
    claimed = tuple(Contact(kind, value) for kind, value in claimed_in(session, visit) if kind in CONTACTS)
    known = has(session, visit.subject, clock.now()).contacts if visit.known else ()
    return tuple(dict.fromkeys(known + claimed))
