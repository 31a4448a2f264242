"""The customer's passkeys: add, name, remove. Every contact is told of a new and of a removed one."""

import uuid

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.people.levels import Action
from privacy_center.people.models import LoginKind
from privacy_center.people.passkey_store import add_passkey as keep
from privacy_center.people.passkey_store import keys_of, passkeys_of
from privacy_center.people.passkey_store import remove_passkey as take_away
from privacy_center.people.passkey_store import rename_passkey as rename
from privacy_center.people.passkeys import begin_registration
from privacy_center.people.step_up import counts_from
from privacy_center.web.customer.identity import me, my_contact_masked
from privacy_center.web.customer.security import security, tell_change
from privacy_center.web.device import device_words
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.passkey_site import keep_challenge, made_passkey, rp_id
from privacy_center.web.proven import standing
from privacy_center.web.surroundings import company
from privacy_center.web.units import reading, transaction

PASSKEY = Words("通行密钥", "A passkey")


@security.route("/passkeys/add", methods=["GET", "POST"])
def add_passkey() -> Response:
    """Ask the browser for a new passkey, and keep its public half."""
    if request.method == "GET":
        return _add_page()
    at, name = clock.now(), request.form.get("name", "").strip() or _usual_name()
    try:
        with transaction() as session:
            needed, _verdict = standing(session, me(), Action.MANAGE_WAYS, at)
            made, counts = made_passkey(session, at), counts_from(me().level, at, needed.level)
            keep(session, LoginKind.CUSTOMER, me().person, made, name=name, counts_from=counts, at=at)
            tell_change(session, "way_added", PASSKEY, at)
    except Refusal as refusal:
        return _add_page(name, refusal)
    return go(url_for("security.show", done="passkey"))


@security.route("/passkeys/<uuid:key>/rename", methods=["GET", "POST"])
def rename_passkey(key: uuid.UUID) -> Response:
    """Another name, for its owner's eyes only."""
    name = _name_of(key)
    if request.method == "GET":
        return _rename_page(key, name)
    typed = request.form.get("name", "").strip()
    try:
        with transaction() as session:
            rename(session, LoginKind.CUSTOMER, me().person, key, typed)
    except Refusal as refusal:
        return _rename_page(key, typed, refusal)
    return go(url_for("security.show", done="renamed"))


@security.route("/passkeys/<uuid:key>/remove", methods=["GET", "POST"])
def remove_passkey(key: uuid.UUID) -> Response:
    """The key opens nothing any more."""
    name = _name_of(key)
    if request.method == "GET":
        here = url_for("security.remove_passkey", key=key)
        return page("customer/security/remove.html", what=_("通行密钥“%(name)s”", name=name), here=here)
    with transaction() as session:
        take_away(session, LoginKind.CUSTOMER, me().person, key)
        tell_change(session, "way_removed", PASSKEY, clock.now())
    return go(url_for("security.show", done="removed"))


def _name_of(key: uuid.UUID) -> str:
    """The name of one's own key; refuses (404) any other."""
    with reading() as session:
        mine = {one.id: one.name for one in passkeys_of(session, LoginKind.CUSTOMER, me().person)}
    if key not in mine:
        raise Refusal("没有这个通行密钥。", "There is no such passkey.", status=404)
    return mine[key]


def _usual_name() -> str:
    return device_words(request.headers.get("User-Agent", "")) or _("通行密钥")


def _add_page(name: str = "", refusal: Refusal | None = None) -> Response:
    options = ""
    if rp_id():
        with reading() as session:
            exclude = keys_of(session, LoginKind.CUSTOMER, me().person)
            shown = my_contact_masked(session)
        options = keep_challenge(
            begin_registration(rp_id(), me().person.bytes, shown, exclude, site=company()["short_name"])
        )
    field = "name" if refusal and refusal.field == "name" else "passkey"
    return page(
        "customer/security/add_passkey.html",
        options=options,
        name=name or _usual_name(),
        errors={field: refusal.words.spoken(language())} if refusal else {},
        status=refusal.status if refusal else 200,
    )


def _rename_page(key: uuid.UUID, name: str, refusal: Refusal | None = None) -> Response:
    errors = {"name": refusal.words.spoken(language())} if refusal else {}
    status = refusal.status if refusal else 200
    return page("customer/security/rename.html", key=key, name=name, errors=errors, status=status)
