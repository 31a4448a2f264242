"""Customers and what proves who they are; sign-in codes, passwords, passkeys and sessions; counts against guessing."""

import enum
import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base


class Person(Base):
    """A customer who has proven at least one identity to the privacy center."""

    __tablename__ = "person"

    created_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(sa.String(16))
    name_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.name"})


class PersonIdentity(Base):
    """One proven identity value of a person: found by its blind index, read by opening the seal."""

    __tablename__ = "person_identity"
    __table_args__ = (sa.UniqueConstraint("kind", "value_index"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    value_sealed: Mapped[bytes] = mapped_column(info={"category": "user.contact"})
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    proven_at: Mapped[datetime]
    method: Mapped[str] = mapped_column(sa.String(40))


class SignInCode(Base):
    """A six-digit code that was asked for, bound to one browser and one action. Only its keyed hash is kept."""

    __tablename__ = "sign_in_code"
    __table_args__ = (sa.Index(None, "kind", "value_index"),)

    kind: Mapped[str] = mapped_column(sa.String(40))
    value_sealed: Mapped[bytes] = mapped_column(info={"category": "user.contact"})
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    action: Mapped[str] = mapped_column(sa.String(40))
    language: Mapped[str] = mapped_column(sa.String(16))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    browser_hash: Mapped[str] = mapped_column(sa.String(64))
    address_hash: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]
    worked: Mapped[bool] = mapped_column(default=False)


class LoginKind(enum.StrEnum):
    """Customers and staff come through two doors; a token of one never opens the other."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Level(enum.StrEnum):
    """How sure we are who is there (identity verification levels, V0 lowest)."""

    V0 = "V0"
    V1 = "V1"
    V2 = "V2"
    V3 = "V3"


class LoginSession(Base):
    """Somebody signed in at one browser. The token lives in the cookie; only its hash is kept.

    `method`: what has proven them so far, joined by `+` (`code:email+passkey`); `contact_index`: the contact whose code
    did. `fresh_for`: what the last proof was asked for (`delete`, `export`, …); it opens nothing else.
    """

    __tablename__ = "login_session"

    kind: Mapped[LoginKind]
    owner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    level: Mapped[Level]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    fresh_until: Mapped[datetime | None]
    fresh_for: Mapped[str | None] = mapped_column(sa.String(40))
    method: Mapped[str] = mapped_column(sa.String(300), default="")
    contact_index: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    device_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.device"})
    device_hash: Mapped[str | None] = mapped_column(sa.String(64))
    revoked_at: Mapped[datetime | None]


class PersonPassword(Base):
    """The password of a customer who wanted one. It raises the level only from `counts_from` on. `replaced_at`: when it took
    the place of an earlier one.
    """

    __tablename__ = "person_password"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    changed_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]
    counts_from: Mapped[datetime]


class WrongPassword(Base):
    """A password that did not fit, or of nobody: keyed hashes of the contact (as of a code's) and of the network address."""

    __tablename__ = "wrong_password"

    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    address_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class Passkey(Base):
    """A passkey of a customer or of a member of staff: the public half. It raises the level only from `counts_from` on."""

    __tablename__ = "passkey"
    __table_args__ = (sa.Index(None, "kind", "owner_id"),)

    kind: Mapped[LoginKind]
    owner_id: Mapped[uuid.UUID]
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1023), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    backed_up: Mapped[bool]
    name_sealed: Mapped[bytes] = mapped_column(info={"category": "user.device"})
    created_at: Mapped[datetime]
    counts_from: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser that somebody has signed in with: the keyed hash of a random cookie, and nothing of the device itself."""

    __tablename__ = "known_device"
    __table_args__ = (sa.UniqueConstraint("device_hash", "person_id"),)

    device_hash: Mapped[str] = mapped_column(sa.String(64))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"), index=True)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)


class LevelWait(Base):
    """Somebody without a second proof waits instead: from `ready_at` until `ends_at` the first one is enough."""

    __tablename__ = "level_wait"
    __table_args__ = (sa.Index(None, "person_id", "action"),)

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(sa.String(40))
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class RateCount(Base):
    """How often something happened in one window of time. `name` is a keyed hash: it tells nobody apart."""

    __tablename__ = "rate_count"
    __table_args__ = (sa.UniqueConstraint("name", "window_start"),)

    name: Mapped[str] = mapped_column(sa.String(64))
    window_start: Mapped[datetime] = mapped_column(index=True)
    times: Mapped[int]
