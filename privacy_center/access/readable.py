"""One value of a company database as a person may read it: masked where it must be, in words where there are words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from privacy_center.datamap.catalogue import CategoryWords, mask_for_display
from privacy_center.datamap.graph import Field
from privacy_center.errors import Words

# Text as it is shown, words in two languages, or a day or moment that the page writes in the reader's language.
Readable = str | Words | date

HIDDEN = "****"
FULL = "full"
NOT_MASKED = "none"
YES = Words("是", "Yes")
NO = Words("否", "No")
LISTED = 3


def read_value(value: Any, field: Field, category: CategoryWords, known: Mapping[str, Words]) -> Readable:
    """The value to show, "" for nothing; `known`: the words for the codes that the field may hold.

    A moment is shown unless its category is sensitive, a day by its category's mask. Files and whole documents show only
    that they are there. A moment without a zone is on the company's own clock.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return _read_list(value, category.display_mask)
    if isinstance(value, bytes | memoryview | dict):
        return HIDDEN
    if isinstance(value, datetime):
        return HIDDEN if category.sensitive else value
    if category.display_mask == FULL:
        return HIDDEN
    if isinstance(value, date) and category.display_mask == NOT_MASKED:
        return value
    return _read_code(value, field, known) or mask_for_display(value, category.display_mask)


def _read_code(value: Any, field: Field, known: Mapping[str, Words]) -> Words | None:
    """The words for a code or a yes or no; some databases keep yes and no as 1 and 0."""
    truth = isinstance(value, bool) or (field.data_type == "boolean" and value in (0, 1))
    said = known.get(str(bool(value)).lower() if truth else str(value))
    if said is None and truth:
        return YES if value else NO
    return said


def _read_list(values: list[Any], mask: str) -> str:
    plain = [one for one in values if not isinstance(one, list | dict | bytes)]
    return "、".join(filter(None, (mask_for_display(one, mask) for one in plain[:LISTED]))) or (
        HIDDEN if values else ""
    )
