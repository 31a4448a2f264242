"""The product's own processes, started as an operator starts them, and stopped again."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(*command: str) -> Iterator["subprocess.Popen[str]"]:
    """A Python process `-m command`; it is asked to stop at the end, and killed if it does not within 30 seconds."""
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def worker(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A worker that is ready."""
    with running("privacy_center.cli", "worker", "--home", str(home)) as process:
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError("the worker did not start")
        yield process


def web(home: Path, port: int):
    """The web, without a worker in its process."""
    listen = f"127.0.0.1:{port}"
    return running("privacy_center.cli", "serve", "--web-only", "--home", str(home), "--listen", listen)


def memory_of_one(home: Path, number: int) -> float:
    """The most memory in MB of a process that deletes this customer and nobody else."""
    command = [sys.executable, "-m", "tests.bench.one", str(home), str(number)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
