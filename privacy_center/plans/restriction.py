"""What makes a restricted record restricted in fact: a mark that the company's systems can read, or sealing; and the words for it."""

import enum
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.compare import RESTRICTION_TABLE
from privacy_center.errors import Words
from privacy_center.plans.decision import Action
from privacy_center.plans.ground import Ground
from privacy_center.sources.restriction_table import restriction_table


class Restriction(enum.StrEnum):
    """How a record that stays is kept out of other use. `none`: nothing in the company's systems says that it is restricted."""

    COLUMN = "column"
    SIDE_TABLE = "side_table"
    SEAL = "seal"
    NONE = "none"


RESTRICTING = frozenset({Action.RESTRICT, Action.SEAL})
MARKED = frozenset({Restriction.COLUMN, Restriction.SIDE_TABLE})

SEALED = Words(
    "已加密封存。打开须说明事由，并经另一人批准。",
    "Encrypted. Opening it needs a reason and a second person's approval.",
)
WILL_SEAL = Words(
    "执行时加密封存。打开须说明事由，并经另一人批准。",
    "Will be encrypted. Opening it needs a reason and a second person's approval.",
)
IS_MARKED = Words(
    "已在业务系统中标记为限制处理，只保存，不用于其他目的。",
    "Marked as restricted in our systems: stored only, for no other purpose.",
)
WILL_MARK = Words(
    "执行时在业务系统中标记为限制处理，只保存，不用于其他目的。",
    "Will be marked as restricted in our systems: stored only, for no other purpose.",
)
IS_MARKED_FOR = Words(
    "已在业务系统中标记为限制处理，只用于{use}。",
    "Marked as restricted in our systems: used only for {use}.",
)
WILL_MARK_FOR = Words(
    "执行时在业务系统中标记为限制处理，只用于{use}。",
    "Will be marked as restricted in our systems: used only for {use}.",
)
STAYS = Words("保留在业务系统中。", "It stays in our systems.")
STAYS_FOR = Words("保留在业务系统中，用于{use}。", "It stays in our systems, for {use}.")
CLEARED = Words("用不到的内容已清空。", "What is not needed has been cleared.")
WILL_CLEAR = Words("用不到的内容将清空。", "What is not needed will be cleared.")


def mark_of(catalogue: Catalogue, collection: str, *, keyless: bool) -> Restriction:
    """How a restricted record of a collection is marked: by its own column, else in the side table of its dataset.

    Records without a key cannot be entered in a side table.
    """
    if collection in catalogue.markers:
        return Restriction.COLUMN
    if collection.split(".", 1)[0] in catalogue.restriction_tables and not keyless:
        return Restriction.SIDE_TABLE
    return Restriction.NONE


def side_table(ground: Ground, dataset: str) -> sa.Table:
    """The side table of a dataset, whether it is there or not."""
    return restriction_table(RESTRICTION_TABLE, ground.sources.schema_of(dataset).schema)


def restriction_of(action: Action, mark: Restriction) -> Restriction:
    """What is in force on a record on which this action fell; `mark`: how records of its collection are marked."""
    if action is Action.SEAL:
        return Restriction.SEAL
    return mark if action is Action.RESTRICT else Restriction.NONE


def say_restriction(
    restriction: Restriction, holds: Iterable[Mapping[str, Any]], *, cleared: bool, done: bool
) -> Words:
    """What has become of a kept record (`done`), or will become of it: only what is in force on it.

    `holds`: its holds as JSON; where each says what the record is still used for, that is named. `cleared`: whether fields
    of it are overwritten.
    """
    if restriction is Restriction.SEAL:
        return SEALED if done else WILL_SEAL
    uses = uses_of(holds)
    marked = restriction in MARKED
    if uses is None:
        first = (IS_MARKED if done else WILL_MARK) if marked else STAYS
    else:
        form = (IS_MARKED_FOR if done else WILL_MARK_FOR) if marked else STAYS_FOR
        first = Words(form.zh.format(use=uses.zh), form.en.format(use=uses.en))
    then = CLEARED if done else WILL_CLEAR
    return Words(first.zh + then.zh, f"{first.en} {then.en}") if cleared else first


def uses_of(holds: Iterable[Mapping[str, Any]]) -> Words | None:
    """What a kept record is still used for, as its holds say; None where one of them has it stored only."""
    uses = [hold.get("use") for hold in holds]
    if not uses or not all(uses):
        return None
    said = [Words.read(use) for use in uses]
    return Words("、".join(dict.fromkeys(one.zh for one in said)), " and ".join(dict.fromkeys(one.en for one in said)))
