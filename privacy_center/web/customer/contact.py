"""The customer's contacts: which there are, adding one, removing one, putting another in its place."""

import uuid

from flask import Blueprint, Response, request, url_for

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_text
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.contact_change import contact_of, contacts_of, hold_until, open_changes
from privacy_center.people.identity import VALUE
from privacy_center.people.models import PersonIdentity
from privacy_center.people.sign_in import code_refusal
from privacy_center.web.customer.contact_acts import check_codes, make_change, send_codes, sent_to
from privacy_center.web.customer.identity import me
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.units import reading

contact = Blueprint("contact", __name__, url_prefix="/me/contact")

_BOTH_SPENT = Refusal(
    "验证码不对，这两个验证码已经作废。什么都没有改动。按“发送验证码”，再来一次。",
    "A code was wrong, and both codes are used up. Nothing was changed. Send new codes and try again.",
    status=422,
    field="contact",
)


@contact.get("/")
def listed() -> Response:
    """Every contact, masked, and until when nothing can be exported or deleted."""
    at = clock.now()
    with reading() as session:
        mine = [(one, _masked(session, one)) for one in contacts_of(session, me().person)]
        held = hold_until(session, me().person, at)
        changes = open_changes(session, me().person, at)
    return page(
        "customer/contact/listed.html", mine=mine, held=held, changes=changes, done=request.args.get("done", "")
    )


@contact.route("/add", methods=["GET", "POST"])
def add() -> Response:
    """One more contact: a code to it, then it counts."""
    return _step(None)


@contact.route("/<uuid:identity>/replace", methods=["GET", "POST"])
def replace(identity: uuid.UUID) -> Response:
    """Another contact in the place of this one: a code to both."""
    return _step(identity)


@contact.route("/<uuid:identity>/remove", methods=["GET", "POST"])
def remove(identity: uuid.UUID) -> Response:
    """A page of its own says what removing means; the button there does it."""
    with reading() as session:
        old = _masked(session, contact_of(session, me().person, identity))
    if request.method == "GET":
        return page("customer/contact/remove.html", identity=identity, old=old)
    make_change("removed", identity, None)
    return go(url_for("contact.listed", done="removed"))


def _step(identity: uuid.UUID | None) -> Response:
    """Type the new contact, then the code or codes; the same page for adding and replacing."""
    with reading() as session:
        old = _masked(session, contact_of(session, me().person, identity)) if identity else ""
    if request.method == "GET":
        return _step_page(identity, old)
    try:
        if request.form.get("do") == "send":
            send_codes(identity, request.form.get("contact", ""))
            return _step_page(identity, old)
        new = check_codes(identity, request.form.get("code", ""), request.form.get("old_code", ""))
        if new is None:
            return _step_page(identity, old, code_refusal() if sent_to(identity) else _BOTH_SPENT)
        make_change("replaced" if identity else "added", identity, new)
    except Refusal as refusal:
        return _step_page(identity, old, refusal)
    return go(url_for("contact.listed", done="replaced" if identity else "added"))


def _masked(session: object, row: PersonIdentity) -> str:
    return mask_contact(Contact(row.kind, open_text(session, row.value_sealed, VALUE)))  # type: ignore[arg-type]


def _step_page(identity: uuid.UUID | None, old: str, refusal: Refusal | None = None) -> Response:
    here = url_for("contact.replace", identity=identity) if identity else url_for("contact.add")
    to = sent_to(identity)
    fields = ("code", "old_code") if to else ("contact",)
    field = refusal.field if refusal and refusal.field in fields else ""
    return page(
        "customer/contact/step.html",
        here=here,
        old=old,
        sent_to=to,
        typed=request.form.get("contact", ""),
        errors={field: words(refusal.words)} if refusal else {},
        status=refusal.status if refusal else 200,
    )
