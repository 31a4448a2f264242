"""Which facts the rules need of a row, in which order: the database fills them in, `judge` reads them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sqlalchemy as sa

from privacy_center.retention.compile import Ground, compile_condition, parent_column, three_valued
from privacy_center.retention.covers import Binding
from privacy_center.retention.period import Span
from privacy_center.retention.sanity import Pair, pairs_of
from privacy_center.retention.sql_days import compare_fields, unknown


@dataclass(frozen=True)
class Asked:
    """One rule on one collection, and where its facts stand among the facts of a row (None: not asked)."""

    binding: Binding
    span: Span | None
    pairs: tuple[Pair, ...]
    rule_at: int
    from_at: int | None
    odd_at: int | None
    sane_at: int | None


@dataclass(frozen=True)
class Layout:
    """The rules that may hold rows of a collection on a day. `wanted`: what each fact is, in the order of the facts."""

    asked: tuple[Asked, ...]
    wanted: tuple[tuple[str, Any], ...]

    @property
    def days_at(self) -> frozenset[int]:
        """The places of the facts that are stored days."""
        return frozenset(at for at, (kind, _what) in enumerate(self.wanted) if kind == "from")


def lay_out(bindings: Iterable[Binding], span_of: Callable[[Binding], Span | None]) -> Layout:
    """The layout of some rules on one collection; a fact that two rules share is asked once."""
    places: dict[tuple[str, Any], int] = {}

    def place(kind: str, what: Any, wanted: bool = True) -> int | None:
        return places.setdefault((kind, what), len(places)) if wanted else None

    asked = []
    for number, binding in enumerate(bindings):
        pairs, sane = pairs_of(binding), binding.rule.sane is not None
        asked.append(
            Asked(
                binding,
                span_of(binding),
                pairs,
                rule_at=place("rule", number) or 0,
                from_at=place("from", _start_key(binding), binding.from_column is not None),
                odd_at=place("odd", pairs, bool(pairs)),
                sane_at=place("sane", number, sane),
            )
        )
    return Layout(tuple(asked), tuple(places))


def fact_columns(layout: Layout, ground_of: Callable[[Binding], Ground]) -> list[sa.ColumnElement]:
    """The facts as labelled columns (`rule_0`, `from_1`, …), each evaluated by the database for one row."""
    asked_at = {one.rule_at: one for one in layout.asked} | {
        at: one for one in reversed(layout.asked) for at in (one.from_at, one.odd_at, one.sane_at) if at is not None
    }
    columns = []
    for at, (kind, _what) in enumerate(layout.wanted):
        asked = asked_at[at]
        columns.append(_fact(kind, asked, ground_of(asked.binding)).label(f"{kind}_{at}"))
    return columns


def _fact(kind: str, asked: Asked, ground: Ground) -> sa.ColumnElement:
    if kind == "rule":
        return three_valued(about(asked.binding, ground))
    if kind == "sane":
        return three_valued(compile_condition(asked.binding.rule.sane, ground))
    if kind == "odd":
        return three_valued(odd(asked, ground))
    column = start_column(asked.binding, ground)
    return sa.null() if column is None else sa.type_coerce(column, sa.types.NullType())


def start_column(binding: Binding, ground: Ground) -> sa.ColumnElement | None:
    """The column from which the rule's period counts; None where the live tables lack it."""
    until = binding.rule.until
    if until.of and until.from_:
        return parent_column(until.of, until.from_, ground)
    return ground.column(binding.from_column or "")


def _start_key(binding: Binding) -> tuple[Any, ...]:
    of = binding.rule.until.of
    return (of.collection, *sorted(of.on.items()), binding.from_column) if of else (binding.from_column,)


def about(binding: Binding, ground: Ground) -> sa.ColumnElement[bool]:
    """Whether the rule is about the row; true for every row where the rule has no condition."""
    return sa.true() if binding.rule.when is None else compile_condition(binding.rule.when, ground)


def odd(asked: Asked, ground: Ground) -> sa.ColumnElement[bool]:
    """Whether one of the row's ends lies before its start."""
    found = [_ends_first(pair, ground) for pair in asked.pairs]
    return reduce(sa.or_, found)


def _ends_first(pair: Pair, ground: Ground) -> sa.ColumnElement[bool]:
    end, start = ground.table.c.get(pair.end), ground.table.c.get(pair.start)
    if end is None or start is None:
        return unknown()
    return compare_fields(end, "lt", start, ground.zone)
