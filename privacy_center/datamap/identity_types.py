"""Whether a column can hold the identifier that the map says it holds, by its type and by values seen in it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from privacy_center.datamap.finding import Place
from privacy_center.datamap.graph import Field
from privacy_center.datamap.live import Family, LiveColumn
from privacy_center.datamap.shapes import is_mobile

NEVER = frozenset[Family]({"boolean", "date", "datetime", "time", "binary"})
NO_ADDRESS = NEVER | {"integer", "number", "uuid"}
NO_PHONE = NEVER | {"uuid"}
SEEN_ENOUGH, LIKELY_SHARE = 3, 0.2
"""Below one in five likely values, of at least three, a column is taken to hold something else."""

_KINDS = {
    "email": ("邮箱", "e-mail addresses"),
    "phone_number": ("手机号", "phone numbers"),
    "phone": ("手机号", "phone numbers"),
}
_PHONE_SIGNS = re.compile(r"[\s\-().·+]+")


def check_identity_type(field: Field, column: LiveColumn, place: Place) -> None:
    """Adds an error where a field with an identity is of a type that cannot hold one (a flag, a time, a counter)."""
    kind = field.identity
    if kind and not _can_hold(kind, column):
        native = column.native or column.family
        zh, en = _KINDS.get(kind, (kind, f"identifiers ({kind})"))
        place.error(
            f"这一列是 {native}，装不下{zh}，却标了 identity: {kind}。请去掉 identity，标在真正存{zh}的列上。",
            f"This column is {native} and cannot hold {en}, yet it is marked identity: {kind}. Take the identity away and mark "
            f"the column that holds {en}.",
        )


def check_identity_values(field: Field, column: LiveColumn, values: Iterable[Any], place: Place) -> None:
    """Adds an error where hardly any of the values seen is what the identity says. `values`: some of the column's, as read."""
    kind = field.identity or ""
    if kind not in _KINDS or not _can_hold(kind, column):
        return
    texts = [
        text
        for text in (unicodedata.normalize("NFKC", str(value)).strip() for value in values)
        if _says_something(text)
    ]
    looks = _looks_like_mail if kind == "email" else is_mobile if column.family != "text" else _looks_like_phone
    likely = sum(looks(text) for text in texts)
    if len(texts) < SEEN_ENOUGH or likely >= LIKELY_SHARE * len(texts):
        return
    zh, en = _KINDS[kind]
    place.error(
        f"这一列标了 identity: {kind}，但抽看的 {len(texts)} 个值里只有 {likely} 个像{zh}。请去掉 identity，标在真正存{zh}的列上。",
        f"This column is marked identity: {kind}, but only {likely} of {len(texts)} values looked at are {en}. Take the identity "
        f"away and mark the column that holds {en}.",
    )


def _can_hold(kind: str, column: LiveColumn) -> bool:
    refused = NO_ADDRESS if kind == "email" else NO_PHONE if kind in _KINDS else NEVER
    return column.family not in refused


def _says_something(text: str) -> bool:
    """Whether a value is more than blanks, stars, or the mark of something erased."""
    return any(sign.isalnum() for sign in text) and not (
        text.startswith("[") and text.endswith("]") and "@" not in text
    )


def _looks_like_mail(text: str) -> bool:
    before, at, after = text.partition("@")
    return bool(at and before.strip() and "." in after)


def _looks_like_phone(text: str) -> bool:
    digits = _PHONE_SIGNS.sub("", text)
    return digits.isdigit() and 7 <= len(digits) <= 16
