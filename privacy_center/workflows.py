"""Durable work: the only file that knows DBOS. A run that is cut off goes on where it was, here or in another worker."""

import logging
import os
import socket
import threading
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, run_dbos_database_migrations
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.execution import conclude, step
from privacy_center.execution.give_up import give_up
from privacy_center.execution.models import ExecutionRun, WorkerBeat
from privacy_center.execution.workers import BEAT, LOST_AFTER
from privacy_center.rounds import make_round, sweep_when_due, watch_record

APPLICATION = "privacy-center"
QUEUE = "execution"
AT_ONCE = {"postgresql": 16, "sqlite": 8}
"""Runs that one worker has in hand: as many as it finishes until it looks into the queue again; on SQLite one writes at a time."""
RUN = "execute_run"
TAKE_OVER_LOCK = 0x5043_5441_4B45_56
FROZEN_AFTER = timedelta(seconds=20)
"""How long the server waits for a worker that is taking over; several times what it takes on a busy machine."""
ATTEMPTS = 5

log = logging.getLogger(__name__)
_center: Center | None = None
"""The center that this process works for. DBOS calls workflows by name, with a run's id and nothing else."""


def _at_work() -> Center:
    if _center is None:
        raise RuntimeError("this process has not started to work")
    return _center


@DBOS.workflow(name=RUN)
def execute_run(run_id: str, datasets: list[str]) -> str:
    """Make a run true: each database in its turn, then check, certify and tell. Arguments hold no personal data."""
    ended = _at_once(run_id, datasets)
    if ended:
        return ended
    for dataset in datasets:
        try:
            change_dataset(run_id, dataset)
        except Exception:
            note_trouble(run_id, dataset)
    try:
        return conclude_run(run_id)
    except Exception:
        return give_up_run(run_id)


def _at_once(run_id: str, datasets: list[str]) -> str | None:
    """The whole run without a pause, as it nearly always goes; None where something failed and has to be tried again.

    It is no recorded step: each part notes by itself how far it has come, so that whoever repeats it goes on from there.
    """
    try:
        for dataset in datasets:
            step.carry_out(_at_work(), uuid.UUID(run_id), dataset)
        return conclude.conclude_run(_at_work(), uuid.UUID(run_id)).value
    except Exception as trouble:
        NotDone.noted(trouble, f"run {run_id}, at the first attempt")
        return None


class NotDone(Exception):
    """An attempt that failed. Attempts are kept and logged, and a database's words may quote data: only the kind is said."""

    @classmethod
    def noted(cls, trouble: Exception, what: str) -> "NotDone":
        """The same in one word, after the places in our code were logged."""
        said, places = type(trouble).__name__, "".join(traceback.format_tb(trouble.__traceback__))
        log.error("%s: %s\n%s", what, said, places)
        return cls(said)


@DBOS.step(retries_allowed=True, max_attempts=ATTEMPTS, interval_seconds=0.5, backoff_rate=2.0)
def change_dataset(run_id: str, dataset: str) -> str:
    """One database. Tried again with growing pauses (0.5, 1, 2, 4 s) when it does not answer; then a person is told."""
    try:
        return step.carry_out(_at_work(), uuid.UUID(run_id), dataset).value
    except Exception as trouble:
        step.note_failure(_at_work(), uuid.UUID(run_id), dataset, trouble, clock.now())
        raise NotDone.noted(trouble, f"run {run_id}, database {dataset}") from None


@DBOS.step()
def note_trouble(run_id: str, dataset: str) -> None:
    """A database that could not be changed: the run goes on without it. The words were noted when it was tried."""
    log.warning("run %s: the database %s was not changed", run_id, dataset)


@DBOS.step(retries_allowed=True, max_attempts=ATTEMPTS, interval_seconds=0.5, backoff_rate=2.0)
def conclude_run(run_id: str) -> str:
    """Check, certify, tell the customer; or say that a person must look."""
    try:
        return conclude.conclude_run(_at_work(), uuid.UUID(run_id)).value
    except Exception as trouble:
        raise NotDone.noted(trouble, f"the end of run {run_id}") from None


@DBOS.step()
def give_up_run(run_id: str) -> str:
    """A run whose end could not be reached does not stay open unseen: a person is told."""
    return give_up(_at_work(), uuid.UUID(run_id), clock.now()).value


class Desk:
    """Where the web and the terminal hand in work: in the same transaction as the decision it follows from."""

    def __init__(self, center: Center) -> None:
        self._client = DBOSClient(
            system_database_url=_dbos_url(center), serializer=DBOSPortableJSONSerializer(), application_name=APPLICATION
        )

    def hand_in(self, session: Session, run: ExecutionRun, datasets: list[str]) -> None:
        """Queue a run; it is queued when, and only when, the caller's transaction is kept."""
        options = {"workflow_name": RUN, "queue_name": QUEUE, "workflow_id": f"run-{run.id}-{run.round}"}
        self._client.enqueue_in_transaction(session, options, str(run.id), datasets)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.destroy()


def prepare_database(center: Center) -> None:
    """Create or upgrade the tables in which durable work is kept."""
    run_dbos_database_migrations(_dbos_url(center))


class Worker:
    """A process that works: takes runs from the queue, shows that it is alive, and does what has come due."""

    def __init__(self, center: Center) -> None:
        self.center = center
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work in this process, in the background."""
        global _center
        _center = self.center
        config = DBOSConfig(
            name=APPLICATION,
            system_database_url=_dbos_url(self.center),
            application_version="1",
            executor_id=self.name,
            log_level="ERROR",
            serializer=DBOSPortableJSONSerializer(),
            run_migrations=False,
        )
        DBOS(config=config)
        self._show_alive()
        DBOS.launch()
        at_once = AT_ONCE[self.center.database.engine.dialect.name]
        DBOS.register_queue(QUEUE, worker_concurrency=at_once, polling_interval_sec=0.2)
        self.desk = Desk(self.center)
        self._take_over()
        self._every(BEAT, self._beat)
        self._every(timedelta(seconds=1), self._do_what_is_due)
        self._every(timedelta(seconds=10), self._watch_record)
        self._every(timedelta(seconds=30), self._sweep_when_due)

    def stop(self) -> None:
        """Finish the step in hand and stop. What is left goes on at the next start, or in another worker."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=10)
        DBOS.destroy(workflow_completion_timeout_sec=5)
        self.desk.close()
        with self.center.database.transaction() as session:
            session.execute(sa.delete(WorkerBeat).where(WorkerBeat.name == self.name))

    def _every(self, pause: timedelta, work: Callable[[], None]) -> None:
        def keep_at_it() -> None:
            while not self._stopping.wait(pause.total_seconds()):
                try:
                    work()
                except Exception as trouble:
                    log.error("%s failed: %s", work.__name__, type(trouble).__name__)

        thread = threading.Thread(target=keep_at_it, name=work.__name__, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _beat(self) -> None:
        """Show that this worker is alive, and take over the runs of those that are not."""
        self._show_alive()
        self._take_over()

    def _show_alive(self) -> None:
        now = clock.now()
        with self.center.database.transaction() as session:
            changed = session.execute(sa.update(WorkerBeat).where(WorkerBeat.name == self.name).values(seen_at=now))
            if not changed.rowcount:
                session.add(WorkerBeat(name=self.name, host=socket.gethostname(), pid=os.getpid(), seen_at=now))

    def _take_over(self) -> None:
        """Put back into the queue every run that no living worker has: its worker was killed, is cut off, or has stopped.

        Runs are asked for before workers: a worker shows itself before it takes its first run, so none is robbed. On
        PostgreSQL one worker does this at a time, or a run just taken over would be put back by the next.
        """
        with self.center.database.reading() as session:
            if not _alone(session):
                return
            begun = DBOS.list_workflows(status=["PENDING"], name=RUN, load_input=False, load_output=False)
            now, lost, alive = clock.now(), [], set()
            for beat in session.scalars(sa.select(WorkerBeat)):
                lost.append(beat.name) if _is_lost(beat, now) else alive.add(beat.name)
            left = [one.workflow_id for one in begun if one.executor_id not in alive]
            if left:
                DBOS.resume_workflows(left, queue_name=QUEUE)
        if lost:
            with self.center.database.transaction() as session:
                session.execute(sa.delete(WorkerBeat).where(WorkerBeat.name.in_(lost)))

    def _do_what_is_due(self) -> None:
        make_round(self.center, self.desk.hand_in, clock.now())

    def _watch_record(self) -> None:
        watch_record(self.center, clock.now())

    def _sweep_when_due(self) -> None:
        sweep_when_due(self.center, self.desk.hand_in, clock.now())


def _alone(session: Session) -> bool:
    """Whether nobody else is taking over at this moment; until the session ends. A worker that stands still in the middle of
    it is cut off by the server, or nobody would ever take over its runs.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    limit = f"{FROZEN_AFTER // timedelta(milliseconds=1)}ms"
    session.execute(sa.select(sa.func.set_config("idle_in_transaction_session_timeout", limit, True)))
    return bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(TAKE_OVER_LOCK))))


def _is_lost(beat: WorkerBeat, now: datetime) -> bool:
    """Not heard of for long; or on this machine, and its process is gone."""
    if now - beat.seen_at > LOST_AFTER:
        return True
    if beat.host != socket.gethostname():
        return False
    try:
        os.kill(beat.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _dbos_url(center: Center) -> str:
    return center.settings.own_database_url.replace("postgresql+psycopg://", "postgresql://")
