"""What a request is about, as a value: everything, data categories, or records that were chosen."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


class Scope(enum.StrEnum):
    """How the scope was given: not narrowed, by data categories (fields), or by chosen records."""

    EVERYTHING = "everything"
    CATEGORIES = "categories"
    SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class ChosenRecords:
    """What is chosen of one collection.

    `fields`: empty means whole records, else only these fields of them. `records`: keyed hashes of the chosen row keys
    (`plans.scope.record_hash`); None means every record of the customer's.
    """

    fields: tuple[str, ...] = ()
    records: tuple[str, ...] | None = None

    def as_json(self) -> dict[str, list[str]]:
        """Only what narrows; an empty object means every record, whole."""
        narrowed = {"fields": list(self.fields)} if self.fields else {}
        return narrowed | ({"records": list(self.records)} if self.records is not None else {})

    @classmethod
    def read(cls, written: Mapping[str, list[str]]) -> "ChosenRecords":
        """What `as_json` wrote."""
        records = written.get("records")
        return cls(tuple(written.get("fields", ())), None if records is None else tuple(records))


@dataclass(frozen=True, slots=True)
class RequestScope:
    """The scope of one request; two scopes that mean the same are equal. Without either it is everything.

    `categories`: data categories, sorted. `selection`: (collection, what of it), sorted by collection.
    """

    categories: tuple[str, ...] | None = None
    selection: tuple[tuple[str, ChosenRecords], ...] | None = None

    @classmethod
    def of_categories(cls, categories: Iterable[str]) -> "RequestScope":
        """The fields of these data categories, and no others."""
        return cls(categories=tuple(sorted(set(categories))))

    @classmethod
    def of_records(cls, chosen: Mapping[str, ChosenRecords] | Iterable[str]) -> "RequestScope":
        """The records of these collections: all of them whole, or as `ChosenRecords` narrows each."""
        if not isinstance(chosen, Mapping):
            chosen = {collection: ChosenRecords() for collection in chosen}
        return cls(selection=tuple(sorted(chosen.items())))

    @property
    def kind(self) -> Scope:
        """How the scope was given."""
        if self.selection is not None:
            return Scope.SELECTION
        return Scope.EVERYTHING if self.categories is None else Scope.CATEGORIES

    @property
    def collections(self) -> dict[str, ChosenRecords]:
        """Collection → what is chosen of it; empty unless the scope is a selection."""
        return dict(self.selection or ())

    def as_json(self) -> dict[str, Any]:
        """The form in which request and plan keep it, and which the digest of a plan covers."""
        written: dict[str, Any] = {"kind": self.kind.value}
        if self.categories is not None:
            written["categories"] = list(self.categories)
        if self.selection is not None:
            written["collections"] = {collection: chosen.as_json() for collection, chosen in self.selection}
        return written

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> "RequestScope":
        """What `as_json` wrote; refuses (`ValueError`) a kind of scope that it does not know."""
        match Scope(written["kind"]):
            case Scope.CATEGORIES:
                return cls.of_categories(written["categories"])
            case Scope.SELECTION:
                chosen = {key: ChosenRecords.read(one) for key, one in written["collections"].items()}
                return cls.of_records(chosen)
        return EVERYTHING


EVERYTHING = RequestScope()
