"""Processes to work and to be killed, and homes to do it in."""

import errno
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.journeys.blows import Blow

PATIENCE = 120.0
GO_AWAY = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
"""A database is copied only while nobody is connected to it."""


class Nursery:
    """One parent that bears children quickly, since everything is imported already. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DBOS__CLOUD": "", "TZ": "UTC"},
        )

    def close(self) -> None:
        """No more children."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)

    def start(self, home: Path, do: str = "work", blow: Blow | None = None, **more: Any) -> "Child":
        """A child at work in a home."""
        log = self._folder / f"{home.name}-{secrets.token_hex(4)}.log"
        job = {"home": str(home), "do": do, "log": str(log), **more}
        os.mkfifo(f"{log}.gate")
        pid = self._ask(job | ({"blow": blow.as_json()} if blow else {}))["pid"]
        return Child(pid, home, log, self)

    def tell(self, home: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Run one command of the terminal to its end: exit code, stdout, stderr."""
        out = self._folder / f"{secrets.token_hex(6)}.out"
        more = {"out": str(out), "arguments": arguments, "environment": environment}
        child = self.start(home, "command", **more)
        code = child.ends()
        return code, out.read_text(), child.log.read_text()

    def wait(self, pid: int) -> int:
        """How a child ended: its exit code, or minus the signal."""
        return os.waitstatus_to_exitcode(self._ask({"wait": pid})["status"])

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@dataclass
class Child:
    """One process of ours."""

    pid: int
    home: Path
    log: Path
    nursery: Nursery
    _gate: int | None = None
    """What holds its gate shut, from when it was found waiting there until it is woken."""

    def ends(self) -> int:
        """Wait for its end."""
        code = self.nursery.wait(self.pid)
        self._open_gate()
        return code

    def ends_well(self) -> "Child":
        """Wait for its end, which must be a good one."""
        code = self.ends()
        assert code == 0, f"exit {code}:\n{self.log.read_text()}"
        return self

    def is_killed(self) -> bool:
        """Wait for its end; whether it was killed. False when it had done everything before it came to that."""
        code = self.ends()
        assert code in (0, -signal.SIGKILL), f"exit {code}:\n{self.log.read_text()}"
        return code != 0

    def has_ended(self) -> bool:
        """Whether it is at its end, without waiting for it."""
        return self._state() == "Z"

    def _state(self) -> str:
        return Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]

    def sleeps(self) -> None:
        """Wait until it stands at its blow, then stop all of it; never while it keeps others out of an SQLite file."""
        until = time.monotonic() + PATIENCE
        while not (self._stands_at_gate() and self._is_stopped()):
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.01)

    def wakes(self) -> None:
        """Let it go on where it was stopped."""
        os.kill(self.pid, signal.SIGCONT)
        self._open_gate()

    def _stands_at_gate(self) -> bool:
        if self._gate is None:
            try:
                self._gate = os.open(f"{self.log}.gate", os.O_WRONLY | os.O_NONBLOCK)
            except OSError as trouble:
                assert trouble.errno == errno.ENXIO  # nobody reads from it yet
        return self._gate is not None

    def _is_stopped(self) -> bool:
        """Stop it; False, and it goes on, when one of its threads had an SQLite file locked at that moment."""
        os.kill(self.pid, signal.SIGSTOP)
        while self._state() not in "TZ":
            time.sleep(0.001)
        if all(map(_is_free, self.home.glob("*.db"))):
            return True
        os.kill(self.pid, signal.SIGCONT)
        return False

    def _open_gate(self) -> None:
        if self._gate is not None:
            os.close(self._gate)
            self._gate = None

    def counts(self) -> dict[str, list[str]]:
        """What it committed and said, in order; once it has ended well."""
        return json.loads(Path(f"{self.log}.counts").read_text())


@dataclass
class Homes:
    """Copies of a home with all its databases, as they were when it was prepared."""

    prepared: Path
    folder: Path
    server: str | None = None
    databases: dict[str, str] = field(default_factory=dict)
    """URL → name of the PostgreSQL databases of the prepared home."""
    undisturbed: Any = None
    """What a run leaves behind that nobody killed, and what it committed and said, once that was tried."""
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """One more home just like the prepared one, gone afterwards."""
        home = self.folder / f"home-{secrets.token_hex(4)}"
        shutil.copytree(self.prepared, home)
        changed = {str(self.prepared): str(home)}
        for url, name in self.databases.items():
            copy = f"c_{secrets.token_hex(6)}"
            changed[url] = url.replace(name, copy)
            with self.one_at_a_time:
                _administer(self.server, GO_AWAY.format(name=name))
                _administer(self.server, f"CREATE DATABASE {copy} TEMPLATE {name}")
        for file in ("sources.yml", "settings.toml"):
            text = (home / file).read_text()
            for old, new in changed.items():
                text = text.replace(old, new)
            (home / file).write_text(text)
        try:
            yield home
        finally:
            for url in self.databases:
                _administer(self.server, f"DROP DATABASE {sa.make_url(changed[url]).database} WITH (FORCE)")
            shutil.rmtree(home)


def _is_free(file: Path) -> bool:
    """Whether nobody writes to an SQLite file, nor reads from one without a write-ahead log, which keeps writers out."""
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return False
    return True


def _administer(server: str | None, statement: str) -> None:
    engine = sa.create_engine(server or "", poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
