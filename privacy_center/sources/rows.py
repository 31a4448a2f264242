"""What a search in the company's databases brings back: rows by key, whose they are, and the facts asked for."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from privacy_center.errors import Words

Key = tuple[Any, ...]


class Ownership(enum.StrEnum):
    """Whose a reached row is. `unclear` is shown with the third-party rows and waits for a person."""

    OWN = "own"
    SHARED = "shared"
    THIRD_PARTY = "third_party"
    UNCLEAR = "unclear"


@dataclass(slots=True)
class FoundRow:
    """One row: its key values in the order of the collection's `key_fields`, and facts in the order of `fact_names`."""

    key: Key
    ownership: Ownership
    facts: Key = ()
    why: Words | None = None


@dataclass(slots=True)
class FoundCollection:
    """The rows of one collection. `keyless`: the table has no key, so a row is known by all its comparable columns.

    `person_marks`: key of each unclear row → label, within this search, of the person it leads to; never a value.
    """

    collection: str
    key_fields: tuple[str, ...]
    keyless: bool = False
    fact_names: tuple[str, ...] = ()
    rows: list[FoundRow] = field(default_factory=list)
    person_marks: dict[Key, str] = field(default_factory=dict)

    def owned(self, ownership: Ownership) -> Iterator[FoundRow]:
        return (row for row in self.rows if row.ownership is ownership)


@dataclass(slots=True)
class Located:
    """Everything found for one person.

    `skipped`: collection → why it could not be searched. `offered`: identity kind → values met on the way that nobody has
    proven yet; `identifiers`: identity kind → every value on the person's own rows, proven or not (for the residual scan).
    `queries`: statements sent to the company's databases. `disputed`: the kind of identity in which the accounts of a phone
    number differ, where it stands on those of several people.
    """

    collections: dict[str, FoundCollection] = field(default_factory=dict)
    skipped: dict[str, Words] = field(default_factory=dict)
    offered: dict[str, set[str]] = field(default_factory=dict)
    identifiers: dict[str, set[str]] = field(default_factory=dict)
    queries: int = 0
    disputed: str | None = None
