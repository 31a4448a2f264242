"""A fresh proof that it is really the customer, bound to one action: by whatever they have. Good for five minutes."""

import secrets
import uuid
from dataclasses import dataclass, replace

from flask import request
from flask import session as browser
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal, Words
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.enough import Has, Verdict, has
from privacy_center.people.identity import identity_index
from privacy_center.people.levels import PROOF_FOR, Action
from privacy_center.people.models import LoginKind, LoginSession
from privacy_center.people.passkeys import passkey_refusal
from privacy_center.people.password import count_try, fits, note_outcome
from privacy_center.people.sign_in import code_refusal, finish_proof, start_sign_in
from privacy_center.people.step_up import Proof, note_proof
from privacy_center.web.code_words import read_code, say_wait_a_minute
from privacy_center.web.customer.also import seen_before
from privacy_center.web.customer.identity import as_actor, me, own_contact
from privacy_center.web.language import language
from privacy_center.web.passkey_site import answered_passkey, ask_passkey
from privacy_center.web.proven import is_fresh_for, standing
from privacy_center.web.units import reading, transaction

ATTEMPT = "proof"
MINUTES = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page shows: where a code may go or has gone, the other ways this customer has, what is wrong.

    `proven`: a proof was just given for this. `one_more`: and another is needed, which they have. `verdict` and `why`:
    what the level asks for, and on what signs. `one_will_do`: they have no second proof, and the thing itself waits.
    """

    action: Action
    contacts: list[tuple[int, str]]
    sent_to: str
    password: bool
    passkey: str
    has_passkeys: bool
    offers: list[tuple[str, str]]
    verdict: Verdict
    proven: bool
    one_more: bool
    one_will_do: bool
    why: list[Words]
    errors: dict[str, str]
    status: int = 200

    @property
    def sent(self) -> bool:
        return bool(self.sent_to)


def ask_for_proof(action: Action) -> Asked:
    """The state of the proof for an action, without doing anything."""
    with reading() as session:
        mine = has(session, me().person, clock.now())
        needed, verdict = standing(session, me(), action, clock.now())
        order = _unused_first(session, mine)
    attempt, proven = _attempt(action), is_fresh_for(me(), action)
    return Asked(
        action=action,
        contacts=[(number, mask_contact(mine.contacts[number])) for number in order],
        sent_to=attempt["to"] if attempt else "",
        password=mine.password,
        passkey=ask_passkey(mine.passkeys) if mine.passkeys else "",
        has_passkeys=bool(mine.passkeys),
        offers=seen_before(),
        verdict=verdict,
        proven=proven,
        one_more=verdict is Verdict.MORE and proven,
        one_will_do=verdict is Verdict.WAIT and needed.as_request,
        why=[signal.words for signal in needed.signals],
        errors={},
    )


def take_proof(action: Action) -> Asked | None:
    """Do what the form asks: send a code, or check a code, the password or a passkey. None when a proof was right."""
    did = request.form.get("do", "")
    try:
        if did == "send":
            return _send(action)
        field, right = _WAYS.get(did, _WAYS["check"])(action)
    except Refusal as refusal:
        return _refused(action, refusal)
    if right:
        browser.pop(ATTEMPT, None)
        return None
    return _refused(action, code_refusal() if field == "code" else _wrong(field))


def note_other_channel(session: Session, contact: Contact) -> None:
    """A contact was proven in this login: that is one more proof, though a fresh one for nothing."""
    note_proof(session, me().login, Proof("code", contact), None, clock.now())


def _send(action: Action) -> Asked:
    bound = secrets.token_urlsafe(24)
    with say_wait_a_minute(), transaction() as session:
        mine = has(session, me().person, clock.now())
        contact = own_contact(mine, request.form.get("to", ""), otherwise=_unused_first(session, mine)[0])
        started = start_sign_in(
            session,
            typed=contact.value,
            browser_token=bound,
            address=request.remote_addr or "",
            language=language(),
            at=clock.now(),
            action=PROOF_FOR[action],
        )
    kept = {"id": str(started.id), "browser": bound, "action": PROOF_FOR[action], "to": mask_contact(contact)}
    browser[ATTEMPT] = kept
    return ask_for_proof(action)


def _check_code(action: Action) -> tuple[str, bool]:
    attempt = _attempt(action)
    if attempt is None:
        return "code", False
    at, word = clock.now(), PROOF_FOR[action]
    typed = read_code(request.form.get("code", ""))
    with transaction() as session:
        contact = finish_proof(session, uuid.UUID(attempt["id"]), typed, attempt["browser"], word, at)
        if contact is not None:
            _note(session, Proof("code", contact), word)
    return "code", contact is not None


def _check_password(action: Action) -> tuple[str, bool]:
    at, whose = clock.now(), f"person:{me().person}"
    with transaction() as session:
        count_try(session, whose, address=request.remote_addr or "", at=at)
    with reading() as session:
        row = fits(session, me().person, request.form.get("password", ""))
    with transaction() as session:
        note_outcome(session, whose, row is not None, at)
        if row is not None:
            _note(session, Proof("password", counts_from=row.counts_from), PROOF_FOR[action])
    return "password", row is not None


def _check_passkey(action: Action) -> tuple[str, bool]:
    with transaction() as session:
        key = answered_passkey(session, LoginKind.CUSTOMER, clock.now())
        if key.owner_id != me().person:
            raise passkey_refusal()
        _note(session, Proof("passkey", counts_from=key.counts_from), PROOF_FOR[action])
    return "passkey", True


_WAYS = {"check": _check_code, "password": _check_password, "passkey": _check_passkey}


def _note(session: Session, proof: Proof, word: str) -> None:
    at = clock.now()
    level = note_proof(session, me().login, proof, word, at)
    told = {"for": word, "by": proof.how, "level": level.value}
    record(session, actor=as_actor(), act="login.prove", subject=me().person, details=told, at=at)


def _unused_first(session: Session, mine: Has) -> list[int]:
    """The contacts' places: those that this login was not yet proven by, and that count by now, stand first."""
    used = session.get_one(LoginSession, me().login).contact_index
    fresh = {
        number: one in mine.counting and identity_index(session, one.kind, one.value) != used
        for number, one in enumerate(mine.contacts)
    }
    return sorted(fresh, key=lambda number: not fresh[number])


def _wrong(field: str) -> Refusal:
    return Refusal("密码不对。再写一次，或用别的方式。", "That password is not right.", status=422, field=field)


def _attempt(action: Action) -> dict[str, str] | None:
    attempt = browser.get(ATTEMPT)
    return attempt if attempt and attempt["action"] == PROOF_FOR[action] else None


def _refused(action: Action, refusal: Refusal) -> Asked:
    asked = ask_for_proof(action)
    field = refusal.field if refusal.field in ("password", "passkey") else "code" if asked.sent else ""
    return replace(asked, errors={field or "": refusal.words.spoken(language())}, status=refusal.status)
