"""Commands that keep promises: sweep, scan, replay."""

import uuid
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, time
from zoneinfo import ZoneInfo

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.execution.due import lock_sweep, release_due
from privacy_center.execution.proceed import datasets_of
from privacy_center.execution.replay import erased_since, open_replay
from privacy_center.execution.scan import runs_to_scan, scan_everything
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.terminal.asked import asked_collection
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.requests import wait_for
from privacy_center.terminal.say import say
from privacy_center.workflows import Worker


def run_sweep(arguments: Namespace) -> int:
    """Release, now, what no rule holds any more: everything, one request, or one collection in which an event happened."""
    center = open_to_act(arguments.home)
    request_id, collection = _request(center, arguments.request), asked_collection(center, arguments.collection)

    def open_runs(worker: Worker) -> list[uuid.UUID]:
        opened = release_due(center, worker.desk.hand_in, clock.now(), collection=collection, request_id=request_id)
        return [run.request_id for run in opened]

    done = _work(center, open_runs)
    say(arguments, {"released": len(done), "requests": done}, [f"{len(done)} released", *done])
    return 0


def run_scan(arguments: Namespace) -> int:
    """One pass over every text column for everybody erased since the last one, or again for one request."""
    center = open_to_act(arguments.home)
    request_id = _request(center, arguments.request)
    with center.database.reading() as session:
        runs = runs_to_scan(session, [request_id] if request_id else None)
    found = scan_everything(center, runs)
    document = {
        "people": found.people,
        "rows_read": found.rows_read,
        "hits": found.hits,
        "skipped": list(found.skipped),
    }
    say(arguments, document, [f"{found.people} people, {found.rows_read} rows, {found.hits} hits"])
    return 1 if found.skipped else 0


def run_replay(arguments: Namespace) -> int:
    """Erase again what a restored backup brought back of everything erased on or after a day (local date)."""
    center = open_to_act(arguments.home)
    since = datetime.combine(arguments.since, time.min, ZoneInfo(center.settings.timezone))

    def open_runs(worker: Worker) -> list[uuid.UUID]:
        opened = []
        with center.database.transaction() as session:
            lock_sweep(session)
            for run in erased_since(session, since):
                again = open_replay(session, center, run, clock.now())
                if again is not None:
                    worker.desk.hand_in(session, again, datasets_of(session, again))
                    opened.append(again.request_id)
        return opened

    done = _work(center, open_runs)
    say(arguments, {"replayed": len(done), "requests": done}, [f"{len(done)} erased again", *done])
    return 0


def _work(center: Center, open_runs: Callable[[Worker], list[uuid.UUID]]) -> list[str]:
    """Open runs, carry them out here, and wait for their ends; returns the references."""
    worker = Worker(center)
    worker.start()
    try:
        requests = open_runs(worker)
        for request_id in dict.fromkeys(requests):
            wait_for(center, request_id)
    finally:
        worker.stop()
    return [_reference(center, one) for one in dict.fromkeys(requests)]


def _request(center: Center, reference: str | None) -> uuid.UUID | None:
    if reference is None:
        return None
    with center.database.reading() as session:
        return request_by_reference(session, reference).id


def _reference(center: Center, request_id: uuid.UUID) -> str:
    with center.database.reading() as session:
        return session.get_one(PrivacyRequest, request_id).reference
