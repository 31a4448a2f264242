"""Sessions of signed-in people: a random token in the cookie, its hash in the database; listed, ended, aged."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.people.models import Level, LoginKind, LoginSession

DEVICE = "login_session.device"
IDLE = {LoginKind.CUSTOMER: timedelta(minutes=30), LoginKind.STAFF: timedelta(minutes=15)}
LONGEST = timedelta(hours=12)
FRESH = timedelta(minutes=5)
TOUCH = timedelta(minutes=1)
_BY_TOKEN = sa.select(
    *(one for one in LoginSession.__table__.c if one.name not in ("token_hash", "device_sealed"))
).where(LoginSession.token_hash == sa.bindparam("token_hash"))
"""Columns, not the mapped class: every page asks, and only looks."""


def open_login(
    session: Session, *, kind: LoginKind, owner: uuid.UUID, level: Level = Level.V1, at: datetime
) -> tuple[LoginSession, str]:
    """A new session and its token (256 random bits, base64url). The token is told once and never stored."""
    token = secrets.token_urlsafe(32)
    login = LoginSession(
        id=uuid.uuid4(),
        kind=kind,
        owner_id=owner,
        token_hash=_hash(token),
        level=level,
        created_at=at,
        last_seen_at=at,
        expires_at=at + LONGEST,
        fresh_until=at + FRESH,
    )
    session.add(login)
    session.flush()
    return login, token


def find_login(session: Session, token: str, kind: LoginKind, at: datetime) -> sa.Row[Any] | None:
    """The columns of the living session of this token at this door; None when unknown, ended, idle too long or older than 12 hours."""
    login = session.execute(_BY_TOKEN, {"token_hash": _hash(token)}).one_or_none()
    if login is None or login.kind is not kind or login.revoked_at is not None:
        return None
    alive = at < login.expires_at and at < login.last_seen_at + IDLE[kind]
    return login if alive else None


def needs_touch(login: LoginSession | sa.Row[Any], at: datetime) -> bool:
    """Whether the last sign of life is a minute old, so that it is worth a write."""
    return at >= login.last_seen_at + TOUCH


def touch_login(session: Session, login: uuid.UUID, at: datetime) -> None:
    """Note a sign of life, which puts the idle end off."""
    seen = sa.update(LoginSession).where(LoginSession.id == login, LoginSession.last_seen_at < at)
    session.execute(seen.values(last_seen_at=at).execution_options(synchronize_session=False))


def refresh_login(session: Session, login: uuid.UUID, at: datetime, level: Level | None = None) -> None:
    """After a fresh proof: sensitive steps are open for 5 minutes; `level` raises (never lowers) how sure we are."""
    row = session.get_one(LoginSession, login)
    row.fresh_until = at + FRESH
    if level is not None and level > row.level:
        row.level = level


def is_fresh(login: LoginSession | sa.Row[Any], at: datetime) -> bool:
    """Whether the person proved themselves within the last 5 minutes."""
    return login.fresh_until is not None and at < login.fresh_until


def open_logins(session: Session, owner: uuid.UUID, kind: LoginKind, at: datetime) -> list[LoginSession]:
    """Where somebody is signed in now, the latest sign of life first."""
    mine = sa.select(LoginSession).where(
        LoginSession.owner_id == owner,
        LoginSession.kind == kind,
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > at,
        LoginSession.last_seen_at > at - IDLE[kind],
    )
    return list(session.scalars(mine.order_by(LoginSession.last_seen_at.desc())))


def end_login(session: Session, token: str, at: datetime) -> None:
    """Sign out: the token opens nothing any more. An unknown token changes nothing."""
    end = sa.update(LoginSession).where(LoginSession.token_hash == _hash(token), LoginSession.revoked_at.is_(None))
    session.execute(end.values(revoked_at=at).execution_options(synchronize_session=False))


def end_all_logins(session: Session, owner: uuid.UUID, at: datetime) -> int:
    """Sign somebody out everywhere; answers from how many browsers."""
    end = sa.update(LoginSession).where(LoginSession.owner_id == owner, LoginSession.revoked_at.is_(None))
    return session.execute(end.values(revoked_at=at).execution_options(synchronize_session=False)).rowcount


def end_other_logins(session: Session, owner: uuid.UUID, this: uuid.UUID, at: datetime) -> int:
    """Sign somebody out everywhere but in the browser of `this` login; answers from how many others."""
    others = sa.and_(LoginSession.owner_id == owner, LoginSession.id != this, LoginSession.revoked_at.is_(None))
    end = sa.update(LoginSession).where(others).values(revoked_at=at)
    return session.execute(end.execution_options(synchronize_session=False)).rowcount


def forget_logins(session: Session, before: datetime) -> int:
    """Remove sessions whose longest life ended before `before`; answers how many."""
    return session.execute(sa.delete(LoginSession).where(LoginSession.expires_at < before)).rowcount


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
