"""How the staff pages hand work to the workers: queued in the same transaction as the decision it follows from."""

from flask import current_app
from sqlalchemy.orm import Session

from privacy_center.execution.models import ExecutionRun


def hand_in(session: Session, run: ExecutionRun, datasets: list[str]) -> None:
    """Queue a run with its databases, at the desk that the application was given."""
    current_app.extensions["desk"].hand_in(session, run, datasets)
