"""The map's conditions on rows as SQL: the database itself says which rows carry a reference or an identity."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.row_condition import FieldTest, RowCondition
from privacy_center.sources.values import NONE_SUCH, cast_for

Expression = Callable[[str], sa.ColumnElement[Any]]


def condition_sql(condition: RowCondition, field: Expression, dialect: str) -> sa.ColumnElement[bool]:
    """TRUE for the rows that meet the condition; `field` gives the expression of a field. Values stand in the statement
    itself, so that it may be grouped by.
    """
    if isinstance(condition, FieldTest):
        return _test(condition, field(condition.field), dialect)
    parts = [condition_sql(part, field, dialect) for part in condition.parts]
    return sa.and_(*parts) if condition.kind == "all" else sa.or_(*parts)


def _test(one: FieldTest, column: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[bool]:
    if one.operator in ("is_null", "not_null"):
        return column.is_(None) if one.operator == "is_null" else column.is_not(None)
    cast = cast_for(column.type, dialect)
    values = [value for value in map(cast, one.values) if value is not NONE_SUCH]
    given = [sa.literal(value, column.type, literal_execute=True) for value in values]
    listed = sa.or_(sa.false(), *(column == value for value in given))
    if one.operator in ("eq", "in"):
        return listed
    return sa.or_(column.is_(None), sa.not_(listed))
