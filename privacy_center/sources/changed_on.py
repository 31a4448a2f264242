"""When a customer's phone number was last changed, where the company has a field that says so."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from privacy_center.sources.keys import rows_with
from privacy_center.sources.open import Sources
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Trouble, Unavailable

MOST = 50


def latest_change(
    sources: Sources, place: str, key_fields: Mapping[str, tuple[str, ...]], rows: Mapping[str, list[Key]]
) -> datetime | None:
    """The latest moment in `place` (`dataset.collection.field`) on these rows of the customer (UTC); None where there is
    none, no such rows, or a database that does not answer. At most 50 rows are read.
    """
    collection, _dot, field = place.rpartition(".")
    keys = rows.get(collection, [])[:MOST]
    if not field or not keys:
        return None
    try:
        table = sources.table(collection)
        picked = sa.select(sa.func.max(table.c[field])).where(sa.or_(*rows_with(table, key_fields[collection], keys)))
        with sources.engine(collection.split(".", 1)[0]).connect() as connection:
            return _moment(connection.scalar(picked))
    except (Unavailable, KeyError, *Trouble):
        return None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None
