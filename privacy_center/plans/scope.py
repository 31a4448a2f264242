"""What a request may change in a collection: which records of it, which fields of them, or the records as a whole."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from privacy_center.datamap.graph import Collection, DataMap, Field, is_within
from privacy_center.datamap.live import LiveSchema
from privacy_center.keys.keyring import Keyring
from privacy_center.privacy_requests.scope import EVERYTHING, ChosenRecords, RequestScope
from privacy_center.sources.masking import maskable
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Key

IDENTIFIER_BRANCH = "user.unique_id"


@dataclass(frozen=True, slots=True)
class CollectionScope:
    """`fields` may be cleared. `whole`: the record itself may go. `records`: hashes of the only records meant; None: all."""

    fields: tuple[str, ...]
    whole: bool
    records: frozenset[str] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing in the collection may be changed."""
        return not self.fields and not self.whole

    def includes(self, keyring: Keyring, collection: str, key: Key) -> bool:
        """Whether the record with this key is among those that are meant."""
        return self.records is None or record_hash(keyring, collection, key) in self.records


def scope_of(
    collection: Collection, data_map: DataMap, live: LiveSchema | None, scope: RequestScope = EVERYTHING
) -> CollectionScope:
    """What a request of this scope may change in a collection.

    With categories, a record goes as a whole only where every personal field of it, identifiers aside, is asked for and the
    collection holds no identity: a request to delete contact data must not close the account. A chosen record goes as a
    whole unless fields of it were named.
    """
    maskable = [one for one in collection.fields.values() if may_mask(one, collection, data_map, live)]
    personal = [one for one in maskable if _categories(one, collection)]
    every = tuple(one.path for one in personal)
    if scope.selection is not None:
        return _scope_chosen(every, scope.collections.get(collection.key))
    if scope.categories is None:
        return CollectionScope(every, whole=True)
    covered = tuple(one.path for one in personal if _within(one, collection, scope.categories))
    content = {one.path for one in personal if not _only_identifier(one, collection)}
    return CollectionScope(covered, whole=bool(covered) and content <= set(covered) and not collection.identities)


def _scope_chosen(personal: tuple[str, ...], chosen: ChosenRecords | None) -> CollectionScope:
    if chosen is None:
        return CollectionScope((), whole=False)
    records = None if chosen.records is None else frozenset(chosen.records)
    if not chosen.fields:
        return CollectionScope(personal, whole=True, records=records)
    return CollectionScope(tuple(path for path in personal if path in chosen.fields), whole=False, records=records)


def is_covered(collection: Collection, path: str, key: Key, scope: RequestScope, keyring: Keyring) -> bool:
    """Whether one field of one record is within a scope, whether or not it could be changed."""
    if scope.selection is not None:
        chosen = scope.collections.get(collection.key)
        if chosen is None or (chosen.fields and path not in chosen.fields):
            return False
        return chosen.records is None or record_hash(keyring, collection.key, key) in chosen.records
    if scope.categories is None:
        return True
    field = collection.fields.get(path)
    said = (field.data_categories if field else ()) or collection.data_categories
    return any(is_within(category, wanted) for category in said for wanted in scope.categories)


def select_collections(data_map: DataMap, chosen: Iterable[str]) -> RequestScope:
    """A selection of every record of these collections, whole, with their parts that hold nothing personal themselves.

    A part is a collection without personal data all of whose owners are chosen: a line of an order that only counts pieces.
    """
    wanted = {key for key in chosen if key in data_map.collections}
    while parts := {key for key in data_map.collections if key not in wanted and _is_part(data_map, key, wanted)}:
        wanted |= parts
    return RequestScope.of_records(wanted)


def _is_part(data_map: DataMap, key: str, wanted: set[str]) -> bool:
    owners = {link.parent for link in data_map.links_up.get(key, ()) if link.belongs and link.parent != key}
    return not data_map.collections[key].personal and bool(owners) and owners <= wanted


def record_hash(keyring: Keyring, collection: str, key: Key) -> str:
    """What a selection keeps of a record: a hash in hex that only this installation can compute, the same each time."""
    return keyring.keyed_hash(json.dumps([collection, *write_keys([key])], ensure_ascii=False), "scope.record")


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


def _within(one: Field, collection: Collection, categories: Sequence[str]) -> bool:
    return any(is_within(said, wanted) for said in _categories(one, collection) for wanted in categories)


def _only_identifier(one: Field, collection: Collection) -> bool:
    return all(is_within(category, IDENTIFIER_BRANCH) for category in _categories(one, collection))
