"""Signing in by password or passkey, for those who set one. Nothing here tells whether anybody has."""

from flask import Blueprint, Response, request

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.contact import Contact, read_contact
from privacy_center.people.identity import find_person
from privacy_center.people.models import LoginKind
from privacy_center.people.password import contact_named, count_try, fits, keep_wrong, note_outcome, password_refusal
from privacy_center.people.step_up import Proof
from privacy_center.web.language import language
from privacy_center.web.page import page
from privacy_center.web.passkey_site import answered_passkey, ask_passkey
from privacy_center.web.sign_in import onward
from privacy_center.web.units import reading, transaction
from privacy_center.web.welcome import open_for, welcome

ways = Blueprint("ways", __name__)


@ways.route("/sign-in/password", methods=["GET", "POST"])
def password() -> Response:
    """Contact and password; a wrong one, an unknown contact and one without a password get the same answer."""
    if request.method == "GET":
        return _password_page()
    typed = request.form.get("contact", "")
    try:
        tokens = _take_password(read_contact(typed), request.form.get("password", ""))
    except Refusal as refusal:
        return _password_page(typed, refusal)
    return welcome(tokens, onward()) if tokens else _password_page(typed, password_refusal())


def _take_password(contact: Contact, given: str) -> tuple[str, str] | None:
    """The tokens of a new login; None for a wrong password. Three units of work: the slow check stands between two writes."""
    at, whose = clock.now(), contact_named(contact)
    with transaction() as session:
        count_try(session, whose, address=request.remote_addr or "", at=at)
    with reading() as session:
        person = find_person(session, contact.kind, contact.value)
        row = fits(session, person.id if person else None, given)
    with transaction() as session:
        note_outcome(session, whose, row is not None, at)
        if row is not None:
            return open_for(session, row.person_id, Proof("password", counts_from=row.counts_from), at)
        keep_wrong(session, contact, request.remote_addr or "", at)
    return None


@ways.route("/sign-in/passkey", methods=["GET", "POST"])
def passkey() -> Response:
    """A passkey that the browser or phone holds; it names its owner itself, so nothing is typed."""
    if request.method == "GET":
        return _passkey_page()
    at = clock.now()
    try:
        with transaction() as session:
            key = answered_passkey(session, LoginKind.CUSTOMER, at)
            tokens = open_for(session, key.owner_id, Proof("passkey", counts_from=key.counts_from), at)
    except Refusal as refusal:
        return _passkey_page(refusal)
    return welcome(tokens, onward())


def _password_page(typed: str = "", refusal: Refusal | None = None) -> Response:
    field = "contact" if refusal and refusal.field in ("contact", None) else "password"
    errors = {field: refusal.words.spoken(language())} if refusal else {}
    status = refusal.status if refusal else 200
    return page("public/sign_in_password.html", errors=errors, typed=typed, next=onward(), status=status)


def _passkey_page(refusal: Refusal | None = None) -> Response:
    errors = {"passkey": refusal.words.spoken(language())} if refusal else {}
    status = refusal.status if refusal else 200
    return page("public/sign_in_passkey.html", errors=errors, options=ask_passkey(), next=onward(), status=status)
