"""What a live database says of itself, as pure data: tables, columns, keys. Nothing here opens a connection."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Family = Literal[
    "text", "integer", "number", "boolean", "date", "datetime", "time", "binary", "json", "uuid", "array", "other"
]
FAMILIES: tuple[Family, ...] = Family.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """One column. `family` is what kind of values it holds; `native` is the database's own word for the type.

    `length` is in characters, None where there is no limit. `item` is the family of an array's elements. `choices`: the
    only values that an enumerated type has; empty for every other.
    """

    name: str
    family: Family
    length: int | None = None
    nullable: bool = True
    native: str = ""
    default: str | None = None
    generated: bool = False
    item: Family | None = None
    comment: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveForeignKey:
    """`columns` of this table point to `referred_columns` of `referred_table`, both in the same order. `cleared`: the columns
    that ON DELETE SET NULL or SET DEFAULT changes, where these are not all.
    """

    columns: tuple[str, ...]
    referred_table: str
    referred_columns: tuple[str, ...]
    ondelete: str | None = None
    referred_schema: str | None = None
    name: str | None = None
    cleared: tuple[str, ...] = ()

    @property
    def emptied(self) -> tuple[str, ...]:
        """The columns that the database changes where what they refer to is deleted and ON DELETE says so."""
        return self.cleared or self.columns


@dataclass(frozen=True, slots=True)
class LiveUnique:
    """Columns whose values together must differ from row to row (a constraint or a unique index)."""

    columns: tuple[str, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """An index and the columns it covers, in its order."""

    columns: tuple[str, ...]
    unique: bool = False
    name: str | None = None


@dataclass(frozen=True, slots=True)
class LiveCheck:
    """A CHECK constraint: its SQL text as the database tells it."""

    sqltext: str
    name: str | None = None


@dataclass(frozen=True)
class LiveTable:
    """One table or view. `primary_key` is empty where the database declares none. `elsewhere`: its schema, where that is
    not the one that was read. `part_unique`: columns that a unique index over an expression or over some rows keeps apart;
    `one_null`: columns of which only one row may be empty. `has_heirs`: rows of tables that inherit from it are among its
    own, so none of its keys is unique. `hides_rows`: our account does not see all of them. `keeps_history`: old versions of rows stay
    readable. `fixed`: a view whose rows cannot be changed. `referred_beneath`: for a view, the table under it to whose rows
    foreign keys refer. `materialized`: a view that keeps a copy of its rows until it is
    refreshed. `loose`: the engine, where it cannot roll back.
    """

    name: str
    columns: Mapping[str, LiveColumn]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[LiveForeignKey, ...] = ()
    uniques: tuple[LiveUnique, ...] = ()
    indexes: tuple[LiveIndex, ...] = ()
    checks: tuple[LiveCheck, ...] = ()
    is_view: bool = False
    comment: str = ""
    elsewhere: str | None = None
    part_unique: tuple[tuple[str, ...], ...] = ()
    one_null: frozenset[str] = frozenset()
    has_heirs: bool = False
    hides_rows: bool = False
    keeps_history: bool = False
    fixed: bool = False
    referred_beneath: str = ""
    materialized: bool = False
    loose: str = ""

    @cached_property
    def unique_sets(self) -> tuple[tuple[str, ...], ...]:
        """Every set of columns that is unique, constraints first, without repeats; never the primary key."""
        found = [one.columns for one in self.uniques] + [one.columns for one in self.indexes if one.unique]
        return tuple(dict.fromkeys(columns for columns in found if columns and columns != self.primary_key))

    @cached_property
    def proven_keys(self) -> tuple[tuple[str, ...], ...]:
        """Every set of columns that the database keeps from repeating, the primary key first."""
        own = (self.primary_key,) if self.primary_key else ()
        return () if self.has_heirs else own + self.unique_sets


@dataclass(frozen=True)
class LiveSchema:
    """All tables of one database (or one schema of it) by name. `dialect` is `postgresql`, `mysql`, `sqlite`, …

    `outside`: tables of other schemas that refer to these, by `schema.table`. `parts`: partitions, which are no tables of
    their own here, by name → the table that they are parts of. `heirs`: table → those from which it inherits, the nearest
    first; its rows are among theirs.
    """

    tables: Mapping[str, LiveTable] = field(default_factory=dict)
    dialect: str = ""
    schema: str | None = None
    outside: Mapping[str, LiveTable] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    heirs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def any_table(self, name: str) -> LiveTable:
        """A table of this schema, or one outside it by `schema.table`."""
        return self.tables.get(name) or self.outside[name]

    @cached_property
    def referring(self) -> Mapping[str, tuple[tuple[str, LiveForeignKey], ...]]:
        """Table → the foreign keys of other tables (and its own, and those outside) that point to it, as (table, key). Those
        that point to a table that inherits from it are among them.
        """
        grouped: dict[str, list[tuple[str, LiveForeignKey]]] = {}
        for name, table in (*self.tables.items(), *self.outside.items()):
            for one in (key for key in table.foreign_keys if key.referred_schema in (None, self.schema)):
                for referred in (one.referred_table, *self.heirs.get(one.referred_table, ())):
                    grouped.setdefault(referred, []).append((name, one))
        return {name: tuple(found) for name, found in grouped.items()}

    def among(self, name: str, tables: Container[str], columns: Iterable[str] = ()) -> str | None:
        """The table, or the nearest one from which it inherits, that is among these and has these columns; None where none."""
        lines = (one for one in (name, *self.heirs.get(name, ())) if one in tables)
        return next((one for one in lines if set(columns) <= self.tables[one].columns.keys()), None)

    def with_heirs(self, name: str) -> tuple[str, ...]:
        """The table, and those that inherit from it."""
        return (name, *(heir for heir, above in self.heirs.items() if name in above))
