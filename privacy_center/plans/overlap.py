"""Records that stand in the plan of an earlier open request: a later one says so, and waits until that one has ended."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.plans.decision import CHANGING, Action
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.models import Plan, PlannedRecord
from privacy_center.plans.problem import Problem
from privacy_center.plans.scope import record_hash
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import OPEN
from privacy_center.sources.keys import pieces
from privacy_center.sources.rows import Ownership

IN_ANOTHER = Words(
    "有 {count} 条记录已在申请 {reference} 中处理。等它办结，再重新起草；那时还在的记录归这个申请。",
    "{count} records are being dealt with in request {reference}. Draft again once it has ended; what is still there then "
    "goes with this request.",
)
PLANNED = CHANGING | {Action.WAIT, Action.DECIDE}


def note_planned_records(session: Session, plan: Plan, drafted: DraftedPlan) -> None:
    """Keep which records a frozen plan deals with, so that a later request finds them; those of the plans it supersedes go."""
    superseded = sa.select(Plan.id).where(Plan.request_id == plan.request_id, Plan.id != plan.id)
    session.execute(sa.delete(PlannedRecord).where(PlannedRecord.plan_id.in_(superseded)))
    hashes = {hashed for _collection, hashed in _planned(session, drafted)}
    for chunk in pieces(sorted(hashes)):
        rows = [{"id": uuid.uuid4(), "plan_id": plan.id, "record_hash": one} for one in chunk]
        session.execute(sa.insert(PlannedRecord), rows)


def forget_planned_records(session: Session, request_id: uuid.UUID) -> None:
    """Let go of the records of a request that has ended: they are in nobody's way any more."""
    plans = sa.select(Plan.id).where(Plan.request_id == request_id)
    session.execute(sa.delete(PlannedRecord).where(PlannedRecord.plan_id.in_(plans)))


def overlaps(session: Session, drafted: DraftedPlan, *, received_at: datetime, request_id: uuid.UUID) -> list[Problem]:
    """A blocking problem for each collection and earlier open request whose plan deals with the same records.

    Earlier is what was received earlier, so of two requests exactly one waits.
    """
    planned: dict[str, str] = {hashed: collection for collection, hashed in _planned(session, drafted)}
    counts: dict[tuple[str, str], int] = {}
    for chunk in pieces(sorted(planned)):
        for hashed, reference in session.execute(_found_in(chunk, received_at, request_id)):
            place = (planned[hashed], reference)
            counts[place] = counts.get(place, 0) + 1
    return [
        Problem(collection, IN_ANOTHER.filled(count=count, reference=reference))
        for (collection, reference), count in sorted(counts.items())
    ]


def _found_in(hashes: list[str], received_at: datetime, request_id: uuid.UUID) -> sa.Select[tuple[str, str]]:
    earlier = sa.or_(
        PrivacyRequest.received_at < received_at,
        sa.and_(PrivacyRequest.received_at == received_at, PrivacyRequest.id < request_id),
    )
    return (
        sa.select(PlannedRecord.record_hash, PrivacyRequest.reference)
        .join(Plan, Plan.id == PlannedRecord.plan_id)
        .join(PrivacyRequest, PrivacyRequest.id == Plan.request_id)
        .where(PlannedRecord.record_hash.in_(hashes), Plan.superseded_at.is_(None), Plan.parent_id.is_(None))
        .where(PrivacyRequest.state.in_(OPEN), PrivacyRequest.id != request_id, earlier)
        .distinct()
    )


def _planned(session: Session, drafted: DraftedPlan) -> Iterator[tuple[str, str]]:
    """Collection and hash of every record that a plan would change or lay before somebody; nobody else's records."""
    keyring = session.info["keyring"]
    for collection, decision, keys in drafted.sheet.groups():
        mine = decision.ownership in (Ownership.OWN, Ownership.UNCLEAR)
        if mine and decision.action in PLANNED and collection not in drafted.sheet.keyless:
            for key in keys:
                yield collection, record_hash(keyring, collection, key)
