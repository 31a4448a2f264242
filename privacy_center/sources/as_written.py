"""Days and times of SQLite, which keeps them as whatever text was written: `2020-01-01` stands in a DATETIME column too.

What is spelled as SQLAlchemy spells it is read as a day or time. Any other spelling is read and compared as the text it is,
so that a row is found again by its own values. A SET of MariaDB is read as the text it is, for the same reason.
"""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine


class _AsWritten:
    """Text that is not spelled as we would spell it passes as it is, in both directions."""

    def adapt(self, cls: type[Any], **kw: Any) -> Any:
        """The driver's own type must not take our place."""
        return type(self)()

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        parse = super().result_processor(dialect, coltype)  # type: ignore[misc]
        spell = super().bind_processor(dialect)  # type: ignore[misc]

        def read(value: Any) -> Any:
            try:
                found = parse(value)
            except (ValueError, TypeError):
                return value
            return found if spell(found) == value else value

        return read

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:
        spell = super().bind_processor(dialect)  # type: ignore[misc]
        return lambda value: value if isinstance(value, str | int | float) else spell(value)


class MomentAsWritten(_AsWritten, sqlite.DATETIME):
    """A DATETIME or TIMESTAMP column."""


class DayAsWritten(_AsWritten, sqlite.DATE):
    """A DATE column."""


class TimeAsWritten(_AsWritten, sqlite.TIME):
    """A TIME column."""


class SetAsWritten(sa.String):
    """A SET column of MariaDB or MySQL: its members with commas between; it takes no other words, but may hold none."""


def as_written(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type with which a SQLite column is read and compared; other types stay."""
    if isinstance(kind, sa.DateTime):
        return MomentAsWritten()
    if isinstance(kind, sa.Date):
        return DayAsWritten()
    return TimeAsWritten() if isinstance(kind, sa.Time) else kind
