"""One way to write a document as bytes, so that a hash or a signature over it can be checked anywhere."""

import json
from typing import Any


def canonical(document: Any) -> bytes:
    """JSON in UTF-8, sorted keys, no spaces. Refuses (ValueError, TypeError) NaN and whatever JSON has no word for."""
    return canonical_text(document).encode()


def canonical_text(document: Any) -> str:
    """The same as text, for columns that keep it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
