"""Requests that depend on a hold by hand whose review date has come, so that the queue shows them."""

import uuid
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.holds.review_dates import overdue_holds
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.retention.verdict import PLACED


def on_overdue_holds(session: Session, today: date, among: Collection[uuid.UUID] | None = None) -> frozenset[uuid.UUID]:
    """The requests in which such a hold was placed, and those whose current plan keeps records by one. `today`: local date.
    `among`: only the plans of these requests are read; without it those of all.
    """
    overdue = overdue_holds(session, today)
    if not overdue:
        return frozenset()
    requests = {hold.request_id for hold in overdue if hold.request_id}
    rules = {hold.rule for hold in overdue}
    by_hand = sa.cast(PlanItem.holds, sa.Text).contains(PLACED)
    planned = (
        sa.select(Plan.request_id, PlanItem.holds)
        .join(PlanItem, PlanItem.plan_id == Plan.id)
        .where(Plan.superseded_at.is_(None), Plan.parent_id.is_(None), by_hand)
    )
    if among is not None:
        planned = planned.where(Plan.request_id.in_(among))
    for request_id, holds in session.execute(planned):
        if any(hold["rule"] in rules for hold in holds):
            requests.add(request_id)
    return frozenset(requests)
