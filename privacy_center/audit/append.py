"""Writing to the audit trail, in the same transaction as the act itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.link import FIRST, link_hash
from privacy_center.audit.models import AuditEntry
from privacy_center.keys.canonical import canonical_text

CHAIN_LOCK = 0x5043_4155_4449_54  # any fixed number: everybody who appends waits for this one


LAST = "audit.last"

_ENTRIES = AuditEntry.__table__
_NEWEST = sa.select(_ENTRIES.c.seq, _ENTRIES.c.hash).order_by(_ENTRIES.c.seq.desc()).limit(1)
_WAIT_AND_LOOK = (
    f"SELECT pg_advisory_xact_lock({CHAIN_LOCK}); SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1"
)
_APPEND = sa.insert(_ENTRIES)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a customer by person id, staff by number, or the system by the name of the part that acts.

    `department` is told with looks at a customer's data only; it says nothing about who somebody is.
    """

    kind: Literal["customer", "staff", "system"]
    id: str
    role: str = ""
    department: str = field(default="", compare=False)


def record(
    session: Session,
    *,
    actor: Actor,
    act: str,
    subject: uuid.UUID | None = None,
    request: str | None = None,
    details: Mapping[str, object] | None = None,
    content: bytes | None = None,
    at: datetime,
) -> AuditEntry:
    """Append one entry; it exists when, and only when, the caller's transaction is kept.

    `act` is `noun.verb`; `request` is a reference number; `details` must hold no personal data in plain text;
    `content` is what was shown, sealed already.
    One select and one insert: on SQLite the transaction already holds the write lock (BEGIN IMMEDIATE), on PostgreSQL
    an advisory lock makes writers wait for each other until the transaction ends. Who has the lock knows the last entry.
    """
    before, previous = _remembered(session) or _last(session)
    text = canonical_text(dict(details or {}))
    who = (actor.kind, actor.id, actor.role)
    values = {
        "seq": before + 1,
        "at": at,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_role": actor.role,
        "act": act,
        "subject_id": subject,
        "request_reference": request,
        "details": text,
        "previous_hash": previous,
        "hash": link_hash(previous, before + 1, at, who, act, subject, request, text, content),
        "content_sealed": content,
    }
    session.execute(_APPEND, values)
    session.info[LAST] = (session.get_transaction(), session.get_nested_transaction(), values["seq"], values["hash"])
    return AuditEntry(**values)


def _remembered(session: Session) -> tuple[int, bytes] | None:
    """The last entry, where this very transaction wrote it and nothing of it can have been taken back since."""
    transaction, nested, seq, link = session.info.get(LAST, (None, None, 0, b""))
    same = transaction is not None and transaction is session.get_transaction()
    return (seq, link) if same and nested is None and session.get_nested_transaction() is None else None


def _last(session: Session) -> tuple[int, bytes]:
    if session.get_bind().dialect.name == "postgresql":
        return _wait_and_look(session)
    found = session.execute(_NEWEST).one_or_none()
    return (found.seq, found.hash) if found else (0, FIRST)


def _wait_and_look(session: Session) -> tuple[int, bytes]:
    """Wait for the other writers, then look, in one trip: two statements, for one would see what was there before it waited."""
    cursor = session.connection().connection.cursor()
    try:
        cursor.execute(_WAIT_AND_LOOK)
        cursor.nextset()
        found = cursor.fetchone()
    finally:
        cursor.close()
    return (found[0], bytes(found[1])) if found else (0, FIRST)
