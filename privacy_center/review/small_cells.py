"""Small numbers hidden, so that a table of totals tells nothing about anybody in particular."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

SMALLEST = 5  # the threshold that official statistics use most; 1 to 4 are hidden
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as it may be shown. `small`: 1 to 4, shown as <5. `hidden`: would give a small one away."""

    count: int | None
    small: bool = False
    hidden: bool = False


def hide_small(parts: Mapping[Key, int], *, adds_up: bool = True) -> dict[Key, Cell]:
    """The parts of a total that is shown beside them, with 1 to 4 hidden, and as many more as it takes.

    `adds_up`: the parts make up the total, so that what is left after the others gives a hidden one away. Then further
    parts are hidden, the smallest first, until every hidden number could still be at least two different ones; where that
    cannot be, all are hidden and none is called small. A total below 5 is for the caller to hide, with all its parts.
    """
    small = {key for key, count in parts.items() if 0 < count < SMALLEST}
    more: set[Key] = set()
    while adds_up and small and _given_away(parts, small, more):
        left = [key for key, count in parts.items() if count and key not in small | more]
        if not left:
            return dict.fromkeys(parts, Cell(None, hidden=True))
        more.add(min(left, key=lambda key: parts[key]))
    return {key: _cell(count, key in small, key in more) for key, count in parts.items()}


def _given_away(parts: Mapping[Key, int], small: set[Key], more: set[Key]) -> bool:
    """Whether somebody who knows the total and this rule can work a small number out.

    Small ones are known to be 1 to 4, the others hidden to be at least 5.
    """
    known = sum(parts[key] for key in small | more)
    least = len(small) + SMALLEST * len(more)
    if not more:
        most = (SMALLEST - 1) * len(small)
        return len(small) < 2 or known in (least, most)
    return known == least


def _cell(count: int, small: bool, hidden: bool) -> Cell:
    return Cell(None if small or hidden else count, small, hidden)
