"""What something cost: wall and CPU seconds of this process, of the database server, and the memory of others."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy as sa

TICKS = 100
"""Clock ticks a second in /proc (Linux: always 100)."""


@dataclass
class Cost:
    """Seconds, added up over `times`: on the wall, CPU of this process, CPU of the database server (`server` reads it)."""

    server: Callable[[], float] = lambda: 0.0
    wall: float = 0.0
    cpu: float = 0.0
    server_cpu: float = 0.0
    times: int = 0

    @contextmanager
    def measured(self, times: int = 1) -> Iterator[None]:
        """Add what happens inside."""
        wall, cpu, server = time.perf_counter(), time.process_time(), self.server()
        yield
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu
        self.server_cpu += self.server() - server
        self.times += times

    @property
    def each(self) -> tuple[float, float, float]:
        """Milliseconds a time: wall, CPU here, CPU of the server."""
        return tuple(one * 1000 / max(self.times, 1) for one in (self.wall, self.cpu, self.server_cpu))  # type: ignore


class Statements:
    """Statements sent by engines while listening, counted by the engine's name."""

    def __init__(self, **engines: sa.Engine) -> None:
        self.counts = dict.fromkeys(engines, 0)
        for name, engine in engines.items():
            sa.event.listen(engine, "before_cursor_execute", self._counter(name))

    def _counter(self, name: str) -> Callable[..., None]:
        def count(*_: object) -> None:
            self.counts[name] += 1

        return count

    def taken(self) -> dict[str, int]:
        """The counts since the last time, which then begin anew."""
        counts = dict(self.counts)
        self.counts.update(dict.fromkeys(counts, 0))
        return counts


def peak_memory(pid: int) -> float:
    """The most memory a process has held at once, in MB (VmHWM)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def cpu_of(pid: int, *, children: bool = False) -> float:
    """CPU seconds a process has used, all its threads; with those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(one) for one in fields[11 : 15 if children else 13]) / TICKS


def server_clock(url: str) -> Callable[[], float]:
    """A clock of the CPU seconds that the whole PostgreSQL server at `url` has used."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        backend = connection.info.backend_pid
    parent = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
    return lambda: cpu_of(parent, children=True) + sum(map(_cpu_if_alive, _children(parent)))


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _cpu_if_alive(pid: int) -> float:
    try:
        return cpu_of(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
