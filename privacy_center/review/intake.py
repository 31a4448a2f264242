"""A deletion comes in: the request, the plan that was shown, and the way to the reviewers, in one unit of work."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.freeze import freeze_plan
from privacy_center.plans.ground import Ground
from privacy_center.plans.overlap import claim_records
from privacy_center.plans.preflight import preflight
from privacy_center.privacy_requests.models import Kind, PrivacyRequest, State
from privacy_center.privacy_requests.moves import SYSTEM, confirm, start_review
from privacy_center.privacy_requests.stopped import refuse_stopped_beside
from privacy_center.privacy_requests.submit import Submission, submit_request
from privacy_center.review.guardian import note_age


def take_in_deletion(
    session: Session,
    ground: Ground,
    drafted: DraftedPlan,
    handed_in: Submission,
    *,
    cooling_off_days: int,
    actor: Actor,
    at: datetime,
) -> PrivacyRequest:
    """Submit a deletion with its plan frozen and proven possible or not, and lay it before the reviewers.

    Execution starts at the earliest `cooling_off_days` after `at`. Submitting the same form twice gives the same request.
    Refuses as `submit_request`, also where it is somebody else here who has stopped everything, or changed a contact, to
    whom an identity on these records belongs: the same customer under another number. Where the plan noticed a child, the
    request keeps that.
    """
    request = submit_request(session, handed_in, actor=actor, at=at)
    if request.state is not State.RECEIVED:
        return request
    refuse_stopped_beside(session, drafted.identifiers, Kind.DELETION, at)
    if cooling_off_days:
        request.cooling_off_until = request.execute_after = at + timedelta(days=cooling_off_days)
    drafted.problems += [one for one in preflight(ground, drafted) if one not in drafted.problems]
    in_others = claim_records(session, drafted, request_id=request.id)
    drafted.problems += [one for one in in_others if one not in drafted.problems]
    freeze_plan(session, ground, drafted, request_id=request.id, at=at)
    note_age(request, drafted.age)
    confirm(session, request, actor=actor, at=at)
    start_review(session, request, actor=SYSTEM, at=at)
    return request
