"""A live database read once: pure data for comparing, and tables with the right types for querying."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.engine.reflection import ObjectKind, ObjectScope
from sqlalchemy.types import TypeEngine

from privacy_center.datamap.dots import database_name, inner_name
from privacy_center.datamap.live import (
    Family,
    LiveCheck,
    LiveColumn,
    LiveIndex,
    LiveSchema,
    LiveTable,
    LiveUnique,
)
from privacy_center.sources.as_written import SetAsWritten, as_written
from privacy_center.sources.dotted_columns import with_inner_columns
from privacy_center.sources.edition import read_edition
from privacy_center.sources.foreign_keys import read_foreign_keys
from privacy_center.sources.part_unique import one_null, part_unique, unlisted_indexes
from privacy_center.sources.traits import read_traits

# What SQLAlchemy cannot read is handled here; on the terminal its warnings would stand between the answers.
for _unread in ("Did not recognize type", "Skipped unsupported reflection of expression-based index"):
    warnings.filterwarnings("ignore", _unread, sa.exc.SAWarning)

_FAMILIES: tuple[tuple[type[Any] | tuple[type[Any], ...], Family], ...] = (
    (sa.ARRAY, "array"),
    (sa.JSON, "json"),
    (sa.Uuid, "uuid"),
    (sa.Boolean, "boolean"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.Time, "time"),
    ((sa.Integer, mysql.YEAR), "integer"),
    ((sa.Numeric, sa.Float), "number"),
    (sa.Enum, "text"),
    (sa.String, "text"),
    (sa.types._Binary, "binary"),
)


@dataclass(frozen=True)
class Reflected:
    """What one database told of itself. `folded`: (table, column) pairs whose text compares without regard to case.

    `edition`: another one means that foreign keys or triggers have changed since.
    """

    live: LiveSchema
    tables: Mapping[str, sa.Table]
    folded: frozenset[tuple[str, str]]
    edition: str = ""


def reflect_schema(engine: sa.Engine, schema: str | None) -> Reflected:
    """Every table and view of the schema (None: the connection's own), mapped or not. Raises what the driver raises."""
    with engine.connect() as connection:
        edition = read_edition(connection, schema)
        inspector = sa.inspect(connection)
        ask = {"schema": schema, "kind": ObjectKind.ANY, "scope": ObjectScope.DEFAULT}
        columns = with_inner_columns(inspector.get_multi_columns(**ask))
        keys = with_inner_columns(inspector.get_multi_pk_constraint(**ask))
        foreign, outside = read_foreign_keys(inspector, connection, schema, columns, keys)
        uniques = with_inner_columns(_or_nothing(lambda: inspector.get_multi_unique_constraints(**ask)))
        indexes = with_inner_columns(_all_indexes(inspector, schema, columns))
        checks = _or_nothing(lambda: inspector.get_multi_check_constraints(**ask))
        materialized = set(_or_nothing(lambda: inspector.get_materialized_view_names(schema)))
        views = {*inspector.get_view_names(schema), *materialized}
        folded = _folded(connection, schema, columns)
        unlisted = unlisted_indexes(connection)
        traits = read_traits(connection, schema)
    columns = {place: said for place, said in columns.items() if place[1] not in traits.parts}
    live: dict[str, LiveTable] = {}
    tables: dict[str, sa.Table] = {}
    metadata = sa.MetaData()
    for place, said in sorted(columns.items(), key=lambda item: item[0][1]):
        name = place[1]
        key = tuple((keys.get(place) or {}).get("constrained_columns") or ())
        told = _with_row_number(said, key, engine.dialect)
        tables[name] = _table(metadata, name, schema, told, key, engine.dialect)
        live[name] = LiveTable(
            name=name,
            columns={column["name"]: _column(column, engine.dialect) for column in told},
            primary_key=key,
            foreign_keys=foreign.get(name, ()),
            uniques=tuple(LiveUnique(tuple(one["column_names"]), one.get("name")) for one in uniques.get(place) or ()),
            indexes=tuple(_indexes(indexes.get(place) or ())),
            checks=tuple(LiveCheck(str(one["sqltext"]), one.get("name")) for one in checks.get(place) or ()),
            is_view=name in views,
            materialized=name in materialized,
            part_unique=part_unique(told, indexes.get(place) or (), uniques.get(place) or (), unlisted.get(name, ())),
            one_null=one_null(indexes.get(place) or (), uniques.get(place) or ()),
            **traits.of(name),
        )
    whole = LiveSchema(live, engine.dialect.name, schema, outside, traits.parts, traits.above)
    return Reflected(whole, tables, folded, edition)


def _all_indexes(inspector: sa.Inspector, schema: str | None, places: Iterable[Any]) -> Mapping[Any, Any]:
    """SQLite keeps a UNIQUE column's index to itself unless asked for it."""
    if inspector.dialect.name == "sqlite":
        return {place: inspector.get_indexes(place[1], schema, include_auto_indexes=True) for place in places}
    return inspector.get_multi_indexes(schema=schema, kind=ObjectKind.ANY, scope=ObjectScope.DEFAULT)


def family_of(kind: TypeEngine[Any]) -> Family:
    """What kind of values a column type holds; a domain holds what its base type holds."""
    kind = base_type(kind)
    return next((family for types, family in _FAMILIES if isinstance(kind, types)), "other")


def base_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type under a PostgreSQL domain, a SET as text; any other type as it is."""
    if isinstance(kind, mysql.SET):
        return SetAsWritten(kind.length)
    inner = getattr(kind, "data_type", None)
    return base_type(inner) if isinstance(inner, TypeEngine) else kind


def _with_row_number(
    told: Iterable[Mapping[str, Any]], key: tuple[str, ...], dialect: sa.Dialect
) -> list[Mapping[str, Any]]:
    """SQLite calls every key nullable; an INTEGER PRIMARY KEY is the row's own number and never is."""
    alone = dialect.name == "sqlite" and len(key) == 1
    return [
        {**one, "nullable": False} if alone and one["name"] == key[0] and type(one["type"]) is sa.INTEGER else one
        for one in told
    ]


def _or_nothing(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except NotImplementedError:
        return {}


def _table(
    metadata: sa.MetaData,
    name: str,
    schema: str | None,
    told: Iterable[Mapping[str, Any]],
    key: tuple[str, ...],
    dialect: sa.Dialect,
) -> sa.Table:
    kind_of = as_written if dialect.name == "sqlite" else base_type
    columns = [
        sa.Column(
            database_name(one["name"]),
            kind_of(one["type"]),
            key=one["name"],
            primary_key=one["name"] in key,
            nullable=one["nullable"],
        )
        for one in told
    ]
    return sa.Table(name, metadata, *columns, schema=schema)


def _column(told: Mapping[str, Any], dialect: sa.Dialect) -> LiveColumn:
    kind = base_type(told["type"])
    family = family_of(kind)
    return LiveColumn(
        name=told["name"],
        family=family,
        length=getattr(kind, "length", None) if family in ("text", "binary") else None,
        nullable=bool(told["nullable"]),
        native=_native(kind, dialect),
        default=None if told.get("default") is None else str(told["default"]),
        generated=bool(told.get("computed")),
        item=family_of(kind.item_type) if isinstance(kind, sa.ARRAY) else None,
        comment=told.get("comment") or "",
        choices=tuple(kind.enums) if isinstance(kind, sa.Enum) else (),
    )


def _native(kind: TypeEngine[Any], dialect: sa.Dialect) -> str:
    try:
        return kind.compile(dialect)
    except sa.exc.CompileError:
        return type(kind).__name__


def _indexes(told: Iterable[Mapping[str, Any]]) -> Iterable[LiveIndex]:
    """Indexes over plain columns; a unique index over some rows only (a partial one) proves nothing unique."""
    for one in told:
        names = one["column_names"]
        if None in names:
            continue
        partial = any(key.endswith("_where") for key in one.get("dialect_options") or {})
        yield LiveIndex(tuple(names), bool(one["unique"]) and not partial, one.get("name"))


def _folded(
    connection: sa.Connection, schema: str | None, columns: Mapping[Any, Iterable[Mapping[str, Any]]]
) -> frozenset[tuple[str, str]]:
    if connection.dialect.name == "mysql":
        return _folded_in_mysql(connection, schema)
    found = (
        (place[1], one["name"])
        for place, told in columns.items()
        for one in told
        if type(base_type(one["type"])).__name__ == "CITEXT"
    )
    return frozenset(found)


def _folded_in_mysql(connection: sa.Connection, schema: str | None) -> frozenset[tuple[str, str]]:
    asked = sa.text(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = COALESCE(:schema, DATABASE()) AND collation_name LIKE '%\\_ci'"
    )
    return frozenset((row[0], inner_name(row[1])) for row in connection.execute(asked, {"schema": schema}))
