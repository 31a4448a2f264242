"""Signs that no text has: control signs save tab and line ends, and code points that stand for nothing (Unicode §23.7)."""

import re

from werkzeug.datastructures import ImmutableMultiDict

_ENDS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
UNPRINTABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_ENDS}]")


def without_control_signs(typed: ImmutableMultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """What was typed without them: they come along when text is pasted from elsewhere, and nobody sees them."""
    pairs = list(typed.items(multi=True))
    if not any(UNPRINTABLE.search(part) for pair in pairs for part in pair):
        return typed
    return ImmutableMultiDict((UNPRINTABLE.sub("", name), UNPRINTABLE.sub("", said)) for name, said in pairs)
