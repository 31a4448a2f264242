"""From what a rule says it covers to the collections it is about, with the columns that its names mean there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from privacy_center.config import Settings
from privacy_center.datamap.graph import Collection, DataMap, is_within
from privacy_center.retention.condition import Related, fields_of, relations_in
from privacy_center.retention.rule import Pack, Rule
from privacy_center.retention.signing import DecidingPack


class RecordPlace(Protocol):
    """A collection that holds one kind of record, and its field for each name that rules use."""

    collection: str
    aliases: Mapping[str, str]


Records = Mapping[str, Sequence[RecordPlace]]
"""Kind of record → where the company's catalogue says such records are."""


@dataclass(frozen=True)
class Binding:
    """One rule on one collection. `names`: what the rule calls a field → the column that means it here."""

    rule: Rule
    pack: Pack
    collection: Collection
    names: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> str:
        """The column that a name of the rule means here."""
        return self.names.get(name, name)

    @cached_property
    def deciding_pack(self) -> DecidingPack:
        """The pack as it is named with what the rule holds."""
        return DecidingPack(self.pack.pack, self.pack.version, self.pack.status)

    @cached_property
    def from_column(self) -> str | None:
        """The column from which the rule's period counts: of the row, or of the row that `until.of` leads to."""
        until = self.rule.until
        return until.from_ if until.of or not until.from_ else self.column(until.from_)

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Fields that stay readable in a held row; empty where the whole row does.

        A rule that covers data categories and names no needs, needs the fields of those categories; `needs: all` is empty.
        """
        if self.rule.needs is not None:
            named = (self.column(name.rstrip("?")) for name in self.rule.needs)
            return tuple(column for column in named if column in self.collection.fields)
        return tuple(
            path
            for path, one in self.collection.fields.items()
            if any(is_within(said, branch) for said in one.data_categories for branch in self.rule.covers.category)
        )

    @cached_property
    def decided_by(self) -> frozenset[str]:
        """The columns of this collection that the rule's condition and period read."""
        return frozenset(map(self.column, fields_of(self.rule.when) | _counted_from(self.rule)))

    @cached_property
    def read_columns(self) -> frozenset[str]:
        """`decided_by`, and what the rule's `sane` reads."""
        return self.decided_by | frozenset(map(self.column, fields_of(self.rule.sane)))

    def read_elsewhere(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Other collections that the rule reads through `exists`, with the columns it reads there."""
        for condition in (self.rule.when, self.rule.sane):
            for related in relations_in(condition):
                yield from _read_by(related)
        until = self.rule.until
        if until.of and until.from_:
            yield until.of.collection, frozenset(until.of.on) | {until.from_}


def _counted_from(rule: Rule) -> frozenset[str]:
    """The row's own fields that the rule's period is counted by, as the rule writes them."""
    if rule.until.of:
        return frozenset(rule.until.of.on.values())
    return frozenset({rule.until.from_}) if rule.until.from_ else frozenset()


def _read_by(related: Related) -> Iterator[tuple[str, frozenset[str]]]:
    yield related.collection, frozenset(related.on) | fields_of(related.when)
    for deeper in relations_in(related.when):
        yield from _read_by(deeper)


def applies(rule: Rule, pack: Pack, settings: Settings) -> bool:
    """Whether a rule is for this company: its jurisdiction, and every sector flag of pack and rule set."""
    return pack.applies_in(settings.jurisdiction) and {*pack.flags, *rule.flags} <= set(settings.flags)


def bind(rule: Rule, pack: Pack, data_map: DataMap, records: Records) -> list[Binding]:
    """The collections of the map that a rule is about. Names that lead nowhere are left out here and found by `check`."""
    if rule.covers.collection:
        found = (data_map.collections.get(key) for key in rule.covers.collection)
        return [Binding(rule, pack, one) for one in found if one is not None]
    if rule.covers.category:
        covered = (one for one in data_map.collections.values() if _holds(one, rule.covers.category))
        return [binding for one in covered if not missing_fields(binding := Binding(rule, pack, one))]
    places = [place for kind in rule.covers.record for place in records.get(kind) or ()]
    return [
        Binding(rule, pack, data_map.collections[place.collection], place.aliases)
        for place in places
        if place.collection in data_map.collections
    ]


def missing_fields(binding: Binding) -> list[str]:
    """Names in the rule that are no field of the collection."""
    rule = binding.rule
    named = fields_of(rule.when) | fields_of(rule.sane) | _counted_from(rule)
    named |= {name for name in rule.needs or () if not name.endswith("?")}
    return sorted(name for name in named if binding.column(name) not in binding.collection.fields)


def _holds(collection: Collection, branches: Sequence[str]) -> bool:
    said = [category for one in collection.fields.values() for category in one.data_categories]
    return any(is_within(category, branch) for category in (*said, *collection.data_categories) for branch in branches)
