"""`column IN (values)` and `(a, b) IN (pairs)` in the form that each database is quickest with.

PostgreSQL gets its values as arrays: the statement then reads the same for one key and for five hundred, so the driver
prepares it once and the server plans it once. Other databases, and types that may not stand in an array, get a list.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal

from privacy_center.sources.rows import Key

_IN_ARRAYS = (sa.Integer, sa.Uuid, sa.Date, sa.DateTime, sa.Numeric, sa.String)


def one_of(
    columns: Sequence[sa.Column[Any]], name: str, values: Mapping[str, Any] | None = None
) -> sa.ColumnElement[bool]:
    """TRUE for the rows whose columns equal one of the keys that `key_values` gives under `name`.

    Without `values` here they are given when the statement is executed; with them they are part of the condition.
    """

    def parameter(key: str, **kind: Any) -> sa.BindParameter[Any]:
        given = {"value": values[key], "unique": True} if values else {}
        return sa.bindparam(key, **given, **kind)

    if len(columns) == 1:
        listed = columns[0].in_(parameter(f"{name}_0", expanding=True))
    else:
        # SQLite looks no pair up in an index: without a list of the first column it reads the whole table.
        first = columns[0].in_(parameter(f"{name}_0", expanding=True))
        listed = sa.and_(first, sa.tuple_(*columns).in_(parameter(name, expanding=True)))
    if not all(_fits_an_array(column.type) for column in columns):
        return listed
    arrays = [parameter(f"{name}_{place}", type_=postgresql.ARRAY(column.type)) for place, column in enumerate(columns)]
    return _OneOf(columns, arrays, listed)


def key_values(keys: Sequence[Key], name: str) -> dict[str, Any]:
    """The parameters of `one_of` for at least one key, none with a part that is None."""
    values: dict[str, Any] = {f"{name}_{place}": list(part) for place, part in enumerate(zip(*keys, strict=True))}
    return values if len(values) == 1 else values | {name: keys}


def _fits_an_array(kind: sa.types.TypeEngine[Any]) -> bool:
    return isinstance(kind, _IN_ARRAYS) and not isinstance(kind, sa.Enum | sa.types.TypeDecorator)


class _OneOf(sa.ColumnElement[bool]):
    """One comparison in two forms; only one of them is ever compiled, so both may carry the same parameter names."""

    inherit_cache = True
    _traverse_internals = [
        ("columns", InternalTraversal.dp_clauseelement_list),
        ("arrays", InternalTraversal.dp_clauseelement_list),
        ("listed", InternalTraversal.dp_clauseelement),
    ]
    type = sa.Boolean()
    _is_implicitly_boolean = True
    """A condition by itself: written as `(…) = 1`, as numbers are on SQLite and MariaDB, no index would serve it."""

    def __init__(self, columns: Sequence[Any], arrays: Sequence[Any], listed: sa.ColumnElement[bool]) -> None:
        self.columns, self.arrays, self.listed = list(columns), list(arrays), listed

    @property
    def _from_objects(self) -> list[Any]:
        return self.listed._from_objects


@compiles(_OneOf)
def _as_list(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.listed.self_group(), **kw)


@compiles(_OneOf, "postgresql")
def _as_arrays(element: _OneOf, compiler: SQLCompiler, **kw: Any) -> str:
    columns = [compiler.process(one, **kw) for one in element.columns]
    arrays = [compiler.process(one, **kw) for one in element.arrays]
    if len(columns) == 1:
        return f"{columns[0]} = ANY({arrays[0]})"
    return f"({', '.join(columns)}) IN (SELECT * FROM unnest({', '.join(arrays)}))"
