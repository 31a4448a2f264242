"""A change of contact puts off what is about to be carried out."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.moves import tell_of
from privacy_center.privacy_requests.queries import requests_of
from privacy_center.privacy_requests.states import CANCELLABLE
from privacy_center.privacy_requests.timeline import note_event


def put_off_pending(session: Session, person: uuid.UUID, until: datetime, actor: Actor, at: datetime) -> list[str]:
    """Whatever of a person's would be carried out before `until` waits until then, and can be cancelled until then.

    Answers the references; each is noted in its timeline and told.
    """
    early = [one for one in requests_of(session, person, open_only=True) if _is_early(one, until)]
    for request in early:
        request.cooling_off_until = request.execute_after = until
        details = {"until": until.isoformat()}
        note_event(session, request, "put_off", actor=actor, at=at, details=details, audited=details)
        tell_of(session, request, "put_off", f"put-off:{request.id}:{until.isoformat()}", at)
    return [one.reference for one in early]


def _is_early(request: PrivacyRequest, until: datetime) -> bool:
    soon = request.execute_after is not None and request.execute_after < until
    return soon and request.state in CANCELLABLE
