"""Conditions of rules: structured, so that they can be checked, explained and compiled; never evaluated as code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from privacy_center.datamap.finding import did_you_mean
from privacy_center.retention.duration import Duration, read_duration
from privacy_center.retention.said import said_wrong

Operator = Literal["is_null", "not_null", "eq", "ne", "in", "not_in", "lt", "le", "gt", "ge"]
WRITTEN_OPERATORS = ("is", "eq", "ne", "in", "not_in", "lt", "le", "gt", "ge")
ORDERED = frozenset({"lt", "le", "gt", "ge"})


@dataclass(frozen=True, slots=True)
class Today:
    """A day counted from the day of judging: `{today: -P3Y}`, `{today: P30D}`, `{today: P0D}`."""

    sign: int
    duration: Duration

    def on(self, today: date) -> date:
        return self.duration.after(today) if self.sign > 0 else self.duration.before(today)


@dataclass(frozen=True, slots=True)
class OtherField:
    """The value of another field of the same row: `{field: opened_at}`."""

    field: str


class Part(BaseModel):
    """A piece of a rule pack: unknown keys are refused, what is read does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)


class Compare(Part):
    """`{field: status, in: [open, waiting]}`: one field, one operator, one value."""

    field: str
    operator: Operator
    value: Any = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or "operator" in raw:
            return raw
        operators = [key for key in raw if key != "field"]
        unknown = [key for key in operators if key not in WRITTEN_OPERATORS]
        if unknown:
            hint = did_you_mean(unknown[0], WRITTEN_OPERATORS)
            raise said_wrong(
                f"不认识运算符 {unknown[0]}。可用：{' '.join(WRITTEN_OPERATORS)}。{hint.zh}",
                f"There is no operator {unknown[0]}. Use one of {' '.join(WRITTEN_OPERATORS)}.{hint.en}",
            )
        if len(operators) != 1:
            raise said_wrong(
                "每个条件只写一个运算符；要写多个，用 all: [...]。",
                "Write one operator in each condition; for several use all: [...].",
            )
        operator, value = _read_operator(operators[0], raw[operators[0]])
        return {"field": raw["field"], "operator": operator, "value": value}


class All(Part):
    """Every one of them."""

    all: tuple["Condition", ...] = Field(min_length=1)


class AnyOf(Part):
    """At least one of them."""

    any: tuple["Condition", ...] = Field(min_length=1)


class Not(Part):
    """Not that."""

    not_: "Condition" = Field(alias="not")


class Related(Part):
    """Rows of another collection of the same dataset; `on` pairs their field with ours."""

    collection: str
    on: dict[str, str] = Field(min_length=1)
    when: "Condition | None" = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        """YAML 1.1 reads a bare `on` as true: take it for what was meant."""
        if isinstance(raw, Mapping) and True in raw:
            return {("on" if key is True else key): value for key, value in raw.items()}
        return raw


class Exists(Part):
    """There is such a row in another collection."""

    exists: Related


def _kind_of(raw: Any) -> str | None:
    if isinstance(raw, Compare | All | AnyOf | Not | Exists):
        return {Compare: "field", All: "all", AnyOf: "any", Not: "not", Exists: "exists"}[type(raw)]
    keys = raw if isinstance(raw, Mapping) else ()
    return next((kind for kind in ("all", "any", "not", "exists", "field") if kind in keys), None)


Condition = Annotated[
    Annotated[Compare, Tag("field")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Exists, Tag("exists")],
    Discriminator(_kind_of),
]
for _model in (All, AnyOf, Not, Related, Exists):
    _model.model_rebuild()


def _read_operator(operator: str, value: Any) -> tuple[str, Any]:
    if operator == "is":
        if value in (None, "null", "not_null"):
            return ("not_null" if value == "not_null" else "is_null"), None
        raise said_wrong("is 后面只能写 null 或 not_null。", "After is: write null or not_null.")
    if operator in ("in", "not_in"):
        if not isinstance(value, list | tuple):
            raise said_wrong(f"{operator} 后面要写列表。", f"After {operator}: write a list.")
        return operator, tuple(_read_operand(one) for one in value)
    return operator, _read_operand(value)


def _read_operand(value: Any) -> Any:
    if value is None:
        raise said_wrong(
            "和空值比较用 is: null 或 is: not_null。", "To compare with nothing use is: null or is: not_null."
        )
    if isinstance(value, Mapping):
        return _read_named_operand(value)
    if isinstance(value, datetime):
        raise said_wrong("日期只写到天，比如 2026-01-31。", "Write days only, such as 2026-01-31.")
    if isinstance(value, str | int | float | date):
        return value
    raise said_wrong("这里要写一个值。", "Write one value here.")


def _read_named_operand(value: Mapping) -> Today | OtherField:
    if set(value) == {"field"} and isinstance(value["field"], str):
        return OtherField(value["field"])
    if set(value) == {"today"} and isinstance(value["today"], str):
        written = value["today"]
        return Today(-1 if written.startswith("-") else 1, read_duration(written.lstrip("+-")))
    raise said_wrong(
        "值可以写成 {today: -P3Y} 或 {field: 另一个字段}。",
        "A value may be {today: -P3Y} or {field: another_field}.",
    )


def compares_in(condition: Any) -> Iterator[Compare]:
    """Every comparison on the row itself, at any depth; what `exists` asks of other rows is not among them."""
    match condition:
        case Compare():
            yield condition
        case All(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from compares_in(part)
        case Not(not_=part):
            yield from compares_in(part)


def relations_in(condition: Any) -> Iterator[Related]:
    """Every `exists` at any depth, but not those inside another `exists`."""
    match condition:
        case Exists(exists=related):
            yield related
        case All(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from relations_in(part)
        case Not(not_=part):
            yield from relations_in(part)


def fields_of(condition: Any) -> frozenset[str]:
    """The names of the row's own fields that a condition reads, as the rule writes them."""
    named = set()
    for one in compares_in(condition):
        named.add(one.field)
        values = one.value if isinstance(one.value, tuple) else (one.value,)
        named |= {value.field for value in values if isinstance(value, OtherField)}
    for related in relations_in(condition):
        named |= set(related.on.values())
    return frozenset(named)
