"""The words beside the data map: what each category, group and collection is called, and how it may be shown."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from privacy_center.datamap.catalogue_file import merge_file
from privacy_center.datamap.display import mask_for_display
from privacy_center.datamap.finding import Finding, Findings, did_you_mean
from privacy_center.datamap.graph import Collection, DataMap
from privacy_center.datamap.markers import check_markers
from privacy_center.datamap.vocabulary import default_categories
from privacy_center.errors import Words

__all__ = ["Catalogue", "CategoryWords", "CollectionWords", "GroupWords", "RecordPlace", "load_catalogue"]
__all__ += ["mask_for_display"]

BUILT_IN = Path(__file__).with_name("words.yml")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """A data category. `sensitive`: by the company's classes; `statutory`: by law. `roles`: who may see it unmasked."""

    key: str
    title: Words
    sensitive: bool
    statutory: bool
    display_mask: str
    roles: frozenset[str]
    group: str


@dataclass(frozen=True, slots=True)
class GroupWords:
    """A group of the my-data page; groups are shown in their `order`."""

    key: str
    title: Words
    order: int


@dataclass(frozen=True, slots=True)
class CollectionWords:
    """A collection in a customer's words. `source`: `you`, `automatic`, `staff`, `partner`, or empty where not said.

    `fields`: field → its title; `values`: field → code → what the code means. A field that is not in them has no words.
    """

    key: str
    title: Words
    purpose: Words
    source: str
    source_words: Words
    group: str
    recipients: tuple[Words, ...]
    legal_basis: Words
    fields: Mapping[str, Words] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where one kind of record lies: a collection, and its field for each alias that rules use."""

    collection: str
    aliases: Mapping[str, str]


@dataclass(frozen=True)
class Catalogue:
    """What the built-in words and the home's `catalogue.yml` say together; `findings`: what is wrong with the latter."""

    said: Mapping[str, Mapping[str, Any]]
    findings: tuple[Finding, ...] = ()
    _known: dict[str, CategoryWords] = field(default_factory=dict, repr=False, compare=False)

    def category(self, key: str) -> CategoryWords:
        """The words for a category; what it does not say itself, its nearest parent by dotted path says for it."""
        if key not in self._known:
            self._known[key] = self._read_category(key)
        return self._known[key]

    def _read_category(self, key: str) -> CategoryWords:
        found: dict[str, Any] = {}
        parts = key.split(".")
        for length in range(len(parts), 0, -1):
            found = {**self.said["categories"].get(".".join(parts[:length]), {}), **found}
        return CategoryWords(
            key=key,
            title=Words.read(found.get("title") or key),
            sensitive=bool(found.get("sensitive") or found.get("statutory")),
            statutory=bool(found.get("statutory")),
            display_mask=found.get("mask", "full"),
            roles=frozenset(found.get("roles", ())),
            group=found.get("group", OTHER),
        )

    def group(self, key: str) -> GroupWords:
        """A group by its key; an unknown one is called by its key and stands last."""
        said = self.said["groups"].get(key, {})
        return GroupWords(key, Words.read(said.get("title") or key), said.get("order", 99))

    @cached_property
    def groups(self) -> tuple[GroupWords, ...]:
        """Every group, in the order in which they are shown."""
        return tuple(sorted(map(self.group, self.said["groups"]), key=lambda one: (one.order, one.key)))

    def collection(self, key: str) -> CollectionWords:
        """The words for a collection (`dataset.name`); one that nobody described is called by its name."""
        said = self.said["collections"].get(key, {})
        source = said.get("source", "")
        return CollectionWords(
            key=key,
            title=Words.read(said.get("title") or key.split(".", 1)[-1]),
            purpose=Words.read(said.get("purpose")),
            source=source,
            source_words=Words.read(self.said["sources"].get(source)),
            group=said.get("group", OTHER),
            recipients=tuple(Words.read(one) for one in said.get("recipients") or ()),
            legal_basis=Words.read(said.get("legal_basis")),
            fields={path: Words.read(one) for path, one in said.get("fields", {}).items()},
            values={
                path: {str(code): Words.read(one) for code, one in codes.items()}
                for path, codes in said.get("values", {}).items()
            },
        )

    def field_title(self, collection: Collection, path: str) -> Words:
        """What a customer reads for a field: its own title, else that of its category, a sensitive one first."""
        named = self.collection(collection.key).fields.get(path)
        field_ = collection.fields.get(path)
        if named is not None or field_ is None:
            return named or Words(path, path)
        said = field_.data_categories or collection.data_categories
        about = [self.category(one) for one in said if one.split(".")[0] == "user"]
        return max(about, key=lambda one: (one.statutory, one.sensitive)).title if about else Words(path, path)

    def group_of(self, collection: Collection) -> GroupWords:
        """The group of a collection: the one the catalogue gives it, else the one most of its categories are in."""
        said = self.said["collections"].get(collection.key, {}).get("group")
        if said:
            return self.group(said)
        categories = [*collection.data_categories]
        categories += [one for each in collection.fields.values() for one in each.data_categories]
        groups = Counter(self.category(one).group for one in categories if one.startswith("user"))
        return self.group(groups.most_common(1)[0][0] if groups else OTHER)

    @cached_property
    def records(self) -> Mapping[str, tuple[RecordPlace, ...]]:
        """Kind of record → the places where such records lie, for rules that speak of kinds."""
        return {
            name: tuple(
                RecordPlace(one["collection"], {alias: at for alias, at in one.items() if alias != "collection"})
                for one in places
            )
            for name, places in self.said["records"].items()
        }

    @cached_property
    def markers(self) -> Mapping[str, str]:
        """Collection → the column that says that a record is restricted, where its table has one."""
        return {key: column for key, column in self.said["markers"].items() if "." in key}

    @cached_property
    def restriction_tables(self) -> frozenset[str]:
        """The datasets whose database has a side table of restricted records, for tables without such a column."""
        return frozenset(key for key in self.said["markers"] if "." not in key)

    @cached_property
    def extra_categories(self) -> frozenset[str]:
        """The categories that the home declares beside those of the Fideslang taxonomy."""
        return frozenset(self.said["categories"]) - default_categories()

    def check_against(self, data_map: DataMap, file: str = "catalogue.yml") -> list[Finding]:
        """Finds what the catalogue says of collections and fields that the data map does not have."""
        findings = Findings()
        for key, said in self.said["collections"].items():
            _check_collection(key, data_map, findings, file, (*said.get("fields", ()), *said.get("values", ())))
        check_markers(self.said["markers"], data_map, findings, file, _check_collection)
        for places in self.records.values():
            for one in places:
                _check_collection(one.collection, data_map, findings, file, tuple(one.aliases.values()))
        return findings.found


def load_catalogue(path: Path | None = None) -> Catalogue:
    """The built-in words with the home's own over them. A wrong key or value is a finding and is left out."""
    findings = Findings()
    said: dict[str, dict[str, Any]] = {}
    merge_file(said, BUILT_IN, findings)
    if path is not None and path.exists():
        merge_file(said, path, findings)
    return Catalogue(said, tuple(findings.found))


def _check_collection(key: str, data_map: DataMap, findings: Findings, file: str, fields: tuple[str, ...] = ()) -> None:
    dataset, _, name = key.partition(".")
    place = findings.at(file, dataset, name)
    if key not in data_map.collections:
        hint = did_you_mean(key, data_map.collections, 0.75)
        place.error(
            f"目录写了 {key}，但数据地图里没有。请改正。{hint.zh}",
            f"The catalogue names {key}, which the data map does not have. Correct it.{hint.en}",
        )
        return
    for one in fields:
        if one not in data_map.collections[key].fields:
            hint = did_you_mean(one, data_map.collections[key].fields)
            place.within(field=one).error(
                f"{key} 没有字段 {one}。请改正。{hint.zh}", f"{key} has no field {one}. Correct it.{hint.en}"
            )
