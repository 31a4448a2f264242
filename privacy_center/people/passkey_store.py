"""The passkeys that somebody has: kept, listed, named, found again, removed. For customers and staff alike."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_text, seal_text
from privacy_center.people.models import LoginKind, Passkey
from privacy_center.people.passkeys import NewKey, answered_by, finish_login, passkey_refusal, use_challenge

NAME = "passkey.name"
LONGEST_NAME, MOST = 60, 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A passkey as its owner sees it."""

    id: uuid.UUID
    name: str
    created_at: datetime
    counts_from: datetime
    last_used_at: datetime | None


def add_passkey(
    session: Session, kind: LoginKind, owner: uuid.UUID, made: NewKey, *, name: str, counts_from: datetime, at: datetime
) -> Passkey:
    """Keep a new passkey. Refuses (409) a key that is known already or a twenty-first one, (422) a name too long."""
    if len(name) > LONGEST_NAME:
        raise Refusal("名称最多 60 字。写短一些。", "A name may have 60 characters.", status=422, field="name")
    if len(keys_of(session, kind, owner)) >= MOST or _by_id(session, made.credential_id) is not None:
        raise Refusal(
            "这个通行密钥已经登记过，或者已有 20 个。先删除一个不用的。",
            "That passkey is registered already, or there are twenty. Remove one first.",
        )
    row = Passkey(
        kind=kind,
        owner_id=owner,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        backed_up=made.backed_up,
        name_sealed=seal_text(session, name, NAME, subject=_subject(kind, owner)),
        created_at=at,
        counts_from=counts_from,
    )
    session.add(row)
    session.flush()
    return row


def keys_of(session: Session, kind: LoginKind, owner: uuid.UUID) -> list[bytes]:
    """The credential ids of somebody's passkeys."""
    mine = sa.select(Passkey.credential_id).where(Passkey.kind == kind, Passkey.owner_id == owner)
    return list(session.scalars(mine))


def passkeys_of(session: Session, kind: LoginKind, owner: uuid.UUID) -> list[Kept]:
    """Somebody's passkeys, the oldest first."""
    mine = sa.select(Passkey).where(Passkey.kind == kind, Passkey.owner_id == owner).order_by(Passkey.created_at)
    return [
        Kept(one.id, open_text(session, one.name_sealed, NAME), one.created_at, one.counts_from, one.last_used_at)
        for one in session.scalars(mine)
    ]


def rename_passkey(session: Session, kind: LoginKind, owner: uuid.UUID, key: uuid.UUID, name: str) -> None:
    """Another name; refuses (404) a key of somebody else, (422) an empty or long name."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refusal("名称要 1 到 60 字。", "A name has 1 to 60 characters.", status=422, field="name")
    _mine(session, kind, owner, key).name_sealed = seal_text(session, name, NAME, subject=_subject(kind, owner))


def remove_passkey(session: Session, kind: LoginKind, owner: uuid.UUID, key: uuid.UUID) -> None:
    """The key opens nothing any more; refuses (404) one of somebody else."""
    session.delete(_mine(session, kind, owner, key))
    session.flush()


def check_passkey(
    session: Session,
    kind: LoginKind,
    *,
    rp_id: str,
    origin: str,
    challenge: str,
    begun_at: datetime,
    answer: str,
    at: datetime,
) -> Passkey:
    """The passkey whose answer holds, its count moved on. Refuses (422) every other, with the same words; the challenge
    is used up when the caller's transaction is kept.
    """
    use_challenge(session, challenge, begun_at, at)
    row = _by_id(session, answered_by(answer))
    if row is None or row.kind is not kind:
        raise passkey_refusal()
    row.sign_count = finish_login(
        rp_id, origin, challenge, answer, public_key=row.public_key, sign_count=row.sign_count
    )
    row.last_used_at = at
    session.flush()
    return row


def _by_id(session: Session, credential: bytes) -> Passkey | None:
    return session.scalars(sa.select(Passkey).where(Passkey.credential_id == credential)).one_or_none()


def _mine(session: Session, kind: LoginKind, owner: uuid.UUID, key: uuid.UUID) -> Passkey:
    row = session.get(Passkey, key)
    if row is None or row.kind is not kind or row.owner_id != owner:
        raise Refusal("没有这个通行密钥。", "There is no such passkey.", status=404)
    return row


def _subject(kind: LoginKind, owner: uuid.UUID) -> uuid.UUID | None:
    """Customers have keys of their own; staff are sealed by the house's."""
    return owner if kind is LoginKind.CUSTOMER else None
