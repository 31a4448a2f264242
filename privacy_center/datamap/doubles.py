"""Names written twice in one place: the second would quietly take the place of the first."""

from typing import Any

from privacy_center.datamap.finding import Place
from privacy_center.datamap.spelling import text_of


def without_doubles(dataset: dict[Any, Any], place: Place) -> dict[Any, Any]:
    """The dataset with only the first of collections or fields of one name; each other one is a finding."""
    collections = _first_of_each(dataset.get("collections"), place, "collection")
    if isinstance(collections, list):
        collections = [_in_fields(one, place.within(collection=_name(one))) for one in collections]
    return {**dataset, "collections": collections} if "collections" in dataset else dataset


def _in_fields(holder: Any, place: Place) -> Any:
    if not isinstance(holder, dict) or not isinstance(holder.get("fields"), list):
        return holder
    fields = _first_of_each(holder["fields"], place, "field")
    return {**holder, "fields": [_in_fields(one, place.within(field=_path(place, _name(one)))) for one in fields]}


def _first_of_each(items: Any, place: Place, kind: str) -> Any:
    if not isinstance(items, list):
        return items
    kept, names = [], set()
    for one in items:
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str) and name in names:
            _tell(name, kind, place)
            continue
        kept.append(one)
        if isinstance(name, str):
            names.add(name)
    return kept


def _tell(name: str, kind: str, place: Place) -> None:
    here = place.within(collection=name) if kind == "collection" else place.within(field=_path(place, name))
    word = "集合" if kind == "collection" else "字段"
    here.error(
        f"{word} {name} 写了两次。请合并，或删掉一个。",
        f"The {kind} {name} is written twice. Merge the two or remove one.",
    )


def _name(one: Any) -> str:
    return text_of(one.get("name")) if isinstance(one, dict) else ""


def _path(place: Place, name: str) -> str:
    return f"{place.field}.{name}".lstrip(".")
