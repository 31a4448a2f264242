"""How one entry is tied to the one before it."""

import hashlib
import json
import uuid
from datetime import UTC, datetime

FIRST = bytes(32)


def link_hash(
    previous: bytes,
    seq: int,
    at: datetime,
    actor: tuple[str, str, str],
    act: str,
    subject: uuid.UUID | None,
    request: str | None,
    details: str,
) -> bytes:
    """SHA-256 over the previous hash and a JSON list of every other column: nothing can be moved between columns."""
    told = [seq, at.astimezone(UTC).isoformat(), *actor, act, subject.hex if subject else None, request, details]
    return hashlib.sha256(previous + json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).digest()
