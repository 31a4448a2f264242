"""Is this contact yours as well? A code to that contact says so; then it counts in every search for the customer."""

import secrets
import uuid

from flask import Blueprint, Response, request, url_for
from flask import session as browser

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.contact import mask_contact
from privacy_center.people.identity import add_identity
from privacy_center.people.models import Person
from privacy_center.people.sign_in import code_refusal, finish_proof, start_sign_in
from privacy_center.privacy_requests.stopped import refuse_frozen_person
from privacy_center.web.code_words import read_code, say_wait_a_minute
from privacy_center.web.customer.also import SEEN, Offer, offer_of, offers_now, remember_seen, say_not_mine, token_of
from privacy_center.web.customer.fresh import MINUTES, note_other_channel
from privacy_center.web.customer.identity import as_actor, me
from privacy_center.web.guard import own_path
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.units import transaction

prove = Blueprint("prove", __name__, url_prefix="/me/also")

ATTEMPT = "also"
SAID = "also_said"


@prove.route("/<token>", methods=["GET", "POST"])
def ask(token: str) -> Response:
    """The masked contact, a code to it, and the way to say no. Only contacts on the customer's own records are here."""
    offer = offer_of(token)
    if request.method == "GET":
        return _ask_page(offer)
    if request.form.get("do") == "no":
        say_not_mine(offer.token)
        return go(_onward())
    if request.form.get("do") == "send":
        return _send(offer)
    return _check(offer, request.form.get("code", ""))


def said_once() -> str:
    """The masked contact that has just been proven, told on the next page and then forgotten."""
    return browser.pop(SAID, "")


def _send(offer: Offer) -> Response:
    bound = secrets.token_urlsafe(24)
    try:
        with say_wait_a_minute(), transaction() as session:
            started = start_sign_in(
                session,
                typed=offer.contact.value,
                browser_token=bound,
                address=request.remote_addr or "",
                language=language(),
                at=clock.now(),
                action="prove",
            )
    except Refusal as refusal:
        return _ask_page(offer, refusal)
    browser[ATTEMPT] = {"id": str(started.id), "browser": bound, "token": offer.token}
    return _ask_page(offer)


def _check(offer: Offer, typed: str) -> Response:
    attempt = _attempt(offer)
    if attempt is None:
        return _ask_page(offer)
    try:
        proven = _take(offer, attempt, read_code(typed))
    except Refusal as refusal:
        return _ask_page(offer, refusal)
    if not proven:
        return _ask_page(offer, code_refusal())
    for kept in (ATTEMPT, SEEN):
        browser.pop(kept, None)
    browser[SAID] = mask_contact(offer.contact)
    return go(_next_offer() or _onward())


def _take(offer: Offer, attempt: dict[str, str], typed: str) -> bool:
    """Whether the code proves this very contact; then it is the customer's. Refuses (409) one that is somebody else's."""
    at = clock.now()
    with transaction() as session:
        contact = finish_proof(session, uuid.UUID(attempt["id"]), typed, attempt["browser"], "prove", at)
        if contact is None or token_of(session, contact) != offer.token:
            return False
        refuse_frozen_person(session, me().person)
        person = session.get_one(Person, me().person)
        add_identity(session, person, contact.kind, contact.value, method="code", at=at)
        note_other_channel(session, contact)
        record(session, actor=as_actor(), act="identity.add", subject=person.id, details={"kind": contact.kind}, at=at)
    return True


def _attempt(offer: Offer) -> dict[str, str] | None:
    attempt = browser.get(ATTEMPT)
    return attempt if attempt and attempt["token"] == offer.token else None


def _next_offer() -> str:
    """On to the next contact at once: rows that carry one which is not proven are not shown until it is."""
    offers = offers_now()
    remember_seen(offers)
    return url_for("prove.ask", token=offers[0].token, next=_onward()) if offers else ""


def _onward() -> str:
    return own_path(request.values.get("next", ""), "/me/")


def _ask_page(offer: Offer, refusal: Refusal | None = None) -> Response:
    sent = _attempt(offer) is not None
    field = "code" if refusal and refusal.field == "code" and sent else ""
    return page(
        "customer/also.html",
        offer=offer,
        added=said_once(),
        here=url_for("prove.ask", token=offer.token),
        sent=sent,
        next=_onward(),
        minutes=MINUTES,
        errors={field: refusal.words.spoken(language())} if refusal else {},
        status=refusal.status if refusal else 200,
    )
