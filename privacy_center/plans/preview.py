"""A plan in a customer's words: what goes, what stays and until when, what waits for them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.draft import describe
from privacy_center.plans.restriction import Restriction, mark_of, say_restriction
from privacy_center.retention.deletable_from import DeletableFrom, deletable_from
from privacy_center.retention.verdict import PLACED, Outcome
from privacy_center.sources.rows import Ownership

MEANWHILE_ASK = Words("先不动，等您处理。", "We leave it as it is until you have decided.")
MEANWHILE_MANUAL = Words("先不动，由专人核对。", "We leave it as it is while a person checks it.")
MEANWHILE_SHARED = Words("与您的关联会解除。", "Your link to it is removed.")
CAN_NOTHING = Words("无需操作，到期自动删除。", "No action needed; deleted automatically.")
CAN_ASK = Words("处理好以后，我们接着删除。", "Once you have dealt with it, we go on and delete it.")
CAN_WAIT = Words("不用做什么，我们会告诉您结果。", "Nothing to do. We will tell you the result.")
WHY_ERASE = Words("没有规定要求保留，可以删除。", "No rule asks us to keep it.")
WHY_MASK = Words(
    "将清空内容，只留一条没有您信息的空记录。", "It will be cleared; a blank record without your data remains."
)
WHY_FIELDS = Words(
    "只清空您申请删除的内容，记录里的其他内容不变。",
    "Only the content you asked to delete is cleared; the rest of the record stays unchanged.",
)
WHY_WAIVED = Words("您已放弃，和其他信息一起删除。", "You gave it up, so it is deleted with the rest.")
WHY_MANUAL = Words("需要核对以后才能决定。", "We need to check this before we can decide.")
WHY_SHARED = Words("还有别人在用它。", "Somebody else still uses it.")

ORDER = (Outcome.ERASE, Outcome.RESTRICT, Outcome.ASK, Outcome.MANUAL, Outcome.KEEP)


class _Told(Protocol):
    """A planned item, drafted or frozen, as the preview reads it."""

    collection: str
    ownership: Ownership
    outcome: Outcome
    action: Action
    skeleton: bool
    waived: Sequence[str]
    whole: bool
    asked: Sequence[str]
    fields: Sequence[str]
    holds: list[Any]
    reason: dict[str, Any] | None
    row_count: int
    mark: Restriction


@dataclass(slots=True)
class PreviewLine:
    """One line of the ledger a customer reads. `count` is in rows. `ends`: when what stays can go.

    `cleared`: the titles of the fields that are cleared in these records, which stay. `staff_words`: what a reviewer wrote to
    the customer about these records. `items`: the frozen plan items in it.
    """

    key: str
    outcome: Outcome
    title: Words
    why: Words
    count: int = 0
    ends: DeletableFrom | None = None
    meanwhile: Words | None = None
    you_can: Words | None = None
    law: list[dict[str, Any]] = field(default_factory=list)
    collection: str = ""
    cleared: tuple[Words, ...] = ()
    staff_words: str = ""
    items: list[uuid.UUID] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """The lines in reading order. `lines_of` gives one block; counts are of lines, as the bar shows them."""

    lines: list[PreviewLine]

    def lines_of(self, *outcomes: str) -> list[PreviewLine]:
        return [line for line in self.lines if line.outcome in outcomes]

    @property
    def rows(self) -> int:
        return sum(line.count for line in self.lines)


@dataclass(slots=True)
class _Drafted:
    collection: str
    ownership: Ownership
    outcome: Outcome
    action: Action
    skeleton: bool
    waived: Sequence[str]
    whole: bool
    asked: Sequence[str]
    fields: Sequence[str]
    holds: list[Any]
    reason: dict[str, Any] | None
    row_count: int
    mark: Restriction


def preview_sheet(catalogue: Catalogue, data_map: DataMap, sheet: Sheet) -> Preview:
    """The preview of a drafted plan."""
    return preview_items(catalogue, data_map, (_told(catalogue, sheet, *group) for group in sheet.groups()))


def _told(catalogue: Catalogue, sheet: Sheet, collection: str, decision: Any, keys: list[Any]) -> _Drafted:
    said = describe(collection, decision)
    return _Drafted(
        collection,
        decision.ownership,
        decision.outcome,
        decision.action,
        decision.skeleton,
        decision.waived,
        decision.whole,
        decision.asked,
        decision.fields,
        said["holds"],
        said["reason"],
        len(keys),
        mark_of(catalogue, collection, keyless=collection in sheet.keyless),
    )


def preview_items(catalogue: Catalogue, data_map: DataMap, items: Iterable[_Told], *, done: bool = False) -> Preview:
    """The preview of any planned items, or with `done` what became of them; other people's rows are left out, they are not
    the reader's to see.
    """
    lines: dict[tuple[object, ...], PreviewLine] = {}
    for item in items:
        if item.ownership is Ownership.THIRD_PARTY:
            continue
        outcome = getattr(item, "decided_outcome", None) or item.outcome
        cleared = fields_cleared(item, outcome)
        holds = [] if outcome is Outcome.ERASE else item.holds
        rules, said = tuple(hold["rule"] for hold in holds), _decided(item).get("customer", "")
        like = (item.collection, outcome, _why(item, outcome), cleared, rules, said)
        if like not in lines:
            lines[like] = _begin_line(catalogue, item, outcome, holds, len(lines))
            lines[like].meanwhile, lines[like].you_can = _said_of(item, outcome, done)
            lines[like].cleared = _titles(catalogue, data_map.collections[item.collection], cleared)
        _add_item(lines[like], item, holds)
    ordered = sorted(lines.values(), key=lambda line: (ORDER.index(line.outcome), _latest(line), line.collection))
    return Preview(ordered)


def is_about_nobody(data_map: DataMap, collection: str, outcome: Outcome) -> bool:
    """Whether rows stay untouched and their collection holds nothing about a person (goods, shops): they merely stand beside the
    customer's own, and are not worth a line to anybody.
    """
    return outcome is Outcome.KEEP and not data_map.collections[collection].personal


def fields_cleared(item: _Told, outcome: Outcome) -> tuple[str, ...]:
    """The fields that are cleared in records that stay; of records that go as a whole nothing is left to clear."""
    if outcome is Outcome.ERASE and item.skeleton:
        return tuple(item.fields)
    if outcome is Outcome.ERASE:
        return () if item.whole else tuple(item.asked)
    return tuple(item.fields) if outcome is Outcome.RESTRICT else ()


def _titles(catalogue: Catalogue, collection: Collection, fields: Iterable[str]) -> tuple[Words, ...]:
    """What the fields are called, each name once."""
    return tuple(dict.fromkeys(catalogue.field_title(collection, path) for path in fields))


def _latest(line: PreviewLine) -> int:
    return -(line.ends.day if line.ends and line.ends.day else date.max).toordinal()


def _begin_line(catalogue: Catalogue, item: _Told, outcome: Outcome, holds: list[Any], number: int) -> PreviewLine:
    title = catalogue.collection(item.collection).title
    line = PreviewLine(f"line-{number + 1}", outcome, title, _why(item, outcome), collection=item.collection)
    line.staff_words = _decided(item).get("customer", "")
    if outcome is Outcome.MANUAL:
        return line
    line.law = [
        {"title": Words.read(hold["title"]), "citation": Words.read(hold["citation"]), "authority": hold["authority"]}
        for hold in holds
        if not hold["rule"].startswith(PLACED)
    ]
    return line


def _decided(item: _Told) -> dict[str, Any]:
    """Why a person decided otherwise, if one did."""
    return getattr(item, "decided_reason", None) or {}


def _why(item: _Told, outcome: Outcome) -> Words:
    if _decided(item) and outcome in (Outcome.ERASE, Outcome.KEEP):
        return Words.read(_decided(item))
    if item.holds and outcome in (Outcome.RESTRICT, Outcome.ASK):
        return Words.read(item.holds[0]["reason"])
    if outcome is Outcome.ERASE and item.waived:
        return WHY_WAIVED
    if outcome is Outcome.ERASE:
        if item.skeleton:
            return Words.read(item.reason) if item.reason else WHY_MASK
        return WHY_ERASE if item.whole else WHY_FIELDS
    if outcome is Outcome.KEEP:
        own_words = None if item.ownership is Ownership.UNCLEAR else item.reason
        reason = getattr(item, "decided_reason", None) or own_words
        return Words.read(reason) if reason else WHY_SHARED
    return WHY_MANUAL


def _meanwhile(item: _Told, done: bool) -> Words:
    restriction = Restriction.SEAL if item.action is Action.SEAL else item.mark
    return say_restriction(restriction, item.holds, cleared=False, done=done)


def _said_of(item: _Told, outcome: Outcome, done: bool) -> tuple[Words | None, Words | None]:
    """What we do with it meanwhile, and what the reader can do."""
    match outcome:
        case Outcome.RESTRICT:
            return _meanwhile(item, done), CAN_NOTHING
        case Outcome.ASK:
            return MEANWHILE_ASK, CAN_ASK
        case Outcome.MANUAL:
            return MEANWHILE_MANUAL, CAN_WAIT
        case Outcome.KEEP:
            return MEANWHILE_SHARED, None
    return None, None


def _add_item(line: PreviewLine, item: _Told, holds: list[Any]) -> None:
    line.count += item.row_count
    if (item_id := getattr(item, "id", None)) is not None:
        line.items.append(item_id)
    if holds and line.outcome is not Outcome.MANUAL:
        ends = deletable_from(holds)
        line.ends = line.ends.with_other(ends) if line.ends else ends
