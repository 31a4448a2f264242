"""Runs and their steps, the ledger, what is held and until when, certificates."""

import enum
import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from privacy_center.db import Base
from privacy_center.errors import Words
from privacy_center.plans.restriction import Restriction, say_restriction
from privacy_center.retention.deletable_from import DeletableFrom, deletable_from
from privacy_center.sources.rows import Ownership

RULES_KEY = 600
"""How many characters of the keys of an entry's holds are kept for putting alike entries together."""

UNCHANGED = Words("保持不变。", "It stays unchanged.")
EMPTIED = Words("内容已清空，只保留空记录。", "Its contents have been cleared; an empty record remains.")


class RunKind(enum.StrEnum):
    ERASURE = "erasure"
    RELEASE = "release"
    REPLAY = "replay"


class RunState(enum.StrEnum):
    """`failed`: at least one database could not be changed or a check found something; a person is told."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class StepState(enum.StrEnum):
    WAITING = "waiting"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


class ExecutionRun(Base):
    """One pass that makes a plan true."""

    __tablename__ = "execution_run"

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[RunKind]
    state: Mapped[RunState] = mapped_column(default=RunState.WAITING, index=True)
    round: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ExecutionStep(Base):
    """The work of a run in one database. `before`: rows per collection that were there when it began; `filled`: the
    fields to be cleared that held something then. `refusals`: what rows said of marketing, as keyed hashes.
    """

    __tablename__ = "execution_step"
    __table_args__ = (sa.UniqueConstraint("run_id", "dataset"),)

    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("execution_run.id", ondelete="RESTRICT"))
    dataset: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int]
    state: Mapped[StepState] = mapped_column(default=StepState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    planned: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    filled: Mapped[dict[str, Any] | None]
    refusals: Mapped[dict[str, Any] | None]
    result: Mapped[dict[str, Any] | None]
    checked: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    @property
    def error_words(self) -> Words | None:
        return Words.read(self.error) if self.error else None


class LedgerLine(Base):
    """Written before the first change in a database: which person (a pseudonym), which run, how many rows."""

    __tablename__ = "erasure_ledger"
    __table_args__ = (sa.UniqueConstraint("run_id", "dataset"),)

    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("execution_run.id", ondelete="RESTRICT"))
    dataset: Mapped[str] = mapped_column(sa.String(120))
    reference: Mapped[str] = mapped_column(sa.String(40), index=True)
    pseudonym: Mapped[str] = mapped_column(sa.String(64))
    rows: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)


class HeldKind(enum.StrEnum):
    """`hold`: a rule keeps it. `ask`: the customer must act. `skeleton`: emptied, stays while another row points to it."""

    HOLD = "hold"
    ASK = "ask"
    SKELETON = "skeleton"


class HeldRows(Base):
    """Rows that stayed, with the reason and the end. Emptied of keys when all of them are released.

    `free_from`: the first local day on which no hold with a date is left; `awaits_event`: whether something must happen too.
    `released_count`: rows that left the entry, to go or to be held for other reasons; `deleted_count`: those that went.
    `rules`: the keys of all holds, to put alike entries together. `ownership`: rows that are not surely the customer's never
    go by themselves. `restriction`: what keeps them out of other use.
    """

    __tablename__ = "held_rows"

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True)
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan.id", ondelete="RESTRICT"))
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("execution_run.id", ondelete="RESTRICT"), index=True)
    collection: Mapped[str] = mapped_column(sa.String(200), index=True)
    ownership: Mapped[Ownership]
    kind: Mapped[HeldKind]
    treatment: Mapped[str] = mapped_column(sa.String(20))
    restriction: Mapped[Restriction] = mapped_column(default=Restriction.NONE)
    holds: Mapped[list[Any]]
    reason: Mapped[dict[str, Any] | None]
    rules: Mapped[str] = mapped_column(sa.String(RULES_KEY), index=True)
    free_from: Mapped[date | None] = mapped_column(index=True)
    awaits_event: Mapped[bool]
    review_on: Mapped[date | None]
    key_fields: Mapped[list[Any]]
    keyless: Mapped[bool] = mapped_column(default=False)
    row_count: Mapped[int]
    released_count: Mapped[int] = mapped_column(default=0)
    deleted_count: Mapped[int] = mapped_column(default=0)
    keys_sealed: Mapped[bytes] = mapped_column(info={"category": "user.unique_id", "context": "held:{id}"})
    masked_fields: Mapped[list[Any]]
    whole: Mapped[bool] = mapped_column(default=True)
    asked: Mapped[list[Any]]
    since: Mapped[datetime]
    released_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def open(self) -> bool:
        return self.released_at is None

    @property
    def ends(self) -> DeletableFrom:
        """When these rows can go: the latest date of all holds, and every event still open."""
        return deletable_from(self.holds)

    @property
    def meanwhile(self) -> Words:
        """What has become of the rows until they can go; only what is in force on them."""
        if self.kind is HeldKind.HOLD:
            return say_restriction(self.restriction, self.holds, cleared=bool(self.masked_fields), done=True)
        return UNCHANGED if self.kind is HeldKind.ASK else EMPTIED


class VaultEntry(Base):
    """Values taken out of a held row and sealed; opened by named roles with a reason and a second person."""

    __tablename__ = "vault_entry"

    plan_item_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("plan_item.id", ondelete="RESTRICT"), unique=True)
    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True)
    fields: Mapped[list[Any]]
    values_sealed: Mapped[bytes] = mapped_column(info={"category": "user", "context": "vault:{plan_item_id}"})
    at: Mapped[datetime]


class VaultOpening(Base):
    """One wish to read what is sealed of a request: asked by one, agreed by another, read once by whoever asked."""

    __tablename__ = "vault_opening"

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True)
    asked_by: Mapped[str] = mapped_column(sa.String(40))
    asked_at: Mapped[datetime]
    reason_sealed: Mapped[bytes] = mapped_column(info={"category": "user.content", "context": "vault_opening.reason"})
    second: Mapped[str | None] = mapped_column(sa.String(40))
    agreed: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class Certificate(Base):
    """What was done, signed. It holds no erased content."""

    __tablename__ = "certificate"
    __table_args__ = (sa.UniqueConstraint("run_id", "purpose"),)

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True)
    run_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("execution_run.id", ondelete="RESTRICT"))
    purpose: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[str] = mapped_column(sa.String(40), unique=True)
    extends_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("certificate.id", ondelete="RESTRICT"))
    body: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(sa.String(64))
    signature: Mapped[bytes]
    issued_at: Mapped[datetime]


class ResidualHit(Base):
    """A row in which an identifier of an erased person was found again, and how that is explained."""

    __tablename__ = "residual_hit"

    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("privacy_request.id", ondelete="RESTRICT"), index=True)
    collection: Mapped[str] = mapped_column(sa.String(200))
    column: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(60))
    row_digest: Mapped[str] = mapped_column(sa.String(64))
    explanation: Mapped[dict[str, Any] | None]
    found_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(sa.String(80))


class ScanRecord(Base):
    """One full pass over every text column for every erased person since the last one."""

    __tablename__ = "scan_record"

    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    people: Mapped[int]
    rows_read: Mapped[int] = mapped_column(default=0)
    hits: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[dict[str, Any]]


class WorkerBeat(Base):
    """A worker that is alive; one that stops beating loses its work to the others."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    host: Mapped[str] = mapped_column(sa.String(120))
    pid: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(index=True)
