"""The audit trail as staff see it: entries, newest first, and the check of the whole chain."""

import json
from dataclasses import dataclass

from flask import Response, request
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.audit.export import export_state
from privacy_center.audit.kept_heads import KeptHeads, read_own_heads
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.queries import entries_of_request, newest_entries
from privacy_center.audit.verify import Verification, verify_chain
from privacy_center.errors import Refusal
from privacy_center.web.page import page
from privacy_center.web.staff.act_words import act_words
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.detail_words import detail_words, value_words
from privacy_center.web.staff.who import actor
from privacy_center.web.units import center, reading, transaction

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One entry as the table shows it. `details` are name and value, without personal data by the trail's own rule."""

    entry: AuditEntry
    words: str
    details: list[tuple[str, str]]


@staff.get("/audit")
def audit() -> Response:
    """Entries of one request, or the newest of all, 50 at a time."""
    reference = request.args.get("reference", "").strip()[:40]
    with reading() as session:
        entries = _entries(session, reference)
    return _audit_page(entries, reference)


@staff.post("/audit/verify")
def audit_verify() -> Response:
    """Read the whole chain again and say whether every link holds; that it was checked is itself recorded."""
    with reading() as session:
        kept = _kept_heads(session)
        found = verify_chain(session, kept.chain_heads if kept else None)
    troubles = kept.troubles if kept else []
    details = {"ok": found.ok and not troubles, "entries": found.entries, "heads": len(kept.heads) if kept else 0}
    with transaction() as session:
        record(session, actor=actor(), act="audit.verified", details=details, at=clock.now())
        entries = _entries(session, "")
    return _audit_page(entries, "", found, kept)


def _kept_heads(session: Session) -> KeptHeads | None:
    """The heads in the folder to which they are exported, if there is one that can be read from here."""
    place = center().settings.audit.export
    try:
        return read_own_heads(session, place, center().keyring.public_keys())
    except Refusal as refusal:
        return KeptHeads(troubles=[(place, refusal.words)])


def _audit_page(
    entries: list[ShownEntry], reference: str, checked: Verification | None = None, kept: KeptHeads | None = None
) -> Response:
    shown, more = entries[:SHOWN], len(entries) > SHOWN
    last = shown[-1].entry.seq if more else None
    with reading() as session:
        export = export_state(session)
    return page(
        "staff/audit.html", entries=shown, reference=reference, checked=checked, kept=kept, older=last, export=export,
        export_set=center().settings.audit.is_set,
    )  # fmt: skip


def _entries(session: Session, reference: str) -> list[ShownEntry]:
    if reference:
        found = entries_of_request(session, reference)
    else:
        before = request.args.get("before", "")
        found = newest_entries(session, limit=SHOWN + 1, before=int(before) if _number(before) else None)
    return [ShownEntry(one, act_words(one.act), _details(one.details)) for one in found]


def _number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 16


def _details(text: str) -> list[tuple[str, str]]:
    return [(detail_words(name), value_words(name, value)) for name, value in json.loads(text).items()]
