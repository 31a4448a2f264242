"""What a person asked for, what has happened since, and what was said on both sides."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base
from privacy_center.people.models import Level
from privacy_center.privacy_requests.scope import RequestScope, Scope


class Kind(enum.StrEnum):
    """Which right is exercised."""

    DELETION = "deletion"
    ACCESS = "access"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class Channel(enum.StrEnum):
    """Where the person came in."""

    ONLINE = "online"
    HOTLINE = "hotline"
    COUNTER = "counter"


class State(enum.StrEnum):
    """Where a request stands; `states.py` says which moves there are and what each is called."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    CONFIRMED = "confirmed"
    IN_REVIEW = "in_review"
    WAITING_CUSTOMER = "waiting_customer"
    APPROVED = "approved"
    PARTLY_APPROVED = "partly_approved"
    REFUSED = "refused"
    COOLING_OFF = "cooling_off"
    EXECUTING = "executing"
    CHECKING = "checking"
    NEEDS_ATTENTION = "needs_attention"
    COMPLETED = "completed"
    COMPLETED_WITH_HOLDS = "completed_with_holds"
    CANCELLED = "cancelled"


class OnSilence(enum.StrEnum):
    """What happens when the customer does not answer in time: it is decided on what is known, or closed."""

    DECIDE = "decide"
    CLOSE = "close"


class PrivacyRequest(Base):
    """One privacy request. `version` counts changes: who decides on an older one is told to look again.

    `scope_details`: the scope as `RequestScope.as_json` writes it, `scope` its kind for queries and lists.
    `received_at` starts the legal clock; `due_on` is a local date, computed once and kept. `represented_by`: who asked for
    it in the place of the data subject, `represented_as` what (minor, agent, deceased). While `frozen_at` is set nothing is
    approved or carried out. `answer_by`: the last local day for the customer's answer to what staff asked, and `on_silence` what
    happens after it; both go with the answer.
    """

    __tablename__ = "privacy_request"
    __table_args__ = (sa.Index(None, "state", "due_on"), sa.Index(None, "person_id", "received_at"))

    reference: Mapped[str] = mapped_column(sa.String(32), unique=True)
    submission_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[Kind]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id", ondelete="RESTRICT"))
    identities_sealed: Mapped[bytes] = mapped_column(info={"category": "user.contact"})
    label_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.name"})
    words_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    scope: Mapped[Scope]
    scope_details: Mapped[dict[str, Any]]
    waived: Mapped[list[Any]]
    channel: Mapped[Channel] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(sa.String(16))
    jurisdiction: Mapped[str] = mapped_column(sa.String(16))
    received_at: Mapped[datetime]
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    state: Mapped[State]
    level: Mapped[Level]
    verification_method: Mapped[str] = mapped_column(sa.String(300))
    verified_by: Mapped[str | None] = mapped_column(sa.String(40))
    verified_at: Mapped[datetime | None]
    submitted_by: Mapped[str | None] = mapped_column(sa.String(40))
    represented_by: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    represented_as: Mapped[str | None] = mapped_column(sa.String(20))
    assignee: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    risk_flags: Mapped[list[Any]]
    cooling_off_until: Mapped[datetime | None]
    execute_after: Mapped[datetime | None] = mapped_column(index=True)
    frozen_at: Mapped[datetime | None] = mapped_column(index=True)
    answer_by: Mapped[date | None]
    on_silence: Mapped[OnSilence | None]
    decided_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}

    @property
    def request_scope(self) -> RequestScope:
        """What the request is about."""
        return RequestScope.read(self.scope_details)


class RequestEvent(Base):
    """One line of the timeline: when, who (a role, never a name), what; details in words are sealed."""

    __tablename__ = "request_event"
    __table_args__ = (sa.Index(None, "request_id", "at"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    position: Mapped[int]
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(sa.String(16))
    actor_role: Mapped[str] = mapped_column(sa.String(64))
    actor_id: Mapped[str] = mapped_column(sa.String(64))
    what: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[State]
    details_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    visible_to_customer: Mapped[bool]


class Side(enum.StrEnum):
    """Who wrote a message of the thread."""

    CUSTOMER = "customer"
    STAFF = "staff"


class RequestMessage(Base):
    """One message between the customer and the staff about a request."""

    __tablename__ = "request_message"
    __table_args__ = (sa.Index(None, "request_id", "at"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    side: Mapped[Side]
    author: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
    text_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content"})


class ExtensionState(enum.StrEnum):
    """`waiting`: a second person has not confirmed it; `confirmed`: the deadline moved and the customer was told."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class DeadlineExtension(Base):
    """One extension of a deadline: from which day to which, why, who proposed and who confirmed it."""

    __tablename__ = "deadline_extension"
    __table_args__ = (sa.UniqueConstraint("request_id", "number"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[ExtensionState]
    old_due_on: Mapped[date]
    due_on: Mapped[date]
    reason_code: Mapped[str] = mapped_column(sa.String(40))
    text_sealed: Mapped[bytes | None] = mapped_column(info={"category": "user.content"})
    proposed_by: Mapped[str] = mapped_column(sa.String(40))
    proposed_at: Mapped[datetime]
    settled_by: Mapped[str | None] = mapped_column(sa.String(40))
    settled_at: Mapped[datetime | None]
