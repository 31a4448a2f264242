"""Staff: who they are in the house, what they may do, and how they prove it."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.audit.append import Actor
from privacy_center.db import Base
from privacy_center.people.staff.roles import Role

__all__ = ["AccessReview", "AccessReviewLine", "Pledge", "RecoveryCode", "Relation", "Role", "RoleTerm"]
__all__ += ["StaffIdentity", "StaffMember", "Training"]


class StaffMember(Base):
    """One member of staff, known by staff number everywhere outside the house.

    `roles` are those in force, read from the terms (`RoleTerm`); `started_on` and `ends_on` (the last day) bound the
    employment, as local dates.
    """

    __tablename__ = "staff_member"

    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80), info={"category": "user.name"})
    email: Mapped[str] = mapped_column(sa.String(200), info={"category": "user.contact.email"})
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
    started_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(info={"category": "user.workplace"})
    created_at: Mapped[datetime]

    @property
    def nameless(self) -> bool:
        """Whether name and e-mail are forgotten: the staff number stands in their place."""
        return self.email == self.number

    def has(self, *roles: Role) -> bool:
        """Whether the member holds at least one of these roles and is still active."""
        return self.active and any(role.value in self.roles for role in roles)

    def as_actor(self) -> Actor:
        """How the member appears in timeline and audit: staff number and first role, never the name."""
        return Actor("staff", self.number, self.roles[0] if self.roles else "", self.department)


class Relation(enum.StrEnum):
    """Whose identity it is, seen from the member of staff."""

    OWN = "own"
    RELATIVE = "relative"


class StaffIdentity(Base):
    """An identity of a member of staff or of somebody close to them, as a blind index: for conflicts of interest only."""

    __tablename__ = "staff_identity"
    __table_args__ = (sa.UniqueConstraint("staff_id", "kind", "value_index"), sa.Index(None, "kind", "value_index"))

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(40))
    value_index: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    relation: Mapped[Relation] = mapped_column(default=Relation.OWN)


class RecoveryCode(Base):
    """A code on paper for the day the phone is gone: works once."""

    __tablename__ = "staff_recovery_code"
    __table_args__ = (sa.UniqueConstraint("staff_id", "code_hash"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None]


class RoleTerm(Base):
    """A role, from a day to a last day (local dates; none: until it is taken), with who gave it and who took it."""

    __tablename__ = "staff_role_term"
    __table_args__ = (sa.Index(None, "staff_id", "role"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    given_by: Mapped[str] = mapped_column(sa.String(40))
    given_at: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(sa.String(40))
    taken_at: Mapped[datetime | None]


class Pledge(Base):
    """A confidentiality pledge as it was signed: the version and digest of its text, and our signature over both."""

    __tablename__ = "staff_pledge"
    __table_args__ = (sa.UniqueConstraint("staff_id", "version"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    version: Mapped[str] = mapped_column(sa.String(40))
    text_digest: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(80), info={"category": "user.name"})
    number: Mapped[str] = mapped_column(sa.String(40))
    signed_at: Mapped[datetime]
    signature: Mapped[bytes]


class Training(Base):
    """A training that a member has done, and the last day (local date) until which it counts."""

    __tablename__ = "staff_training"
    __table_args__ = (sa.Index(None, "staff_id", "title"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff_member.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(sa.String(120))
    done_on: Mapped[date]
    due_on: Mapped[date]
    entered_by: Mapped[str] = mapped_column(sa.String(40))
    entered_at: Mapped[datetime]


class AccessReview(Base):
    """One look at who may do what in a department, signed by whoever answers for it."""

    __tablename__ = "access_review"
    __table_args__ = (sa.Index(None, "department", "signed_at"),)

    department: Mapped[str] = mapped_column(sa.String(80))
    opened_by: Mapped[str] = mapped_column(sa.String(40))
    opened_at: Mapped[datetime]
    signed_by: Mapped[str | None] = mapped_column(sa.String(40), info={"category": "user.unique_id"})
    signed_at: Mapped[datetime | None]
    signature: Mapped[bytes | None]


class AccessReviewLine(Base):
    """One member and role in a review, as it stood when signed, and whether it was kept.

    `since_last`: the role was given after the review before. The signature covers every column.
    """

    __tablename__ = "access_review_line"
    __table_args__ = (sa.UniqueConstraint("review_id", "position"),)

    review_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("access_review.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(80), info={"category": "user.name"})
    role: Mapped[Role]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    given_by: Mapped[str] = mapped_column(sa.String(40))
    since_last: Mapped[bool]
    keep: Mapped[bool]
    reason: Mapped[str] = mapped_column(sa.String(300))
