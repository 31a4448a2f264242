"""fideslang's models made into the graph's collections and fields."""

from collections.abc import Collection as Names
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fideslang.models import Dataset, DatasetCollection, DatasetField, FidesDatasetReference

from privacy_center.datamap.declared import read_copy_of, read_out_of_scope
from privacy_center.datamap.finding import Place
from privacy_center.datamap.graph import Collection, Field, Reference
from privacy_center.datamap.marketing_reading import with_marketing_refusals
from privacy_center.datamap.own_keys import with_own_keys
from privacy_center.datamap.roles import with_roles_by_name
from privacy_center.datamap.spelling import walk_fields


def build_collections(
    datasets: Iterable[tuple[Dataset, Mapping[str, Any], Place]], today_names: Mapping[str, str]
) -> dict[str, Collection]:
    """Collections by key, in the order of the files. Each dataset comes with its raw form, which alone keeps that order and
    our own words, and the place where what is wrong with these is told.

    `today_names`: older category → today's.
    """
    datasets = list(datasets)
    names = {f"{one.fides_key}.{each.name}" for one, _, _ in datasets for each in one.collections}
    of_dataset = {one.fides_key: [each.name for each in one.collections] for one, _, _ in datasets}
    built = {}
    for dataset, raw, place in datasets:
        told = raw.get("collections")
        order = {each["name"]: each for each in _named(told)}
        by_name = {each.name: each for each in dataset.collections}
        for name in sorted(by_name, key=list(order).index):
            fields = _fields(by_name[name], order[name], names, today_names)
            plain = _collection(dataset, by_name[name], order[name], fields, of_dataset, today_names)
            here = place.within(collection=name)
            one = with_own_keys(with_roles_by_name(plain), order[name], here)
            built[one.key] = with_marketing_refusals(one, order[name], here)
    return built


def _named(told: object) -> list[dict]:
    """The raw collections that have a name; what else stands there is a finding elsewhere."""
    return (
        [one for one in told if isinstance(one, dict) and isinstance(one.get("name"), str)]
        if isinstance(told, list)
        else []
    )


def _collection(
    dataset: Dataset,
    said: DatasetCollection,
    raw: Mapping[str, Any],
    fields: dict[str, Field],
    of_dataset: Mapping[str, list[str]],
    today_names: Mapping[str, str],
) -> Collection:
    meta = said.fides_meta
    after = set(meta.after or ()) if meta else set()
    for earlier in (dataset.fides_meta.after if dataset.fides_meta else None) or ():
        after |= {f"{earlier}.{name}" for name in of_dataset.get(earlier, ())}
    return Collection(
        dataset=dataset.fides_key,
        name=said.name,
        fields=fields,
        data_categories=_categories([*(dataset.data_categories or ()), *(said.data_categories or ())], today_names),
        after=frozenset(after),
        erase_after=frozenset((meta.erase_after if meta else None) or ()),
        skip_processing=bool(meta and meta.skip_processing),
        description=said.description or "",
        masking=meta.masking_strategy_override.strategy.value if meta and meta.masking_strategy_override else None,
        out_of_scope=read_out_of_scope(raw),
        copy_of=read_copy_of(raw),
    )


def _fields(
    said: DatasetCollection, raw: Mapping[str, Any], names: Names[str], today_names: Mapping[str, str]
) -> dict[str, Field]:
    found = dict(_walk(said.fields))
    order = [path for path, _ in walk_fields(raw.get("fields")) if path in found]
    return {path: _field(path, found[path], names, today_names) for path in dict.fromkeys(order)}


def _walk(fields: Iterable[DatasetField] | None, above: str = "") -> Iterator[tuple[str, DatasetField]]:
    for one in fields or ():
        path = f"{above}.{one.name}".lstrip(".")
        yield path, one
        yield from _walk(one.fields, path)


def _field(path: str, said: DatasetField, names: Names[str], today_names: Mapping[str, str]) -> Field:
    meta, categories = said.fides_meta, _categories(said.data_categories or (), today_names)
    if meta is None:
        return Field(path, categories, description=said.description or "")
    masking = meta.masking_strategy_override
    return Field(
        path=path,
        data_categories=categories,
        data_type=meta.data_type,
        length=meta.length,
        primary_key=bool(meta.primary_key),
        identity=meta.identity or None,
        references=tuple(_reference(one, names) for one in meta.references or ()),
        read_only=bool(meta.read_only),
        masking=masking.strategy if masking else None,
        masking_configuration=(masking.configuration or {}) if masking else {},
        description=said.description or "",
    )


def _reference(said: FidesDatasetReference, names: Names[str]) -> Reference:
    """`collection.path` split where a collection of that name is; at the first dot where there is none."""
    parts = said.field.split(".")
    cut = 1
    for length in range(1, len(parts)):
        if f"{said.dataset}.{'.'.join(parts[:length])}" in names:
            cut = length
            break
    direction = said.direction.value if said.direction else None
    return Reference(f"{said.dataset}.{'.'.join(parts[:cut])}", ".".join(parts[cut:]), direction)


def _categories(said: Iterable[str], today_names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(today_names.get(one, one) for one in said))
