"""A first look at a database that no map describes yet: its schema, and a few values to guess categories from."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.live import LiveSchema
from privacy_center.errors import Refusal
from privacy_center.sources.config import DRIVERS, SourceConfig
from privacy_center.sources.dialects import missing_file, open_source_engine
from privacy_center.sources.reflect import reflect_schema
from privacy_center.sources.trouble import Trouble, explain

SAMPLE = 50
"""Values read from each column; enough to tell a phone number from an order number."""


def look_at(
    url: str, schema: str | None, columns: Callable[[LiveSchema], Iterable[tuple[str, str]]]
) -> tuple[LiveSchema, dict[tuple[str, str], list[Any]]]:
    """The live schema behind a URL, and up to SAMPLE values of each (table, column) that `columns` asks for. Reads only; refuses
    in words what is no URL, and a database that cannot be read.
    """
    config = SourceConfig(_url(url), schema, "read")
    if missing_file(config):
        file = sa.make_url(config.url).database
        raise Refusal(f"文件 {file} 不存在。请检查地址。", f"The file {file} is not there. Check the URL.")
    try:
        engine = open_source_engine(config, 30.0)
    except (sa.exc.ArgumentError, ImportError) as error:
        raise _not_an_address() from error
    try:
        reflected = reflect_schema(engine, schema)
        with engine.connect() as connection:
            samples = {
                place: _values(connection, reflected.tables[place[0]].c[place[1]]) for place in columns(reflected.live)
            }
        return reflected.live, samples
    except Trouble as trouble:
        words = explain(trouble)
        raise Refusal(words.zh, words.en) from trouble
    finally:
        engine.dispose()


def _url(written: str) -> str:
    try:
        url = sa.make_url(written)
    except sa.exc.ArgumentError as error:
        raise _not_an_address() from error
    return url.set(drivername=DRIVERS.get(url.drivername, url.drivername)).render_as_string(hide_password=False)


def _not_an_address() -> Refusal:
    return Refusal(
        "这不是能用的数据库地址。写法如 postgresql://user@host/shop、mariadb://user@host/crm 或 sqlite:///till.db。",
        "This is no database URL that can be used. It looks like postgresql://user@host/shop, mariadb://user@host/crm or"
        " sqlite:///till.db.",
    )


def _values(connection: sa.Connection, column: sa.Column[Any]) -> list[Any]:
    return list(connection.scalars(sa.select(column).where(column.is_not(None)).limit(SAMPLE)))
