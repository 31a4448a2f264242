"""Putting a message where it will be delivered: a row in the same transaction as what it tells of."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import seal_json, seal_text
from privacy_center.outbox.models import InboxMessage, MessageKind, MessageState, OutboxMessage
from privacy_center.outbox.words import TEMPLATES, write_words

ADDRESS = "outbox_message.address"
CONTEXT = "outbox_message.context"
WORDS = "inbox_message.words"


def put_message(
    session: Session,
    *,
    kind: MessageKind,
    address: str,
    template: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    language: str,
    at: datetime,
    to_person: uuid.UUID | None = None,
    only_if_on_file: str | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Queue one message to one address; False when this `dedupe_key` was queued before (nothing is sent twice).

    Refuses (ValueError) a template whose words may only be read after signing in. `only_if_on_file` names the kind of
    identity that `address` is: the delivery drops the message unless the company has that contact on file.
    """
    if TEMPLATES[template].private:
        raise ValueError(f"{template} may only be read after signing in")
    values = {
        "id": uuid.uuid4(),
        "kind": kind,
        "person_id": to_person,
        "address_sealed": seal_text(session, address, ADDRESS, subject=to_person),
        "language": language,
        "template": template,
        "context_sealed": seal_json(session, dict(context), CONTEXT, subject=to_person),
        "dedupe_key": dedupe_key,
        "identity_kind": only_if_on_file,
        "state": MessageState.WAITING,
        "attempts": 0,
        "created_at": at,
        "next_at": at,
        "expires_at": expires_at,
    }
    return _insert_once(session, OutboxMessage.__table__, values)


def put_in_inbox(
    session: Session,
    *,
    person: uuid.UUID,
    template: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    at: datetime,
) -> bool:
    """Lay a message in a person's inbox at once, in both languages; False when this `dedupe_key` is there already."""
    title, body = write_words(template, dict(context))
    values = {
        "id": uuid.uuid4(),
        "person_id": person,
        "template": template,
        "request_reference": context.get("reference"),
        "words_sealed": seal_json(session, {"title": title.as_json(), "body": body.as_json()}, WORDS, subject=person),
        "dedupe_key": dedupe_key,
        "sent_at": at,
    }
    return _insert_once(session, InboxMessage.__table__, values)


def _insert_once(session: Session, table: sa.FromClause, values: dict[str, Any]) -> bool:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    put = dialect.insert(table).values(values).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return session.execute(put.returning(table.c.id)).one_or_none() is not None
