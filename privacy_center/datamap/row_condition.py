"""Which rows of a collection a reference or an identity holds for: what the map says under `when` and `identity_when`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from privacy_center.errors import Words

Operator = Literal["eq", "ne", "in", "not_in", "is_null", "not_null"]
WRITTEN = ("eq", "ne", "in", "not_in", "is")
DEEPEST = 10
Wrong = Callable[[Words], None]

_NO_CONDITION = Words(
    "条件要写成 {field: 字段, eq: 值}，或 all: [...]、any: [...]。",
    "Write a condition as {field: name, eq: value}, or all: [...], any: [...].",
)
_NO_OPERATOR = Words(
    "条件里要有且只有一个运算符：eq、ne、in、not_in 或 is: null / is: not_null。",
    "A condition has exactly one operator: eq, ne, in, not_in, or is: null / is: not_null.",
)
_NO_VALUE = Words(
    "eq 和 ne 后面写一个值，in 和 not_in 后面写不空的列表，is 后面写 null 或 not_null。",
    "Write one value after eq and ne, a list that is not empty after in and not_in, null or not_null after is.",
)


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One field of the row compared with one value, or with several."""

    field: str
    operator: Operator
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Junction:
    """Every part (`all`) or at least one (`any`)."""

    kind: Literal["all", "any"]
    parts: tuple["RowCondition", ...]


RowCondition = FieldTest | Junction


def fields_in(condition: RowCondition) -> Iterator[str]:
    """The fields that a condition reads."""
    if isinstance(condition, FieldTest):
        yield condition.field
        return
    for part in condition.parts:
        yield from fields_in(part)


def read_condition(raw: Any, wrong: Wrong, depth: int = 0) -> RowCondition | None:
    """The condition that a map writes; None where it is none, after `wrong` was told what to write instead."""
    if not isinstance(raw, Mapping) or depth > DEEPEST:
        wrong(_NO_CONDITION)
        return None
    kind = next((one for one in ("all", "any") if one in raw), None)
    if kind is not None:
        return _read_junction(kind, raw, wrong, depth)
    if not isinstance(raw.get("field"), str) or not raw["field"]:
        wrong(_NO_CONDITION)
        return None
    return _read_test(raw, wrong)


def _read_junction(kind: Any, raw: Mapping[Any, Any], wrong: Wrong, depth: int) -> RowCondition | None:
    if len(raw) != 1 or not isinstance(raw[kind], list) or not raw[kind]:
        wrong(_NO_CONDITION)
        return None
    parts = [read_condition(one, wrong, depth + 1) for one in raw[kind]]
    return Junction(kind, tuple(one for one in parts if one is not None)) if None not in parts else None


def _read_test(raw: Mapping[Any, Any], wrong: Wrong) -> RowCondition | None:
    written = [key for key in raw if key != "field"]
    if len(written) != 1 or written[0] not in WRITTEN:
        wrong(_NO_OPERATOR)
        return None
    operator, value = written[0], raw[written[0]]
    if operator == "is" and value in (None, "null", "not_null"):
        return FieldTest(raw["field"], "not_null" if value == "not_null" else "is_null")
    listed = value if operator in ("in", "not_in") else [value]
    if operator == "is" or not isinstance(listed, list) or not listed or not all(map(_is_value, listed)):
        wrong(_NO_VALUE)
        return None
    return FieldTest(raw["field"], operator, tuple(listed))


def _is_value(value: Any) -> bool:
    return isinstance(value, str | int | float | date) and not isinstance(value, datetime)
