"""One collection, ready to be searched: which columns are read, by which it is entered, and where its rows lead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection
from privacy_center.datamap.row_condition import RowCondition
from privacy_center.sources.identity_parts import parts_of
from privacy_center.sources.odd_spelling import bare
from privacy_center.sources.rows import Key
from privacy_center.sources.ties import Tie
from privacy_center.sources.values import Cast

ESCAPE = "/"


class Slot(NamedTuple):
    """Columns by which a collection is entered, how they are compared, and the condition (a path of the site) that rows meet.

    `within`: the value stands somewhere in the column, one value to a slot; `number` tells such slots apart.
    """

    paths: tuple[str, ...]
    how: Literal["exact", "lower", "bare", "within"] = "exact"
    when: str = ""
    number: int = 0
    kind: str = ""


@dataclass(frozen=True, slots=True)
class IdentityPlace:
    """An identity field: where it stands in a row that was read, and how values are cast to its column.

    `when`: the path of the condition under which it holds an identity, `met` the place where the answer stands. `mention`:
    it does not say whose the row is. `listed`: the map says that it holds several values.
    """

    path: str
    kind: str
    place: int
    cast: Cast
    folded: bool
    is_text: bool
    when: str = ""
    met: int | None = None
    mention: bool = False
    listed: bool = False

    def values(self, row: Any) -> tuple[Any, ...]:
        """The identity values that stand in this field of the row."""
        if self.met is not None and not row[self.met]:
            return ()
        return parts_of(self.kind, row[self.place], self.listed)


@dataclass(eq=False)
class Site:
    """One collection, ready to be searched. `paths`: what is read of a row, keys first; `columns`: the same in SQL.

    `conditions`: the map's conditions on its rows → the path under which a row tells whether it meets them.
    """

    collection: Collection
    table: sa.Table
    key_fields: tuple[str, ...]
    keyless: bool
    paths: tuple[str, ...]
    columns: dict[str, sa.ColumnElement[Any]]
    identities: tuple[IdentityPlace, ...]
    after: frozenset[str]
    dialect: str
    conditions: Mapping[RowCondition, str] = field(default_factory=dict)
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
        entered = self._entered(slot, parameter)
        return sa.and_(entered, self.columns[slot.when] == 1) if slot.when else entered

    def _entered(self, slot: Slot, parameter: str) -> sa.ColumnElement[bool]:
        values = sa.bindparam(parameter, expanding=True)
        if len(slot.paths) > 1:
            return sa.tuple_(*(self.columns[path] for path in slot.paths)).in_(values)
        column = self.columns[slot.paths[0]]
        if slot.how == "exact":
            return column.in_(values)
        if slot.how == "lower":
            return sa.func.lower(column).in_(values)
        plain = bare(as_text_column(column), slot.kind, self.dialect)
        if slot.how == "bare":
            return plain.in_(values)
        return plain.like(sa.bindparam(parameter), escape=ESCAPE)

    @cached_property
    def record_places(self) -> tuple[int, ...]:
        """Where the fields stand whose equal values make rows one record; none where every row is one."""
        return tuple(self.paths.index(path) for path in self.collection.record)

    def record_of(self, row: Any) -> Key | None:
        """The values that the rows of one record share; None where a row is a record by itself."""
        values = tuple(row[place] for place in self.record_places)
        return None if not values or None in values else values


def as_text_column(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column, as text where it is a list or a document."""
    return column if isinstance(column.type, sa.String) else sa.cast(column, sa.Text)
