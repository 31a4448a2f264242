"""Records that a request asks for while another request deals with them: what the later one follows, and what is said of it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.plans.models import FollowedRecord, PlannedRecord
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import SYSTEM
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.sources.keys import pieces

DEALT_WITH = sa.or_(PlannedRecord.releasing, PrivacyRequest.state.not_in(CLOSED))
"""Whether a planned record is being dealt with: its request is open, or releases it at this time."""

WITHOUT_CHANGE = frozenset({State.REFUSED, State.CANCELLED})
DONE = (
    Words(
        "有 {count} 条记录已在您的另一份申请 {reference} 中处理，不在这里重复计算。",
        "Records already dealt with in your other request {reference}, not counted again here: {count}.",
    ),
    Words(
        "有 {count} 条记录已在另一份申请中处理，不在这里重复计算。",
        "Records already dealt with in another request, not counted again here: {count}.",
    ),
)
WAITING = (
    Words(
        "有 {count} 条记录正由您的另一份申请 {reference} 处理。那份申请办结以后，我们接着处理这一份。",
        "Records being dealt with in your other request {reference}: {count}. We go on with this request once that one has ended.",
    ),
    Words(
        "有 {count} 条记录正由另一份申请处理。那份申请办结以后，我们接着处理这一份。",
        "Records being dealt with in another request: {count}. We go on with this request once that one has ended.",
    ),
)
"""Each as it stands where the other request is the same person's, and where it is not and stays unnamed."""


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """Another request that deals or dealt with records of this one. `records` of them; `own`: surely the customer's.

    `waiting`: the plan of this request waits for it. `free`: records that it waits for and nobody deals with any more.
    `same_person`: its reference may be named to the customer.
    """

    reference: str
    state: State
    same_person: bool
    waiting: bool
    records: int
    own: int
    free: int

    @property
    def ended(self) -> bool:
        """Whether the plan waits for nothing any more and can be drafted again."""
        return self.waiting and self.free == self.records

    @property
    def done(self) -> bool:
        """Whether the records were dealt with there: it ended, and not without a change."""
        return not self.waiting and self.state not in WITHOUT_CHANGE


def follow(
    session: Session, request_id: uuid.UUID, in_others: Mapping[str, str], own: Iterable[str], drafted: Iterable[str]
) -> None:
    """Keep which records of a new draft other requests deal with: record hash → reference. Of what was followed before,
    those in the draft (`drafted`: all its hashes) are its own again; the rest stays as dealt with in the other request.
    """
    mine = FollowedRecord.request_id == request_id
    for chunk in pieces(list(drafted)):
        session.execute(sa.delete(FollowedRecord).where(mine, FollowedRecord.record_hash.in_(chunk)))
    session.execute(sa.update(FollowedRecord).where(mine).values(waiting=False))
    surely = set(own)
    for part in pieces(sorted(in_others.items())):
        rows = [
            {
                "id": uuid.uuid4(),
                "request_id": request_id,
                "first_reference": reference,
                "record_hash": hashed,
                "own": hashed in surely,
                "waiting": True,
            }
            for hashed, reference in part
        ]
        session.execute(sa.insert(FollowedRecord), rows)


def other_requests(session: Session, request: PrivacyRequest) -> list[OtherRequest]:
    """The other requests that deal or dealt with records of this one, by reference."""
    free = sa.func.sum(sa.case((_still_dealt_with(), 0), else_=1))
    own = sa.func.sum(sa.case((FollowedRecord.own, 1), else_=0))
    wanted = (
        sa.select(
            PrivacyRequest.reference,
            PrivacyRequest.state,
            PrivacyRequest.person_id,
            FollowedRecord.waiting,
            sa.func.count(),
            own,
            free,
        )
        .join(PrivacyRequest, PrivacyRequest.reference == FollowedRecord.first_reference)
        .where(FollowedRecord.request_id == request.id)
        .group_by(PrivacyRequest.reference, PrivacyRequest.state, PrivacyRequest.person_id, FollowedRecord.waiting)
        .order_by(PrivacyRequest.reference, FollowedRecord.waiting)
    )
    return [
        OtherRequest(reference, state, person == request.person_id, waiting, int(records), int(surely), int(left))
        for reference, state, person, waiting, records, surely, left in session.execute(wanted)
    ]


def customer_words(others: Iterable[OtherRequest], *, done_only: bool = False) -> list[Words]:
    """What the customer reads of them: counts of records that are surely theirs, and the reference of a request that is."""
    found = []
    for one in others:
        if one.own and (one.done or (one.waiting and not done_only)):
            named, unnamed = DONE if one.done else WAITING
            found.append((named if one.same_person else unnamed).filled(count=one.own, reference=one.reference))
    return found


def in_other_requests(others: Iterable[OtherRequest]) -> list[dict[str, object]]:
    """What a certificate keeps: records that were dealt with in another request, named where it is the same person's."""
    return [
        {"reference": one.reference if one.same_person else None, "records": one.own}
        for one in others
        if one.done and one.own
    ]


def certificate_words(kept: Iterable[Mapping[str, object]]) -> list[Words]:
    """The same in words."""
    return [
        (DONE[0] if one["reference"] else DONE[1]).filled(count=one["records"], reference=one["reference"])
        for one in kept
    ]


def can_be_drafted_again(session: Session, requests: Iterable[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Of these requests, those whose plan waits for records that no other request deals with any more."""
    mine = list(requests)
    if not mine:
        return frozenset()
    waiting = sa.select(FollowedRecord.request_id).where(FollowedRecord.request_id.in_(mine), FollowedRecord.waiting)
    still = sa.func.sum(sa.case((_still_dealt_with(), 1), else_=0))
    return frozenset(session.scalars(waiting.group_by(FollowedRecord.request_id).having(still == 0)))


def note_free_records(session: Session, at: datetime) -> int:
    """Tell staff, once, of every request in review whose plan waited for another request that no longer deals with the
    records: a line in its timeline. Answers of how many.
    """
    told = 0
    for request_id in _to_tell(session):
        request = session.get_one(PrivacyRequest, request_id)
        references = sorted({one.reference for one in other_requests(session, request) if one.waiting})
        details = {"references": references}
        mine = FollowedRecord.request_id == request_id, FollowedRecord.waiting
        session.execute(sa.update(FollowedRecord).where(*mine).values(noted_at=at))
        note_event(
            session, request, "first_ended", actor=SYSTEM, at=at, details=details, audited=details, visible=False
        )
        told += 1
    return told


def any_free_records(session: Session) -> bool:
    """Whether `note_free_records` has something to tell."""
    return bool(_to_tell(session))


def _to_tell(session: Session) -> list[uuid.UUID]:
    open_now = sa.select(PrivacyRequest.id).where(PrivacyRequest.state.not_in(CLOSED))
    untold = sa.select(FollowedRecord.request_id).where(
        FollowedRecord.waiting, FollowedRecord.noted_at.is_(None), FollowedRecord.request_id.in_(open_now)
    )
    return sorted(can_be_drafted_again(session, session.scalars(untold.distinct()).all()))


def _still_dealt_with() -> sa.Exists:
    dealt = (
        sa.select(PlannedRecord.id)
        .join(PrivacyRequest, PrivacyRequest.id == PlannedRecord.request_id)
        .where(PlannedRecord.record_hash == FollowedRecord.record_hash, DEALT_WITH)
        .where(PlannedRecord.request_id != FollowedRecord.request_id)
    )
    return dealt.correlate(FollowedRecord).exists()
