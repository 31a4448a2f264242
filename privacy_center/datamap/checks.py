"""What fideslang lets pass and a person must know: categories, masking and keys."""

from collections.abc import Set as AbstractSet
from typing import Any

from privacy_center.datamap.finding import Place, did_you_mean
from privacy_center.datamap.graph import Collection, Field
from privacy_center.datamap.spelling import dicts_in, text_of, walk_fields
from privacy_center.datamap.vocabulary import STRATEGIES, today_name


def check_categories(dataset: dict[Any, Any], known: AbstractSet[str], place: Place) -> dict[str, str]:
    """Finds categories that the taxonomy does not have, at every level. Gives back older names that have a new one."""
    older: dict[str, str] = {}
    _check_categories(dataset, known, place, older)
    for collection in dicts_in(dataset.get("collections")):
        here = place.within(collection=text_of(collection.get("name")))
        _check_categories(collection, known, here, older)
        for path, field in walk_fields(collection.get("fields")):
            _check_categories(field, known, here.within(field=path), older)
    return older


def _check_categories(item: dict[Any, Any], known: AbstractSet[str], place: Place, older: dict[str, str]) -> None:
    said = item.get("data_categories")
    for category in said if isinstance(said, list) else ():
        if not isinstance(category, str) or category in known:
            continue
        today = today_name(category, known)
        if today:
            older[category] = today
            place.warn(
                f"数据类别 {category} 是旧名，按 {today} 处理。有空请改成新名。",
                f"The data category {category} is an older name and is read as {today}. Change it when you can.",
            )
            continue
        hint = did_you_mean(category, known)
        place.error(
            f"不认识数据类别 {category}。请改正，或在 catalogue.yml 里声明它。{hint.zh}",
            f"The data category {category} is not known. Correct it, or declare it in catalogue.yml.{hint.en}",
        )


def check_collection(one: Collection, place: Place) -> None:
    """Finds unknown masking strategies and a missing primary key."""
    for path, field in one.fields.items():
        _check_masking(field, place.within(field=path))
    if not one.primary_key and not one.skip_processing:
        place.warn(
            "没有标主键，将用数据库自己的键。请给标识一行的字段写上 fides_meta.primary_key: true。",
            "No field is marked as primary key, so the database's own key is used. "
            "Set fides_meta.primary_key: true on the fields that identify a row.",
        )


def _check_masking(field: Field, place: Place) -> None:
    if field.masking is None or field.masking in STRATEGIES:
        return
    hint, names = did_you_mean(field.masking, STRATEGIES), ", ".join(sorted(STRATEGIES))
    place.error(
        f"不认识遮盖方式 {field.masking}。可以用：{names}。{hint.zh}",
        f"The masking strategy {field.masking} is not known. Use one of {names}.{hint.en}",
    )
