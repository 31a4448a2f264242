"""The number that every notice carries: whoever has the notice can stop everything, once, without signing in."""

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import keyring_of
from privacy_center.people.not_me.models import StopToken

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LOOKALIKES = str.maketrans("OIL", "011")
SIGNS = 16  # 80 bits, above the 64 that NIST SP 800-63B asks of a look-up secret
LASTS = timedelta(days=30)


def new_stop_token(session: Session, person: uuid.UUID, at: datetime) -> str:
    """A fresh number such as 7K3M-9QXD-2F4T-8WZA, good once within 30 days. It is told once and never stored."""
    signs = "".join(secrets.choice(LETTERS) for _ in range(SIGNS))
    session.add(StopToken(person_id=person, token_hash=_hash(session, signs), created_at=at, expires_at=at + LASTS))
    session.flush()
    return "-".join(signs[start : start + 4] for start in range(0, SIGNS, 4))


def read_stop_token(typed: str) -> str:
    """The sixteen signs of a number that was typed or read out; "" for what can be none."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(LOOKALIKES)
    return signs if len(signs) == SIGNS and all(sign in LETTERS for sign in signs) else ""


def use_stop_token(session: Session, typed: str, at: datetime) -> uuid.UUID | None:
    """Whose notice it was; the number is used up. None for one that is unknown, used or older than 30 days."""
    alive = sa.and_(
        StopToken.token_hash == _hash(session, read_stop_token(typed)),
        StopToken.used_at.is_(None),
        StopToken.expires_at > at,
    )
    use = sa.update(StopToken).where(alive).values(used_at=at).returning(StopToken.person_id)
    return session.scalar(use.execution_options(synchronize_session=False))


def forget_stop_tokens(session: Session, before: datetime) -> int:
    """Remove numbers that ended before `before`; answers how many."""
    return session.execute(sa.delete(StopToken).where(StopToken.expires_at < before)).rowcount


def _hash(session: Session, signs: str) -> str:
    return keyring_of(session).keyed_hash(signs, "stop_token")
