"""What has been carried out, database by database, and what the checks afterwards found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.models import (
    Certificate,
    ExecutionRun,
    ExecutionStep,
    ResidualHit,
    RunKind,
    RunState,
    StepState,
)
from privacy_center.web.staff.deadline import Badge


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One database of a run, in rows. `cleared_instead`: cleared because another record refers to them, though planned to go. `checked`: None while nobody looked again, else whether all agreed."""

    dataset: str
    state: Badge
    attempts: int
    planned: int
    erased: int
    masked: int
    cleared_instead: int
    held: int
    checked: bool | None
    error: Words | None
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class ShownRun:
    """One pass: the erasure itself, a later release, or a replay after a restored backup."""

    id: UUID
    kind: str
    state: Badge
    started: datetime | None
    steps: list[ShownStep]
    certificate: Certificate | None
    failed: bool


def show_runs(session: Session, request_id: UUID) -> list[ShownRun]:
    """Every run of a request, newest first, with its steps."""
    runs = sa.select(ExecutionRun).where(ExecutionRun.request_id == request_id).order_by(ExecutionRun.created_at.desc())
    found = list(session.scalars(runs))
    wanted = sa.select(ExecutionStep).where(ExecutionStep.run_id.in_([one.id for one in found]))
    steps: dict[UUID, list[ExecutionStep]] = {}
    for step in session.scalars(wanted.order_by(ExecutionStep.position)):
        steps.setdefault(step.run_id, []).append(step)
    papers = {one.run_id: one for one in reversed(certificates_of(session, request_id))}
    return [_run(one, steps.get(one.id, []), papers.get(one.id)) for one in found]


def hits_of(session: Session, request_id: UUID) -> list[ResidualHit]:
    """Where identifiers of this person were found again."""
    found = sa.select(ResidualHit).where(ResidualHit.request_id == request_id)
    return list(session.scalars(found.order_by(ResidualHit.found_at.desc()).limit(200)))


def _run(run: ExecutionRun, steps: list[ExecutionStep], certificate: Certificate | None) -> ShownRun:
    """A run with the first certificate that it led to; a later full scan adds one more to the same run."""
    return ShownRun(
        id=run.id,
        kind=run_kind_words(run.kind),
        state=run_badge(run.state),
        started=run.started_at,
        steps=[_step(one) for one in steps],
        certificate=certificate,
        failed=run.state is RunState.FAILED,
    )


def _step(step: ExecutionStep) -> ShownStep:
    checked = None if step.checked is None else step.state is StepState.DONE
    return ShownStep(
        dataset=step.dataset,
        state=step_badge(step.state),
        attempts=step.attempts,
        planned=_sum(step.planned),
        erased=_of(step.result, "erased"),
        masked=_of(step.result, "masked"),
        cleared_instead=_of(step.result, "cleared_instead"),
        held=_of(step.result, "restricted") + _of(step.result, "newly_held"),
        checked=checked,
        error=step.error_words,
        finished=step.finished_at,
    )


def _of(result: Mapping[str, Any] | None, name: str) -> int:
    return sum(counts.get(name, 0) for counts in (result or {}).values())


def _sum(planned: Any) -> int:
    """All the numbers inside, however they are grouped."""
    if isinstance(planned, Mapping):
        return sum(_sum(value) for value in planned.values())
    return planned if isinstance(planned, int) else 0


def run_kind_words(kind: RunKind) -> str:
    """What a run is called."""
    return {
        RunKind.ERASURE: _("执行删除"),
        RunKind.RELEASE: _("保留到期后的删除"),
        RunKind.REPLAY: _("恢复备份后的再删除"),
    }[kind]


def run_badge(state: RunState) -> Badge:
    """Where a run stands."""
    return {
        RunState.WAITING: Badge(_("等待开始"), "", "hourglass"),
        RunState.RUNNING: Badge(_("进行中"), "info", "play"),
        RunState.DONE: Badge(_("完成"), "good", "circle-check"),
        RunState.FAILED: Badge(_("要人处理"), "stop", "circle-alert"),
    }[state]


def step_badge(state: StepState) -> Badge:
    """Where a step stands."""
    return {
        StepState.WAITING: Badge(_("等待开始"), "", "hourglass"),
        StepState.STARTED: Badge(_("进行中"), "info", "play"),
        StepState.DONE: Badge(_("完成"), "good", "circle-check"),
        StepState.FAILED: Badge(_("没有成功"), "stop", "circle-alert"),
    }[state]
