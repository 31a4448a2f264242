"""Real database and mail servers on loopback, made for a test run or a benchmark and gone afterwards.

    with postgres() as server, fresh_database(server) as url: ...

Run as root they give their rights up to the servers' own system users, as both refuse to run as root.
"""

import ctypes
import email.policy
import glob
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiosmtpd.controller import Controller
from werkzeug.serving import make_server

PATIENCE = 60.0


class MissingServer(Exception):
    """A server's program is not on this machine."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is not installed. `make test` installs what the tests need, or say: apt-get install {what}"
        )


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server; gives the URL of its maintenance database."""
    binaries = _folder_of("initdb", "/usr/lib/postgresql/*/bin", "postgresql")
    port = free_port()
    with _folder_for("postgres") as (folder, user):
        data = folder / "data"
        _run(
            [
                binaries / "initdb",
                "--no-sync",
                "-D",
                data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            user,
            folder,
        )
        fast = (
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "timezone=UTC",
        )
        command = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", port, "-k", folder]
        command += [part for setting in fast for part in ("-c", setting)]
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        with _serving(command, user, folder, url, signal.SIGINT):
            yield url


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB server that checks rights as a real one does; gives a URL of its administrator without a database."""
    install = _folder_of("mariadb-install-db", "/usr/bin", "mariadb-server") / "mariadb-install-db"
    daemon = _folder_of("mariadbd", "/usr/sbin", "mariadb-server") / "mariadbd"
    port = free_port()
    with _folder_for("mysql") as (folder, user):
        data, first = folder / "data", folder / "first.sql"
        first.write_text(
            "CREATE OR REPLACE USER root@'127.0.0.1'; GRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;"
        )
        first.chmod(0o644)
        _run(
            [
                install,
                "--no-defaults",
                f"--datadir={data}",
                f"--tmpdir={folder}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
            ],
            user,
            folder,
        )
        command = [daemon, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1"]
        command += [
            f"--tmpdir={folder}",  # in a common one, a server that starts removes the temporary files of the others
            f"--socket={folder}/sock",
            f"--pid-file={folder}/pid",
            f"--init-file={first}",
            "--skip-name-resolve",
        ]
        command += [
            "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=0",
            "--innodb-fast-shutdown=2",
        ]
        command += ["--character-set-server=utf8mb4", "--default-time-zone=+00:00", "--innodb-buffer-pool-size=64M"]
        url = f"mysql+pymysql://root@127.0.0.1:{port}/?charset=utf8mb4"
        with _serving(command, user, folder, url, signal.SIGTERM):
            yield url


@contextmanager
def fresh_database(server: str, like: str = "") -> Iterator[str]:
    """An empty database on a server of `postgres()` or `mariadb()`: its URL; dropped afterwards, whoever is still connected.

    `like`: the URL of a database of the same PostgreSQL server, to which nobody is connected: a copy of it instead.
    """
    name = f"t_{secrets.token_hex(6)}"
    _administer(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {sa.make_url(like).database}" if like else ""))
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        if server.startswith("postgresql"):
            _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
        else:
            _disconnect_everybody(server, name)
            _administer(server, f"DROP DATABASE {name}")


class Mailbox:
    """What an SMTP server was handed, in order."""

    def __init__(self) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.messages: list[EmailMessage] = []
        self.refuse_with: str | None = None
        """An SMTP answer such as `451 try later`: while set, nothing is accepted."""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuse_with:
            return self.refuse_with
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 OK"


@contextmanager
def smtp() -> Iterator[Mailbox]:
    """An SMTP server on loopback that keeps what it receives. A message is in the box once the client has its 250."""
    box = Mailbox()
    box.port = free_port()
    controller = Controller(box, hostname=box.host, port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    """A TCP port of loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str:
    """The path of the system's Chromium; refuses where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise MissingServer("chromium")
    return found


def _folder_of(program: str, pattern: str, package: str) -> Path:
    for folder in sorted(glob.glob(pattern), reverse=True):
        if os.access(Path(folder) / program, os.X_OK):
            return Path(folder)
    found = shutil.which(program)
    if not found:
        raise MissingServer(package)
    return Path(found).parent


@contextmanager
def _folder_for(system_user: str) -> Iterator[tuple[Path, str | None]]:
    """A folder that the server's user owns, and that user where we are root (else None: we run it ourselves)."""
    folder = Path(tempfile.mkdtemp(prefix=f"test-{system_user}-"))
    user = system_user if os.geteuid() == 0 else None
    try:
        if user:
            owner = pwd.getpwnam(user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        yield folder, user
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


def _run(command: list[Any], user: str | None, folder: Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, **_as(user))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")


@contextmanager
def _serving(command: list[Any], user: str | None, folder: Path, url: str, stop: signal.Signals) -> Iterator[None]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: ctypes.CDLL(None).prctl(1, stop),  # PR_SET_PDEATHSIG: it does not outlive us
            start_new_session=True,
            **_as(user),
        )
    try:
        _wait_until_it_answers(url, process, folder)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with engine.connect():
                return
        except sa.exc.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"the server did not start:\n{(folder / 'log').read_text(errors='replace')}"
                ) from None
            time.sleep(0.1)


def _administer(server: str, statement: str) -> None:
    engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def _disconnect_everybody(server: str, database: str) -> None:
    """MariaDB waits for ever to drop what an open transaction still holds."""
    engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT id FROM information_schema.processlist WHERE db = :db"), {"db": database}
        )
        for (number,) in found.all():
            connection.exec_driver_sql(f"KILL SOFT {int(number)}")


@contextmanager
def serving(app: Any, port: int = 0) -> Iterator[int]:
    """A WSGI application behind a real socket, each request in a thread; its port, a free one unless given."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
