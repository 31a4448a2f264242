"""Writing looks at customers' data from another system into the privacy center's access log.

Usable on its own: one file, standard library only, Python 3.9 or newer. Copy it, or import it from the package.

    log = LookLog("https://privacy.example.com", token, spool="/var/spool/looks")
    log.look(number="A-12", role="agent", department="客服一组", subject=("email", "lin@example.com"),
             data=["user.contact"], purpose="after_sales", case="CASE-77")
    log.close()

`look` only writes a line to the spool on disk, so a system never waits for the privacy center and loses nothing when it
is down. A thread sends the lines in batches, with the ids they got when they were written: sent twice, written once.
"""

from __future__ import annotations

import json
import os
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

BATCH, LARGEST = 200, 512 * 1024
"""Entries and bytes of one batch; the privacy center takes 500 and 1 MiB."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds before the next try after a failure; doubled each time."""


class LookLog:
    """One per process and spool folder; `look` may be called from any thread.

    `every`: seconds between sends; `start`: False to send only by `flush` (a cron job, a test).
    """

    def __init__(
        self, url: str, token: str, spool: str | Path, *, every: float = 1.0, timeout: float = 10.0, start: bool = True
    ) -> None:
        self._url = url.rstrip("/") + "/api/access-log"
        self._token, self._timeout, self._every = token, timeout, every
        self._spool = Path(spool)
        self._spool.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._writing, self._sending = threading.Lock(), threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_sending, name="look-log", daemon=True)
        if start:
            self._thread.start()

    def look(
        self,
        *,
        number: str,
        data: Sequence[str],
        purpose: str,
        role: str = "",
        department: str = "",
        subject: tuple[str, str] | None = None,
        case: str | None = None,
        act: str = "look",
        content: Mapping[str, str] | None = None,
        at: datetime | None = None,
        id: str | None = None,
        **more: Any,
    ) -> str:
        """Note one look on disk and return its id. `content` must be masked; `at` must have a zone (default: now)."""
        entry: dict[str, Any] = {
            "id": id or uuid.uuid4().hex,
            "at": (at or _now()).isoformat(),
            "operator": {"number": number, "role": role, "department": department},
            "subject": {"kind": subject[0], "value": subject[1]} if subject else None,
            "act": act,
            "data": list(data),
            "purpose": purpose,
            "case": case,
            "content": dict(content) if content else None,
            **more,
        }
        if not role:
            del entry["operator"]["role"]
        self._append("waiting.jsonl", [{key: value for key, value in entry.items() if value is not None}])
        return str(entry["id"])

    def flush(self) -> int:
        """Send what waits, now; answers how many entries were taken. Raises OSError when the privacy center cannot be reached."""
        taken = 0
        with self._sending:
            self._take_up()
            for file in sorted(self._spool.glob("batch-*.jsonl")):
                taken += self._send(file)
        return taken

    def waiting(self) -> int:
        """How many entries are on disk and not yet taken."""
        with self._writing:
            files = [self._spool / "waiting.jsonl", *self._spool.glob("batch-*.jsonl")]
            return sum(len(_lines(file)) for file in files if file.exists())

    def close(self, timeout: float = 5.0) -> None:
        """Stop the thread; what could not be sent stays in the spool for the next start."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def _keep_sending(self) -> None:
        pause = self._every
        while not self._stopped.wait(pause):
            try:
                self.flush()
                pause = self._every
            except Exception:  # whatever it is, the lines are on disk and the next try comes
                pause = min(max(FIRST_PAUSE, pause * 2), LONGEST_PAUSE)

    def _take_up(self) -> None:
        """Move what waits into files of one batch each, so that a batch keeps its entries through every retry."""
        with self._writing:
            waiting = self._spool / "waiting.jsonl"
            if not waiting.exists():
                return
            taken = self._spool / f"taken-{time.time_ns()}.jsonl"
            waiting.rename(taken)
        for taken in sorted(self._spool.glob("taken-*.jsonl")):
            for number, lines in enumerate(_parts(_lines(taken))):
                part = self._spool / f"batch-{taken.stem[6:]}-{number:06}.jsonl"
                if not part.exists():
                    _put(part, lines)
            taken.unlink()

    def _send(self, file: Path) -> int:
        entries = [json.loads(line) for line in _lines(file)]
        wrong = self._post(entries) if entries else {}
        if wrong:
            refused = [{**wrong[place], "entry": entries[place]} for place in sorted(wrong)]
            entries = [one for place, one in enumerate(entries) if place not in wrong]
            self._append("refused.jsonl", refused)
            _put(file, [json.dumps(one, ensure_ascii=False) for one in entries])
            if entries:
                self._post(entries)
        file.unlink()
        return len(entries)

    def _post(self, entries: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """Send a batch; answers the entries that can never be taken, by place. Raises OSError for what may go later."""
        body = json.dumps({"entries": entries}, ensure_ascii=False).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self._url, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(asked, timeout=self._timeout):
                return {}
        except urllib.error.HTTPError as error:
            told = json.loads(error.read()).get("error", {}) if error.code == 422 else {}
            if told.get("entries"):
                return {one["place"]: one for one in told["entries"]}
            raise

    def _append(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        with self._writing:
            handle = os.open(str(self._spool / name), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                size = os.fstat(handle).st_size
                torn = size and os.pread(handle, 1, size - 1) != b"\n"
                text = b"\n" + text if torn else text
                while text:  # a disk that fills up takes a part without a word, and refuses what is left
                    text = text[os.write(handle, text) :]
                os.fsync(handle)
            finally:
                os.close(handle)


def _now() -> datetime:
    return datetime.fromtimestamp(time.time_ns() / 1e9, timezone.utc)  # noqa: UP017 (Python 3.9 has no datetime.UTC)


def _lines(file: Path) -> list[str]:
    """The whole lines of a file; one that a crash cut off in the middle was never promised to anybody."""
    return [line for line in file.read_text("utf-8", errors="replace").split("\n") if _is_whole(line)]


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    """Batches of at most 200 lines and half a megabyte."""
    part: list[str] = []
    size = 0
    for line in lines:
        length = len(line.encode()) + 1
        if part and (len(part) == BATCH or size + length > LARGEST):
            yield part
            part, size = [], 0
        part.append(line)
        size += length
    if part:
        yield part


def _put(file: Path, lines: Sequence[str]) -> None:
    """Write a file whole or not at all."""
    draft = file.with_suffix(".draft")
    handle = os.open(str(draft), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("".join(f"{line}\n" for line in lines))
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
