"""How the staff pages hand work to the workers: queued in the same transaction as the decision it follows from."""

from flask import current_app
from sqlalchemy.orm import Session

from privacy_center.execution.models import ExecutionRun
from privacy_center.web.units import center

DESK = "desk"


def hand_in(session: Session, run: ExecutionRun, datasets: list[str]) -> None:
    """Queue a run with its databases; opens the way to the queue on first use."""
    if DESK not in current_app.extensions:
        from privacy_center.workflows import Desk

        current_app.extensions[DESK] = Desk(center())
    current_app.extensions[DESK].hand_in(session, run, datasets)
