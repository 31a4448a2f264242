"""One collection, ready to be searched: which columns are read, by which it is entered, and where its rows lead."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection
from privacy_center.sources.rows import Key
from privacy_center.sources.ties import Tie
from privacy_center.sources.values import Cast

Slot = tuple[tuple[str, ...], bool]
"""Columns by which a collection is entered, and whether they are compared in lower case."""


@dataclass(frozen=True, slots=True)
class IdentityPlace:
    """An identity field: where it stands in a row that was read, and how values are cast to its column."""

    path: str
    kind: str
    place: int
    cast: Cast
    folded: bool
    is_text: bool


@dataclass(eq=False)
class Site:
    """One collection, ready to be searched. `paths`: what is read of a row, keys first; `columns`: the same in SQL."""

    collection: Collection
    table: sa.Table
    key_fields: tuple[str, ...]
    keyless: bool
    paths: tuple[str, ...]
    columns: dict[str, sa.ColumnElement[Any]]
    identities: tuple[IdentityPlace, ...]
    after: frozenset[str]
    dialect: str
    ups: list[Tie] = field(default_factory=list)
    downs: list[Tie] = field(default_factory=list)
    _statements: dict[tuple[Slot, ...], sa.Select[Any]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.collection.key

    @cached_property
    def owners(self) -> tuple[Tie, ...]:
        """The ties by which a row of this collection belongs to another row."""
        return tuple(tie for tie in self.ups if tie.belongs)

    @cached_property
    def pointers(self) -> tuple[Tie, ...]:
        """The ties by which a row of this collection points to another row."""
        return tuple(tie for tie in self.ups if not tie.belongs)

    @cached_property
    def pointed(self) -> tuple[Tie, ...]:
        """The ties by which rows elsewhere point to a row of this collection."""
        return tuple(tie for tie in self.downs if not tie.belongs)

    def key_of(self, row: Any) -> Key:
        return tuple(row[: len(self.key_fields)])

    def statement(self, slots: tuple[Slot, ...]) -> sa.Select[Any]:
        """SELECT of what is read of a row, entered by any of the slots; their values are the parameters `p0`, `p1`, …"""
        if slots not in self._statements:
            entered = [self.entry(slot, f"p{number}") for number, slot in enumerate(slots)]
            read = [self.columns[path].label(f"c{place}") for place, path in enumerate(self.paths)]
            self._statements[slots] = sa.select(*read).select_from(self.table).where(sa.or_(*entered))
        return self._statements[slots]

    def entry(self, slot: Slot, parameter: str) -> sa.ColumnElement[bool]:
        """The condition of one slot: its columns are among the values of an expanding parameter."""
        paths, lowered = slot
        values = sa.bindparam(parameter, expanding=True)
        if len(paths) > 1:
            return sa.tuple_(*(self.columns[path] for path in paths)).in_(values)
        column = self.columns[paths[0]]
        return (sa.func.lower(column) if lowered else column).in_(values)
