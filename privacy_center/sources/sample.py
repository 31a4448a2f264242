"""A first look at a database that no map describes yet: its schema, and a few values to guess categories from."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.live import LiveSchema
from privacy_center.errors import Refusal
from privacy_center.sources.config import DRIVERS, SourceConfig
from privacy_center.sources.dialects import missing_file, open_source_engine
from privacy_center.sources.reflect import reflect_schema

SAMPLE = 50
"""Values read from each column; enough to tell a phone number from an order number."""


def look_at(
    url: str, schema: str | None, columns: Callable[[LiveSchema], Iterable[tuple[str, str]]]
) -> tuple[LiveSchema, dict[tuple[str, str], list[Any]]]:
    """The live schema behind a URL, and up to SAMPLE values of each (table, column) that `columns` asks for. Reads only."""
    known = sa.make_url(url)
    known = known.set(drivername=DRIVERS.get(known.drivername, known.drivername))
    config = SourceConfig(known.render_as_string(hide_password=False), schema, "read")
    if missing := missing_file(config):
        raise Refusal(f"文件 {missing} 不存在。请检查地址。", f"The file {missing} is not there. Check the URL.")
    engine = open_source_engine(config, 30.0)
    try:
        reflected = reflect_schema(engine, schema)
        with engine.connect() as connection:
            samples = {
                place: _values(connection, reflected.tables[place[0]].c[place[1]]) for place in columns(reflected.live)
            }
        return reflected.live, samples
    finally:
        engine.dispose()


def _values(connection: sa.Connection, column: sa.Column[Any]) -> list[Any]:
    return list(connection.scalars(sa.select(column).where(column.is_not(None)).limit(SAMPLE)))
