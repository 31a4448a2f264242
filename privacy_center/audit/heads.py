"""Signed chain heads: one an hour, numbered without a gap, so that whoever keeps them elsewhere can prove the chain.

The signature is Ed25519 (RFC 8032) over the canonical JSON of every other field.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.audit.models import SignedHead
from privacy_center.audit.verify import Head, chain_head
from privacy_center.keys.canonical import canonical, canonical_text
from privacy_center.keys.sealing import keyring_of

KIND = "privacy-center audit head"


@dataclass(frozen=True, slots=True)
class KeptHead:
    """One exported head as its line tells it. `number` counts the heads, `seq` the entries of the chain."""

    number: int
    head: Head
    at: str
    key: int
    signature: bytes

    def told(self) -> dict[str, Any]:
        """What is signed."""
        return {
            "kind": KIND,
            "number": self.number,
            "seq": self.head.seq,
            "hash": self.head.hash.hex(),
            "at": self.at,
            "key": self.key,
        }

    def line(self) -> str:
        """One line of JSON, without its end."""
        return canonical_text({**self.told(), "signature": self.signature.hex()})

    def is_genuine(self, keys: Mapping[int, bytes]) -> bool:
        """Whether the key that the line names signed exactly this; `keys`: id → raw public key."""
        if self.key not in keys:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(keys[self.key]).verify(self.signature, canonical(self.told()))
        except (InvalidSignature, ValueError):
            return False
        return True

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "KeptHead":
        """The head of a line; refuses (ValueError, KeyError, TypeError) what is none."""
        if told["kind"] != KIND or any(type(told[name]) is not int for name in ("number", "seq", "key")):
            raise ValueError(told["kind"])
        head = Head(told["seq"], bytes.fromhex(told["hash"]))
        return cls(told["number"], head, str(told["at"]), told["key"], bytes.fromhex(told["signature"]))


def sign_due_head(session: Session, at: datetime) -> bool:
    """Sign the newest entry once in each hour (UTC), whoever asks first; False where it was done or there is no entry."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = chain_head(session)
    if found is None or session.scalar(sa.select(SignedHead.number).where(SignedHead.hour == hour)):
        return False
    number = (session.scalar(sa.select(sa.func.max(SignedHead.number))) or 0) + 1
    keyring = keyring_of(session)
    unsigned = KeptHead(number, found, at.astimezone(UTC).isoformat(), keyring.signing_key, b"")
    values = {
        "id": uuid.uuid4(),
        "number": number,
        "hour": hour,
        "seq": found.seq,
        "hash": found.hash,
        "at": at,
        "key_id": unsigned.key,
        "signature": keyring.sign(canonical(unsigned.told())),
        "failures": 0,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    put = dialect.insert(SignedHead.__table__).values(values).on_conflict_do_nothing()
    return session.execute(put.returning(SignedHead.number)).one_or_none() is not None


def kept_head(row: SignedHead) -> KeptHead:
    """A head of our own table, as it leaves the house."""
    return KeptHead(row.number, Head(row.seq, row.hash), row.at.astimezone(UTC).isoformat(), row.key_id, row.signature)
