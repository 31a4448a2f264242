"""What follows from a decision that has taken effect: the plan is signed, and the work begins or waits its time."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.execution.proceed import proceed
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.decide import APPROVALS
from privacy_center.review.models import DecisionState, ReviewDecision
from privacy_center.web.staff.handing_in import hand_in


def follow_up(session: Session, asked: PrivacyRequest, decision: ReviewDecision, at: datetime) -> None:
    """Sign the plan of an approval in the names of who decided, and go on with it; other decisions need nothing more."""
    if decision.state is not DecisionState.FINAL or decision.choice not in APPROVALS:
        return
    plan = current_plan(session, asked.id)
    if plan is None:
        return
    names = [decision.first_by, decision.second_by] if decision.second_by else [decision.first_by]
    sign_plan(session, plan, by="+".join(names), at=at)
    proceed(session, asked, hand_in, at)
