"""A code that lets somebody in: sent to the contact they typed, kept in mind by their browser, and taken when it is right."""

import secrets
import uuid

from flask import request
from flask import session as browser

from privacy_center import clock
from privacy_center.people.contact import mask_contact
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.sign_in import SignInAttempt, finish_proof, start_sign_in
from privacy_center.people.step_up import Proof
from privacy_center.web.code_words import read_code, say_wait_a_minute
from privacy_center.web.language import language
from privacy_center.web.units import transaction
from privacy_center.web.welcome import open_for

SIGN_IN = "sign_in"


def send_code(typed: str, action: str = SIGN_IN, *, order: str | None = None) -> None:
    """Queue a code for the contact that was typed; with `order`, it leaves only if that order names this contact."""
    bound = secrets.token_urlsafe(24)
    with say_wait_a_minute(), transaction() as session:
        started = start_sign_in(
            session,
            typed=typed,
            browser_token=bound,
            address=request.remote_addr or "",
            language=language(),
            at=clock.now(),
            action=action,
            only_if_order=order,
        )
    keep_attempt(started, bound, action, order=order)


def keep_attempt(started: SignInAttempt, bound: str, action: str = SIGN_IN, *, order: str | None = None) -> None:
    """What the code page needs of this attempt, in the browser's signed cookie."""
    kept = {"id": str(started.id), "browser": bound, "to": mask_contact(started.contact), "kind": started.contact.kind}
    browser[action] = kept | ({"order": order} if order is not None else {})


def attempt_for(action: str = SIGN_IN) -> dict[str, str] | None:
    """The attempt that this browser has under way for an action."""
    return browser.get(action)


def take_code(attempt: dict[str, str], typed: str, action: str = SIGN_IN) -> tuple[str, str] | None:
    """The tokens of a new login for whom the right code proves; None for a wrong one."""
    at, typed = clock.now(), read_code(typed)
    with transaction() as session:
        contact = finish_proof(session, uuid.UUID(attempt["id"]), typed, attempt["browser"], action, at)
        if contact is None:
            return None
        person = find_or_create_person(session, contact.kind, contact.value, at, language=language())
        return open_for(session, person.id, Proof("code", contact), at)
