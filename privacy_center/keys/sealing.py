"""Sealing for rooms that hold a session: the keyring travels in `session.info["keyring"]`."""

import json
import uuid
import zlib
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.keys.canonical import canonical
from privacy_center.keys.keyring import Keyring
from privacy_center.keys.subjects import Destroyed

PLAIN, PACKED = b"\x00", b"\x01"
WORTH_PACKING = 512
DESTROYED = Words("（内容已销毁）", "(content destroyed)")
DESTROYED_TEXT = "（已销毁 destroyed）"
"""What lists show, in whichever language, in the place of a text whose key was destroyed."""


def keyring_of(session: Session) -> Keyring:
    """The keyring of this unit of work."""
    keyring: Keyring = session.info["keyring"]
    return keyring


def seal_text(session: Session, text: str, context: str, subject: uuid.UUID | None = None) -> bytes:
    """`text` sealed for one column; `context` is `table.column`. With `subject` (a person's id) by that person's own key."""
    return keyring_of(session).seal(text.encode(), context, subject)


def open_text(session: Session, sealed: bytes, context: str) -> str:
    """The text that was sealed for this column; refuses what was sealed for another."""
    return keyring_of(session).open_sealed(sealed, context).decode()


def show_text(session: Session, sealed: bytes | None, context: str) -> str:
    """The text for a page: nothing where there is none, and words that say so where its key was destroyed."""
    try:
        return open_text(session, sealed, context) if sealed else ""
    except Destroyed:
        return DESTROYED_TEXT


def seal_json(session: Session, document: Any, context: str, subject: uuid.UUID | None = None) -> bytes:
    """A JSON document, packed with zlib when that is worth it, then sealed; `subject` as for text."""
    return keyring_of(session).seal(_packed(document), context, subject)


def seal_json_like(session: Session, document: Any, context: str, other: bytes) -> bytes:
    """A JSON document sealed by the key that sealed `other`: for rows that follow from a row of the same person."""
    return keyring_of(session).seal_like(_packed(document), context, other)


def open_json(session: Session, sealed: bytes, context: str) -> Any:
    """The JSON document that was sealed for this column."""
    plain = keyring_of(session).open_sealed(sealed, context)
    return json.loads(zlib.decompress(plain[1:]) if plain[:1] == PACKED else plain[1:])


def show_json(session: Session, sealed: bytes | None, context: str, otherwise: Any) -> Any:
    """The document for a page; `otherwise` where there is none or its key was destroyed."""
    try:
        return open_json(session, sealed, context) if sealed else otherwise
    except Destroyed:
        return otherwise


def _packed(document: Any) -> bytes:
    plain = canonical(document)
    return PACKED + zlib.compress(plain, 6) if len(plain) > WORTH_PACKING else PLAIN + plain
