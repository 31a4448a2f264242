"""Which records of unclear ownership lead to the same person: a label for each, so that no two people share a decision."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from privacy_center.datamap.graph import DataMap
from privacy_center.sources.identities import normalise_identity
from privacy_center.sources.rows import Key, Ownership
from privacy_center.sources.search import Place, Search
from privacy_center.sources.site import Site

Token = tuple[Any, ...]
"""What a record may share with another: an identity value that is not proven, or the key of the account it leads to."""


@dataclass(slots=True, eq=False)
class _Person:
    """Records taken for one person's. `identities`: collection → what identifies the person in its records."""

    mark: str
    identities: dict[str, frozenset[Token]] = field(default_factory=dict)


def mark_people(search: Search, data_map: DataMap) -> dict[str, dict[Key, str]]:
    """Collection → key of each unclear record → the label of the person it leads to: "1", "2", … in the order they are met.

    Records lead to the same person where they share an identity value that the customer has not proven, or the account
    they belong to. Two records of one collection that are identified differently never do. Reads nothing.
    """
    marks: dict[str, dict[Key, str]] = {}
    people: dict[Token, list[_Person]] = {}
    count = 0
    for (collection, key), site, values in _unclear(search, data_map):
        identity = frozenset(_identities(search, site, values))
        tokens = sorted({*identity, *_accounts(site, values)}, key=repr)
        sharing = (one for token in tokens for one in people.get(token, ()))
        person = next((one for one in sharing if one.identities.get(collection, identity) == identity), None)
        if person is None:
            count += 1
            person = _Person(str(count))
        person.identities.setdefault(collection, identity)
        for token in tokens:
            if person not in people.setdefault(token, []):
                people[token].append(person)
        marks.setdefault(collection, {})[key] = person.mark
    return marks


def _unclear(search: Search, data_map: DataMap) -> Iterator[tuple[Place, Site, tuple[Any, ...]]]:
    """Unclear records with what was read of them, in an order that does not depend on how they were reached."""
    for key in data_map.collections:
        rows = search.rows.get(key, {})
        places = [(key, one) for one, found in rows.items() if found.ownership is Ownership.UNCLEAR]
        for place in sorted(places, key=_order):
            yield place, search.routes.sites[key], search.read_values[place]


def _order(place: Place) -> list[tuple[bool, str]]:
    return [(isinstance(value, str), f"{value:030}" if isinstance(value, int) else str(value)) for value in place[1]]


def _identities(search: Search, site: Site, values: tuple[Any, ...]) -> Iterator[Token]:
    for place in site.identities:
        for raw in () if place.mention else place.values(values):
            if not search.known.is_proven(place.kind, raw, place.folded):
                yield "identity", place.kind, normalise_identity(place.kind, raw)


def _accounts(site: Site, values: tuple[Any, ...]) -> Iterator[Token]:
    """The account a record belongs to, and the keys by which others belong to it."""
    for tie in site.owners:
        if tie.judges and tie.down and (value := tie.down.value(values)) is not None:
            yield "account", tie.number, value
    for tie in site.downs:
        if tie.belongs and tie.judges and tie.up and (value := tie.up.value(values)) is not None:
            yield "account", tie.number, value
