"""Whether the company has somebody on file: what decides if a code is sent, and if an agent may go on with a customer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.people.contact import NUMBERS, compared_value
from privacy_center.sources.identities import kind_of, normalise_identity, typed_spellings
from privacy_center.sources.known import is_filled
from privacy_center.sources.odd_spelling import bare, bare_forms, question, remember, remembered
from privacy_center.sources.open import Sources
from privacy_center.sources.row_conditions import condition_sql
from privacy_center.sources.trouble import CHANGED, Trouble, Unavailable, explain
from privacy_center.sources.values import NONE_SUCH, cast_for

Identifiers = Sequence[tuple[str, str]]
Asked = Sequence[tuple[Sequence[str], str, str]]
"""For each identity value the fields of one collection that may hold it: (fields, kind, value)."""
MOST = 20
"""Rows of one collection that are read to see whose identity values stand together; more are hardly one person's."""


def is_on_file(sources: Sources, data_map: DataMap, kind: str, value: str) -> bool:
    """Whether any identity field of this kind holds the value, in any of its usual spellings.

    One short query for each collection until one answers yes. A database that does not answer counts as no here; the
    others are still asked.
    """
    for collection, asked in _collections(data_map, [(kind, value)]):
        try:
            if carries(sources, collection.key, asked):
                return True
        except (Unavailable, *Trouble):
            continue
    return False


def on_one_row(sources: Sources, data_map: DataMap, identifiers: Identifiers) -> dict[str, set[str]]:
    """Every identity value (kind → normal values) on the rows that carry all of these (kind, value); nothing where no row
    does, or where each of two values stands with another elsewhere: such a row names two people, as who invites whom.

    At most 20 rows of a collection are read. Raises Unavailable where no row was found and a database could not be asked.
    """
    found = _Together({}, set())
    silent: Exception | None = None
    for collection, asked in _collections(data_map, identifiers):
        try:
            _look_into(sources, collection, asked, found)
        except (Unavailable, KeyError, *Trouble) as error:
            silent = error
    if silent is not None and not found.beside:
        raise Unavailable(CHANGED if isinstance(silent, KeyError) else explain(silent)) from silent
    names_two = len(identifiers) > 1 and len(found.elsewhere) == len(identifiers)
    return {} if names_two else found.beside


def as_on_file(beside: Mapping[str, Iterable[str]], identifiers: Identifiers) -> list[tuple[str, str]]:
    """The same identifiers as the rows spell them (`on_one_row`), where what was typed differs from them by capital letters
    only. Where two rows differ by no more than that, it stays as it was typed.
    """
    return [(kind, _as_spelled(beside.get(kind_of(kind), ()), kind, value)) for kind, value in identifiers]


def _as_spelled(stored: Iterable[str], kind: str, value: str) -> str:
    typed = compared_value(kind, value)
    same = {one for one in stored if compared_value(kind, one) == typed} if kind in NUMBERS else set()
    return same.pop() if len(same) == 1 else value


def carries(sources: Sources, collection: str, fields: Asked) -> bool:
    """Whether one row of a collection has each value (fields, kind, value) in one of its fields, in any usual spelling.

    Raises what reading from a company's database may raise (`Trouble`, Unavailable), KeyError for a field that is not there.
    """
    table = sources.table(collection)
    with sources.engine(collection.split(".", 1)[0]).connect() as connection:
        each = [_holds(sources, connection, collection, one) for one in fields]
        return connection.execute(sa.select(sa.literal(1)).select_from(table).where(*each).limit(1)).first() is not None


@dataclass(slots=True)
class _Together:
    """What a look into the collections has found. `elsewhere`: the values, by place, that stand with others' as well."""

    beside: dict[str, set[str]]
    elsewhere: set[int]


def _look_into(sources: Sources, collection: Collection, asked: Asked, found: _Together) -> None:
    table, engine = sources.table(collection.key), sources.engine(collection.dataset)
    paths = [path for path in collection.identities if "." not in path]
    picked = sa.select(*(table.c[path] for path in paths)).limit(MOST)
    with engine.connect() as connection:
        each = [_holds(sources, connection, collection.key, one) for one in asked]
        for row in connection.execute(picked.where(*each)):
            _add(found.beside, collection, paths, row)
        for place, holds in enumerate(each) if len(asked) > 1 else ():
            rest = [sa.func.coalesce(one, sa.false()) for number, one in enumerate(each) if number != place]
            rows = connection.execute(picked.where(holds, sa.not_(sa.and_(*rest))))
            if any(_names_another(paths, row, asked, place) for row in rows):
                found.elsewhere.add(place)


def _add(beside: dict[str, set[str]], collection: Collection, paths: Sequence[str], row: Sequence[object]) -> None:
    for path, raw in zip(paths, row, strict=True):
        if is_filled(raw):
            kind = kind_of(collection.identities[path])
            beside.setdefault(kind, set()).add(normalise_identity(kind, raw))


def _names_another(paths: Sequence[str], row: Sequence[object], asked: Asked, place: int) -> bool:
    """Whether the row, which carries one of the values, has something else where another would stand."""
    told = dict(zip(paths, row, strict=True))
    return any(is_filled(told[path]) for number, one in enumerate(asked) if number != place for path in one[0])


def _collections(data_map: DataMap, identifiers: Identifiers) -> Iterator[tuple[Collection, Asked]]:
    """The collections that have a field of every kind, with those fields."""
    for collection in data_map.collections.values():
        asked = [(_fields(collection, kind), kind, value) for kind, value in identifiers]
        if not collection.skip_processing and all(paths for paths, _kind, _value in asked):
            yield collection, asked


def _holds(
    sources: Sources, connection: sa.Connection, collection: str, asked: tuple[Sequence[str], str, str]
) -> sa.ColumnElement[bool]:
    """Whether a row has the value in one of the fields, in any spelling, and meets the condition of an identity there."""
    paths, kind, value = asked
    table, dialect = sources.table(collection), connection.dialect.name
    mapped = sources.data_map.collections.get(collection)
    either = []
    for path in paths:
        column = table.c[path]
        cast = cast_for(column.type, dialect)
        forms = [form for one in typed_spellings(kind, value) if (form := cast(one)) is not NONE_SUCH]
        holds = column.in_(forms)
        if isinstance(column.type, sa.String) and _holds_odd(sources, connection, collection, column, kind):
            holds = sa.or_(holds, bare(column, kind_of(kind), dialect).in_(bare_forms(kind_of(kind), value)))
        when = mapped.fields[path].identity_when if mapped and path in mapped.fields else None
        either.append(sa.and_(holds, condition_sql(when, table.c.__getitem__, dialect)) if when else holds)
    return sa.or_(*either)


def _holds_odd(sources: Sources, connection: sa.Connection, collection: str, column: sa.Column[Any], kind: str) -> bool:
    """Whether a column holds odd spellings: asked once a minute."""
    known = remembered(sources.remembered, (collection, column.name))
    if known is None:
        asked = sa.select(*question(column, kind_of(kind), connection.dialect.name)).select_from(column.table)
        known = remember(sources.remembered, (collection, column.name), connection.execute(asked).first())
    return known.odd


def _fields(collection: Collection, kind: str) -> list[str]:
    return [path for path, one in collection.identities.items() if kind_of(one) == kind_of(kind) and "." not in path]
