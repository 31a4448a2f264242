"""Every sentence that templates and views ask to be translated."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def used_messages() -> dict[str, set[str]]:
    """Message → the files that use it."""
    found: dict[str, set[str]] = {}
    for path, message in _all():
        for one in message if isinstance(message, tuple) else (message,):
            if one:
                found.setdefault(one, set()).add(str(path.relative_to(ROOT)))
    return found


def _all() -> Iterator[tuple[Path, str | tuple[str, ...]]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        options = {"trim_blocks": "true", "lstrip_blocks": "true"}
        for _line, _function, message, _comments in babel_extract(
            BytesIO(path.read_bytes()), ["_", "gettext", "ngettext"], [], options
        ):
            yield path, message
    for path in sorted((ROOT / "privacy_center" / "web").rglob("*.py")):
        with path.open("rb") as file:
            for found in extract("python", file, KEYWORDS):
                yield path, found[1]
