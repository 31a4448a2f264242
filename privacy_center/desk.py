"""Where the web hands in runs; the machinery behind it is opened with the first one, for most pages never hand one in."""

from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from privacy_center.center import Center
from privacy_center.execution.models import ExecutionRun

if TYPE_CHECKING:
    from privacy_center.workflows import Desk


class DeskWhenNeeded:
    """A `workflows.Desk` that is opened by its first use; 19 MB less for a web process that has not used it."""

    def __init__(self, center: Center) -> None:
        self._center = center
        self._opening = Lock()
        self._desk: Desk | None = None

    def hand_in(self, session: Session, run: ExecutionRun, datasets: list[str]) -> None:
        """Queue a run; it is queued when, and only when, the caller's transaction is kept."""
        with self._opening:
            if self._desk is None:
                from privacy_center.workflows import Desk

                self._desk = Desk(self._center)
        self._desk.hand_in(session, run, datasets)

    def close(self) -> None:
        """Let go of the connections, if there are any."""
        if self._desk is not None:
            self._desk.close()
