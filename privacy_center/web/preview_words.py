"""A preview in the words of the customer pages: the parts of the bar, the sentence above it, the words of an outcome."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from privacy_center.errors import Words
from privacy_center.execution.record_states import RecordState, RecordStates
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.web.filters import day, day_within, number, words
from privacy_center.web.ledger import OUTCOMES, Ledger


def outcome_words() -> dict[str, str]:
    """What will happen, in two to six characters, before it has happened."""
    return {
        "erase": _("可以删除"),
        "restrict": _("暂时保留"),
        "ask": _("需要您先处理"),
        "manual": _("由专人看过再定"),
        "keep": _("与别人共用"),
    }


def outcome_words_done() -> dict[str, str]:
    """The same after it has happened."""
    return outcome_words() | {"erase": _("已删除"), "ask": _("等您处理")}


def state_words(state: RecordState) -> str:
    """What became of a record, in a word."""
    return {
        RecordState.DELETED: _("已删除"),
        RecordState.CLEARED: _("已清空"),
        RecordState.HELD: _("暂时保留"),
        RecordState.WAITING: _("待处理"),
        RecordState.UNDECIDED: _("待人工判断"),
        RecordState.UNCHANGED: _("不变更"),
        RecordState.OUTSTANDING: _("处理中"),
    }[state]


STATE_SIGNS = {
    RecordState.DELETED: ("erase", "trash-2"),
    RecordState.CLEARED: ("erase", "circle-x"),
    RecordState.HELD: ("restrict", "lock"),
    RecordState.WAITING: ("ask", "hand"),
    RecordState.UNDECIDED: ("manual", "user-check"),
    RecordState.UNCHANGED: ("keep", "users"),
    RecordState.OUTSTANDING: ("", "hourglass"),
}
"""The colour and icon of each state of a record."""


@dataclass(frozen=True, slots=True)
class ShownState:
    """How many records are in one state, in a word with its colour and icon."""

    words: str
    tone: str
    icon: str
    count: int


def shown_states(states: RecordStates | None, items: Iterable[uuid.UUID]) -> list[ShownState]:
    """What became of the records of these plan items; empty while nothing was handed in."""
    counted = states.count(items) if states else {}
    return [ShownState(state_words(state), *STATE_SIGNS[state], count) for state, count in counted.items()]


def parts_of(told: Ledger, *, done: bool = False) -> list[tuple[str, str, int]]:
    """The bar: outcome, words, how many lines; only outcomes that occur."""
    said = outcome_words_done() if done else outcome_words()
    counted = [(name, said[name], len(told.lines_of(name))) for name in OUTCOMES]
    return [part for part in counted if part[2]]


def summary_of(told: Ledger) -> str:
    """共 13 项，1,204 条记录：7 项可以删除，4 项暂时保留，2 项要您先处理。"""
    counts = {name: len(told.lines_of(name)) for name in OUTCOMES}
    said = {
        "erase": _("%(n)d 项可以删除", n=counts["erase"]),
        "restrict": _("%(n)d 项暂时保留", n=counts["restrict"]),
        "ask": _("%(n)d 项要您先处理", n=counts["ask"]),
        "manual": _("%(n)d 项由专人看过再定", n=counts["manual"]),
        "keep": _("%(n)d 项与别人共用", n=counts["keep"]),
    }
    joined = words(Words("，", ", ")).join(said[name] for name in OUTCOMES if counts[name])
    rows = number(sum(line.count for line in told.lines))
    return _("共 %(all)d 项，%(rows)s 条记录：%(parts)s。", all=len(told.lines), rows=rows, parts=joined)


def default_ends(asked: PrivacyRequest) -> dict[str, str]:
    """What stands where a line has no end of its own; what goes has gone, or goes when the time to cancel is over."""
    return {
        "erase": _erased_on(asked),
        "restrict": _("规定的条件结束后"),
        "ask": _("您作出选择后"),
        "manual": _("工作人员看过后"),
        "keep": _("别人不再用它"),
    }


def _erased_on(asked: PrivacyRequest) -> str:
    """The day on which it went; before that, the first day on which it can, for the review may take longer."""
    if asked.completed_at:
        return day(asked.completed_at)
    goes = asked.cooling_off_until
    return day_within(_("最早%(day)s"), goes) if goes else _("审核通过以后")


def held_on(certificate: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a certificate says is kept, each with `ends`: when it can go, in the sentence that was signed."""
    return [one | {"ends": Words.read(one["deletable_from"]["words"])} for one in certificate["held"]]


def until_words() -> dict[str, str]:
    """What the end of a line is called."""
    return {
        "erase": _("删除日"),
        "restrict": _("删除时间"),
        "ask": _("删除时间"),
        "manual": _("等到"),
        "keep": _("保留到"),
    }
