"""What a reviewer has chosen so far, item by item and record by record, kept until the decision is submitted."""

import uuid
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import seal_json, show_json
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.models import DecisionDraft
from privacy_center.review.overrides import Override

OVERRIDES = "decision_draft.overrides"


def drafted_overrides(session: Session, request_id: uuid.UUID, plan_id: uuid.UUID, member: str) -> dict[str, Override]:
    """What this member has chosen for items and records of this plan; nothing that was chosen for an earlier plan."""
    draft = _draft(session, request_id, member)
    if draft is None or draft.plan_id != plan_id:
        return {}
    stored = show_json(session, draft.overrides_sealed, OVERRIDES, {})
    return {key: Override.read(one) for key, one in stored.items()}


def keep_draft(
    session: Session,
    request: PrivacyRequest,
    plan_id: uuid.UUID,
    member: str,
    changes: Mapping[str, Override | None],
    at: datetime,
) -> dict[str, Override]:
    """Add choices (None: take one back) to what this member has chosen for this plan; returns all of them."""
    chosen = drafted_overrides(session, request.id, plan_id, member)
    merged = {key: one for key, one in {**chosen, **changes}.items() if one is not None}
    stored = {key: one.as_json() for key, one in merged.items()}
    sealed = seal_json(session, stored, OVERRIDES, subject=request.person_id)
    draft = _draft(session, request.id, member)
    if draft is None:
        draft = DecisionDraft(request_id=request.id, member=member)
        session.add(draft)
    draft.plan_id, draft.overrides_sealed, draft.changed_at = plan_id, sealed, at
    session.flush()
    return merged


def drop_drafts(session: Session, request_id: uuid.UUID, member: str | None = None) -> None:
    """Forget what was chosen for a request, by everybody or by one member."""
    gone = sa.delete(DecisionDraft).where(DecisionDraft.request_id == request_id)
    session.execute(gone if member is None else gone.where(DecisionDraft.member == member))


def _draft(session: Session, request_id: uuid.UUID, member: str) -> DecisionDraft | None:
    mine = sa.select(DecisionDraft).where(DecisionDraft.request_id == request_id, DecisionDraft.member == member)
    return session.scalars(mine).one_or_none()
