"""Reading the whole chain again, and naming the first link that does not hold."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.link import FIRST, hash_told
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Words

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number and hash. Kept elsewhere, it proves later that nothing was cut off or rewritten."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold, and what is wrong with it."""

    seq: int
    words: Words


@dataclass(frozen=True, slots=True)
class Verification:
    """What reading the chain showed. `entries`: how many were read and hold."""

    ok: bool
    entries: int
    first_broken: Broken | None = None
    head: Head | None = None


def chain_head(session: Session) -> Head | None:
    """The newest entry, to be kept outside this database; None while the trail is empty."""
    newest = sa.select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    found = session.execute(newest).one_or_none()
    return Head(found.seq, found.hash) if found else None


def verify_chain(session: Session, known: Head | Iterable[Head] | None = None) -> Verification:
    """Check every entry in order, in batches of 5,000 (memory stays flat).

    `known`: a head kept elsewhere, or many: the chain must still pass through each, also where two name the same entry (an
    hour without a new one): the later was signed over what stood there then. Without one, a trail that was cut at
    its end looks whole, and one rewritten from some entry on looks whole as well.
    """
    kept = [known] if isinstance(known, Head) else list(known or ())
    heads: dict[int, set[bytes]] = {}
    for one in kept:
        heads.setdefault(one.seq, set()).add(one.hash)
    head: Head | None = None
    for link in _links(session):
        broken = _fault(link, head) or _against(link, heads)
        if broken:
            return Verification(False, head.seq if head else 0, Broken(link.seq, broken), head)
        head = Head(link.seq, link.hash)
    count = head.seq if head else 0
    newest = max(heads, default=0)
    if newest > count:
        return Verification(False, count, Broken(count + 1, _CUT.filled(known=newest)), head)
    return Verification(True, count, None, head)


class _Link(NamedTuple):
    """One entry as the driver gives it: a million of them pass, so nothing is made of them that is not hashed."""

    seq: int
    at: datetime | str
    actor_kind: str
    actor_id: str
    actor_role: str
    act: str
    subject_id: uuid.UUID | str | None
    request_reference: str | None
    details: str
    content_sealed: bytes | None
    previous_hash: bytes
    hash: bytes

    def made(self, previous: bytes) -> bytes:
        """The hash that it must have."""
        at, subject = self.at, self.subject_id
        moment = at.astimezone(UTC) if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)
        hexed = subject.hex if isinstance(subject, uuid.UUID) else subject
        told = [self.seq, moment.isoformat(), *self[2:6], hexed, self.request_reference, self.details]
        return hash_told(previous, told, self.content_sealed)


def _links(session: Session) -> Iterator[_Link]:
    connection, after = session.connection(), 0
    names = ", ".join(_Link._fields)
    while True:
        asked = f"SELECT {names} FROM audit_entry WHERE seq > {after:d} ORDER BY seq LIMIT {BATCH:d}"
        rows = connection.exec_driver_sql(asked).cursor.fetchall()
        yield from map(_Link._make, rows)
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def _fault(link: _Link, before: Head | None) -> Words | None:
    expected, previous = (before.seq + 1, before.hash) if before else (1, FIRST)
    if link.seq != expected:
        return _MISSING.filled(first=expected, last=link.seq - 1)
    if link.previous_hash != previous:
        return _UNTIED
    try:
        return None if link.made(previous) == link.hash else _CHANGED
    except (TypeError, ValueError):  # a moment that is none, bytes where a text was
        return _CHANGED


def _against(link: _Link, heads: Mapping[int, set[bytes]]) -> Words | None:
    return _REWRITTEN if link.seq in heads and heads[link.seq] != {link.hash} else None


_MISSING = Words("缺少第 {first} 至 {last} 条记录", "Entries {first} to {last} are missing")
_UNTIED = Words("与上一条记录接不上", "It is not tied to the entry before it")
_CHANGED = Words(
    "内容与它的哈希值不符：写入后被改动", "Its content does not match its hash: it was changed after writing"
)
_REWRITTEN = Words("与外部保存的链头不符：链被重写", "It differs from the head kept elsewhere: the chain was rewritten")
_CUT = Words(
    "外部保存的链头是第 {known} 条，末尾的记录被截去", "The head kept elsewhere is {known}: the end was cut off"
)
