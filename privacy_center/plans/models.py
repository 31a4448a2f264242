"""A frozen plan: what will happen, row by row, with the row keys sealed."""

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base
from privacy_center.errors import Words
from privacy_center.plans.decision import Action
from privacy_center.plans.restriction import Restriction, restriction_of
from privacy_center.privacy_requests.scope import RequestScope
from privacy_center.retention.verdict import BINDING, PLACED, Hold, Outcome, latest_end_first
from privacy_center.sources.rows import Ownership

STATUTORY = frozenset(authority.value for authority in BINDING)


class Plan(Base):
    """One plan of one request. `parent_id`: the approved plan under which a release or a replay completes.

    `refused_contacts`: on how many contacts its rows refuse marketing, which is kept when they go.
    """

    __tablename__ = "plan"

    request_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True
    )
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("plan.id", ondelete="RESTRICT"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    drafted_on: Mapped[date]
    frozen_at: Mapped[datetime]
    rules_version: Mapped[str] = mapped_column(sa.String(80))
    scope_details: Mapped[dict[str, Any]]
    totals: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]
    skipped: Mapped[dict[str, Any]]
    unsearched: Mapped[list[Any]]
    offered: Mapped[dict[str, Any]]
    refused_contacts: Mapped[int] = mapped_column(default=0)
    identifiers_sealed: Mapped[bytes] = mapped_column(
        info={"category": "user.contact", "context": "plan:{id}:identifiers"}
    )
    superseded_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(sa.String(80))
    signature: Mapped[bytes | None]

    @property
    def scope(self) -> RequestScope:
        """What the request was about when the plan was made."""
        return RequestScope.read(self.scope_details)

    @property
    def blocked(self) -> bool:
        """Whether a problem stands that must be solved before the plan can be approved."""
        return any(problem["blocking"] for problem in self.problems)


class PlannedRecord(Base):
    """A keyed hash of one record that a request deals with: at most one request does.

    `releasing`: it is being released by a request that ended, so that the end of the request does not let go of it.
    """

    __tablename__ = "planned_record"

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"), index=True)
    record_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    releasing: Mapped[bool] = mapped_column(default=False)


class FollowedRecord(Base):
    """A keyed hash of one record that a request asks for while another, `first_reference`, deals with it.

    `waiting`: the current plan of the request waits for it; otherwise it was dealt with in the other request and was not
    there any more when this one was drafted again. `own`: surely the customer's. `noted_at`: when staff were told that the
    other request no longer deals with it.
    """

    __tablename__ = "followed_record"
    __table_args__ = (sa.UniqueConstraint("request_id", "record_hash"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="CASCADE"))
    first_reference: Mapped[str] = mapped_column(sa.String(40))
    record_hash: Mapped[str] = mapped_column(sa.String(64), index=True)
    own: Mapped[bool]
    waiting: Mapped[bool]
    noted_at: Mapped[datetime | None]


class PlanItem(Base):
    """Records of one collection that share everything, whom they lead to as well (at most CHUNK keys an item).

    `mark`: how such rows are marked for the company's systems where they are restricted.
    `person_mark`: label within the plan of the person to whom unclear records lead; never a value. A decision on single
    records takes them out into items of their own (`plans/split.py`); `keys_hash` then says which they are.
    """

    __tablename__ = "plan_item"
    __table_args__ = (sa.UniqueConstraint("plan_id", "position"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="RESTRICT"))
    position: Mapped[int]
    collection: Mapped[str] = mapped_column(sa.String(200))
    ownership: Mapped[Ownership]
    person_mark: Mapped[str | None] = mapped_column(sa.String(12))
    outcome: Mapped[Outcome]
    action: Mapped[Action]
    skeleton: Mapped[bool]
    mark: Mapped[Restriction] = mapped_column(default=Restriction.NONE)
    waived: Mapped[list[Any]] = mapped_column(default=list)
    whole: Mapped[bool]
    asked: Mapped[list[Any]]
    fields: Mapped[list[Any]]
    holds: Mapped[list[Any]]
    reason: Mapped[dict[str, Any] | None]
    key_fields: Mapped[list[Any]]
    keyless: Mapped[bool]
    row_count: Mapped[int]
    keys_sealed: Mapped[bytes] = mapped_column(
        info={"category": "user.unique_id", "context": "plan:{plan_id}:{position}"}
    )
    decided_outcome: Mapped[Outcome | None]
    decided_action: Mapped[Action | None]
    decided_reason: Mapped[dict[str, Any] | None]
    keys_hash: Mapped[str | None] = mapped_column(sa.String(64))

    @property
    def dataset(self) -> str:
        return self.collection.split(".", 1)[0]

    @property
    def act(self) -> Action:
        """What will be done: what a person decided, else what the plan says."""
        return self.decided_action or self.action

    @property
    def restriction(self) -> Restriction:
        """What keeps the rows out of other use once the plan is carried out."""
        return restriction_of(self.act, self.mark)

    @property
    def cleared(self) -> tuple[str, ...]:
        """The fields that will be overwritten in rows that stay: as planned, or all that were asked for where a person
        decided that they go while the request does not reach the row as a whole.
        """
        if self.decided_action is Action.MASK:
            return tuple(self.asked)
        return tuple(self.fields)

    @property
    def why(self) -> Words | None:
        return Words.read(self.reason) if self.reason else None

    @property
    def statutory(self) -> bool:
        """Whether a law, an administrative regulation or a delegated rule holds it: no person may override that."""
        return any(hold["authority"] in STATUTORY for hold in self.holds)

    @property
    def held_by_hand(self) -> bool:
        """Whether a person placed a hold on the records; nobody may erase them before that hold ends."""
        return any(hold["rule"].startswith(PLACED) for hold in self.holds)

    def join_hold(self, hold: Hold) -> None:
        """One more hold on these records, placed by a person: what it keeps is not cleared."""
        joined = sorted((hold, *(Hold.read(stored) for stored in self.holds)), key=latest_end_first)
        self.holds = [one.as_json() for one in joined]
        self.fields = [path for path in self.fields if path not in hold.needs] if hold.needs else []

    def override(self, outcome: Outcome, reason: dict[str, Any]) -> None:
        """A person decides otherwise: erase what was in doubt or held by less than a law, or keep what would go.

        Nobody can erase more than the request asks for: of a row that it does not reach as a whole, only its fields.
        """
        acts = {
            Outcome.ERASE: Action.DELETE if self.whole else Action.MASK,
            Outcome.KEEP: Action.KEEP,
            Outcome.RESTRICT: Action.RESTRICT,
        }
        if self.ownership is not Ownership.OWN and outcome is Outcome.RESTRICT:
            acts[outcome] = Action.KEEP  # somebody else's record, or perhaps so, is protected and left as it is
        self.decided_outcome, self.decided_action, self.decided_reason = outcome, acts[outcome], reason
