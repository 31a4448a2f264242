"""Marketing refusals that a run would take away with their rows: read before the change, kept when it is known to be done.

What was read stands with the step, as keyed hashes, before the company's database changes; after a crash the rows are gone
and it is all there is. Inside the transaction that changes them the rows are locked and asked again.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.datamap.marketing_refusal import MarketingRefusal
from privacy_center.datamap.row_condition import fields_in
from privacy_center.errors import Words
from privacy_center.execution.cleared import CLEARING, rows_cleared_already
from privacy_center.execution.models import ExecutionRun, ExecutionStep
from privacy_center.execution.work import DatasetWork, ReadRefusals
from privacy_center.plans.freeze import identifiers_met, keys_in
from privacy_center.plans.ground import Ground
from privacy_center.plans.models import PlanItem
from privacy_center.plans.refusals import (
    PersonContacts,
    RefusalAnswer,
    answer_mark,
    read_answers,
    refused_in,
    rows_that_may_refuse,
)
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_in
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Unavailable
from privacy_center.suppressions.register import keep_refusals

CHANGED = Words(
    "“{title}”里的营销选择刚刚改了，所以这一步什么都没有改。系统会自动再试；没有成功时请重试。",
    "A marketing choice in “{title}” has just changed, so nothing was changed in this step. It is tried again by itself; try it "
    "again if that does not help.",
)


def read_refusals(
    session: Session,
    ground: Ground,
    connection: sa.Connection,
    run: ExecutionRun,
    step: ExecutionStep,
    items: Iterable[PlanItem],
    work: DatasetWork,
) -> None:
    """Note on the step what the rows of its plan say of marketing, and give it to the work.

    A row that is gone or cleared since an earlier attempt keeps what it said then; one that an earlier run of the same
    person's has cleared says nothing any more.
    """
    telling = [item for item in items if ground.data_map.collections[item.collection].marketing_refusals]
    if not telling:
        return
    rows = rows_that_may_refuse(
        ground, ((one.collection, one.ownership, one.act, keys_in(session, one)) for one in telling)
    )
    key_fields = {one.collection: tuple(one.key_fields) for one in telling}
    request = session.get_one(PrivacyRequest, run.request_id)
    known = identifiers_met(session, request.id), identities_in(session, request)
    refusals = ReadRefusals(rows, key_fields, PersonContacts.of(ground, *known))
    earlier: Mapping[str, RefusalAnswer] = step.refusals or {}
    silent = _marks_of_cleared(ground, _cleared_by_other_runs(session, run, request.person_id, set(rows)))
    if earlier:
        refusals.settled = _marks_of_cleared(ground, rows_cleared_already(ground, connection, work.sheet, set(rows)))
        refusals.settled &= earlier.keys()
    now = read_answers(ground, connection, rows, key_fields, refusals.person)
    asked = {mark: said for mark, said in now.items() if mark not in refusals.settled | silent}
    refusals.settled |= silent
    refusals.answers = {**earlier, **asked}
    step.refusals = dict(refusals.answers)
    work.refusals = refusals


def refuse_changed_refusals(ground: Ground, connection: sa.Connection, work: DatasetWork) -> None:
    """Refuse (`Unavailable`) a row whose marketing choice is another than the step has noted; the rows stay locked."""
    known = work.refusals
    if known is None:
        return
    now = read_answers(ground, connection, known.rows, known.key_fields, known.person, lock=work.sheet.rows)
    for mark, said in now.items():
        if mark not in known.settled and said != known.answers.get(mark):
            title = ground.catalogue.collection(said["of"].partition("#")[0]).title
            raise Unavailable(Words(CHANGED.zh.format(title=title.zh), CHANGED.en.format(title=title.en)))


def keep_read_refusals(
    session: Session, ground: Ground, run: ExecutionRun, step: ExecutionStep, work: DatasetWork, at: datetime
) -> None:
    """Keep what the step has read as suppressions; in the transaction that notes the change."""
    if work.refusals is not None:
        keep_refusals(session, run.request_id, refused_in(ground, work.refusals.answers.values()), at)
        step.refusals = dict(work.refusals.answers)


def _marks_of_cleared(ground: Ground, cleared: Mapping[str, Mapping[Key, tuple[str, ...]]]) -> set[str]:
    """The answers that can no longer be read, because a field that tells was cleared."""
    return {
        answer_mark(ground, collection, key, number)
        for collection, keys in cleared.items()
        for number, refusal in enumerate(ground.data_map.collections[collection].marketing_refusals)
        for key, fields in keys.items()
        if _columns(_fields_read(refusal)) & _columns(fields)
    }


def _fields_read(refusal: MarketingRefusal) -> set[str]:
    named = {*fields_in(refusal.when), *refusal.contacts, refusal.channel_field, refusal.newest_by}
    return {path for path in named if path}


def _columns(paths: Iterable[str]) -> set[str]:
    return {path.split(".", 1)[0] for path in paths}


def _cleared_by_other_runs(
    session: Session, run: ExecutionRun, person_id: uuid.UUID, collections: set[str]
) -> dict[str, dict[Key, tuple[str, ...]]]:
    """Rows of these collections in which another run of the person's cleared something, with the fields."""
    wanted = (
        sa.select(PlanItem)
        .join(ExecutionRun, ExecutionRun.plan_id == PlanItem.plan_id)
        .join(PrivacyRequest, PrivacyRequest.id == ExecutionRun.request_id)
        .where(
            PrivacyRequest.person_id == person_id,
            PlanItem.plan_id != run.plan_id,
            PlanItem.collection.in_(collections),
            ExecutionRun.started_at.is_not(None),
        )
    )
    cleared: dict[str, dict[Key, tuple[str, ...]]] = {}
    for item in session.scalars(wanted):
        if item.act in CLEARING and item.cleared:
            rows = cleared.setdefault(item.collection, {})
            for key in keys_in(session, item):
                rows[key] = (*rows.get(key, ()), *item.cleared)
    return cleared
