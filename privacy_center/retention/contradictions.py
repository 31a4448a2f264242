"""Conditions that no row can ever meet, seen from the constants in them alone."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from privacy_center.errors import Words
from privacy_center.retention.condition import All, Compare, OtherField, Today, compares_in

EMPTY_LIST = Words("{field} 的列表是空的，永远不会成立。", "the list for {field} is empty, so it never holds.")
CLASH = Words(
    "对 {field} 的条件互相矛盾，永远不会成立。", "the conditions on {field} contradict each other, so they never hold."
)


def contradiction(condition: Any, today: date) -> Words | None:
    """Why no row can meet the condition, where that is plain to see; None otherwise."""
    for one in compares_in(condition):
        if one.operator in ("in", "not_in") and not one.value:
            return EMPTY_LIST.filled(field=one.field)
    required: dict[str, list[Compare]] = {}
    for one in _required(condition):
        required.setdefault(one.field, []).append(one)
    clashing = next((field for field, found in required.items() if _clash(found, today)), None)
    return CLASH.filled(field=clashing) if clashing else None


def _required(condition: Any) -> Iterator[Compare]:
    """The comparisons that must all hold."""
    match condition:
        case Compare():
            yield condition
        case All(all=parts):
            for part in parts:
                yield from _required(part)


def _clash(found: list[Compare], today: date) -> bool:
    operators = {one.operator for one in found}
    if "is_null" in operators and len(operators) > 1:
        return True
    allowed: set[Any] | None = None
    lowest: list[tuple[Any, bool]] = []
    highest: list[tuple[Any, bool]] = []
    for one in found:
        value = one.value.on(today) if isinstance(one.value, Today) else one.value
        if isinstance(value, OtherField) or one.operator in ("is_null", "not_null"):
            continue
        if one.operator in ("eq", "in"):
            these = set(value) if one.operator == "in" else {value}
            allowed = these if allowed is None else allowed & these
        elif one.operator in ("gt", "ge"):
            lowest.append((value, one.operator == "gt"))
        elif one.operator in ("lt", "le"):
            highest.append((value, one.operator == "lt"))
    return allowed == set() or any(_apart(low, high) for low in lowest for high in highest)


def _apart(low: tuple[Any, bool], high: tuple[Any, bool]) -> bool:
    """Whether nothing lies at or above `low` and at or below `high` (each a bound, and whether it is left out)."""
    try:
        return low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))
    except TypeError:
        return False
