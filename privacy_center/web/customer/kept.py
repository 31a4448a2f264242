"""What had to stay after a deletion, for the customer's home: which records, how many, and when they can go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from privacy_center.errors import Words
from privacy_center.execution.models import HeldRows
from privacy_center.retention.deletable_from import DeletableFrom
from privacy_center.web.units import center


@dataclass(slots=True)
class KeptLine:
    """Records of one kind that wait for the same events. `ends`: when they can go. `count` in rows."""

    title: Words
    ends: DeletableFrom
    count: int = 0


def kept_lines(entries: Iterable[HeldRows]) -> list[KeptLine]:
    """Held rows put together by kind and events; what goes soonest first, what has no date last."""
    lines: dict[tuple[object, ...], KeptLine] = {}
    for one in entries:
        ends = one.ends
        key = (one.collection, ends.events, ends.known)
        line = lines.setdefault(key, KeptLine(center().catalogue.collection(one.collection).title, ends))
        line.ends = line.ends.with_other(ends)
        line.count += one.row_count - one.released_count
    return sorted(lines.values(), key=lambda line: (line.ends.day is None, line.ends.day or date.max, line.title.zh))
