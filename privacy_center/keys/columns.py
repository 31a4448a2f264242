"""Every sealed column of our own tables, and what each value was sealed for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

SUFFIX = "_sealed"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column. `pattern`: the context of its values, with `{other columns}` of the row filled in."""

    column: sa.Column[Any]
    pattern: str

    @property
    def table(self) -> sa.Table:
        return self.column.table  # type: ignore[return-value]

    @property
    def name(self) -> str:
        return f"{self.table.name}.{self.column.name}"

    @property
    def key(self) -> sa.Column[Any]:
        """The column of the primary key: our tables have one each."""
        return next(iter(self.table.primary_key))

    def context(self, row: Mapping[str, Any]) -> str:
        """What the value of this row was sealed for."""
        return self.pattern.format_map(row)


def sealed_columns(metadata: sa.MetaData) -> list[SealedColumn]:
    """Every `<name>_sealed` column. The context is `table.name`, or what `info["context"]` of the column says."""
    return [
        SealedColumn(column, column.info.get("context") or f"{table.name}.{column.name.removesuffix(SUFFIX)}")
        for table in metadata.sorted_tables
        for column in table.columns
        if column.name.endswith(SUFFIX)
    ]


def rows_of(session: Session, one: SealedColumn, *where: sa.ColumnElement[bool], batch: int) -> Iterator[list[Any]]:
    """The rows that hold a value there, as mappings, in batches in the order of their keys."""
    last: Any = None
    while True:
        wanted = sa.select(one.table).where(one.column.is_not(None), *where).order_by(one.key).limit(batch)
        if last is not None:
            wanted = wanted.where(one.key > last)
        rows = [row._mapping for row in session.execute(wanted)]
        if not rows:
            return
        yield rows
        last = rows[-1][one.key.name]
