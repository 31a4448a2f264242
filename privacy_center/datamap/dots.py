"""Names of columns with a dot in them: the one place that tells such a dot from the one that leads into a document.

Inside the product the dot of a name is the sign `․` (U+2024), and paths are split at real dots alone. The map says it with the
name as the database has it, as fields inside a document stand under their own `fields`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_DOT = "\u2024"


def inner_name(name: str) -> str:
    """A column's name as the product has it; other names stay as they are."""
    return name.replace(".", _DOT)


def database_name(name: str) -> str:
    """The name that the database has for the column; the reverse of `inner_name`."""
    return name.replace(_DOT, ".")


def with_inner_names(datasets: Iterable[Any]) -> list[Any]:
    """Datasets as YAML gave them, with the names of fields and whatever refers to these as the product has them."""
    read = list(datasets)
    known = {
        (_text(dataset, "fides_key"), f"{_text(collection, 'name')}.{path}"): f"{_text(collection, 'name')}.{inner}"
        for dataset in read
        for collection in _dicts(dataset, "collections")
        for path, inner in _paths(collection)
        if path != inner
    }
    return [_dataset(one, known) for one in read] if known else read


def _dataset(dataset: Any, known: Mapping[tuple[str, str], str]) -> Any:
    collections = dataset.get("collections") if isinstance(dataset, dict) else None
    if not isinstance(collections, list):
        return dataset
    return {**dataset, "collections": [_collection(one, known) for one in collections]}


def _collection(collection: Any, known: Mapping[tuple[str, str], str]) -> Any:
    if not isinstance(collection, dict):
        return collection
    own = {path: inner for path, inner in _paths(collection) if path != inner}
    return {key: _part(key, value, own, known) for key, value in collection.items()}


def _part(key: Any, value: Any, own: Mapping[str, str], known: Mapping[tuple[str, str], str]) -> Any:
    """What stands under a key of a collection or field: its fields by name, its meaning with every name in it."""
    if key == "fields" and isinstance(value, list):
        return [
            {
                inner: inner_name(text) if inner == "name" and isinstance(text, str) else _part(inner, text, own, known)
                for inner, text in one.items()
            }
            if isinstance(one, dict)
            else one
            for one in value
        ]
    return _meaning(value, own, known) if key in ("fides_meta", "fidesops_meta") else value


def _meaning(value: Any, own: Mapping[str, str], known: Mapping[tuple[str, str], str]) -> Any:
    if isinstance(value, list):
        return [_meaning(one, own, known) for one in value]
    if isinstance(value, dict):
        said = {key: _meaning(one, own, known) for key, one in value.items()}
        if "dataset" in value and "field" in value:  # a reference: its field names a collection first
            said["field"] = known.get((_text(value, "dataset"), _text(value, "field")), value["field"])
        return said
    return own.get(value, value) if isinstance(value, str) else value


def _paths(holder: Any, above: str = "", inner: str = "") -> Iterator[tuple[str, str]]:
    """(path with the names as they stand, path with inner names) of every field."""
    for one in _dicts(holder, "fields"):
        name = _text(one, "name")
        path, within = f"{above}.{name}".lstrip("."), f"{inner}.{inner_name(name)}".lstrip(".")
        yield path, within
        yield from _paths(one, path, within)


def _dicts(holder: Any, key: str) -> list[dict[Any, Any]]:
    value = holder.get(key) if isinstance(holder, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(holder: Any, key: str) -> str:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, str) else ""
