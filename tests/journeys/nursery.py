"""A process that has imported everything and bears children: each opens its own engines, works, and may be killed.

Reads one JSON job a line from stdin and answers one JSON line each. Run as `python -m tests.journeys.nursery`.
"""

import ctypes
import json
import os
import re
import signal
import socket
import sys
import time
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

from privacy_center import cli, create_app, workflows
from privacy_center.center import Center
from privacy_center.execution.models import ExecutionRun, RunState
from tests.journeys.blows import Blow, Watch
from tests.web.staff_room import StaffRoom

PATIENCE = 180.0
"""Seconds; the time in which a child stands still counts as well."""
PR_SET_PDEATHSIG = 1
"""Also a child that was stopped, and whose test failed before it was woken, does not outlive its parent."""


def main() -> None:
    """Bear a child for each job; `wait` asks how one ended."""
    for line in sys.stdin:
        job = json.loads(line)
        answer = {"status": os.waitpid(job["wait"], 0)[1]} if "wait" in job else {"pid": _bear(job)}
        print(json.dumps(answer), flush=True)


def _bear(job: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(os.open(job["out"], os.O_WRONLY | os.O_CREAT, 0o644) if "out" in job else log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        code = _live(job)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _live(job: dict[str, Any]) -> int:
    for name, seconds in job.get("pace", {}).items():
        setattr(workflows, name, timedelta(seconds=seconds))
    if host := job.get("host"):
        socket.gethostname = lambda: host
    watch = Watch(Blow(**job.get("blow", {})), Path(job["log"] + ".gate"))
    watch.begin()
    code = WORK[job["do"]](job)
    Path(job["log"] + ".counts").write_text(json.dumps({"commits": watch.commits, "statements": watch.statements}))
    return code


def _command(job: dict[str, Any]) -> int:
    """One command of the terminal."""
    os.environ |= job.get("environment", {})
    try:
        return cli.main(job["arguments"])
    except SystemExit as end:
        return int(end.code or 0)


def _work(job: dict[str, Any]) -> int:
    """A worker that stops when no run is left to do."""
    center = Center.open(job["home"])
    worker = workflows.Worker(center)
    worker.start()
    until = time.monotonic() + PATIENCE
    while _busy(center) and time.monotonic() < until:
        time.sleep(0.02)
    return 3 if _busy(center) else 0


def _busy(center: Center) -> bool:
    """Whether a run is open, or one has ended whose end is not written down everywhere yet."""
    with center.database.reading() as session:
        open_runs = sa.select(ExecutionRun.id).where(ExecutionRun.state.in_((RunState.WAITING, RunState.RUNNING)))
        if session.scalars(open_runs.limit(1)).first() is not None:
            return True
    return bool(DBOS.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False, load_output=False))


def _decide_in_web(job: dict[str, Any]) -> int:
    """The web, in which a reviewer looks at the one request, approves it and sends the decision."""
    center = Center.open(job["home"])
    center.settings.base_url = "http://localhost"
    room = StaffRoom(center, create_app(center))
    reviewer = room.sit_down(job["reviewer"])
    path = f"/staff/requests/{job['reference']}"
    version = re.search(r'name="version" value="(\d+)"', reviewer.get(path).text)[1]
    check = reviewer.post(f"{path}/decision", {"version": version, "choice": "approve_part"}, status=200).text
    form = check[check.index('aria-labelledby="h-send"') :]
    hidden = dict(re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form))
    reviewer.post(f"{path}/decision", {**hidden, "step": "submit"})
    return 0


WORK = {"command": _command, "work": _work, "decide in web": _decide_in_web}

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    main()
