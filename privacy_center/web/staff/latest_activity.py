"""When somebody last ordered and last signed in: what tells apart people whose accounts look alike."""

from collections.abc import Iterable

import sqlalchemy as sa

from privacy_center.access.readable import read_value
from privacy_center.access.show import personal_fields, said_of
from privacy_center.access.shown import ShownValue
from privacy_center.datamap.catalogue import RecordPlace
from privacy_center.datamap.graph import Link
from privacy_center.errors import Words
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import Key
from privacy_center.web.units import center

ACTIVITIES: tuple[tuple[str, str, Words], ...] = (
    ("transaction", "placed", Words("最近一次下单", "Last order")),
    ("network_log", "logged", Words("最近一次登录", "Last sign-in")),
)
"""Kind of record, its field for the moment (both as the catalogue names them), and what the newest of them is called."""


def latest_activity(collection: str, key_fields: tuple[str, ...], keys: list[Key]) -> dict[Key, list[ShownValue]]:
    """Key → the newest order and sign-in that belong to that record, masked as their fields are; what there is none of is
    left out. Two statements for each place of such records, however many keys.
    """
    shown: dict[Key, list[ShownValue]] = {}
    for kind, alias, title in ACTIVITIES:
        for place in center().catalogue.records.get(kind, ()):
            link = _link(collection, place)
            if link is None or alias not in place.aliases:
                continue
            for key, moment in _newest(link, place.aliases[alias], key_fields, keys).items():
                value = _shown(place, place.aliases[alias], title, moment)
                if value:
                    shown.setdefault(key, []).append(value)
    return shown


def _link(parent: str, place: RecordPlace) -> Link | None:
    """How records of a place belong to the parent: the only such reference, in a column, of the same database."""
    links = [
        one
        for one in center().data_map.links
        if one.child == place.collection and one.parent == parent and one.belongs and one.when is None
    ]
    plain = len(links) == 1 and not any("." in path for path in (links[0].child_field, links[0].parent_field))
    return links[0] if plain else None


def _newest(link: Link, moment: str, key_fields: tuple[str, ...], keys: Iterable[Key]) -> dict[Key, object]:
    house, wanted = center(), list(keys)
    collections = house.data_map.collections
    with house.sources.engine(collections[link.parent].dataset).connect() as connection:
        parents = house.sources.table(link.parent)
        ends = dict(read_rows(connection, parents, key_fields, wanted, [link.parent_field]))
    owners = {values[0] for values in ends.values() if values[0] is not None}
    table = house.sources.table(link.child)
    owner, at = table.c[link.child_field], table.c[moment]
    found = sa.select(owner, sa.func.max(at)).where(owner.in_(sorted(owners, key=str))).group_by(owner)
    with house.sources.engine(collections[link.child].dataset).connect() as connection:
        newest = {row[0]: row[1] for row in connection.execute(found)} if owners else {}
    return {key: newest[values[0]] for key, values in ends.items() if newest.get(values[0]) is not None}


def _shown(place: RecordPlace, path: str, title: Words, moment: object) -> ShownValue | None:
    """The moment as a masked value of its field; none where the field is nobody's."""
    house = center()
    collection = house.data_map.collections[place.collection]
    for field, category in personal_fields(house.catalogue, collection):
        readable = read_value(moment, field, category, {}) if field.path == path else None
        if readable:
            said = said_of(field, collection)
            where = f"{place.collection}.{path}"
            return ShownValue(where, category.key, title, category.sensitive, (readable,), said)
    return None
