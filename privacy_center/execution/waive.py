"""The customer gives up what a rule keeps for them: unused points, a voucher."""

from collections.abc import Container, Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.execution.held import open_entries
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import current_plan, freeze_plan, items_of
from privacy_center.plans.ground import Ground
from privacy_center.plans.overlap import claim_records
from privacy_center.plans.preflight import preflight
from privacy_center.privacy_requests.models import Kind, PrivacyRequest, State
from privacy_center.privacy_requests.queries import identities_in
from privacy_center.privacy_requests.stopped import refuse_stopped
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.review.decide import waiting_decision
from privacy_center.sources.rows import Ownership

BEFORE = frozenset({State.IN_REVIEW, State.WAITING_CUSTOMER})
AFTER = State.COMPLETED_WITH_HOLDS


def waivable_rules(session: Session, request: PrivacyRequest) -> dict[str, dict[str, object]]:
    """Rule key → the hold as JSON, for what this request leaves waiting and the customer may give up now."""
    return waivable_in((hold for one in _waiting(session, request) for hold in one), request.waived)


def waivable_in(holds: Iterable[dict[str, object]], waived: Container[str]) -> dict[str, dict[str, object]]:
    """The same of holds that are at hand, without the rules that were given up already."""
    return {hold["rule"]: hold for hold in holds if hold.get("waivable") and hold["rule"] not in waived}


def _waiting(session: Session, request: PrivacyRequest) -> Iterable[list[dict[str, object]]]:
    if request.state is AFTER:
        return [held.holds for held in open_entries(session, request_id=request.id)]
    if request.state not in BEFORE:
        return []
    plan = current_plan(session, request.id)
    if plan is None or waiting_decision(session, request.id):
        return []
    return [item.holds for item in items_of(session, plan.id) if item.ownership is Ownership.OWN]


def waive(
    session: Session,
    ground: Ground,
    request: PrivacyRequest,
    rules: Iterable[str],
    *,
    actor: Actor,
    today: date,
    at: datetime,
) -> None:
    """Note that the customer gives up what these rules keep. In review the plan is drafted and frozen anew with it; after
    completion the next sweep deletes it under the same approval. Refuses (409) what cannot be given up now,
    while everything of the person is stopped, and within 72 hours of a change of contact.
    """
    refuse_stopped(session, request.person_id, Kind.DELETION, at)
    wanted, possible = set(rules), waivable_rules(session, request)
    if not wanted or not wanted <= possible.keys():
        raise Refusal(
            "这一项现在不能放弃。请刷新页面查看。",
            "This cannot be given up now. Reload the page to see where it stands.",
        )
    request.waived = sorted({*request.waived, *wanted})
    session.flush()
    told = {"rules": sorted(wanted)}
    note_event(session, request, "waived", actor=actor, at=at, details=told, audited=told)
    if request.state in BEFORE:
        drafted = draft_plan(ground, identities_in(session, request), request.request_scope, today, request.waived)
        drafted.problems += [one for one in preflight(ground, drafted) if one not in drafted.problems]
        drafted.problems += claim_records(session, drafted, request_id=request.id)
        freeze_plan(session, ground, drafted, request_id=request.id, at=at)
