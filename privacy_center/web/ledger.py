"""The lines that a customer reads: what has the same fate for the same reason stands together, not table by table."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from privacy_center.errors import Words
from privacy_center.plans.preview import Preview, PreviewLine, is_about_nobody
from privacy_center.plans.scope_titles import joined_titles
from privacy_center.retention.deletable_from import DeletableFrom
from privacy_center.web.units import center

OUTCOMES = ("erase", "restrict", "ask", "manual", "keep")
TITLES_SHOWN = 3


@dataclass(slots=True)
class LedgerLine:
    """One line. `parts`: title and rows of each kind of record in it. `cleared`: kind of record, and the fields that are
    cleared in it. `ends`: when what stays can go. `staff_words`: what a reviewer wrote to the customer about it. `items`: its plan items,
    `done`: what became of their records.
    """

    key: str
    order: int
    outcome: str
    title: Words
    why: Words
    meanwhile: Words | None
    you_can: Words | None
    ends: DeletableFrom | None = None
    count: int = 0
    law: list[dict[str, Any]] = field(default_factory=list)
    parts: list[tuple[Words, int]] = field(default_factory=list)
    cleared: list[tuple[Words, Words]] = field(default_factory=list)
    staff_words: str = ""
    items: list[uuid.UUID] = field(default_factory=list)
    done: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ledger:
    """The lines in reading order: what goes first, then what stays, the latest end first."""

    lines: list[LedgerLine]

    def lines_of(self, *outcomes: str) -> list[LedgerLine]:
        return [line for line in self.lines if line.outcome in outcomes]


def ledger_of(told: Preview) -> Ledger:
    """The preview put together for a customer: what goes by group of the catalogue, what stays by its reason.

    Records that are not about a person (goods, shops) and merely stand beside the customer's own are left out.
    """
    data_map = center().data_map
    found: dict[tuple[str, ...], LedgerLine] = {}
    for one in told.lines:
        if is_about_nobody(data_map, one.collection, one.outcome):
            continue
        meanwhile = one.meanwhile.zh if one.meanwhile else ""
        key = (one.outcome.value, _fate(one), one.why.zh, meanwhile, one.staff_words)
        line = found.setdefault(key, _begin(one, len(found)))
        _add(line, one)
    for line in found.values():
        _name(line)
    return Ledger(sorted(found.values(), key=lambda line: (OUTCOMES.index(line.outcome), line.order)))


def _fate(one: PreviewLine) -> str:
    """What goes stands by group; what stays by reason alone, with the events that end it."""
    if one.outcome in ("erase", "keep"):
        return _group_key(one)
    return " ".join(event.zh for event in one.ends.events) if one.ends else ""


def _group_key(one: PreviewLine) -> str:
    house = center()
    return house.catalogue.group_of(house.data_map.collections[one.collection]).key


def _begin(one: PreviewLine, number: int) -> LedgerLine:
    group = center().catalogue.group(_group_key(one))
    title, order = (group.title, group.order) if one.outcome == "erase" else (Words("", ""), 0)
    line = LedgerLine(f"line-{number + 1}", order, one.outcome.value, title, one.why, one.meanwhile, one.you_can)
    line.staff_words = one.staff_words
    return line


def _add(line: LedgerLine, one: PreviewLine) -> None:
    line.count += one.count
    line.items += one.items
    if one.ends:
        line.ends = line.ends.with_other(one.ends) if line.ends else one.ends
    fields = (one.title, joined_titles(list(one.cleared)))
    if one.cleared and fields not in line.cleared:
        line.cleared.append(fields)
    line.law += [entry for entry in one.law if entry not in line.law]
    for number, (title, count) in enumerate(line.parts):
        if title == one.title:
            line.parts[number] = (title, count + one.count)
            return
    line.parts.append((one.title, one.count))


def _name(line: LedgerLine) -> None:
    """A line of one kind of record, or without a group's name, is called by its parts."""
    if line.title.zh and len(line.parts) > 1:
        return
    titles = [title for title, _count in line.parts]
    line.title = Words(
        _joined([one.zh for one in titles], "、", "等"), _joined([one.en for one in titles], ", ", " and more")
    )


def _joined(titles: Iterable[str], between: str, more: str) -> str:
    every = list(titles)
    return between.join(every[:TITLES_SHOWN]) + (more if len(every) > TITLES_SHOWN else "")
