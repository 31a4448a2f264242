"""What is planned for one table, and what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.sources.masking import Mask
from privacy_center.sources.rows import Key


@dataclass(frozen=True, slots=True)
class MaskedRows:
    """Rows of one table that get the same masks."""

    masks: Sequence[Mask]
    keys: Sequence[Key]

    @property
    def whole(self) -> list[Mask]:
        """The masks that replace a column's whole value."""
        return [mask for mask in self.masks if not mask.nested]


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What is planned for one collection: rows to delete, and rows to mask. `table` is its live table; `alike`: its
    key may stand on several rows, all of the same person.
    """

    collection: str
    table: sa.Table
    key_fields: Sequence[str]
    deletes: Sequence[Key] = ()
    masked: Sequence[MaskedRows] = ()
    alike: bool = False

    @property
    def keys(self) -> set[Key]:
        """The keys of all rows that will change."""
        return {*self.deletes, *(key for group in self.masked for key in group.keys)}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What a database would refuse, or do beyond the plan. Not `blocking`: worth knowing before approval."""

    collection: str
    words: Words
    blocking: bool = True
