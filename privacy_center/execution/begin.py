"""Begin: a run with one step a database, and a line in the ledger before anything changes."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.execution.check import count_remaining
from privacy_center.execution.cleared import count_filled
from privacy_center.execution.keep_refusals import read_refusals
from privacy_center.execution.models import (
    ExecutionRun,
    ExecutionStep,
    LedgerLine,
    RunKind,
    RunState,
    StepState,
    VaultEntry,
)
from privacy_center.execution.work import DatasetWork, divide_work, note_untouched, sealing
from privacy_center.keys.sealing import seal_json_like
from privacy_center.people.not_me.models import PersonFreeze
from privacy_center.plans.decision import Action
from privacy_center.plans.freeze import items_of, keys_in
from privacy_center.plans.ground import Ground
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.plans.preflight import refuse_side_effects
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.sources.one_row import repeats
from privacy_center.sources.read import read_values
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.trouble import Unavailable

_ONE_STEP = (
    sa.select(ExecutionRun, ExecutionStep)
    .join(ExecutionStep, ExecutionStep.run_id == ExecutionRun.id)
    .where(ExecutionRun.id == sa.bindparam("run", type_=sa.Uuid), ExecutionStep.dataset == sa.bindparam("database"))
    .with_for_update(of=ExecutionRun)
)
_STOPPED = sa.or_(
    PrivacyRequest.frozen_at.is_not(None),
    sa.exists().where(PersonFreeze.person_id == PrivacyRequest.person_id, PersonFreeze.lifted_at.is_(None)),
)
_STEP = _ONE_STEP.add_columns(_STOPPED).join(PrivacyRequest, PrivacyRequest.id == ExecutionRun.request_id)
_STATE = _ONE_STEP.with_only_columns(ExecutionStep.state)
_STEPS = (
    sa.select(ExecutionStep)
    .where(ExecutionStep.run_id == sa.bindparam("run", type_=sa.Uuid))
    .order_by(ExecutionStep.position)
)


def open_run(session: Session, request: PrivacyRequest, plan: Plan, kind: RunKind, at: datetime) -> ExecutionRun:
    """A run waiting to be executed. The ledger line of each database is written here, before the first change."""
    run = ExecutionRun(
        id=uuid.uuid4(),
        request_id=request.id,
        plan_id=plan.id,
        kind=kind,
        state=RunState.WAITING,
        round=1,
        created_at=at,
    )
    session.add(run)
    session.flush()
    pseudonym = session.info["keyring"].keyed_hash(str(request.person_id), "ledger")
    works = divide_work(session, items_of(session, plan.id))
    for position, (dataset, work) in enumerate(works.items()):
        session.add(
            ExecutionStep(
                run_id=run.id,
                dataset=dataset,
                position=position,
                state=StepState.WAITING,
                attempts=0,
                planned=work.planned,
            )
        )
        session.add(
            LedgerLine(
                run_id=run.id, dataset=dataset, reference=request.reference, pseudonym=pseudonym, rows=work.rows, at=at
            )
        )
    session.flush()
    return run


def lock_run(session: Session, run_id: uuid.UUID) -> ExecutionRun:
    """A run that nobody else writes to until the transaction ends: a worker taken for lost may still be at work."""
    return session.get_one(ExecutionRun, run_id, with_for_update=True)


def lock_step(session: Session, run_id: uuid.UUID, dataset: str) -> tuple[ExecutionRun, ExecutionStep, bool]:
    """A locked run with its step in one database, and whether somebody said "this was not me", in one statement."""
    run, step, stopped = session.execute(_STEP, {"run": run_id, "database": dataset}).one()
    return run, step, stopped


def lock_again(session: Session, run: ExecutionRun, step: ExecutionStep) -> StepState:
    """Lock a run whose step was read in an earlier transaction, and bring both into this one; the step's state by now."""
    session.add_all((run, step))
    return session.execute(_STATE, {"run": run.id, "database": step.dataset}).scalar_one()


def steps_of(session: Session, run_id: uuid.UUID) -> list[ExecutionStep]:
    """The steps of a run in their order."""
    return list(session.scalars(_STEPS, {"run": run_id}))


def start_step(session: Session, ground: Ground, run: ExecutionRun, step: ExecutionStep, at: datetime) -> DatasetWork:
    """Note that a database is about to be changed; gives what is to be done there.

    Rows are counted the first time only: after a crash in mid-step they are already gone, and the certificate must still
    say how many there were. Values to be sealed go into the vault before they are overwritten.
    """
    dataset = step.dataset
    items = [item for item in items_of(session, run.plan_id) if item.dataset == dataset]
    work = divide_work(session, items)[dataset]
    note_untouched(session, work, items)
    work.sheet.scope = session.get_one(Plan, run.plan_id).scope
    with ground.sources.look(dataset) as connection:
        ground.sources.refresh_if_changed(dataset, connection)
        refuse_side_effects(ground, connection, work.sheet, dataset)
        if step.before is None:
            step.before = _count_once(ground, connection, work)
            filled = count_filled(ground, connection, work.sheet)
            step.filled = {collection: count.as_json() for collection, count in filled.items()}
        read_refusals(session, ground, connection, run, step, items, work)
        for item in sealing(work.items) if run.kind is not RunKind.REPLAY else ():
            _seal_values(session, ground, connection, run, item, at)
    step.state, step.attempts, step.error = StepState.STARTED, step.attempts + 1, None
    step.started_at = step.started_at or at
    run.state, run.started_at = RunState.RUNNING, run.started_at or at
    session.flush()
    return work


def _count_once(ground: Ground, connection: sa.Connection, work: DatasetWork) -> dict[str, int]:
    """The rows to be deleted, by collection; refuses where a key stands on more rows than one, as some may be somebody else's."""
    counted = count_remaining(ground, connection, work.sheet)
    for collection, count in counted.items():
        too_many = count > len(work.sheet.of(collection, Action.DELETE))
        if too_many and collection not in work.sheet.keyless and not ground.sources.shares_owner(collection):
            raise Unavailable(repeats(ground.sources.table(collection).name, work.sheet.key_fields[collection]))
    return counted


def _seal_values(
    session: Session, ground: Ground, connection: sa.Connection, run: ExecutionRun, item: PlanItem, at: datetime
) -> None:
    """Put the values that a rule needs, but nobody should read, into the vault; once an item."""
    if session.scalars(sa.select(VaultEntry.id).where(VaultEntry.plan_item_id == item.id)).first():
        return
    fields = sealed_fields(item)
    table = ground.sources.table(item.collection)
    values = read_values(connection, table, tuple(item.key_fields), keys_in(session, item), list(fields))
    written = [[*write_keys([key]), *write_keys([row])] for key, row in values.items()]
    session.add(
        VaultEntry(
            plan_item_id=item.id,
            request_id=run.request_id,
            fields=list(fields),
            values_sealed=seal_json_like(session, written, f"vault:{item.id}", item.keys_sealed),
            at=at,
        )
    )


def sealed_fields(item: PlanItem) -> tuple[str, ...]:
    """Of the fields that are masked, those that a rule needs: they move into the vault."""
    needs = [set(hold["needs"]) for hold in item.holds]
    if any(not need for need in needs):
        return tuple(item.fields)
    return tuple(path for path in item.fields if any(path in need for need in needs))
