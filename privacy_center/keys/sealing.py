"""Sealing for rooms that hold a session: the keyring travels in `session.info["keyring"]`."""

import json
import zlib
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.keys.canonical import canonical
from privacy_center.keys.keyring import Keyring

PLAIN, PACKED = b"\x00", b"\x01"
WORTH_PACKING = 512


def keyring_of(session: Session) -> Keyring:
    """The keyring of this unit of work."""
    keyring: Keyring = session.info["keyring"]
    return keyring


def seal_text(session: Session, text: str, context: str) -> bytes:
    """`text` sealed for one column; `context` is `table.column`."""
    return keyring_of(session).seal(text.encode(), context)


def open_text(session: Session, sealed: bytes, context: str) -> str:
    """The text that was sealed for this column; refuses what was sealed for another."""
    return keyring_of(session).open_sealed(sealed, context).decode()


def seal_json(session: Session, document: Any, context: str) -> bytes:
    """A JSON document, packed with zlib when that is worth it, then sealed."""
    plain = canonical(document)
    packed = PACKED + zlib.compress(plain, 6) if len(plain) > WORTH_PACKING else PLAIN + plain
    return keyring_of(session).seal(packed, context)


def open_json(session: Session, sealed: bytes, context: str) -> Any:
    """The JSON document that was sealed for this column."""
    plain = keyring_of(session).open_sealed(sealed, context)
    return json.loads(zlib.decompress(plain[1:]) if plain[:1] == PACKED else plain[1:])
