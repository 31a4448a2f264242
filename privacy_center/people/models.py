"""Customers and what proves who they are; sign-in codes and sessions; counts that slow guessing down."""

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
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


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
    """Somebody signed in at one browser. The token lives in the cookie; only its hash is kept."""

    __tablename__ = "login_session"

    kind: Mapped[LoginKind]
    owner_id: Mapped[uuid.UUID] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    level: Mapped[Level]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    fresh_until: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class RateCount(Base):
    """How often something happened in one window of time. `name` is a keyed hash: it tells nobody apart."""

    __tablename__ = "rate_count"
    __table_args__ = (sa.UniqueConstraint("name", "window_start"),)

    name: Mapped[str] = mapped_column(sa.String(64))
    window_start: Mapped[datetime] = mapped_column(index=True)
    times: Mapped[int]
