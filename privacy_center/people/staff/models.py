"""Staff: who they are in the house, what they may do, and how they prove it."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.audit.append import Actor
from privacy_center.db import Base
from privacy_center.people.staff.roles import Role

__all__ = ["RecoveryCode", "Role", "StaffIdentity", "StaffMember"]


class StaffMember(Base):
    """One member of staff, known by staff number everywhere outside the house."""

    __tablename__ = "staff_member"

    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    email: Mapped[str] = mapped_column(sa.String(200))
    department: Mapped[str] = mapped_column(sa.String(80))
    language: Mapped[str] = mapped_column(sa.String(16))
    roles: Mapped[list[Any]]
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    totp_secret_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.credentials"})
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_counter: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    def has(self, *roles: Role) -> bool:
        """Whether the member holds at least one of these roles and is still active."""
        return self.active and any(role.value in self.roles for role in roles)

    def as_actor(self) -> Actor:
        """How the member appears in timeline and audit: staff number and first role, never the name."""
        return Actor("staff", self.number, self.roles[0] if self.roles else "", self.department)


class StaffIdentity(Base):
    """An identity of a member of staff as a private person, as a blind index: for conflicts of interest only."""

    __tablename__ = "staff_identity"
    __table_args__ = (sa.UniqueConstraint("staff_id", "kind", "value_index"), sa.Index(None, "kind", "value_index"))

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class RecoveryCode(Base):
    """A code on paper for the day the phone is gone: works once."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (sa.UniqueConstraint("staff_id", "code_hash"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]
