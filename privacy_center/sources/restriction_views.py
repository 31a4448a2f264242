"""The side table of restricted records made in a company's database, and the views by which its systems read around them."""

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from privacy_center.datamap.compare import IN_USE
from privacy_center.sources.restriction_table import key_text

LONGEST_NAME = 63


def side_table_statement(side: sa.Table, dialect: sa.Dialect) -> str:
    """The DDL of the side table in the words of one database."""
    return str(CreateTable(side).compile(dialect=dialect)).strip()


def view_statements(
    side: sa.Table, tables: Iterable[tuple[sa.Table, Sequence[str]]], dialect: sa.Dialect
) -> Iterator[tuple[str, str]]:
    """For each table with its key fields: the name of its view and the DDL, which shows the records that are not restricted."""
    for table, key_fields in tables:
        written = key_text(table, key_fields, dialect.name)
        listed = sa.exists().where(side.c.table_name == table.name, side.c.record_key == written)
        columns = [table.c[column.key] for column in table.c]
        query = sa.select(*columns).where(~listed).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        name = f"{IN_USE}{table.name}"[:LONGEST_NAME]
        place = dialect.identifier_preparer.format_table(sa.Table(name, sa.MetaData(), schema=table.schema))
        yield name, f"CREATE VIEW {place} AS {query}"
