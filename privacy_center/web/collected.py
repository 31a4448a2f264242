"""What the company collects, from the data map and its catalogue: the list that stands in the privacy notice."""

from dataclasses import dataclass

from privacy_center.datamap.catalogue import CollectionWords
from privacy_center.errors import Words
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class CollectedLine:
    """One kind of record: its words in the catalogue, and the titles of the data categories in it."""

    words: CollectionWords
    categories: list[Words]


def collected() -> list[tuple[Words, list[CollectedLine]]]:
    """Groups in their order, each with its kinds of record in the order of the map."""
    house = center()
    groups: dict[str, list[CollectedLine]] = {}
    for key, collection in house.data_map.collections.items():
        if not collection.personal:
            continue
        categories = dict.fromkeys(each for one in collection.fields.values() for each in one.data_categories)
        titles = [house.catalogue.category(each).title for each in categories if each.startswith("user")]
        line = CollectedLine(house.catalogue.collection(key), list(dict.fromkeys(titles)))
        groups.setdefault(house.catalogue.group_of(collection).key, []).append(line)
    ordered = sorted(groups, key=lambda name: house.catalogue.group(name).order)
    return [(house.catalogue.group(name).title, groups[name]) for name in ordered]
