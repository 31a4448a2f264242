"""Whether the company has somebody on file: what decides if a code is sent, and if an agent may go on with a customer."""

from collections.abc import Sequence

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.sources.identities import kind_of, spellings
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable, explain
from privacy_center.sources.values import NONE_SUCH, cast_for

Identifiers = Sequence[tuple[str, str]]


def is_on_file(sources: Sources, data_map: DataMap, kind: str, value: str) -> bool:
    """Whether any identity field of this kind holds the value, in any of its usual spellings.

    One short query for each collection until one answers yes. A database that does not answer counts as no here; the
    others are still asked.
    """
    try:
        return share_a_row(sources, data_map, [(kind, value)])
    except Unavailable:
        return False


def share_a_row(sources: Sources, data_map: DataMap, identifiers: Identifiers) -> bool:
    """Whether one row carries all of these identity values (kind, value), so that they are the same data subject's.

    One short query for each collection that has a field of every kind, until one answers yes. Raises Unavailable where none
    did and one could not be asked.
    """
    silent = None
    for collection in data_map.collections.values():
        fields = [(_fields(collection, kind), kind, value) for kind, value in identifiers]
        if collection.skip_processing or not all(paths for paths, _kind, _value in fields):
            continue
        try:
            if carries(sources, collection.key, fields):
                return True
        except (Unavailable, *Trouble) as error:
            silent = error
    if silent is not None:
        raise Unavailable(explain(silent)) from silent
    return False


def carries(sources: Sources, collection: str, fields: Sequence[tuple[Sequence[str], str, str]]) -> bool:
    """Whether one row of a collection has each value (fields, kind, value) in one of its fields, in any usual spelling.

    Raises what reading from a company's database may raise (`Trouble`, Unavailable), KeyError for a field that is not there.
    """
    table = sources.table(collection)
    engine = sources.engine(collection.split(".", 1)[0])
    carried = []
    for paths, kind, value in fields:
        either = []
        for path in paths:
            cast = cast_for(table.c[path].type, engine.dialect.name)
            forms = [form for one in spellings(kind, value) if (form := cast(one)) is not NONE_SUCH]
            either.append(table.c[path].in_(forms))
        carried.append(sa.or_(*either))
    asked = sa.select(sa.literal(1)).select_from(table).where(*carried).limit(1)
    with engine.connect() as connection:
        return connection.execute(asked).first() is not None


def _fields(collection: Collection, kind: str) -> list[str]:
    return [path for path, one in collection.identities.items() if kind_of(one) == kind_of(kind) and "." not in path]
