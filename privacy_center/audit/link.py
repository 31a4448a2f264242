"""How one entry is tied to the one before it."""

import hashlib
import json
import uuid
from datetime import UTC, datetime

FIRST = bytes(32)
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def link_hash(
    previous: bytes,
    seq: int,
    at: datetime,
    actor: tuple[str, str, str],
    act: str,
    subject: uuid.UUID | None,
    request: str | None,
    details: str,
    content: bytes | None = None,
) -> bytes:
    """SHA-256 over the previous hash, a JSON list of every other column, and the sealed content where there is any.

    A JSON list says itself where it ends, so nothing can be moved between columns or into the content.
    """
    told = [seq, at.astimezone(UTC).isoformat(), *actor, act, subject.hex if subject else None, request, details]
    return hash_told(previous, told, content)


def hash_told(previous: bytes, told: list[object], content: bytes | None) -> bytes:
    """The same over what is told already: number, moment (UTC, ISO 8601), actor, act, subject (hex), request, details."""
    text = _write(told).encode()
    return hashlib.sha256(previous + text if content is None else b"%b%b\0%b" % (previous, text, content)).digest()
