"""What a person is shown of the data held on them: groups, items, masked values, and why and how long each is kept."""

from dataclasses import dataclass, field

from privacy_center.access.readable import Readable
from privacy_center.errors import Words
from privacy_center.retention.deletable_from import DeletableFrom
from privacy_center.retention.verdict import Outcome


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One field of an item. `samples`: masked, without repeats, the rows' order; no more than a few. `categories`: every
    personal data category of the field; `category`: the one by which it is masked.
    """

    path: str
    category: str
    title: Words
    sensitive: bool
    samples: tuple[Readable, ...]
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long some rows of an item stay, and why. `ends`: when they can go; without it, when erasure is asked."""

    outcome: Outcome
    rows: int
    why: Words
    ends: DeletableFrom | None = None


@dataclass(frozen=True, slots=True)
class DataItem:
    """One collection in the person's words. `rows`: own and shared ones; `shared`: those that others use as well."""

    collection: str
    dataset: str
    title: Words
    rows: int
    shared: int
    values: tuple[ShownValue, ...]
    keeping: tuple[Keeping, ...]
    source: Words
    purpose: Words
    legal_basis: Words
    recipients: tuple[Words, ...]
    note: Words | None = None

    @property
    def sensitive(self) -> bool:
        """Whether any value of it is."""
        return any(value.sensitive for value in self.values)


@dataclass(slots=True)
class DataGroup:
    """Items that belong together on the page."""

    key: str
    title: Words
    order: int
    items: list[DataItem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(item.rows for item in self.items)


@dataclass(frozen=True, slots=True)
class SilentSystem:
    """A collection that did not answer, so nothing can be said of what it holds, and why not."""

    collection: str
    dataset: str
    title: Words
    why: Words


@dataclass(slots=True)
class PersonShown:
    """Everything to show: groups in their order, and the systems that did not answer (never silently left out)."""

    groups: list[DataGroup] = field(default_factory=list)
    silent: list[SilentSystem] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(group.rows for group in self.groups)
