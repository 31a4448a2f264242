"""Dates that cannot both be right: something ended before it began. Found by the names of columns, checked by the database."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from privacy_center.retention.covers import Binding

ENDS = "closed|completed|finished|ended|resolved|returned|refunded|cancelled|canceled|paid|delivered"
STARTS = ("opened", "started", "placed", "ordered", "requested", "submitted", "created", "issued")
"""What says when a thing began, the surest first: `created` is often when a row was copied, `issued` may follow payment."""

_SUFFIX = "_(?:at|on|date|time|day)"
END_COLUMN = re.compile(rf"(?:(.*)_)?({ENDS}){_SUFFIX}")
START_COLUMN = re.compile(rf"(?:(.*)_)?({'|'.join(STARTS)}){_SUFFIX}")


@dataclass(frozen=True, slots=True)
class Pair:
    """`end` must not lie before `start` in any row; both are columns."""

    end: str
    start: str


def pairs_of(binding: Binding) -> tuple[Pair, ...]:
    """The pairs whose contradiction would make the rule's answer worthless: each end that the rule reads, with its start."""
    spoken = _spoken_names(binding)
    found = []
    for end in sorted(binding.decided_by):
        matched = _match(END_COLUMN, spoken.get(end, ()))
        start = _start_for(matched, spoken) if matched else None
        if start and start != end:
            found.append(Pair(end, start))
    return tuple(found)


def _spoken_names(binding: Binding) -> dict[str, list[str]]:
    """Column → the names that say what it means: its own, and what the catalogue calls it (`completed` → `completed_at`)."""
    spoken = {path: [path.lower()] for path in binding.collection.fields}
    for alias, column in binding.names.items():
        if column in spoken:
            spoken[column].append(f"{alias.lower()}_at")
    return spoken


def _match(pattern: re.Pattern[str], names: Iterable[str]) -> re.Match[str] | None:
    return next((found for name in names if (found := pattern.fullmatch(name))), None)


def _start_for(end: re.Match[str], spoken: Mapping[str, list[str]]) -> str | None:
    """The surest start in the same table; a start about something else (`refund_opened_at`) is not taken."""
    best: tuple[int, str] | None = None
    for column, names in spoken.items():
        start = _match(START_COLUMN, names)
        if start is None or (start[1] and end[1] and start[1] != end[1]):
            continue
        if end[2] == "paid" and start[2] == "issued":
            continue
        ranked = (STARTS.index(start[2]), column)
        best = min(best, ranked) if best else ranked
    return best[1] if best else None
