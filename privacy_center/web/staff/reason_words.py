"""Why a record waits or stays, in words for reviewers: titles of the catalogue instead of names of tables and columns."""

import re

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.graph import DataMap
from privacy_center.errors import Words

_DOTTED = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*){1,2}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def reason_words(reason: Words, collection: str, catalogue: Catalogue, data_map: DataMap) -> Words:
    """The sentence with the names of collections and of this collection's fields as the catalogue calls them.

    In English a field's name is put into words only where it cannot be an ordinary word: with a figure or a dash in it.
    """
    return Words(
        _in_words(reason.zh, collection, catalogue, data_map, "zh"),
        _in_words(reason.en, collection, catalogue, data_map, "en"),
    )


def _in_words(text: str, collection: str, catalogue: Catalogue, data_map: DataMap, language: str) -> str:
    def dotted(match: re.Match[str]) -> str:
        name = match[0]
        if name in data_map.collections:
            return getattr(catalogue.collection(name).title, language)
        owner, _, path = name.rpartition(".")
        return field_title(path, owner, catalogue, data_map, language) or name

    def bare(match: re.Match[str]) -> str:
        name = match[0]
        if language == "en" and not re.search(r"[_0-9]", name):
            return name
        if title := field_title(name, collection, catalogue, data_map, language):
            return title
        table = f"{collection.split('.', 1)[0]}.{name}"
        return getattr(catalogue.collection(table).title, language) if table in data_map.collections else name

    return _NAME.sub(bare, _DOTTED.sub(dotted, text))


def field_title(path: str, collection: str, catalogue: Catalogue, data_map: DataMap, language: str) -> str:
    """What a field of a collection is called; empty for one that neither catalogue nor map names."""
    found = data_map.collections.get(collection)
    if found is None or path not in found.fields:
        return ""
    words = catalogue.collection(collection).fields.get(path)
    if words is None:
        categories = found.fields[path].data_categories or found.data_categories
        about = [one for one in categories if one.startswith("user")]
        words = catalogue.category(about[0]).title if about else None
    return getattr(words, language) if words else ""
