"""For trying without a provider: text messages on the screen of the worker, or in a file of the home folder."""

import json
import os
import sys
from pathlib import Path
from typing import TextIO

from privacy_center import clock
from privacy_center.outbox.transport import Letter


class ConsoleTexts:
    """Prints every text message, code and all. Never for real customers: whoever reads the log can sign in."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def send(self, letter: Letter) -> None:
        """Print one letter."""
        print(f"[{letter.kind} → {letter.address}]\n{letter.body}", file=self._out or sys.stdout, flush=True)


class FileTexts:
    """Adds every text message to a file, one JSON document a line, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, letter: Letter) -> None:
        """Write one letter down; raises `OSError` when the file cannot be written."""
        said = {"id": str(letter.id), "at": clock.now().isoformat(), "kind": letter.kind, "to": letter.address}
        line = json.dumps(said | {"body": letter.body}, ensure_ascii=False) + "\n"
        opened = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        with os.fdopen(opened, "a", encoding="utf-8") as file:
            file.write(line)
