"""Who carries out what was approved: the workers that are alive."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.execution.models import WorkerBeat

BEAT = timedelta(seconds=2)
LOST_AFTER = timedelta(seconds=8)
"""A worker that has not been heard of for four beats is taken for lost; a worker that only slept notices and stops."""


def count_workers(session: Session, at: datetime) -> int:
    """Workers that were heard of lately. One that was killed leaves its beat behind until another takes over its work."""
    return session.scalar(sa.select(sa.func.count(WorkerBeat.id)).where(WorkerBeat.seen_at >= at - LOST_AFTER))
