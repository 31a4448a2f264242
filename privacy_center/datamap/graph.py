"""The data map as a graph: datasets, collections, fields, and the links between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

Direction = Literal["from", "to"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a map says of a field: it points to `collection` (`dataset.name`) and its `field` (dotted path)."""

    collection: str
    field: str
    direction: Direction | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a collection; `path` is dotted for fields nested inside an object."""

    path: str
    data_categories: tuple[str, ...] = ()
    data_type: str | None = None
    length: int | None = None
    primary_key: bool = False
    identity: str | None = None
    references: tuple[Reference, ...] = ()
    read_only: bool = False
    masking: str | None = None
    masking_configuration: Mapping[str, Any] = field(default_factory=dict)
    description: str = ""

    @property
    def column(self) -> str:
        """The column that holds the field: the first part of its path."""
        return self.path.split(".", 1)[0]


@dataclass(frozen=True)
class Collection:
    """One table (or view) of a dataset; `key` is `dataset.name`, as everywhere in the product.

    `masking`: `delete` where the map asks that its rows be deleted, whatever else is asked for.
    """

    dataset: str
    name: str
    fields: Mapping[str, Field]
    data_categories: tuple[str, ...] = ()
    after: frozenset[str] = frozenset()
    erase_after: frozenset[str] = frozenset()
    skip_processing: bool = False
    description: str = ""
    masking: str | None = None

    @property
    def key(self) -> str:
        return f"{self.dataset}.{self.name}"

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """The fields the map marks as primary key, in the map's order; empty where it marks none."""
        return tuple(path for path, one in self.fields.items() if one.primary_key)

    @cached_property
    def identities(self) -> Mapping[str, str]:
        """Field path → kind of identity (`email`, `phone_number`, …) for the fields that carry one."""
        return {path: one.identity for path, one in self.fields.items() if one.identity}

    @cached_property
    def personal(self) -> bool:
        """Whether any field is, by its category, about a person; a collection without any category counts as such."""
        said = [category for one in self.fields.values() for category in one.data_categories]
        said += self.data_categories
        return not said or any(is_within(category, "user") for category in said)


@dataclass(frozen=True, slots=True)
class Link:
    """A reference, told the same way round each time: rows of `child` carry a key of `parent` in `child_field`.

    `belongs`: the parent row owns the child row. Otherwise the child only points to the parent (an address, a product).
    `assumed`: the map gives no direction, so this was read off the graph.
    """

    child: str
    child_field: str
    parent: str
    parent_field: str
    belongs: bool
    assumed: bool


@dataclass(frozen=True)
class DataMap:
    """The checked graph: collections by key, links between them."""

    collections: Mapping[str, Collection]
    links: tuple[Link, ...]

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.dataset for one in self.collections.values()))

    def of(self, dataset: str) -> Iterator[Collection]:
        """The collections of one dataset, in the map's order."""
        return (one for one in self.collections.values() if one.dataset == dataset)

    @cached_property
    def links_up(self) -> Mapping[str, tuple[Link, ...]]:
        """Collection → the links in which it is the child (it carries the key)."""
        return _by(self.links, "child")

    @cached_property
    def links_down(self) -> Mapping[str, tuple[Link, ...]]:
        """Collection → the links in which it is the parent (others carry its key)."""
        return _by(self.links, "parent")

    @cached_property
    def _leading(self) -> frozenset[str]:
        return leading_collections(self.collections)

    def leads_to_identity(self, collection_key: str) -> bool:
        """Whether its rows tell whose they are: by an identity field, or by a reference up to a collection that does."""
        return collection_key in self._leading

    @cached_property
    def identity_kinds(self) -> frozenset[str]:
        return frozenset(kind for one in self.collections.values() for kind in one.identities.values())


def leading_collections(collections: Mapping[str, Collection]) -> frozenset[str]:
    """The collections that lead to an identity.

    Those with an identity field, and those with a reference up (explicit `from`, or without direction) to one that leads.
    A reference with direction `to` only points, and a collection's reference to itself says nothing new.
    """
    up = {
        key: {
            reference.collection
            for field_ in one.fields.values()
            for reference in field_.references
            if reference.direction != "to" and reference.collection != key
        }
        for key, one in collections.items()
    }
    leading = {key for key, one in collections.items() if one.identities}
    while more := {key for key, parents in up.items() if key not in leading and parents & leading}:
        leading |= more
    return frozenset(leading)


def is_within(category: str, branch: str) -> bool:
    """Whether a category is `branch` or below it: `user.name.first` is in `user.name`, `user.name_x` is not."""
    return category == branch or category.startswith(branch + ".")


def _by(links: tuple[Link, ...], end: str) -> dict[str, tuple[Link, ...]]:
    grouped: dict[str, list[Link]] = {}
    for link in links:
        grouped.setdefault(getattr(link, end), []).append(link)
    return {key: tuple(found) for key, found in grouped.items()}
