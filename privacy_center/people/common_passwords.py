"""Passwords that everybody tries first: common words with figures around them, keyboard walks, and sequences."""

import re
from functools import lru_cache
from pathlib import Path

from privacy_center.errors import Refusal

WORDS = Path(__file__).with_name("common_passwords.txt")
DISGUISES = str.maketrans("013457@$!", "oleastasi")
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
RUNS += ("01234567890123456789", "qazwsxedcrfvtgbyhnujm")


def refuse_common(password: str) -> None:
    """Refuses (422) a password that is in every guessing list, however it is disguised (OWASP ASVS 5.0.0, 6.2.4).

    Common words are compared after figures, signs and the usual disguises (0 for o, @ for a) are undone.
    """
    if is_common(password):
        raise Refusal(
            "这个密码太常见，一猜就中。换一句只有您知道的话。",
            "This password is among the first that anybody tries. Take a sentence only you know.",
            status=422,
            field="password",
        )


def is_common(password: str) -> bool:
    """Whether nothing is left of the password once common words, figures and runs on the keyboard are taken out."""
    low = password.lower()
    for run in RUNS:
        if any(low in doubled for doubled in (run * 2, run[::-1] * 2)):
            return True
    inner = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", low)
    return any(_only_common_words(re.sub(r"[\W\d_]", "", text)) for text in (low, inner.translate(DISGUISES)))


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    return tuple(WORDS.read_text("ascii").split())


def _only_common_words(text: str) -> bool:
    """Whether the text can be cut into common words. Each place is looked at once: a pattern would try every way to cut a
    row of the same letter, which takes longer than anybody waits.
    """
    reached = {0}
    for place in range(len(text)):
        if place in reached:
            reached |= {place + len(word) for word in _words() if text.startswith(word, place)}
    return len(text) in reached
