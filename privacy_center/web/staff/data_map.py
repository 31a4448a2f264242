"""The data map as staff see it, read only: datasets, collections, findings, and which databases answer."""

from dataclasses import dataclass

from flask import Response

from privacy_center.datamap.graph import Collection
from privacy_center.errors import Words
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.units import center


@dataclass(frozen=True, slots=True)
class ShownCollection:
    """One table of the company in words: its title, what it is for, its fields, and how it hangs together."""

    one: Collection
    title: Words
    purpose: Words
    sensitive: bool
    identities: list[str]
    points_to: list[str]


@dataclass(frozen=True, slots=True)
class ShownDataset:
    """One database: why it does not answer (if so), whether we may change it, and its collections."""

    key: str
    trouble: Words | None
    may_write: bool
    collections: list[ShownCollection]


@staff.get("/map")
def map() -> Response:
    """Every dataset; asks each database whether it answers, one statement each."""
    data_map = center().data_map
    datasets = [_dataset(key) for key in data_map.datasets]
    said = {pack.file for pack in center().rules.packs}
    found = [one for one in center().findings if one.file not in said]
    return page("staff/map.html", datasets=datasets, findings=found)


def _dataset(key: str) -> ShownDataset:
    sources = center().sources
    trouble = sources.reachable(key)
    may_write = key in sources.configs and sources.access(key) == "write"
    return ShownDataset(key, trouble, may_write, [_collection(one) for one in center().data_map.of(key)])


def _collection(one: Collection) -> ShownCollection:
    catalogue, links = center().catalogue, center().data_map.links_up.get(one.key, ())
    said = catalogue.collection(one.key)
    categories = {category for each in one.fields.values() for category in each.data_categories}
    return ShownCollection(
        one=one,
        title=said.title,
        purpose=said.purpose,
        sensitive=any(catalogue.category(category).sensitive for category in categories),
        identities=sorted(set(one.identities.values())),
        points_to=sorted({link.parent for link in links}),
    )
