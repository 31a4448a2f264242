"""The data map as a graph: datasets, collections, fields, and the links between them."""

from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from privacy_center.datamap.declared import OutOfScope
from privacy_center.datamap.marketing_refusal import MarketingRefusal
from privacy_center.datamap.row_condition import RowCondition

Direction = Literal["from", "to"]
IdentityRole = Literal["own", "mention"]
IdentityFormat = Literal["value", "mailbox", "list"]
About = Literal["person", "thing"]
_OF_PEOPLE = ("user.name", "user.demographic", "user.account", "user.contact.email", "user.contact.phone_number")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a map says of a field: it points to `collection` (`dataset.name`) and its `field` (dotted path).

    `when`: the rows that carry this reference; the others have none. `identifies`: the row that carries it tells whose the
    named row is (an e-mail address beside its account).
    """

    collection: str
    field: str
    direction: Direction | None = None
    when: RowCondition | None = None
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a collection; `path` is dotted for fields nested inside an object.

    `identity_when`: the rows in which it holds an identity. `identity_role`: `mention` where it names somebody whose the row
    need not be (a recipient, an address not yet confirmed). `identity_format`: one value, an address with a name around it,
    or several values.
    """

    path: str
    data_categories: tuple[str, ...] = ()
    data_type: str | None = None
    length: int | None = None
    primary_key: bool = False
    identity: str | None = None
    identity_when: RowCondition | None = None
    identity_role: IdentityRole = "own"
    identity_format: IdentityFormat = "value"
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

    `masking`: `delete` where the map asks that its rows be deleted, whatever else is asked for. `record`: fields whose equal
    values make rows one record (a key-value table). `about`: what its rows are about, where the map says so. `known_triggers`:
    triggers that change other records, read by somebody and found to be wanted. `out_of_scope`: who
    declared that no request need look into it. `copy_of`: the collections whose values it repeats. `marketing_refusals`: rows
    that say "no marketing".
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
    record: tuple[str, ...] = ()
    about: About | None = None
    known_triggers: frozenset[str] = frozenset()
    out_of_scope: OutOfScope | None = None
    copy_of: tuple[str, ...] = ()
    marketing_refusals: tuple[MarketingRefusal, ...] = ()

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
    def tells_whose(self) -> bool:
        """Whether an identity on a row says whose the row is; a mere mention does not."""
        return any(one.identity and one.identity_role == "own" for one in self.fields.values())

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
    `assumed`: the map gives no direction, so this was read off the graph. `when`: the child rows that carry it. `identifies`:
    a child row that is somebody's makes the parent row theirs. `unsaid`: one of several references to the same rows, and the
    map does not say which of them owns.
    """

    child: str
    child_field: str
    parent: str
    parent_field: str
    belongs: bool
    assumed: bool
    when: RowCondition | None = None
    identifies: bool = False
    unsaid: bool = False


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
        return leading_collections(self.collections, self.identified)

    def leads_to_identity(self, collection_key: str) -> bool:
        """Whether its rows tell whose they are: by an identity field, or by a reference up to a collection that does."""
        return collection_key in self._leading

    @cached_property
    def reached(self) -> frozenset[str]:
        """The collections that a search from the identity fields gets to, going only the ways that directions allow."""
        return reached_collections(self.collections, self.links)

    @cached_property
    def identity_kinds(self) -> frozenset[str]:
        return frozenset(kind for one in self.collections.values() for kind in one.identities.values())

    @cached_property
    def identified(self) -> frozenset[str]:
        """The collections whose rows are somebody's because a row elsewhere identifies them."""
        return frozenset(link.parent for link in self.links if link.identifies)

    def is_about_people(self, collection_key: str) -> bool:
        """Whether its rows are about somebody, so that being mentioned makes none of them anybody's. A thing (an address) is
        whose the rows are that mention it.
        """
        one = self.collections[collection_key]
        if one.about is not None:
            return one.about == "person"
        return self.leads_to_identity(collection_key) or collection_key in self.identified or looks_like_people(one)


def looks_like_people(one: Collection) -> bool:
    """Whether the categories of a collection tell of people, and none of them of an address, which has names on it too."""
    said = {category for each in one.fields.values() for category in each.data_categories} | set(one.data_categories)
    if any(is_within(category, "user.contact.address") for category in said):
        return False
    return any(is_within(category, branch) for category in said for branch in _OF_PEOPLE)


def leading_collections(
    collections: Mapping[str, Collection], identified: AbstractSet[str] = frozenset()
) -> frozenset[str]:
    """The collections that lead to an identity.

    Those with an identity field, those that are `identified` from elsewhere, and those with a reference up (explicit `from`,
    or without direction) to one that leads. A reference with direction `to` only points, and a collection's reference to
    itself says nothing new.
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
    leading = {key for key, one in collections.items() if one.identities} | set(identified)
    while more := {key for key, parents in up.items() if key not in leading and parents & leading}:
        leading |= more
    return frozenset(leading)


def reached_collections(collections: Mapping[str, Collection], links: tuple[Link, ...]) -> frozenset[str]:
    """What a search gets to from the identity fields; a collection that the map leaves out is no way to others."""
    ways: dict[str, set[str]] = {}
    for link in links:
        if link.belongs or link.assumed:
            ways.setdefault(link.parent, set()).add(link.child)
        if not link.belongs or link.assumed:
            ways.setdefault(link.child, set()).add(link.parent)
    reached = {key for key, one in collections.items() if one.identities and not one.skip_processing}
    waiting = deque(reached)
    while waiting:
        for ahead in ways.get(waiting.popleft(), set()) - reached:
            if not collections[ahead].skip_processing:
                reached.add(ahead)
                waiting.append(ahead)
    return frozenset(reached)


def is_within(category: str, branch: str) -> bool:
    """Whether a category is `branch` or below it: `user.name.first` is in `user.name`, `user.name_x` is not."""
    return category == branch or category.startswith(branch + ".")


def _by(links: tuple[Link, ...], end: str) -> dict[str, tuple[Link, ...]]:
    grouped: dict[str, list[Link]] = {}
    for link in links:
        grouped.setdefault(getattr(link, end), []).append(link)
    return {key: tuple(found) for key, found in grouped.items()}
