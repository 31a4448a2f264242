"""Whether the company has a contact on file at all: what decides if a code is sent."""

import sqlalchemy as sa

from privacy_center.datamap.graph import DataMap
from privacy_center.sources.identities import kind_of, spellings
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable
from privacy_center.sources.values import NONE_SUCH, cast_for


def is_on_file(sources: Sources, data_map: DataMap, kind: str, value: str) -> bool:
    """Whether any identity field of this kind holds the value, in any of its usual spellings.

    One short query for each collection until one answers yes. A database that does not answer counts as no here; the
    others are still asked.
    """
    for collection in data_map.collections.values():
        paths = [
            path for path, one in collection.identities.items() if kind_of(one) == kind_of(kind) and "." not in path
        ]
        if paths and not collection.skip_processing:
            try:
                if _holds(sources, collection.key, paths, kind, value):
                    return True
            except (Unavailable, *Trouble):
                continue
    return False


def _holds(sources: Sources, collection: str, paths: list[str], kind: str, value: str) -> bool:
    table = sources.table(collection)
    engine = sources.engine(collection.split(".", 1)[0])
    asked = []
    for path in paths:
        cast = cast_for(table.c[path].type, engine.dialect.name)
        forms = [form for one in spellings(kind, value) if (form := cast(one)) is not NONE_SUCH]
        asked.append(table.c[path].in_(forms))
    with engine.connect() as connection:
        return (
            connection.execute(sa.select(sa.literal(1)).select_from(table).where(sa.or_(*asked)).limit(1)).first()
            is not None
        )
