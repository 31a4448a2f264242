"""The measurements, one function each; product and script take turns, so that a busy machine slows both."""

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.execution.models import ExecutionRun, RunState
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.login import open_login
from privacy_center.people.models import LoginKind
from privacy_center.workflows import Desk
from tests.bench.cost import Cost, Statements, cpu_of, peak_memory
from tests.bench.load import requests_a_second, wait_for
from tests.bench.processes import running, web, worker
from tests.bench.product import Spent, approve_one, delete_here, person, take_in
from tests.bench.script import connect, delete_by_hand
from tests.servers import free_port

TURN = 10
"""Deletions in one turn."""
PATIENCE = 300.0
REQUESTS = 400


@dataclass
class Compared:
    """Deletions one after the other: the script, the product by phase, and the product's statements for each deletion."""

    script: Cost
    product: Spent
    statements: dict[str, float] = field(default_factory=dict)


def compare(center: Center, by_hand: str, numbers: Sequence[int], clock_of_server: Callable[[], float]) -> Compared:
    """Delete the same customers here by the product and at `by_hand` by the script, in turns."""
    result = Compared(Cost(clock_of_server), Spent(*(Cost(clock_of_server) for _ in range(4))))
    today = center.today(clock.now())
    counted = Statements(own=center.database.engine, company=center.sources.engine("shop"))
    with connect(by_hand) as script:
        for start in range(0, len(numbers), TURN):
            turn = numbers[start : start + TURN]
            with result.script.measured(len(turn)):
                delete_by_hand(script, map(person, turn), today)
            for number in turn:
                delete_here(center, number, result.product)
    result.statements = {name: count / len(numbers) for name, count in counted.taken().items()}
    return result


@dataclass
class Drained:
    """A queue of approved deletions, done by one worker process. Seconds; `alone`: one deletion with an idle worker."""

    count: int
    wall: float
    cpu: float
    script: Cost
    alone: float
    memory: float


def drain(center: Center, home: Path, by_hand: str, numbers: Sequence[int]) -> Drained:
    """From the first approval to the last certificate; the script deletes half of the same customers before, half after."""
    requests = [take_in(center, number, clock.now()) for number in numbers]
    today, script, half = center.today(clock.now()), Cost(), len(numbers) // 2
    desk = Desk(center)
    with connect(by_hand) as hand, worker(home) as process:
        warm = [take_in(center, numbers[-1] + further, clock.now()) for further in (1, 2)]
        alone = min(_approve_and_wait(center, desk, [one])[0] for one in warm)
        delete_by_hand(hand, [person(numbers[-1] + 1), person(numbers[-1] + 2)], today)
        with script.measured(half):
            delete_by_hand(hand, map(person, numbers[:half]), today)
        before = cpu_of(process.pid)
        wall, cpu = _approve_and_wait(center, desk, requests)
        cpu += cpu_of(process.pid) - before
        with script.measured(len(numbers) - half):
            delete_by_hand(hand, map(person, numbers[half:]), today)
        memory = peak_memory(process.pid)
    desk.close()
    return Drained(len(numbers), wall, cpu, script, alone, memory)


def _approve_and_wait(center: Center, desk: Desk, requests: Sequence[uuid.UUID]) -> tuple[float, float]:
    begun, cpu = time.perf_counter(), time.process_time()
    for request_id in requests:
        approve_one(center, request_id, desk.hand_in)
    ended = sa.select(sa.func.count()).select_from(ExecutionRun).where(ExecutionRun.request_id.in_(requests))
    left = ended.where(ExecutionRun.state != RunState.DONE)
    while time.perf_counter() - begun < PATIENCE:
        with center.database.reading() as session:
            if not session.scalar(left):
                return time.perf_counter() - begun, time.process_time() - cpu
        time.sleep(0.02)
    raise RuntimeError("the queue was not drained")


@dataclass
class Web:
    """Requests a second, each with the worker running; and the most memory of the web process, in MB."""

    bare: float
    pages: dict[str, float]
    memory: float
    worker_memory: float


def serve_pages(center: Center, home: Path, company: str, number: int) -> Web:
    """The sign-in page and the home of a customer who is signed in, in turns with a bare page."""
    email, _ = person(number)
    cookie = _sign_in(center, email)
    ports = free_port(), free_port()
    with (
        running("tests.bench.bare", company, str(ports[0])),
        worker(home) as working,
        web(home, ports[1]) as serving,
    ):
        wait_for(ports[0], "/")
        wait_for(ports[1], "/sign-in")
        bare: list[float] = []
        pages: dict[str, list[float]] = {"/sign-in": [], "/me/": []}
        for turn in range(4):
            rate = requests_a_second(ports[0], "/", REQUESTS)
            rates = {path: requests_a_second(ports[1], path, REQUESTS, cookie) for path in pages}
            if turn:
                bare.append(rate)
                for path, one in rates.items():
                    pages[path].append(one)
        memory = peak_memory(serving.pid), peak_memory(working.pid)
    return Web(_middle(bare), {path: _middle(rates) for path, rates in pages.items()}, *memory)


def _middle(rates: Sequence[float]) -> float:
    return sorted(rates)[len(rates) // 2]


def _sign_in(center: Center, email: str) -> str:
    at = clock.now()
    with center.database.transaction() as session:
        owner = find_or_create_person(session, "email", email, at)
        _, token = open_login(session, kind=LoginKind.CUSTOMER, owner=owner.id, at=at)
    return f"pc_customer={token}"


def grow(small: Center, large: Center, numbers: Sequence[int]) -> tuple[Spent, Spent]:
    """The same deletions at both sizes, in turns."""
    spent = Spent(), Spent()
    for start in range(0, len(numbers), TURN):
        for center, sum_of in zip((small, large), spent, strict=True):
            for number in numbers[start : start + TURN]:
                delete_here(center, number, sum_of)
    return spent
