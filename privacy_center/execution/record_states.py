"""What has become of each record of a plan: what was done, beside what was planned."""

import enum
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.execution.held import keys_held, open_entries
from privacy_center.execution.models import ExecutionRun, ExecutionStep, HeldKind, HeldRows, RunKind, StepState
from privacy_center.keys.subjects import Destroyed
from privacy_center.plans.decision import Action
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.sources.rows import Key


class RecordState(enum.StrEnum):
    """`cleared`: the record stays, its contents or the requested fields are gone. `outstanding`: its system is not done yet."""

    DELETED = "deleted"
    CLEARED = "cleared"
    HELD = "held"
    WAITING = "waiting"
    UNDECIDED = "undecided"
    UNCHANGED = "unchanged"
    OUTSTANDING = "outstanding"


@dataclass(frozen=True, slots=True)
class RecordStates:
    """The state of each record by plan item, in the order of the item's records."""

    by_item: Mapping[uuid.UUID, tuple[RecordState, ...]]

    def count(self, items: Iterable[uuid.UUID]) -> dict[RecordState, int]:
        """How many records of these items are in each state, states without one left out."""
        counted = Counter(state for item in items for state in self.by_item.get(item, ()))
        return {state: counted[state] for state in RecordState if counted[state]}

    def of_record(self, item: uuid.UUID, number: int) -> RecordState | None:
        """The state of one record; `number` counts from 1."""
        states = self.by_item.get(item, ())
        return states[number - 1] if 0 < number <= len(states) else None


def record_states(session: Session, plan: Plan, items: Iterable[PlanItem]) -> RecordStates | None:
    """What became of the records of an approved plan by now, releases counted in. None while nothing was handed in, and once
    the key of the person was destroyed.
    """
    steps = _steps(session, plan)
    if not steps or plan.request_id is None:
        return None
    entries: dict[str, list[HeldRows]] = {}
    for entry in open_entries(session, request_id=plan.request_id):
        entries.setdefault(entry.collection, []).append(entry)
    held: dict[str, dict[Key, HeldRows]] = {}
    try:
        for collection, mine in entries.items():
            held[collection] = {key: entry for entry in mine for key in keys_held(session, entry)}
        states = {item.id: _states(session, item, steps, held.get(item.collection)) for item in items}
    except Destroyed:
        return None
    return RecordStates(states)


def _steps(session: Session, plan: Plan) -> dict[str, StepState]:
    """Database → where its step of the erasure stands."""
    wanted = (
        sa.select(ExecutionStep.dataset, ExecutionStep.state)
        .join(ExecutionRun, ExecutionRun.id == ExecutionStep.run_id)
        .where(ExecutionRun.plan_id == plan.id, ExecutionRun.kind == RunKind.ERASURE)
        .order_by(ExecutionRun.created_at)
    )
    return {dataset: state for dataset, state in session.execute(wanted)}


def _states(
    session: Session, item: PlanItem, steps: Mapping[str, StepState], held: Mapping[Key, HeldRows] | None
) -> tuple[RecordState, ...]:
    if item.act is Action.KEEP:
        return (RecordState.UNCHANGED,) * item.row_count
    if steps.get(item.dataset) is not StepState.DONE:
        return (RecordState.OUTSTANDING,) * item.row_count
    if not held:
        return (_once_free(item),) * item.row_count
    return tuple(_in_register(item, held[key]) if key in held else _once_free(item) for key in keys_in(session, item))


def _once_free(item: PlanItem) -> RecordState:
    """A record that nothing keeps any more went as a whole, unless the request was about some of its fields."""
    cleared = item.act is Action.MASK or not item.whole
    return RecordState.CLEARED if cleared else RecordState.DELETED


def _in_register(item: PlanItem, entry: HeldRows) -> RecordState:
    if entry.kind is HeldKind.SKELETON:
        return RecordState.CLEARED
    if entry.kind is HeldKind.ASK:
        return RecordState.WAITING
    return RecordState.UNDECIDED if item.act is Action.DECIDE and not entry.holds else RecordState.HELD
