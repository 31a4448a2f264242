"""Keys that nobody reads: fideslang drops them without a word, so a slip of the pen would lose data."""

from collections.abc import Iterator
from typing import Any

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.vocabulary import KEYS, OLD_META, WEIGHTY


def check_keys(dataset: dict[Any, Any], place: Place) -> None:
    """Finds every key of a dataset that means nothing where it stands, at every level."""
    _check(dataset, "dataset", place)
    _check_meta(dataset, "dataset_meta", place)
    for collection in dicts_in(dataset.get("collections")):
        here = place.within(collection=text_of(collection.get("name")))
        _check(collection, "collection", here)
        _check_meta(collection, "collection_meta", here)
        for path, one in walk_fields(collection.get("fields")):
            _check_field(one, here.within(field=path))


def walk_fields(fields: Any, above: str = "") -> Iterator[tuple[str, dict[Any, Any]]]:
    """Every field with its dotted path, parents before children, in the order of the file."""
    for one in dicts_in(fields):
        path = f"{above}.{text_of(one.get('name'))}".lstrip(".")
        yield path, one
        yield from walk_fields(one.get("fields"), path)


def dicts_in(value: Any) -> list[dict[Any, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)[:80]


def meta_of(item: dict[Any, Any]) -> Any:
    """The supplementary part: `fides_meta`, or the old `fidesops_meta` where the new one is empty."""
    return item.get("fides_meta") or item.get(OLD_META)


def _check_field(one: dict[Any, Any], place: Place) -> None:
    _check(one, "field", place)
    _check_meta(one, "field_meta", place)
    meta = meta_of(one)
    if isinstance(meta, dict):
        for reference in dicts_in(meta.get("references")):
            _check(reference, "reference", place)


def _check_meta(item: dict[Any, Any], level: str, place: Place) -> None:
    meta = meta_of(item)
    if not isinstance(meta, dict):
        return
    _check(meta, level, place)
    masking = meta.get("masking_strategy_override")
    if isinstance(masking, dict):
        _check(masking, "field_masking" if level == "field_meta" else "collection_masking", place)


def _check(item: dict[Any, Any], level: str, place: Place) -> None:
    for key in item:
        if key not in KEYS[level]:
            _tell(key, level, place)


def _tell(key: Any, level: str, place: Place) -> None:
    right = _right_level(key, level)
    if right:
        say = place.error if key in WEIGHTY else place.warn
        say(
            f"{key} 写错了地方，不会被读到。请移到 {right} 里。",
            f"{key} stands in the wrong place and is not read. Move it to {right}.",
        )
        return
    hint = did_you_mean(key, KEYS[level])
    place.error(
        f"不认识 {key}，它不会被读到。请改正或删掉。{hint.zh}",
        f"The key {key} is not known and is not read. Correct or remove it.{hint.en}",
    )


def _right_level(key: Any, level: str) -> str | None:
    """Where a known key belongs, when it stands one level too high or too low."""
    kind = level.removesuffix("_meta")
    if level in ("dataset", "collection", "field") and key in KEYS[f"{level}_meta"]:
        return "fides_meta"
    if level.endswith("_meta") and key in KEYS[kind] and key not in ("id", "name"):
        words = {"dataset": "the dataset", "collection": "the collection", "field": "the field"}
        return f"{words[kind]} (beside fides_meta)"
    return None
