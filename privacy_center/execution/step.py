"""One step of a run: one database, begun, changed, checked and noted."""

import uuid
from datetime import date, datetime

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Words
from privacy_center.execution.begin import lock_again, lock_step, start_step
from privacy_center.execution.change import Change, change_database
from privacy_center.execution.check import Checked, check_database
from privacy_center.execution.cleared import count_cleared
from privacy_center.execution.held import register_held, take_out_released
from privacy_center.execution.keep_refusals import keep_read_refusals
from privacy_center.execution.models import ExecutionRun, ExecutionStep, RunKind, StepState
from privacy_center.execution.office import Office
from privacy_center.execution.vault import destroy_sealed
from privacy_center.execution.work import DatasetWork
from privacy_center.plans.decision import Action
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.moves import refuse_frozen
from privacy_center.privacy_requests.stopped import refuse_frozen_person
from privacy_center.sources.trouble import explain


def carry_out(office: Office, run_id: uuid.UUID, dataset: str) -> StepState:
    """Make a run true in one database. Safe to repeat: what is done is not done again, what was cut off goes on.

    Raises what the database raised, so that the caller may try again later; nothing is half done then.
    """
    at = clock.now()
    with office.database.transaction() as session:
        run, step, stopped = lock_step(session, run_id, dataset)
        if step.state is StepState.DONE:
            return step.state
        if stopped and run.kind is not RunKind.REPLAY:
            _refuse_stopped(session, run)
        work = start_step(session, office, run, step, at)
    today = office.today(at)
    change = change_database(office, work, today)
    checked = check_database(office, work, change)
    with office.sources.look(dataset) as connection:
        checked.cleared = count_cleared(office, connection, step, work.sheet, change.sheet)
    with office.database.transaction() as session:
        if lock_again(session, run, step) is not StepState.DONE:
            keep_read_refusals(session, office, run, step, work, clock.now())
            _note(session, run, step, work, change, checked, today)
        return step.state


def _refuse_stopped(session: Session, run: ExecutionRun) -> None:
    request = session.get_one(PrivacyRequest, run.request_id)
    refuse_frozen(request)
    refuse_frozen_person(session, request.person_id)


def _note(
    session: Session,
    run: ExecutionRun,
    step: ExecutionStep,
    work: DatasetWork,
    change: Change,
    checked: Checked,
    today: date,
) -> None:
    at = clock.now()
    step.result = count_result(step, work, change, checked)
    step.checked = {"remaining": checked.remaining, "masked": checked.masked, "cleared": checked.cleared}
    step.finished_at = at
    if checked.wrong:
        step.state, step.error = StepState.FAILED, join_words(checked.wrong).as_json()
        return
    _keep_register(session, run, work, change, today, at)
    step.state, step.error = StepState.DONE, None


def _keep_register(
    session: Session, run: ExecutionRun, work: DatasetWork, change: Change, today: date, at: datetime
) -> None:
    """An erasure enters what stays; a release takes out what has moved and enters what of it still stays, emptied or held
    by fewer rules; a replay leaves the register as it is.
    """
    for collection, turned in change.newly_held.items():
        unsealed = {key for key, decision in turned.items() if decision.action is not Action.SEAL}
        destroy_sealed(session, collection, unsealed, items={item.id for item in work.items})
    if run.kind is RunKind.RELEASE:
        take_out_released(session, run, work, change, at)
    if run.kind is not RunKind.REPLAY:
        register_held(session, run, work, change, today, at)


def count_result(step: ExecutionStep, work: DatasetWork, change: Change, checked: Checked) -> dict[str, dict[str, int]]:
    """Rows by collection: erased (there when the step first began, gone now), masked, restricted, newly held, cleared though the plan
    would delete them (`cleared_instead`), gone before.

    Counted from what is in the database, not from what a statement said, so a step that was cut off and repeated
    reports the same numbers.
    """
    counts: dict[str, dict[str, int]] = {}
    for collection, rows in change.sheet.rows.items():
        before = (step.before or {}).get(collection, 0)
        acts = [decision.action for decision in rows.values()]
        planned = work.sheet.rows[collection]
        counts[collection] = {
            "planned": len(planned),
            "erased": before - checked.remaining.get(collection, 0),
            "masked": acts.count(Action.MASK),
            "restricted": acts.count(Action.RESTRICT) + acts.count(Action.SEAL),
            "newly_held": len(change.newly_held.get(collection, {})),
            "cleared_instead": sum(1 for key, one in rows.items() if one.skeleton and not planned[key].skeleton),
            "gone_before": max(len(work.sheet.of(collection, Action.DELETE)) - before, 0),  # alike rows share one key
        }
    return counts


def note_failure(office: Office, run_id: uuid.UUID, dataset: str, trouble: Exception, at: datetime) -> None:
    """Note in words why a database could not be changed; the other databases go on."""
    with office.database.transaction() as session:
        _run, step, _stopped = lock_step(session, run_id, dataset)
        if step.state is not StepState.DONE:
            step.state, step.error, step.finished_at = StepState.FAILED, explain(trouble).as_json(), at
            step.attempts = max(step.attempts, 1)  # what failed before it could be noted was a try as well


def join_words(several: list[Words]) -> Words:
    """Several sentences as one text."""
    return Words("".join(one.zh for one in several), " ".join(one.en for one in several))
