"""Values shown whole, to whoever is permitted; some are never shown whole to anybody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
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
CARD_STAYS = Words(
    "卡号和卡上的数字从不完整显示，对谁都一样：拿到的人可能盗刷。核对是不是您的卡，看末四位。",
    "Card numbers and the figures on a card are never shown whole, to anybody: whoever has them may misuse the card. "
    "The last four digits tell which card it is.",
)
CREDENTIAL_STAYS = Words(
    "登录用的密码和口令从不显示，对谁都一样：知道的人就能冒充您登录。",
    "What one signs in with is never shown, to anybody: whoever knows it could sign in as you.",
)
FILE_STAYS = Words(
    "这里存着一份文件或一组数据，页面上不显示内容。想知道里面是什么，请打电话问我们。",
    "A file or a set of data is kept here; the page does not show what is in it. Call us to learn what it holds.",
)


def may_be_whole(category: CategoryWords) -> bool:
    """Whether a value of this category may be shown whole at all: never credentials, never card numbers (PCI DSS 3.4)."""
    return category.display_mask != CARD_MASK and not _is_credential(category)


def _is_credential(category: CategoryWords) -> bool:
    return any(is_within(category.key, root) for root in NEVER_WHOLE)


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
    """One record of a person's own, whole: (title, value, why it is not whole) of each field that is not empty."""

    values: tuple[tuple[Words, Readable, Words | None], ...]


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
            (
                words.fields.get(field.path, category.title),
                _whole(value, field, category, words.values),
                _why_not_whole(value, category),
            )
            for value, (field, category) in zip(row, told, strict=True)
        ]
        rows.append(WholeRow(tuple(one for one in shown if one[1])))
    return [row for row in rows if row.values]


def _why_not_whole(value: Any, category: CategoryWords) -> Words | None:
    """Why a value stays masked even here; None for one that is shown whole."""
    if isinstance(value, bytes | memoryview | dict):
        return FILE_STAYS
    if _may_be_read(value, category):
        return None
    return CREDENTIAL_STAYS if _is_credential(category) else CARD_STAYS


def _may_be_read(value: Any, category: CategoryWords) -> bool:
    """Whether the person may read this value of their own whole.

    What stands beside a card number under its category and is none is: a moment (a card's expiry is a day or a text), or
    a text without any figure, such as the name of the bank.
    """
    beside = isinstance(value, datetime) or (isinstance(value, str) and not any(one.isdigit() for one in value))
    return may_be_whole(category) or (beside and not _is_credential(category))


def _whole(value: Any, field: Field, category: CategoryWords, codes: Mapping[str, Mapping[str, Words]]) -> Readable:
    if _may_be_read(value, category):
        category = replace(category, display_mask="none", sensitive=False)
    return read_value(value, field, category, codes.get(field.path, {}))
