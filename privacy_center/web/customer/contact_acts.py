"""What the pages of contacts do: codes to the new contact and to the old one, and the change with all that follows."""

import secrets
import uuid
from zoneinfo import ZoneInfo

from flask import request
from flask import session as browser
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.keys.sealing import open_text
from privacy_center.people.contact import Contact, mask_contact, read_contact
from privacy_center.people.contact_change import add_contact, contact_of, remove_contact, replace_contact
from privacy_center.people.identity import VALUE
from privacy_center.people.login import end_other_logins
from privacy_center.people.models import Person, PersonIdentity
from privacy_center.people.not_me.models import ContactChange
from privacy_center.people.sign_in import finish_proof, start_sign_in
from privacy_center.people.tell import tell_person
from privacy_center.privacy_requests.put_off import put_off_pending
from privacy_center.privacy_requests.stopped import refuse_frozen_person
from privacy_center.web.code_words import say_wait_a_minute
from privacy_center.web.customer.identity import as_actor, me
from privacy_center.web.language import language
from privacy_center.web.units import center, transaction

ATTEMPT = "contact_change"
NEW, OLD = "new_contact", "change_contact"
SAID = {
    "added": ("添加了一个联系方式", "a contact was added"),
    "replaced": ("更换了一个联系方式", "a contact was replaced by another"),
    "removed": ("删去了一个联系方式", "a contact was removed"),
}


def send_codes(identity: uuid.UUID | None, typed: str) -> None:
    """A code to the contact that was typed, and, when it takes the place of another, a code to that one too.

    Refuses (422) what is no contact and (429) what is asked for too often; then no code has left.
    """
    new = read_contact(typed)
    kept: dict[str, object] = {"for": str(identity or ""), "to": mask_contact(new)}
    with say_wait_a_minute(), transaction() as session:
        refuse_frozen_person(session, me().person)
        kept["new"] = _send(session, new.value, NEW)
        if identity:
            old = contact_of(session, me().person, identity)
            kept["old"] = _send(session, open_text(session, old.value_sealed, VALUE), OLD)
    browser[ATTEMPT] = kept


def sent_to(identity: uuid.UUID | None) -> str:
    """The masked new contact that a code has gone to in this browser for this very change; else nothing."""
    kept = browser.get(ATTEMPT)
    return kept["to"] if kept and kept["for"] == str(identity or "") else ""


def check_codes(identity: uuid.UUID | None, code: str, old_code: str) -> Contact | None:
    """The new contact when every code is right; None otherwise, whichever was wrong. Wrong tries are kept."""
    if not sent_to(identity):
        return None
    kept, at = browser[ATTEMPT], clock.now()
    with transaction() as session:
        new = finish_proof(session, uuid.UUID(kept["new"]["id"]), code, kept["new"]["browser"], NEW, at)
        if new is None or not identity:
            return new
        old = finish_proof(session, uuid.UUID(kept["old"]["id"]), old_code, kept["old"]["browser"], OLD, at)
    if old is None:
        browser.pop(ATTEMPT, None)
    return new if old else None


def make_change(what: str, identity: uuid.UUID | None, new: Contact | None) -> None:
    """The change, its 72 hours, what is put off by it, and the notice to every contact, old and new. Where one was given up,
    every other login ends: it may have been opened by that.
    """
    at = clock.now()
    with transaction() as session:
        refuse_frozen_person(session, me().person)
        person = session.get_one(Person, me().person)
        old = contact_of(session, person.id, identity) if identity else None
        change = _change(session, person, old, new, what)
        put_off_pending(session, person.id, change.hold_until, as_actor(), at)
        zh, en = SAID[what]
        until = change.hold_until.astimezone(ZoneInfo(center().settings.timezone)).strftime("%Y-%m-%d %H:%M")
        context = {"reference": "—", "what_zh": zh, "what_en": en, "until": until}
        key = f"contact-changed:{change.id}"
        ways = ("email", "phone_number")
        tell_person(session, person.id, "contact_changed", context, dedupe_key=key, at=at, ways=ways)
        details: dict[str, object] = {"what": what, "until": change.hold_until.isoformat()}
        if change.old_identity is not None:
            details["logins"] = end_other_logins(session, person.id, me().login, at)
        record(session, actor=as_actor(), act="contact.change", subject=person.id, details=details, at=at)
    browser.pop(ATTEMPT, None)


def _change(
    session: Session, person: Person, old: PersonIdentity | None, new: Contact | None, what: str
) -> ContactChange:
    at = clock.now()
    if what == "added" and new is not None:
        return add_contact(session, person, new, at)
    if what == "replaced" and new is not None and old is not None:
        return replace_contact(session, person, old, new, at)
    assert old is not None, "a contact is removed"
    return remove_contact(session, person, old, at)


def _send(session: Session, value: str, action: str) -> dict[str, str]:
    bound = secrets.token_urlsafe(24)
    started = start_sign_in(
        session,
        typed=value,
        browser_token=bound,
        address=request.remote_addr or "",
        language=language(),
        at=clock.now(),
        action=action,
    )
    return {"id": str(started.id), "browser": bound}
