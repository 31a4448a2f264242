"""A signal stops the web at once, whoever is still connected."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread

import pytest

from tests.corner import open_corner

PATIENCE = 30
"""Seconds, several times as long as it takes."""


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_browsers_that_are_still_connected_and_asking_do_not_keep_the_web_from_stopping(
    tmp_path: Path, sent: signal.Signals
) -> None:
    open_corner(tmp_path / "home").center.close()
    said = tmp_path / "said"
    with serving(tmp_path / "home", said) as (process, port):
        idle = asked(port)
        asking = [Thread(target=ask_on, args=(asked(port),), daemon=True) for _ in range(4)]
        for one in asking:
            one.start()
        process.send_signal(sent)
        assert process.wait(PATIENCE) == 0
        for one in asking:
            one.join(PATIENCE)
        idle.close()
    assert "Traceback" not in said.read_text()


@contextmanager
def serving(home: Path, said: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Web and worker in a process of their own, ready; what it says of trouble goes to a file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "privacy_center.cli", "serve", "--home", home, "--listen", f"127.0.0.1:{port}"]
    with (
        said.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout.readline()
            yield process, port
        finally:
            process.kill()


def asked(port: int) -> HTTPConnection:
    """A connection that has had an answer and is kept open."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", "/health/alive")
    assert connection.getresponse().read()
    return connection


def ask_on(connection: HTTPConnection) -> None:
    """Ask again and again until the web is gone."""
    try:
        while True:
            connection.request("GET", "/sign-in")
            connection.getresponse().read()
    except (OSError, HTTPException):
        connection.close()
