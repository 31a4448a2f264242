"""Reading the whole chain again, and naming the first link that does not hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.link import FIRST, link_hash
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

    `known`: a head kept elsewhere, or many: the chain must still pass through each. Without one, a trail that was cut at
    its end looks whole, and one rewritten from some entry on looks whole as well.
    """
    kept = [known] if isinstance(known, Head) else list(known or ())
    heads = {one.seq: one.hash for one in kept}
    head: Head | None = None
    for row in _rows(session):
        broken = _fault(row, head) or _against(row, heads)
        if broken:
            return Verification(False, head.seq if head else 0, Broken(row.seq, broken), head)
        head = Head(row.seq, row.hash)
    count = head.seq if head else 0
    newest = max(heads, default=0)
    if newest > count:
        return Verification(False, count, Broken(count + 1, _CUT.filled(known=newest)), head)
    return Verification(True, count, None, head)


def _rows(session: Session) -> Iterator[sa.Row]:
    entries, after = AuditEntry.__table__, 0
    while True:
        batch = sa.select(entries).where(entries.c.seq > after).order_by(entries.c.seq).limit(BATCH)
        rows = session.execute(batch).all()
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1].seq


def _fault(row: sa.Row, before: Head | None) -> Words | None:
    expected, previous = (before.seq + 1, before.hash) if before else (1, FIRST)
    if row.seq != expected:
        return _MISSING.filled(first=expected, last=row.seq - 1)
    if row.previous_hash != previous:
        return _UNTIED
    who = (row.actor_kind, row.actor_id, row.actor_role)
    about = (row.act, row.subject_id, row.request_reference, row.details, row.content_sealed)
    made = link_hash(previous, row.seq, row.at, who, *about)
    return None if made == row.hash else _CHANGED


def _against(row: sa.Row, heads: Mapping[int, bytes]) -> Words | None:
    return _REWRITTEN if heads.get(row.seq, row.hash) != row.hash else None


_MISSING = Words("缺少第 {first} 至 {last} 条记录", "Entries {first} to {last} are missing")
_UNTIED = Words("与上一条记录接不上", "It is not tied to the entry before it")
_CHANGED = Words(
    "内容与它的哈希值不符：写入后被改动", "Its content does not match its hash: it was changed after writing"
)
_REWRITTEN = Words("与外部保存的链头不符：链被重写", "It differs from the head kept elsewhere: the chain was rewritten")
_CUT = Words(
    "外部保存的链头是第 {known} 条，末尾的记录被截去", "The head kept elsewhere is {known}: the end was cut off"
)
