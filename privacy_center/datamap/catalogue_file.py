"""One catalogue file read into plain structures; whatever it says wrongly is told and left out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from privacy_center.datamap.display import MASKS
from privacy_center.datamap.documents import read_file
from privacy_center.datamap.finding import Findings, Place, did_you_mean

# In the order in which they are read: categories and collections may name groups and sources from anywhere in the file.
PARTS = ("groups", "sources", "categories", "collections", "records", "markers")
LANGUAGES = frozenset({"zh-CN", "en"})
Said = dict[str, dict[str, Any]]


def merge_file(said: Said, path: Path, findings: Findings) -> None:
    """Puts what a file says over what is already said: key by key in categories, groups and collections."""
    for part in PARTS:
        said.setdefault(part, {})
    place = findings.at(path.name)
    for document in read_file(path, findings):
        if not isinstance(document, dict):
            _tell_shape("catalogue.yml", place)
            continue
        for key in document:
            if key not in PARTS:
                _tell_key(key, PARTS, "", place)
        for part in PARTS:
            items = document.get(part)
            if isinstance(items, dict):
                _merge_part(said, part, items, place)
            elif items is not None:
                _tell_shape(part, place)


def _merge_part(said: Said, part: str, items: dict[Any, Any], place: Place) -> None:
    for key, value in items.items():
        here = f"{part}.{key}"
        if part == "records":
            places = _read_places(value, here, place)
            said[part].update({str(key): places} if places is not None else {})
        elif part == "markers":
            if _holds(_is_text, value, here, place):
                said[part][str(key)] = value
        elif part == "sources":
            if _holds(_is_words, value, here, place):
                said[part][str(key)] = value
        elif isinstance(value, dict):
            said[part][str(key)] = {
                **said[part].get(str(key), {}),
                **_read_item(_FORMS[part], value, here, place, said),
            }
        else:
            _tell_shape(here, place)


def _read_item(
    form: dict[str, Callable[[Any], bool]], value: dict[Any, Any], here: str, place: Place, said: Said
) -> dict[str, Any]:
    kept = {}
    for key, inner in value.items():
        if key not in form:
            _tell_key(key, form, here, place)
        elif _holds(form[key], inner, f"{here}.{key}", place) and _is_known(key, inner, f"{here}.{key}", place, said):
            kept[key] = inner
    return kept


def _is_known(key: str, value: Any, here: str, place: Place, said: Said) -> bool:
    """Whether a word that must be one of a list is one of it."""
    lists: dict[str, Any] = {"mask": MASKS, "source": said["sources"], "group": said["groups"]}
    if key not in lists or value in lists[key]:
        return True
    _tell_value(value, sorted(lists[key]), here, place)
    return False


def _read_places(value: Any, here: str, place: Place) -> list[dict[str, str]] | None:
    places = value if isinstance(value, list) else [value]
    for one in places:
        if not isinstance(one, dict) or not all(_is_text(key) and _is_text(inner) for key, inner in one.items()):
            _tell_shape(here, place)
            return None
        if "collection" not in one:
            place.error(
                f"{here} 缺少 collection。请写明 数据集.集合。",
                f"{here} lacks collection. Name it as dataset.collection.",
            )
            return None
    return places


def _holds(form: Callable[[Any], bool], value: Any, here: str, place: Place) -> bool:
    if form(value):
        return True
    _tell_shape(here, place)
    return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_words(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and value.keys() <= LANGUAGES and all(isinstance(one, str) for one in value.values())
    return _is_text(value)


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_words_list(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_words, value))


def _is_words_of(value: Any) -> bool:
    """Words under each key: field → title."""
    return isinstance(value, dict) and all(_is_text(key) and _is_words(one) for key, one in value.items())


def _is_codes_of(value: Any) -> bool:
    """Words for each code under each key: field → code → words. A code may be written as a number."""
    codes = (
        [one for each in value.values() if isinstance(each, dict) for one in each] if isinstance(value, dict) else []
    )
    return (
        isinstance(value, dict)
        and all(_is_text(key) and isinstance(each, dict) for key, each in value.items())
        and all(isinstance(one, str | int) and not isinstance(one, bool) for one in codes)
        and all(_is_words(one) for each in value.values() for one in each.values())
    )


_FORMS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "categories": {"title": _is_words, "sensitive": _is_bool, "statutory": _is_bool, "mask": _is_text}
    | {"roles": _is_texts, "group": _is_text},
    "groups": {"title": _is_words, "order": _is_int},
    "collections": {"title": _is_words, "purpose": _is_words, "source": _is_text, "group": _is_text}
    | {"recipients": _is_words_list, "legal_basis": _is_words, "fields": _is_words_of, "values": _is_codes_of},
}


def _tell_key(key: Any, known: Any, here: str, place: Place) -> None:
    hint, names = did_you_mean(key, known), ", ".join(sorted(known))
    what = f"{here}.{key}" if here else str(key)
    place.error(
        f"不认识 {what}。可以用：{names}。{hint.zh}", f"The key {what} is not known. Use one of {names}.{hint.en}"
    )


def _tell_value(value: Any, known: list[str], here: str, place: Place) -> None:
    hint, names = did_you_mean(value, known), ", ".join(known)
    place.error(
        f"{here} 不能是 {value}。可以用：{names}。{hint.zh}", f"{here} cannot be {value}. Use one of {names}.{hint.en}"
    )


def _tell_shape(here: str, place: Place) -> None:
    place.error(
        f"{here} 的写法不对。请照说明里的格式改正（文字可写成 {{zh-CN: …, en: …}}）。",
        f"{here} is not written as it should be. See the data map page for its form (words are {{zh-CN: …, en: …}}).",
    )
