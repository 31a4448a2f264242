"""The catalogue of reasons for refusals and overrides: data with words, so that a letter can always say why."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from privacy_center.errors import Refusal, Words
from privacy_center.holds.kinds import KINDS, PlacedKind

FILE = Path(__file__).parent / "reasons.yml"


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground: what reviewers choose (title), what customers read (letter), where it comes from, and whether the letter
    leaves the rest to the reviewer's words. `hold`: the kind of hold that restricting for this reason places.
    """

    code: str
    title: Words
    letter: Words
    source: str
    uses: frozenset[str]
    needs_words: bool
    hold: PlacedKind | None = None


@lru_cache(maxsize=1)
def all_reasons() -> dict[str, Reason]:
    """Every reason by code, in the order of the file."""
    told = yaml.safe_load(FILE.read_text("utf-8"))
    return {code: _read(code, one) for code, one in told.items()}


def reasons_for(use: str) -> list[Reason]:
    """The reasons to choose from, for `refuse` or `override`."""
    return [reason for reason in all_reasons().values() if use in reason.uses]


def check_reasons(codes: Iterable[str], use: str, text: str) -> list[str]:
    """The codes, each known for this use; refuses (422) none, an unknown one, or one without the words that it leaves to the reviewer."""
    chosen = list(dict.fromkeys(codes))
    known = {reason.code: reason for reason in reasons_for(use)}
    if not chosen or not set(chosen) <= known.keys():
        raise Refusal(
            "请从列表里至少选择一个原因。",
            "Choose at least one reason from the list.",
            status=422,
            field="reason_codes",
        )
    said = next((known[code].title for code in chosen if known[code].needs_words), None)
    if said and not text.strip():
        raise Refusal(
            f"选了“{said.zh}”，请写明具体原因，客户会读到。",
            f"With “{said.en}”, write why; the customer reads it.",
            status=422,
            field="text",
        )
    return chosen


def letter_words(codes: Iterable[str]) -> list[Words]:
    """What the customer reads for these codes; a code that has left the catalogue is left out."""
    return [all_reasons()[code].letter for code in codes if code in all_reasons()]


def _read(code: str, stored: dict[str, object]) -> Reason:
    hold = PlacedKind(stored["hold"]) if "hold" in stored else None
    title = Words.read(stored["title"])  # type: ignore[arg-type]
    letter = KINDS[hold].customer if hold else Words.read(stored["letter"])  # type: ignore[arg-type]
    uses = frozenset(stored["for"])  # type: ignore[arg-type]
    return Reason(code, title, letter, str(stored.get("source", "")), uses, stored.get("needs_words") is True, hold)
