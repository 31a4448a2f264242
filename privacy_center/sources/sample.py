"""A first look at a database that no map describes yet: its schema, and a few values to guess categories from."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.live import LiveSchema
from privacy_center.errors import Refusal, Words
from privacy_center.sources.config import DRIVERS, SourceConfig
from privacy_center.sources.dialects import missing_file, open_source_engine
from privacy_center.sources.reflect import Reflected, reflect_schema
from privacy_center.sources.trouble import Trouble, explain

SAMPLE = 50
"""Values read from each column; enough to tell a phone number from an order number."""


def look_at(
    url: str, schema: str | None, columns: Callable[[LiveSchema], Iterable[tuple[str, str]]]
) -> tuple[LiveSchema, dict[tuple[str, str], list[Any]], dict[str, Words]]:
    """The live schema behind a URL, up to SAMPLE values of each (table, column) that `columns` asks for, and the tables and
    views of which none could be read, with the reason. Reads only; refuses in words what is no URL, and a database that
    cannot be read.
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
        samples, unread = _sample(engine, reflected, columns(reflected.live))
        return reflected.live, samples, unread
    except Trouble as trouble:
        words = explain(trouble)
        raise Refusal(words.zh, words.en) from trouble
    finally:
        engine.dispose()


def _sample(
    engine: sa.Engine, reflected: Reflected, places: Iterable[tuple[str, str]]
) -> tuple[dict[tuple[str, str], list[Any]], dict[str, Words]]:
    """Values by (table, column); a view that was never filled, or a table without the privilege, costs itself alone."""
    samples: dict[tuple[str, str], list[Any]] = {}
    unread: dict[str, Words] = {}
    with engine.connect() as connection:
        for table, column in places:
            if table in unread:
                continue
            try:
                samples[table, column] = _values(connection, reflected.tables[table].c[column])
            except sa.exc.DBAPIError as error:
                if error.connection_invalidated:
                    raise
                connection.rollback()
                unread[table] = explain(error)
    return samples, unread


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
