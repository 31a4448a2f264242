"""Values shown whole, to whoever is permitted; some are never shown whole to anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from privacy_center.access.readable import HIDDEN, Readable, read_value
from privacy_center.access.show import personal_fields
from privacy_center.datamap.catalogue import Catalogue, CategoryWords
from privacy_center.datamap.display import mask_for_display
from privacy_center.datamap.graph import Collection, Field, is_within
from privacy_center.errors import Refusal, Words
from privacy_center.sources.open import Sources
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import FoundCollection, Key, Ownership

MOST_ROWS = 3
NEVER_WHOLE = ("user.authorization", "system.authentication")
CARD_MASK = "card"


def may_be_whole(category: CategoryWords) -> bool:
    """Whether a value of this category may be shown whole at all: never credentials, never card numbers (PCI DSS 3.4)."""
    return category.display_mask != CARD_MASK and not any(is_within(category.key, root) for root in NEVER_WHOLE)


def category_of_field(catalogue: Catalogue, collection: Collection, path: str) -> CategoryWords:
    """The category by which one field is masked: of several, a statutory or sensitive one first.

    Refuses (404) a field that the map does not know or that holds nothing personal.
    """
    field = collection.fields.get(path)
    said = (field.data_categories or collection.data_categories) if field else ()
    about = [catalogue.category(one) for one in said if is_within(one, "user")]
    if not about:
        raise Refusal("这里没有这一项内容。", "There is no such field here.", status=404)
    return max(about, key=lambda category: (category.statutory, category.sensitive))


def whole_values(
    sources: Sources,
    catalogue: Catalogue,
    collection: Collection,
    key_fields: tuple[str, ...],
    keys: list[Key],
    path: str,
) -> list[tuple[str, str]]:
    """(whole, masked) values of one field in the first three of these rows; files are only said to be there.

    Refuses (403) what is never shown whole, and what the database refuses.
    """
    category = category_of_field(catalogue, collection, path)
    if not may_be_whole(category):
        raise Refusal(
            "卡号和登录凭据任何人都不能完整查看。",
            "Card numbers and sign-in credentials are never shown in full, to anybody.",
            status=403,
        )
    with sources.engine(collection.dataset).connect() as connection:
        rows = read_rows(connection, sources.table(collection.key), key_fields, keys, [path], MOST_ROWS)
        found = [values[0] for _, values in rows]
    return [
        (_as_text(value), mask_for_display(value, category.display_mask)) for value in found if value not in (None, "")
    ]


def _as_text(value: object) -> str:
    return HIDDEN if isinstance(value, bytes | memoryview) else str(value)


@dataclass(frozen=True, slots=True)
class WholeRow:
    """One record of a person's own, whole: (title, value) of each field that is not empty."""

    values: tuple[tuple[Words, Readable], ...]


def whole_rows(
    sources: Sources, catalogue: Catalogue, collection: Collection, found: FoundCollection, limit: int
) -> list[WholeRow]:
    """The person's own rows of one collection, whole, at most `limit`; card numbers and credentials stay masked.

    Rows that others share and rows of others are not among them. Refuses what the database refuses.
    """
    told = list(personal_fields(catalogue, collection))
    keys = [row.key for row in found.owned(Ownership.OWN)][:limit]
    if not told or not keys:
        return []
    words = catalogue.collection(collection.key)
    with sources.engine(collection.dataset).connect() as connection:
        paths = [field.path for field, _ in told]
        read = list(read_rows(connection, sources.table(collection.key), found.key_fields, keys, paths, limit))
    rows = []
    for _, row in read:
        shown = [
            (words.fields.get(field.path, category.title), _whole(value, field, category, words.values))
            for value, (field, category) in zip(row, told, strict=True)
        ]
        rows.append(WholeRow(tuple(one for one in shown if one[1])))
    return [row for row in rows if row.values]


def _whole(value: Any, field: Field, category: CategoryWords, codes: Mapping[str, Mapping[str, Words]]) -> Readable:
    if may_be_whole(category):
        category = replace(category, display_mask="none", sensitive=False)
    return read_value(value, field, category, codes.get(field.path, {}))
