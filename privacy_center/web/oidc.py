"""Signing in with the company's own account: to its sign-in page, and back with what it says."""

import secrets
import uuid
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask import session as browser
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.errors import Refusal, Words
from privacy_center.people.identity import add_identity, find_or_create_person, find_person
from privacy_center.people.models import Person
from privacy_center.people.oidc import (
    Begun,
    Client,
    begin_oidc,
    contacts_among,
    finish_oidc,
    identities_in,
    oidc_refusal,
)
from privacy_center.people.step_up import Proof
from privacy_center.people.tell import tell_person
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.sign_in import onward
from privacy_center.web.units import center, transaction
from privacy_center.web.welcome import open_for, welcome

oidc = Blueprint("oidc", __name__)
KEPT = "oidc"
BROUGHT = Words("公司账号里的联系方式", "A contact from the company account")


@oidc.get("/sign-in/company")
def start() -> Response:
    """Off to the company's own sign-in page; refuses (404) where there is none."""
    client = _client()
    try:
        begun = begin_oidc(client)
    except Refusal as refusal:
        return _failed(refusal)
    browser[KEPT] = {"state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier, "next": onward()}
    return go(begun.url)


@oidc.get("/sign-in/company/back")
def back() -> Response:
    """Back from there: the state must be this browser's, and works once; only verified claims become identities."""
    client, kept, at = _client(), browser.pop(KEPT, None), clock.now()
    try:
        if not kept or not secrets.compare_digest(kept["state"].encode(), request.args.get("state", "").encode()):
            raise oidc_refusal()
        begun = Begun("", kept["state"], kept["nonce"], kept["verifier"])
        claims = finish_oidc(client, begun, request.args.get("code", ""), at)
        identities = identities_in(claims, center().settings.oidc.claims)
        if not contacts_among(identities):
            raise _no_contact()
        with transaction() as session:
            person = _person_of(session, identities, at)
            tokens = open_for(session, person.id, Proof("oidc"), at)
    except Refusal as refusal:
        return _failed(refusal)
    return welcome(tokens, kept["next"])


def _person_of(session: Session, identities: list[tuple[str, str]], at: datetime) -> Person:
    """The person of the first contact; the other identities are theirs too, unless somebody else has proven them.

    What only the account has told is no proof beside the account itself for 72 hours; every contact is told of a new one.
    """
    kind, value = identities[0]
    method = "oidc" if find_person(session, kind, value) is None else "change-oidc"
    person = find_or_create_person(session, kind, value, at, method="oidc", language=language())
    new = [one for one in identities[1:] if find_person(session, *one) is None]
    for kind, value in new:
        add_identity(session, person, kind, value, method=method, at=at)
    if contacts_among(new):
        _tell(session, person.id, at)
    return person


def _tell(session: Session, person: uuid.UUID, at: datetime) -> None:
    context = {"what_zh": BROUGHT.zh, "what_en": BROUGHT.en}
    key = f"way_added:{uuid.uuid4()}"
    tell_person(session, person, "way_added", context, dedupe_key=key, at=at, ways=("email", "phone_number"))
    told = {"what": BROUGHT.en}
    record(session, actor=Actor("customer", str(person)), act="person.way_added", subject=person, details=told, at=at)


def _client() -> Client:
    said = center().settings.oidc
    if not said.issuer:
        raise Refusal("没有这一页。", "There is no such page.", status=404)
    redirect = center().settings.base_url.rstrip("/") + url_for("oidc.back")
    return Client(said.issuer, said.client_id, said.client_secret.get_secret_value(), redirect, tuple(said.scopes))


def _no_contact() -> Refusal:
    return Refusal(
        "您的公司账号里没有验证过的邮箱或手机号，我们无法联系到您。请改用验证码登录。",
        "Your company account has no verified e-mail address or phone number. Sign in with a code instead.",
    )


def _failed(refusal: Refusal) -> Response:
    said = refusal.words.spoken(language())
    return page("public/sign_in_failed.html", said=said, errors={"": said}, status=refusal.status)
