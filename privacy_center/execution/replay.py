"""After a backup was restored: erase again what it brought back."""

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.execution.begin import open_run
from privacy_center.execution.change import Change
from privacy_center.execution.check import check_database
from privacy_center.execution.models import ExecutionRun, LedgerLine, RunKind
from privacy_center.execution.office import Office
from privacy_center.execution.work import DatasetWork, divide_work
from privacy_center.plans.decision import Sheet
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.freeze import freeze_release, items_of
from privacy_center.plans.models import Plan
from privacy_center.privacy_requests.models import PrivacyRequest


def erased_since(session: Session, since: datetime) -> list[ExecutionRun]:
    """Runs with a ledger line at or after a moment (UTC), oldest first; replays themselves are left out."""
    lines = sa.select(LedgerLine.run_id).where(LedgerLine.at >= since)
    wanted = sa.select(ExecutionRun).where(ExecutionRun.id.in_(lines), ExecutionRun.kind != RunKind.REPLAY)
    return list(session.scalars(wanted.order_by(ExecutionRun.created_at)))


def came_back(office: Office, works: Iterator[DatasetWork] | list[DatasetWork]) -> Sheet:
    """What of some finished work is in the databases again: whole collections whose rows or values have returned."""
    back = Sheet()
    for work in works:
        for collection, rows in work.sheet.rows.items():
            alone = Sheet({collection: rows}, work.sheet.key_fields, work.sheet.keyless)
            if _returned(office, DatasetWork(work.dataset, alone)):
                back.rows[collection] = rows
                back.key_fields[collection] = work.sheet.key_fields[collection]
                back.keyless |= work.sheet.keyless & {collection}
    return back


def _returned(office: Office, work: DatasetWork) -> bool:
    checked = check_database(office, work, Change(work.sheet))
    return bool(checked.wrong) or any(checked.remaining.values())


def open_replay(session: Session, office: Office, run: ExecutionRun, at: datetime) -> ExecutionRun | None:
    """A run that erases again what came back of an earlier one. None where nothing did.

    It runs under the approval that the earlier one had; rows that a rule holds today stay, as always.
    """
    works = divide_work(session, items_of(session, run.plan_id))
    back = came_back(office, list(works.values()))
    if not back.rows:
        return None
    request = session.get_one(PrivacyRequest, run.request_id)
    parent = session.get_one(Plan, run.plan_id)
    drafted = DraftedPlan(back, office.today(at), parent.scope, office.rules.version)
    plan = freeze_release(session, office, drafted, parent, at)
    return open_run(session, request, plan, RunKind.REPLAY, at)
