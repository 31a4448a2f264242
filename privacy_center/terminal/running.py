"""Commands that set up and run: init, upgrade, serve, worker, demo."""

import signal
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.config import find_home, load_settings
from privacy_center.errors import Refusal, Words
from privacy_center.quiet_memory import leave_what_stays, share_free_memory
from privacy_center.terminal.opening import open_to_look, prepare, prepare_to_serve
from privacy_center.terminal.say import say, spoken

if TYPE_CHECKING:
    from waitress.server import BaseWSGIServer

LARGEST_HEADER = 32 * 1024  # bytes of all headers of a request
QUIET = 60  # seconds


def run_init(arguments: Namespace) -> int:
    """Make a home folder to start from, with comments; refuses a folder that already is one."""
    from privacy_center.home.make import make_home

    folder = find_home(arguments.home)
    made = make_home(folder)
    say(arguments, {"home": str(folder), "files": made}, [f"{folder}", *(f"  {name}" for name in made)])
    return 0


def run_upgrade(arguments: Namespace) -> int:
    """Bring our own database to this version."""
    center = open_to_look(arguments.home, sound=False)
    prepare(center)
    say(arguments, {"upgraded": True}, [spoken(Words("数据库已是最新。", "The database is up to date."))])
    return 0


def run_serve(arguments: Namespace) -> int:
    """The web; on SQLite the worker too, in the same process, unless `--web-only`."""
    center = open_to_look(arguments.home)
    prepare_to_serve(center)
    alone = not arguments.web_only
    return serve(center, arguments.listen or center.settings.listen, with_worker=alone)


def serve(center: Center, listen: str, *, with_worker: bool, lines: list[str] | None = None) -> int:
    """Answer HTTP on `host:port` until a signal says stop; the work in hand is finished first."""
    share_free_memory()
    worker = None
    if with_worker:
        from privacy_center.workflows import Worker

        worker = Worker(center)
        worker.start()
    host, _, port = listen.rpartition(":")
    try:
        server = open_server(center, host or "127.0.0.1", int(port))
    except OSError as error:
        raise Refusal(
            f"{listen} 被占用或不可用。请停掉占用它的程序，或用 --listen 换一个端口。",
            f"{listen} cannot be used ({error.strerror}). Stop what is using it, or choose another port with --listen.",
        ) from error
    leave_what_stays()
    for line in lines or [f"http://{listen}"]:
        print(line, flush=True)
    _on_stop(_leave)
    try:
        server.run()  # ends at SystemExit, when what is being answered has been answered
    finally:
        server.close()
        if worker:
            worker.stop()
        center.close()
    return 0


def open_server(center: Center, host: str, port: int) -> "BaseWSGIServer":
    """A server that listens and waits to be run. Forms and headers (32 KiB) have a largest size: the app says in words what is
    too large, up to twice the largest form; what is larger yet is cut off here. A connection on which
    nothing has come for 60 seconds is closed. Who is asking is read by the app, from as many proxies as the settings trust.
    """
    import waitress

    from privacy_center import create_app
    from privacy_center.web.uploads import largest_upload

    return waitress.create_server(
        create_app(center),
        host=host,
        port=port,
        threads=8,
        max_request_body_size=2 * largest_upload(center.settings.evidence_largest_mb),
        max_request_header_size=LARGEST_HEADER,
        channel_timeout=QUIET,
        clear_untrusted_proxy_headers=False,
        ident=None,
    )


def run_worker(arguments: Namespace) -> int:
    """Only the worker, until a signal says stop. Any number of them may run on PostgreSQL."""
    from privacy_center.workflows import Worker

    share_free_memory()
    center = open_to_look(arguments.home)
    prepare(center)
    stopped = threading.Event()
    worker = Worker(center)
    worker.start()
    leave_what_stays()
    print(worker.name, flush=True)
    _on_stop(stopped.set)
    stopped.wait()
    worker.stop()
    center.close()
    return 0


def _leave() -> None:
    """Only an exception ends the server's loop while browsers keep their connections open; a second signal ends all."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_DFL)
    raise SystemExit


def _on_stop(stop: Callable[[], None]) -> None:
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop())


def run_demo(arguments: Namespace) -> int:
    """The product on a sample company; set up on the first start, kept between starts."""
    from privacy_center.demo.build import prepare_demo, reset_home

    folder = Path(arguments.home).resolve() if arguments.home else Path(".demo").resolve()
    if arguments.reset:
        reset_home(folder)
    elsewhere = f"http://{arguments.listen}" if arguments.listen else ""
    info = prepare_demo(folder, clock.now(), elsewhere)
    if arguments.prepare_only:
        return 0
    settings = load_settings(folder)
    settings.base_url = elsewhere or settings.base_url
    center = Center.of(settings)
    prepare(center)
    return serve(center, arguments.listen or center.settings.listen, with_worker=True, lines=info.lines)
