"""What has happened to a request: one line for each thing, some for the customer, all for the staff."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.audit.at_end import record_at_end
from privacy_center.keys.sealing import seal_json, show_json
from privacy_center.privacy_requests.models import PrivacyRequest, RequestEvent, State

DETAILS = "request_event.details"

_events = RequestEvent.__table__
_mine = _events.c.request_id == sa.bindparam("of_request", type_=_events.c.request_id.type)
_APPEND = sa.insert(_events).values(
    position=sa.select(sa.func.coalesce(sa.func.max(_events.c.position), 0) + 1).where(_mine).scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline, opened. `what` is a key that the pages have words for."""

    at: datetime
    actor: Actor
    what: str
    state: State
    details: Mapping[str, Any]
    visible_to_customer: bool


def note_event(
    session: Session,
    request: PrivacyRequest,
    what: str,
    *,
    actor: Actor,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    audited: Mapping[str, Any] | None = None,
    visible: bool = True,
) -> None:
    """Add a line to the timeline and an entry to the audit trail.

    `details` may hold words about a person and are sealed; `audited` goes to the trail in plain text and must not.
    """
    session.flush()
    values = {
        "id": uuid.uuid4(),
        "request_id": request.id,
        "of_request": request.id,
        "at": at,
        "actor_kind": actor.kind,
        "actor_role": actor.role,
        "actor_id": actor.id,
        "what": what,
        "state": request.state,
        "details_sealed": seal_json(session, dict(details), DETAILS, subject=request.person_id) if details else None,
        "visible_to_customer": visible,
    }
    session.execute(_APPEND, values)
    record_at_end(
        session,
        actor=actor,
        act=f"request.{what}",
        subject=request.person_id,
        request=request.reference,
        details={"state": request.state.value, **(audited or {})},
        at=at,
    )


def timeline_of(
    session: Session, request: uuid.UUID, *, customer_only: bool = False, limit: int = 200
) -> list[Happening]:
    """The newest lines, newest first; `customer_only` leaves out what is for staff."""
    mine = sa.select(RequestEvent).where(RequestEvent.request_id == request)
    if customer_only:
        mine = mine.where(RequestEvent.visible_to_customer)
    newest = mine.order_by(RequestEvent.position.desc(), RequestEvent.at.desc()).limit(limit)
    return [_open(session, event) for event in session.scalars(newest)]


def _open(session: Session, event: RequestEvent) -> Happening:
    details = show_json(session, event.details_sealed, DETAILS, {})
    actor = Actor(event.actor_kind, event.actor_id, event.actor_role)  # type: ignore[arg-type]
    return Happening(event.at, actor, event.what, event.state, details, event.visible_to_customer)
