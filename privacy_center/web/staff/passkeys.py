"""Passkeys of staff: sign in with one, add one, remove one. A passkey checks its user, so it is two proofs in one."""

import uuid

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.models import LoginKind
from privacy_center.people.passkey_store import add_passkey, keys_of, remove_passkey
from privacy_center.people.passkeys import begin_registration, passkey_refusal
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.sign_in import open_staff_login
from privacy_center.people.staff.terms import is_employed, local_today
from privacy_center.web.cookies import STAFF_COOKIE
from privacy_center.web.device import device_words
from privacy_center.web.filters import words
from privacy_center.web.guard import own_path
from privacy_center.web.page import go, page
from privacy_center.web.passkey_site import answered_passkey, ask_passkey, keep_challenge, made_passkey, rp_id
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.who import actor, me
from privacy_center.web.surroundings import company
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import let_in

STAFF = LoginKind.STAFF


@staff.route("/sign-in/passkey", methods=["GET", "POST"])
def passkey_sign_in() -> Response:
    """A passkey names its owner itself. One of a customer, of nobody or of a former member gets the same answer."""
    onward = own_path(request.values.get("next", ""), "/staff/")
    if request.method == "GET":
        return page("staff/sign_in_passkey.html", options=ask_passkey(), next=onward, errors={})
    try:
        with transaction() as session:
            token = _open(session)
    except Refusal as refusal:
        errors = {"passkey": words(refusal.words)}
        return page(
            "staff/sign_in_passkey.html", options=ask_passkey(), next=onward, errors=errors, status=refusal.status
        )
    return let_in(go(onward), STAFF_COOKIE, token)


@staff.route("/account/passkeys", methods=["GET", "POST"])
def new_passkey() -> Response:
    """Add a passkey to one's account."""
    if request.method == "GET":
        return _new_page()
    at = clock.now()
    try:
        with transaction() as session:
            made = made_passkey(session, at)
            name = request.form.get("name", "").strip()
            add_passkey(session, STAFF, me().id, made, name=name, counts_from=at, at=at)
            record(session, actor=actor(), act="staff.passkey_added", at=at)
    except Refusal as refusal:
        return _new_page({refusal.field or "passkey": words(refusal.words)}, status=refusal.status)
    return go(url_for("staff.account", done="passkey"))


@staff.post("/account/passkeys/<uuid:key>/remove")
def drop_passkey(key: uuid.UUID) -> Response:
    """The passkey opens nothing any more; refuses (404) one that is not one's own."""
    at = clock.now()
    with transaction() as session:
        remove_passkey(session, STAFF, me().id, key)
        record(session, actor=actor(), act="staff.passkey_removed", at=at)
    return go(url_for("staff.account", done="removed"))


def _open(session: Session) -> str:
    at = clock.now()
    key = answered_passkey(session, STAFF, at)
    member = session.get(StaffMember, key.owner_id)
    if member is None or not is_employed(member, local_today(session, at)):
        raise passkey_refusal()
    here = device_words(request.headers.get("User-Agent", ""))
    token = open_staff_login(session, member, here, at)
    record(session, actor=member.as_actor(), act="staff.signed_in_by_passkey", at=at)
    return token


def _new_page(errors: dict[str, str] | None = None, *, status: int = 200) -> Response:
    options, name = "", company()["short_name"]
    if rp_id():
        with reading() as session:
            known = keys_of(session, STAFF, me().id)
        options = keep_challenge(begin_registration(rp_id(), me().id.bytes, me().number, known, site=name))
    typed = request.form.get("name", "")
    return page("staff/new_passkey.html", options=options, errors=errors or {}, typed=typed, status=status)
