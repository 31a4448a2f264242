"""Which open request deals with a record: the first whose plan has it. A later one says so, and waits until that one has ended.

A request holds the records of its plan all together or, while another one stands in its way, none: so no two requests
wait for each other.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.keys.keyring import Keyring
from privacy_center.keys.sealing import keyring_of
from privacy_center.plans.decision import CHANGING, Action
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.freeze import current_plan, items_of, keys_in
from privacy_center.plans.models import PlannedRecord
from privacy_center.plans.problem import Problem
from privacy_center.plans.scope import record_hash
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.sources.keys import pieces
from privacy_center.sources.rows import Ownership

IN_ANOTHER = Words(
    "有 {count} 条记录已在申请 {reference} 中处理。等它办结，再重新起草；那时还在的记录归这个申请。",
    "{count} records are being dealt with in request {reference}. Draft again once it has ended; what is still there then "
    "goes with this request.",
)
PLANNED = CHANGING | {Action.WAIT, Action.DECIDE}
MINE = (Ownership.OWN, Ownership.UNCLEAR)


def overlaps(session: Session, drafted: DraftedPlan, *, request_id: uuid.UUID | None = None) -> list[Problem]:
    """A blocking problem for each collection and each other open request that deals with records of this draft."""
    return _problems(session, _hashes_in(keyring_of(session), drafted), request_id)


def own_in_others(session: Session, drafted: DraftedPlan) -> int:
    """How many records of the customer alone another open request deals with: what a preview may say to them."""
    planned = _hashes_in(keyring_of(session), drafted, (Ownership.OWN,))
    return sum(1 for part in pieces(sorted(planned)) for _one in session.execute(_held_by_others(part, None)))


def claim_records(session: Session, drafted: DraftedPlan, *, request_id: uuid.UUID) -> list[Problem]:
    """Let a request deal with the records of its draft, and with no others. Where another open request does, this one gets
    none of them, and the answer is what `overlaps` says.
    """
    return _claim(session, _hashes_in(keyring_of(session), drafted), request_id)


def claim_approved(session: Session, request_id: uuid.UUID) -> None:
    """Make sure that a request deals with the records of its frozen plan. Refuses (409) where by now another request does:
    a request that was taken up again may have been overtaken.
    """
    mine = sa.select(PlannedRecord.id).where(PlannedRecord.request_id == request_id).limit(1)
    plan = current_plan(session, request_id)
    if plan is None or session.scalar(mine) is not None:
        return
    keyring = keyring_of(session)
    hashes = {
        record_hash(keyring, item.collection, key): item.collection
        for item in items_of(session, plan.id)
        if item.ownership in MINE and item.action in PLANNED and not item.keyless
        for key in keys_in(session, item)
    }
    for problem in _claim(session, hashes, request_id):
        raise Refusal(problem.words.zh, problem.words.en)


def release_records(session: Session, request_id: uuid.UUID) -> None:
    """Let go of the records of a request that has ended: they are in nobody's way any more."""
    session.execute(sa.delete(PlannedRecord).where(PlannedRecord.request_id == request_id))


def release_ended(session: Session) -> int:
    """Let go of the records of every request that was carried out, refused or cancelled; answers how many."""
    ended = sa.select(PrivacyRequest.id).where(PrivacyRequest.state.in_(CLOSED))
    gone = sa.delete(PlannedRecord).where(PlannedRecord.request_id.in_(ended))
    return int(session.execute(gone.execution_options(synchronize_session=False)).rowcount)


def _claim(session: Session, hashes: Mapping[str, str], request_id: uuid.UUID) -> list[Problem]:
    release_records(session, request_id)
    release_ended(session)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    put = dialect.insert(PlannedRecord.__table__).on_conflict_do_nothing(index_elements=["record_hash"])
    for chunk in pieces(sorted(hashes)):
        rows = [{"id": uuid.uuid4(), "request_id": request_id, "record_hash": hashed} for hashed in chunk]
        session.execute(put, rows)
    problems = _problems(session, hashes, request_id)
    if problems:
        release_records(session, request_id)
    return problems


def _problems(session: Session, hashes: Mapping[str, str], request_id: uuid.UUID | None) -> list[Problem]:
    counts: dict[tuple[str, str], int] = {}
    for chunk in pieces(sorted(hashes)):
        for hashed, reference in session.execute(_held_by_others(chunk, request_id)):
            place = (hashes[hashed], reference)
            counts[place] = counts.get(place, 0) + 1
    return [
        Problem(collection, IN_ANOTHER.filled(count=count, reference=reference))
        for (collection, reference), count in sorted(counts.items())
    ]


def _held_by_others(hashes: Iterable[str], request_id: uuid.UUID | None) -> sa.Select[tuple[str, str]]:
    others = (
        sa.select(PlannedRecord.record_hash, PrivacyRequest.reference)
        .join(PrivacyRequest, PrivacyRequest.id == PlannedRecord.request_id)
        .where(PlannedRecord.record_hash.in_(hashes), PrivacyRequest.state.not_in(CLOSED))
    )
    return others if request_id is None else others.where(PlannedRecord.request_id != request_id)


def _hashes_in(keyring: Keyring, drafted: DraftedPlan, ownerships: Collection[Ownership] = MINE) -> dict[str, str]:
    """Hash → collection of every record that a plan would change or lay before somebody; nobody else's records."""
    sheet = drafted.sheet
    return {
        record_hash(keyring, collection, key): collection
        for collection, decision, keys in sheet.groups()
        if decision.ownership in ownerships and decision.action in PLANNED and collection not in sheet.keyless
        for key in keys
    }
