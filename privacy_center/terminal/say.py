"""What the terminal prints: one JSON document, or lines for people; refusals on stderr."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from privacy_center.errors import Words
from privacy_center.retention.signing import NOT_SIGNED, DecidingPack


def language() -> str:
    """The language of whoever sits at the terminal: Chinese for a `zh…` locale, else English."""
    said = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh-CN" if said.lower().startswith("zh") else "en"


def say(arguments: Namespace, document: Any, lines: Iterable[str]) -> None:
    """Print one JSON document with `--json`, else the lines."""
    if arguments.json:
        json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=str)
        sys.stdout.write("\n")
    else:
        for line in lines:
            print(line)


def spoken(words: Words | None) -> str:
    """Words in the language of the terminal; nothing for none."""
    return words.spoken(language()) if words else ""


def unsigned_mark(packs: Iterable[DecidingPack]) -> str:
    """The end of a line that these rule packs decide: those that counsel has not signed, if there are any."""
    names = ", ".join(pack.name for pack in packs if not pack.signed)
    return f"  ({spoken(NOT_SIGNED)}: {names})" if names else ""


def complain(words: Words) -> None:
    """A refusal, on stderr."""
    print(spoken(words), file=sys.stderr)
