"""Finding requests and opening what is sealed in them."""

import uuid
from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_json, show_json, show_text
from privacy_center.people.not_me.models import ContactChange
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.states import OPEN
from privacy_center.privacy_requests.submit import IDENTITIES, LABEL, WORDS

_UNDER_WAY = (
    sa.select(PrivacyRequest)
    .where(PrivacyRequest.person_id == sa.bindparam("person"), PrivacyRequest.closed_at.is_(None))
    .order_by(PrivacyRequest.received_at.desc())
)


def request_by_reference(session: Session, reference: str, *, person: uuid.UUID | None = None) -> PrivacyRequest:
    """The request with this reference; with `person`, only if it is theirs. Refuses with 404, the same for both."""
    found = session.scalars(sa.select(PrivacyRequest).where(PrivacyRequest.reference == reference)).one_or_none()
    if found is None or (person is not None and found.person_id != person):
        raise Refusal(
            "没有找到这个申请。请核对编号，或回到首页查看您的申请。",
            "There is no such request. Check the reference, or go home to see your requests.",
            status=404,
        )
    return found


def requests_of(
    session: Session, person: uuid.UUID, *, open_only: bool = False, limit: int = 50
) -> list[PrivacyRequest]:
    """The requests of one person, newest first."""
    return list(session.scalars(_newest_of(open_only), {"person": person, "most": limit}))


@lru_cache(maxsize=2)
def _newest_of(open_only: bool) -> sa.Select[tuple[PrivacyRequest]]:
    """The statement of `requests_of`, built once."""
    mine = sa.select(PrivacyRequest).where(PrivacyRequest.person_id == sa.bindparam("person"))
    if open_only:
        mine = mine.where(PrivacyRequest.state.in_(OPEN))
    return mine.order_by(PrivacyRequest.received_at.desc()).limit(sa.bindparam("most", type_=sa.Integer()))


def under_way_of(session: Session, person: uuid.UUID) -> list[PrivacyRequest]:
    """The requests of one person that are not closed, newest first."""
    return list(session.scalars(_UNDER_WAY, {"person": person}))


def ready_to_execute(session: Session, at: datetime, limit: int = 100) -> list[uuid.UUID]:
    """Requests whose time to change one's mind is over, oldest first; none that is frozen or held by a change of contact."""
    held = sa.select(ContactChange.id).where(
        ContactChange.person_id == PrivacyRequest.person_id,
        ContactChange.hold_until > at,
        ContactChange.undone_at.is_(None),
    )
    due = sa.select(PrivacyRequest.id).where(
        PrivacyRequest.state == State.COOLING_OFF,
        PrivacyRequest.execute_after <= at,
        PrivacyRequest.frozen_at.is_(None),
        ~held.exists(),
    )
    return list(session.scalars(due.order_by(PrivacyRequest.execute_after).limit(limit)))


def cooling_off_ends_soon(
    session: Session, at: datetime, within: timedelta = timedelta(days=1)
) -> list[PrivacyRequest]:
    """Requests that can be cancelled for less than `within` more."""
    soon = sa.select(PrivacyRequest).where(
        PrivacyRequest.state == State.COOLING_OFF,
        PrivacyRequest.frozen_at.is_(None),
        PrivacyRequest.cooling_off_until > at,
        PrivacyRequest.cooling_off_until <= at + within,
    )
    return list(session.scalars(soon))


def identities_in(session: Session, request: PrivacyRequest) -> dict[str, list[str]]:
    """Kind → proven values that the request is about."""
    found: dict[str, list[str]] = open_json(session, request.identities_sealed, IDENTITIES)
    return found


def identities_shown(session: Session, request: PrivacyRequest) -> dict[str, list[str]]:
    """The same for a page: none where the person's key was destroyed."""
    found: dict[str, list[str]] = show_json(session, request.identities_sealed, IDENTITIES, {})
    return found


def words_in(session: Session, request: PrivacyRequest) -> str:
    """What the customer wrote, in their own words."""
    return show_text(session, request.words_sealed, WORDS)


def label_of(session: Session, request: PrivacyRequest) -> str:
    """The masked name that lists show."""
    return show_text(session, request.label_sealed, LABEL)
