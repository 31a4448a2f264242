"""The home's data map: every Fideslang file in a folder, read and checked whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fideslang.models import Dataset

from privacy_center.datamap.build import build_collections
from privacy_center.datamap.checks import check_categories, check_collection
from privacy_center.datamap.declared import check_declarations
from privacy_center.datamap.documents import read_folder
from privacy_center.datamap.dots import with_inner_names
from privacy_center.datamap.doubles import without_doubles
from privacy_center.datamap.finding import Finding, Findings, Place, did_you_mean
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.links import build_links
from privacy_center.datamap.marketing_reading import check_marketing_refusals
from privacy_center.datamap.order import check_order
from privacy_center.datamap.owning import check_roles
from privacy_center.datamap.reach import check_reach
from privacy_center.datamap.shape import read_shape
from privacy_center.datamap.spelling import check_keys, dicts_in, text_of
from privacy_center.datamap.vocabulary import MANIFEST_KEYS, default_categories


@dataclass(slots=True)
class _Reading:
    """What has been read so far: datasets with their raw form and place, and older names of categories."""

    datasets: dict[str, tuple[Dataset, dict[Any, Any], Place]] = field(default_factory=dict)
    today_names: dict[str, str] = field(default_factory=dict)


def load_map(folder: Path, extra_categories: Iterable[str] = ()) -> tuple[DataMap, list[Finding]]:
    """The data map of a folder (`*.yml`, `*.yaml`, also in folders below) with all findings at once.

    Never raises for what the files say: an error in a part leaves that part out of the map and becomes a finding.
    `extra_categories`: data categories of the company's own, beside those of the Fideslang taxonomy.
    """
    findings = Findings()
    found = list(read_folder(folder, findings))
    known = default_categories() | frozenset(extra_categories) | frozenset(_declared_categories(found))
    reading = _Reading()
    raw = [(file, one) for file, document in found for one in _datasets_of(document, findings.at(file))]
    for (file, _), one in zip(raw, with_inner_names(one for _, one in raw), strict=True):
        _read_dataset(one, known, findings.at(file), reading)
    data_map = _assemble(reading, findings.at(folder.name))
    return data_map, findings.found


def _assemble(reading: _Reading, place: Place) -> DataMap:
    if not reading.datasets:
        place.error(
            "没有读到任何数据集。请放入至少一个 Fideslang 的 dataset 文件。",
            "No dataset was read. Put at least one Fideslang dataset file here.",
        )
        return DataMap({}, ())
    parts = reading.datasets.values()
    collections = build_collections(parts, reading.today_names)
    places = {key: reading.datasets[one.dataset][2].within(collection=one.name) for key, one in collections.items()}
    for key, one in collections.items():
        check_collection(one, places[key])
    data_map = DataMap(collections, build_links(collections, places))
    check_order(collections, places)
    check_roles(data_map, places)
    check_marketing_refusals(data_map, places)
    check_reach(data_map, places, place)
    return data_map


def _read_dataset(raw: Any, known: frozenset[str], place: Place, reading: _Reading) -> None:
    if not isinstance(raw, dict):
        place.error("数据集应是一组键和值。请改正。", "A dataset should be a mapping of keys and values. Correct it.")
        return
    key = text_of(raw.get("fides_key"))
    here = place.within(dataset=key)
    if key and key in reading.datasets:
        first = reading.datasets[key][2].file
        here.error(
            f"数据集 {key} 写了两次（另一次在 {first}）。请合并或改名。",
            f"The dataset {key} is written twice (also in {first}). Merge the two or rename one.",
        )
        return
    check_keys(raw, here)
    for one in dicts_in(raw.get("collections")):
        check_declarations(one, here.within(collection=text_of(one.get("name"))))
    raw = without_doubles(raw, here)
    reading.today_names.update(check_categories(raw, known, here))
    dataset = read_shape(raw, here)
    if dataset is not None:
        reading.datasets[dataset.fides_key] = (dataset, raw, here)


def _datasets_of(document: Any, place: Place) -> Iterator[Any]:
    """The datasets of one document: a manifest with `dataset:`, a list of datasets, or one dataset by itself."""
    if isinstance(document, list):
        yield from document
    elif not isinstance(document, dict):
        place.error("文件里没有数据集。请改正，或移走它。", "The file holds no dataset. Correct it, or move it away.")
    elif "collections" in document or "fides_key" in document:
        yield document
    else:
        for key in document:
            if key not in MANIFEST_KEYS:
                hint = did_you_mean(key, MANIFEST_KEYS)
                place.error(
                    f"不认识 {key}，它不会被读到。请改正或删掉。{hint.zh}",
                    f"The key {key} is not known and is not read. Correct or remove it.{hint.en}",
                )
        said = document.get("dataset")
        yield from said if isinstance(said, list) else [] if said is None else [said]


def _declared_categories(found: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Data categories that the files themselves declare, as Fides manifests may."""
    for _, document in found:
        if isinstance(document, dict):
            said = document.get("data_category")
            yield from (text_of(one.get("fides_key")) for one in dicts_in(said if isinstance(said, list) else [said]))
