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
from privacy_center.plans.followed import DEALT_WITH, follow
from privacy_center.plans.freeze import current_plan, items_of, keys_in
from privacy_center.plans.models import PlannedRecord
from privacy_center.plans.problem import Problem
from privacy_center.plans.scope import record_hash
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.sources.keys import pieces
from privacy_center.sources.rows import Key, Ownership

IN_ANOTHER = Words(
    "有 {count} 条记录已在申请 {reference} 中处理。等它办结，再重新起草；那时还在的记录归这个申请。",
    "Records being dealt with in request {reference}: {count}. Draft again once it has ended; what is still there then "
    "goes with this request.",
)
PLANNED = CHANGING | {Action.WAIT, Action.DECIDE}
MINE = (Ownership.OWN, Ownership.UNCLEAR)
CLAIM_LOCK = 0x5043_434C_4149_4D


def overlaps(session: Session, drafted: DraftedPlan, *, request_id: uuid.UUID | None = None) -> list[Problem]:
    """A blocking problem for each collection and each other open request that deals with records of this draft."""
    hashes = _hashes_in(keyring_of(session), drafted)
    return _problems(hashes, _in_others(session, hashes, request_id))


def own_in_others(session: Session, drafted: DraftedPlan) -> int:
    """How many records of the customer alone another open request deals with: what a preview may say to them."""
    return len(_in_others(session, _hashes_in(keyring_of(session), drafted, (Ownership.OWN,)), None))


def claim_records(session: Session, drafted: DraftedPlan, *, request_id: uuid.UUID) -> list[Problem]:
    """Let a request deal with the records of its draft, and with no others. Where another open request does, this one gets
    none of them and follows it, and the answer is what `overlaps` says.
    """
    hashes = _hashes_in(keyring_of(session), drafted)
    in_others = _claim(session, hashes, request_id)
    own = _hashes_in(keyring_of(session), drafted, (Ownership.OWN,))
    follow(session, request_id, in_others, own, hashes)
    return _problems(hashes, in_others)


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
        if item.ownership in MINE and item.action in PLANNED
        for key in keys_in(session, item)
    }
    for problem in _problems(hashes, _claim(session, hashes, request_id)):
        raise Refusal(problem.words.zh, problem.words.en)


def claim_released(session: Session, request_id: uuid.UUID, leaving: Mapping[str, Iterable[Key]]) -> bool:
    """Let a request that ended deal with records that it kept, by collection, while they are released. False, and nothing is
    claimed, where another request deals with one of them by now.
    """
    keyring = keyring_of(session)
    hashes = {record_hash(keyring, collection, key): collection for collection, keys in leaving.items() for key in keys}
    return not _claim(session, hashes, request_id, releasing=True)


def in_other_plans(session: Session, request_id: uuid.UUID, collection: str, keys: Iterable[Key]) -> set[Key]:
    """Of the records of one collection, those that another request deals with now."""
    keyring = keyring_of(session)
    keys_by_hash = {record_hash(keyring, collection, key): key for key in keys}
    return {keys_by_hash[hashed] for hashed in _in_others(session, keys_by_hash, request_id)}


def release_records(session: Session, request_id: uuid.UUID) -> None:
    """Let go of the records of a request that has ended: they are in nobody's way any more."""
    session.execute(sa.delete(PlannedRecord).where(PlannedRecord.request_id == request_id))


def release_ended(session: Session) -> int:
    """Let go of the records of every request that was carried out, refused or cancelled; answers how many."""
    ended = sa.select(PrivacyRequest.id).where(PrivacyRequest.state.in_(CLOSED))
    gone = sa.delete(PlannedRecord).where(PlannedRecord.request_id.in_(ended), ~PlannedRecord.releasing)
    return int(session.execute(gone.execution_options(synchronize_session=False)).rowcount)


def _claim(
    session: Session, hashes: Mapping[str, str], request_id: uuid.UUID, *, releasing: bool = False
) -> dict[str, str]:
    """Claim all records or none; answers hash → reference of those that another request deals with."""
    on_server = session.get_bind().dialect.name == "postgresql"
    if on_server:
        # One at a time, so that two who let go and claim never wait for each other; SQLite's write lock does it.
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CLAIM_LOCK)))
    release_records(session, request_id)
    release_ended(session)
    put = (postgresql if on_server else sqlite).insert(PlannedRecord.__table__)
    put = put.on_conflict_do_nothing(index_elements=["record_hash"])
    for chunk in pieces(sorted(hashes)):
        rows = [
            {"id": uuid.uuid4(), "request_id": request_id, "record_hash": hashed, "releasing": releasing}
            for hashed in chunk
        ]
        session.execute(put, rows)
    in_others = _in_others(session, hashes, request_id)
    if in_others:
        release_records(session, request_id)
    return in_others


def _problems(hashes: Mapping[str, str], in_others: Mapping[str, str]) -> list[Problem]:
    counts: dict[tuple[str, str], int] = {}
    for hashed, reference in in_others.items():
        place = (hashes[hashed], reference)
        counts[place] = counts.get(place, 0) + 1
    return [
        Problem(collection, IN_ANOTHER.filled(count=count, reference=reference))
        for (collection, reference), count in sorted(counts.items())
    ]


def _in_others(session: Session, hashes: Iterable[str], request_id: uuid.UUID | None) -> dict[str, str]:
    """Hash → reference of the other request that deals with the record."""
    others = sa.select(PlannedRecord.record_hash, PrivacyRequest.reference)
    others = others.join(PrivacyRequest, PrivacyRequest.id == PlannedRecord.request_id).where(DEALT_WITH)
    if request_id is not None:
        others = others.where(PlannedRecord.request_id != request_id)
    found: dict[str, str] = {}
    for chunk in pieces(sorted(hashes)):
        rows = session.execute(others.where(PlannedRecord.record_hash.in_(chunk)))
        found |= {hashed: reference for hashed, reference in rows}
    return found


def _hashes_in(keyring: Keyring, drafted: DraftedPlan, ownerships: Collection[Ownership] = MINE) -> dict[str, str]:
    """Hash → collection of every record that a plan would change or lay before somebody; nobody else's records."""
    return {
        record_hash(keyring, collection, key): collection
        for collection, decision, keys in drafted.sheet.groups()
        if decision.ownership in ownerships and decision.action in PLANNED
        for key in keys
    }
