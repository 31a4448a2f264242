"""Whether an order with this number names this contact: decides if a code leaves for who has no account."""

from collections.abc import Sequence

import sqlalchemy as sa

from privacy_center.datamap.graph import DataMap
from privacy_center.sources.identities import kind_of, spellings
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable
from privacy_center.sources.values import NONE_SUCH, cast_for


def order_names(
    sources: Sources,
    data_map: DataMap,
    number_field: str,
    contact_fields: Sequence[str],
    number: str,
    kind: str,
    value: str,
) -> bool:
    """Whether a row has this order number in `number_field` and this contact in one of `contact_fields`.

    Fields are `dataset.collection.field`, all of one collection; a contact field that the map says is of another kind is
    left out. A database that does not answer counts as no.
    """
    collection, _dot, column = number_field.rpartition(".")
    mapped = data_map.collections.get(collection)
    if mapped is None:
        return False
    paths = [
        path
        for place, _dot, path in (one.rpartition(".") for one in contact_fields)
        if place == collection and kind_of(mapped.identities.get(path, kind)) == kind_of(kind)
    ]
    try:
        return bool(paths) and _holds(sources, collection, column, paths, number, spellings(kind, value))
    except (Unavailable, KeyError, *Trouble):
        return False


def _holds(sources: Sources, collection: str, column: str, paths: list[str], number: str, forms: Sequence[str]) -> bool:
    table, engine = sources.table(collection), sources.engine(collection.split(".", 1)[0])
    wanted = cast_for(table.c[column].type, engine.dialect.name)(number)
    if wanted is NONE_SUCH:
        return False
    either = []
    for path in paths:
        cast = cast_for(table.c[path].type, engine.dialect.name)
        either.append(table.c[path].in_([form for one in forms if (form := cast(one)) is not NONE_SUCH]))
    asked = sa.select(sa.literal(1)).select_from(table).where(table.c[column] == wanted, sa.or_(*either)).limit(1)
    with engine.connect() as connection:
        return connection.execute(asked).first() is not None
