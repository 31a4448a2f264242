"""When a record can go: one answer from all of its holds, in one pair of sentences for every page, letter and terminal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from privacy_center.errors import Words

NOT_KNOWN = Words("尚不能确定", "not yet known")
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DeletableFrom:
    """The earliest end of what holds a record.

    `day`: the first local day on which no hold with a date is left, so the day after the latest last day; None where no hold
    has a date. `events`: what must have happened as well. `staged`: the answer stands for records that go on different days,
    and is that of the last of them.
    """

    day: date | None = None
    events: tuple[Words, ...] = ()
    staged: bool = False

    @property
    def known(self) -> bool:
        """Whether anything can be said of it."""
        return self.day is not None or bool(self.events)

    def with_other(self, other: "DeletableFrom") -> "DeletableFrom":
        """The answer for the records of both together: the later day, and every event of either."""
        days = [day for day in (self.day, other.day) if day is not None]
        events = tuple(dict.fromkeys((*self.events, *other.events)))
        return DeletableFrom(max(days, default=None), events, self.staged or other.staged or self != other)

    def words(self) -> Words:
        """“最早 2029年11月13日，且售后处理完毕后” / “from 13 November 2029 at the earliest, and once the case is closed”."""
        if not self.known:
            return NOT_KNOWN
        zh_event = "、".join(one.zh for one in self.events)
        en_event = " and ".join(one.en for one in self.events)
        if self.day is None:
            return Words(f"{zh_event}后", f"once {en_event}")
        zh_day, en_day = _written(self.day).zh, _written(self.day).en
        if self.events:
            return Words(f"最早 {zh_day}，且{zh_event}后", f"from {en_day} at the earliest, and once {en_event}")
        if self.staged:
            return Words(f"分批删除，最后一批最早 {zh_day}", f"in stages, the last from {en_day} at the earliest")
        return Words(f"最早 {zh_day}", f"from {en_day} at the earliest")

    def as_json(self) -> dict[str, object]:
        return {
            "day": self.day.isoformat() if self.day else None,
            "events": [one.as_json() for one in self.events],
            "words": self.words().as_json(),
        }


def deletable_from(holds: Iterable[Mapping[str, Any]]) -> DeletableFrom:
    """The earliest end of these holds, in the form in which plans and registers keep them (`Hold.as_json`)."""
    ends, events = [], []
    for hold in holds:
        if hold["until"]:
            ends.append(date.fromisoformat(hold["until"]))
        elif hold["event"]:
            events.append(Words.read(hold["event"]))
    latest = max(ends, default=None)
    return DeletableFrom(latest + A_DAY if latest else None, tuple(dict.fromkeys(events)))


def _written(day: date) -> Words:
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B} {day.year}")
