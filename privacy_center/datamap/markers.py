"""What a catalogue says under `markers:` held against the map: a column for each collection, or the side table of a dataset."""

from collections.abc import Callable, Mapping
from typing import Any

from privacy_center.datamap.compare import RESTRICTION_TABLE
from privacy_center.datamap.finding import Findings, did_you_mean
from privacy_center.datamap.graph import DataMap, Field, is_within

CheckCollection = Callable[[str, DataMap, Findings, str, tuple[str, ...]], None]


def check_markers(
    markers: Mapping[str, Any], data_map: DataMap, findings: Findings, file: str, check_collection: CheckCollection
) -> None:
    """Finds a collection, dataset or column that the map does not have, and a column that holds something of its own."""
    for key, value in markers.items():
        if "." in key:
            check_collection(key, data_map, findings, file, (value,))
            _check_column(key, value, data_map, findings, file)
        else:
            _check_dataset(key, value, data_map, findings, file)


def _check_column(key: str, column: str, data_map: DataMap, findings: Findings, file: str) -> None:
    collection = data_map.collections.get(key)
    field = collection.fields.get(column) if collection else None
    if field is not None and _has_a_meaning(field):
        findings.at(file, *key.split(".", 1)).within(field=column).error(
            f"{key} 的 {column} 有自己的内容，不能当作限制标记：标记会改写它。请用专门的列。",
            f"{column} of {key} has contents of its own, which the mark of a restriction would overwrite. Use a column for it alone.",
        )


def _has_a_meaning(field: Field) -> bool:
    personal = any(is_within(category, "user") for category in field.data_categories)
    return personal or field.primary_key or field.identity is not None


def _check_dataset(key: str, table: str, data_map: DataMap, findings: Findings, file: str) -> None:
    if key not in data_map.datasets:
        hint = did_you_mean(key, [*data_map.datasets, *data_map.collections])
        findings.at(file).error(
            f"markers 写了 {key}，但数据地图里没有这个数据集。请改正。{hint.zh}",
            f"markers names {key}, which is no dataset of the data map. Correct it.{hint.en}",
        )
    elif table != RESTRICTION_TABLE:
        findings.at(file, key).error(
            f"markers 里，数据集 {key} 的限制登记表请写 {RESTRICTION_TABLE}。",
            f"Under markers, the side table of the dataset {key} is called {RESTRICTION_TABLE}.",
        )
