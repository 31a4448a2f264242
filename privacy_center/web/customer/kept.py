"""What had to stay after a deletion, for the customer's home: which records, how many, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from privacy_center.errors import Words
from privacy_center.execution.models import HeldRows
from privacy_center.web.units import center


@dataclass(slots=True)
class KeptLine:
    """Records of one kind that end on one day, or with an event. `count` is in rows."""

    title: Words
    until: date | None
    event: Words | None
    count: int = 0


def kept_lines(entries: Iterable[HeldRows]) -> list[KeptLine]:
    """Held rows put together by kind and end; dates first, soonest first."""
    lines: dict[tuple[str, date | None, str], KeptLine] = {}
    for one in entries:
        event = one.event
        key = (one.collection, one.until, event.zh if event else "")
        line = lines.setdefault(key, KeptLine(center().catalogue.collection(one.collection).title, one.until, event))
        line.count += one.row_count - one.released_count
    return sorted(lines.values(), key=lambda line: (line.until is None, line.until or date.max, line.title.zh))
