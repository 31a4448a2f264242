"""The vault in the browser: ask with a reason, a second person agrees, one look."""

import uuid
from dataclasses import dataclass

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.execution.models import VaultOpening
from privacy_center.execution.vault import Opened, sealed_entries
from privacy_center.execution.vault_opening import (
    answer_opening,
    ask_to_open,
    openings_of,
    read_opening,
    reason_of,
)
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import categories_of, note_look
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading, transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """One wish to open, as the page shows it to the person who works here."""

    opening: VaultOpening
    reason: str
    mine: bool


@staff.route("/requests/<reference>/vault", methods=["GET", "POST"])
def vault(reference: str) -> Response:
    """What is sealed of a request (counts only), the wishes that wait, and the form to ask with a reason."""
    if request.method == "GET":
        return _vault_page(reference)
    try:
        with transaction() as session:
            asked = request_by_reference(session, reference)
            ask_to_open(session, asked, by=me(), reason=request.form.get("reason", ""), at=clock.now())
    except Refusal as refusal:
        if refusal.field != "reason":
            raise
        return _vault_page(reference, {"reason": refusal.words.spoken(language())}, refusal.status)
    return go(url_for("staff.vault", reference=reference))


@staff.post("/requests/<reference>/vault/<uuid:opening>/answer")
def answer_vault(reference: str, opening: uuid.UUID) -> Response:
    """The second person agrees, or does not."""
    agreed = request.form.get("do") == "agree"
    with transaction() as session:
        asked = request_by_reference(session, reference)
        answer_opening(session, asked, opening, by=me(), agreed=agreed, at=clock.now())
    return go(url_for("staff.vault", reference=reference))


@staff.post("/requests/<reference>/vault/<uuid:opening>/read")
def read_vault(reference: str, opening: uuid.UUID) -> Response:
    """The one look: the values stand on this answer and nowhere else."""
    with transaction() as session:
        asked = request_by_reference(session, reference)
        rows = read_opening(session, asked, opening, by=me(), at=clock.now())
        data = set().union(*(categories_of(row.collection) for row in rows))
        note_look(session, asked, "vault", data=data, act="data.reveal", more={"reason": "vault"})
    return page(
        "staff/vault_open.html", reference=reference, rows=[(_title(row), row) for row in rows], titles=_field_title
    )


def _title(row: Opened) -> object:
    return center().catalogue.collection(row.collection).title


def _field_title(row: Opened, path: str) -> Words:
    """What a field is called: by its own words, else by its category's; nothing where neither is known."""
    house = center()
    named = house.catalogue.collection(row.collection).fields.get(path)
    collection = house.data_map.collections.get(row.collection)
    field = collection.fields.get(path) if collection else None
    said = field.data_categories if field else ()
    return named or (house.catalogue.category(said[0]).title if said else Words("", ""))


def _vault_page(reference: str, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    with reading() as session:
        asked = request_by_reference(session, reference)
        sealed = [
            (center().catalogue.collection(item.collection).title, item.row_count, entry.at)
            for item, entry in sealed_entries(session, asked)
        ]
        wishes = [_wish(session, one) for one in openings_of(session, asked, clock.now())]
    return page(
        "staff/vault.html",
        reference=reference,
        sealed=sealed,
        wishes=wishes,
        typed=request.form,
        errors=errors or {},
        status=status,
    )


def _wish(session: Session, opening: VaultOpening) -> Wish:
    return Wish(opening, reason_of(session, opening), opening.asked_by == me().number)
