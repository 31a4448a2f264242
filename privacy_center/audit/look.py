"""Looks at a data subject's data: who, when, what kind of data, for what purpose, in which case, in which system.

One entry of the chain for each look, kept as long as the chain is, which is never shorter than the six months that an
access log must cover (internal rule "logs ≥ 6 months"; PIPL art. 51 and 54 ask for the means to audit).
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.audit.purposes import ACTS, DEFAULT_CHANNEL
from privacy_center.keys.sealing import seal_json, show_json

CONTENT = "audit_entry.content"
CODE = re.compile(r"[a-z][a-z0-9_.-]{0,59}")
OUR_SYSTEM = "privacy-center"


def record_look(
    session: Session,
    *,
    actor: Actor,
    subject: uuid.UUID | None,
    data: Iterable[str],
    purpose: str,
    case: str | None,
    system: str = OUR_SYSTEM,
    act: str = "data.look",
    counts_of: Iterable[str] = (),
    shown: Mapping[str, Any] | None = None,
    owner: uuid.UUID | None = None,
    channel: str = DEFAULT_CHANNEL,
    more: Mapping[str, object] | None = None,
    at: datetime,
) -> AuditEntry:
    """Append one look to the chain, in the caller's transaction.

    `data`: data categories of the values that were seen, masked or whole; `counts_of`: those of which only the names and
    the number of rows were seen, so that no rule about kinds of data counts them; `purpose`: a code such as `request.review`, never words about a person; `case`: the
    reference of the case; `shown`: what was seen, masked, sealed under the key of the data subject, or of `owner` while
    nobody has proven to be that person (an entry is never sealed anew, so no other key will do); `more`: further codes
    (page, counts, regions). Refuses (ValueError) an act or a purpose that is no code of an access log, and content
    that is nobody's.
    """
    sealed_for = subject or owner
    if shown and sealed_for is None:
        raise ValueError("content needs the person whose key seals it")
    if act not in ACTS or not CODE.fullmatch(purpose):
        raise ValueError(f"no entry of an access log: {act}, {purpose}")
    seen = set(data)
    only_counted = sorted(set(counts_of) - seen)
    told = {
        **(more or {}),
        "data": sorted(seen),
        **({"counts_of": only_counted} if only_counted else {}),
        "purpose": purpose,
        "system": system,
        "channel": channel,
        "department": actor.department,
    }
    content = seal_json(session, dict(shown), CONTENT, sealed_for) if shown else None
    return record(session, actor=actor, act=act, subject=subject, request=case, details=told, content=content, at=at)


def seen_in(session: Session, entry: AuditEntry) -> dict[str, Any]:
    """The masked content of a look; empty where there is none, or once its key is destroyed."""
    found: dict[str, Any] = show_json(session, entry.content_sealed, CONTENT, {})
    return found
