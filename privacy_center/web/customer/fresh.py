"""A fresh proof that it is really the customer: a code to their contact, good for five minutes of sensitive steps."""

import secrets
import uuid
from dataclasses import dataclass

from flask import request
from flask import session as browser

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.login import refresh_login
from privacy_center.people.models import Level
from privacy_center.people.sign_in import code_refusal, finish_proof, start_sign_in
from privacy_center.web.customer.identity import as_actor, me, my_contact, my_contact_masked
from privacy_center.web.language import language
from privacy_center.web.units import reading, transaction

ATTEMPT = "proof"
MINUTES = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What the code page shows: where the code goes, whether it has gone, and what is wrong."""

    sent_to: str
    sent: bool
    errors: dict[str, str]
    status: int = 200


def ask_for_proof(action: str) -> Asked:
    """The state of the proof for an action, without doing anything."""
    with reading() as session:
        return Asked(my_contact_masked(session), _attempt(action) is not None, {})


def send_proof_code(action: str) -> Asked:
    """Send a code to the customer's own contact for this action; too often is said on the page."""
    bound = secrets.token_urlsafe(24)
    try:
        with transaction() as session:
            started = start_sign_in(
                session,
                typed=my_contact(session).value,
                browser_token=bound,
                address=request.remote_addr or "",
                language=language(),
                at=clock.now(),
                action=action,
            )
    except Refusal as refusal:
        return _refused(action, refusal)
    browser[ATTEMPT] = {"id": str(started.id), "browser": bound, "action": action}
    return ask_for_proof(action)


def check_proof_code(action: str, typed: str) -> Asked | None:
    """None when the code is right, and the login is fresh for five minutes; else the page again."""
    attempt = _attempt(action)
    if attempt is None:
        return ask_for_proof(action)
    at = clock.now()
    with transaction() as session:
        contact = finish_proof(session, uuid.UUID(attempt["id"]), typed, attempt["browser"], action, at)
        if contact is not None:
            refresh_login(session, me().login, at, Level.V1)
            record(session, actor=as_actor(), act="login.prove", subject=me().person, details={"for": action}, at=at)
    if contact is None:
        return _refused(action, code_refusal())
    browser.pop(ATTEMPT, None)
    return None


def _attempt(action: str) -> dict[str, str] | None:
    attempt = browser.get(ATTEMPT)
    return attempt if attempt and attempt["action"] == action else None


def _refused(action: str, refusal: Refusal) -> Asked:
    asked = ask_for_proof(action)
    errors = {"code" if asked.sent else "": refusal.words.spoken(language())}
    return Asked(asked.sent_to, asked.sent, errors, refusal.status)
