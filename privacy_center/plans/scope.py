"""Which fields of a collection a request is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from privacy_center.datamap.graph import Collection, DataMap, Field, is_within
from privacy_center.datamap.live import LiveSchema
from privacy_center.sources.masking import maskable

IDENTIFIER_BRANCH = "user.unique_id"


@dataclass(frozen=True, slots=True)
class Scope:
    """`fields` may be masked. `whole`: the row itself may go, because nothing else of the person is in it."""

    fields: tuple[str, ...]
    whole: bool

    @property
    def empty(self) -> bool:
        return not self.fields and not self.whole


def scope_of(
    collection: Collection, data_map: DataMap, live: LiveSchema | None, categories: Sequence[str] | None
) -> Scope:
    """What a request for `categories` (None: everything) may change in a collection.

    With categories, a row goes as a whole only where every personal field of it, identifiers aside, is asked for and the
    collection holds no identity: a request to delete contact data must not close the account.
    """
    maskable = [one for one in collection.fields.values() if may_mask(one, collection, data_map, live)]
    personal = [one for one in maskable if _categories(one, collection)]
    if categories is None:
        return Scope(tuple(one.path for one in personal), whole=True)
    asked = tuple(one.path for one in personal if _asked(one, collection, categories))
    told = {one.path for one in personal if not _only_identifier(one, collection)}
    return Scope(asked, whole=bool(asked) and told <= set(asked) and not collection.identities)


def may_mask(one: Field, collection: Collection, data_map: DataMap, live: LiveSchema | None) -> bool:
    """Whether a field can be overwritten at all: not a primary key, not a foreign key or its target, not read-only.

    A reference of the map counts as a foreign key where it leads to the other side's primary key; a link by e-mail or
    phone is personal data like any other.
    """
    if _is_key_link(one, collection, data_map):
        return False
    table = live.tables.get(collection.name) if live else None
    if live is None or table is None:
        return not one.primary_key and not one.read_only
    return maskable(one, table, live)


def _is_key_link(one: Field, collection: Collection, data_map: DataMap) -> bool:
    up = data_map.links_up.get(collection.key, ())
    return any(
        link.child_field == one.path and link.parent_field in data_map.collections[link.parent].primary_key
        for link in up
    )


def _categories(one: Field, collection: Collection) -> tuple[str, ...]:
    said = one.data_categories or collection.data_categories
    return tuple(category for category in said if is_within(category, "user"))


def _asked(one: Field, collection: Collection, categories: Sequence[str]) -> bool:
    return any(is_within(said, asked) for said in _categories(one, collection) for asked in categories)


def _only_identifier(one: Field, collection: Collection) -> bool:
    return all(is_within(category, IDENTIFIER_BRANCH) for category in _categories(one, collection))
