"""What had to stay after a deletion, for the customer's home: which records, how many, until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from privacy_center.errors import Words
from privacy_center.execution.models import HeldRows
from privacy_center.web.units import center


@dataclass(slots=True)
class KeptLine:
    """Records of one kind that end by date, or with an event. `until` and `last`: the first and last day. `count` in rows."""

    title: Words
    event: Words | None
    until: date | None = None
    last: date | None = None
    count: int = 0


def kept_lines(entries: Iterable[HeldRows]) -> list[KeptLine]:
    """Held rows put together by kind and event; dates first, soonest first."""
    lines: dict[tuple[str, str], KeptLine] = {}
    for one in entries:
        event = one.event
        key = (one.collection, event.zh if event else "")
        line = lines.setdefault(key, KeptLine(center().catalogue.collection(one.collection).title, event))
        line.count += one.row_count - one.released_count
        if one.until and not event:
            line.until = min(line.until or one.until, one.until)
            line.last = max(line.last or one.until, one.until)
    return sorted(lines.values(), key=lambda line: (line.until is None, line.until or date.max, line.title.zh))
