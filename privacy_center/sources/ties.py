"""Ties: how a row of one collection carries the key of a row of another, and how the two values are compared."""

from dataclasses import dataclass
from typing import Any

from privacy_center.sources.values import NONE_SUCH, Cast


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """One end of a tie: its columns, their places in a row that was read, and how to compare and to cast values.

    `when`: the path of the condition under which a row has the reference at all, `met` the place where the answer stands.
    """

    collection: str
    paths: tuple[str, ...]
    places: tuple[int, ...]
    compare: tuple[Cast, ...]
    cast: tuple[Cast, ...]
    when: str = ""
    met: int | None = None

    def value(self, row: Any) -> Any:
        """The value that ties this row, in the form in which both ends compare; None where it is not filled, or where the
        row does not meet the condition of the reference.
        """
        if self.met is not None and not row[self.met]:
            return None
        if len(self.places) == 1:
            raw = row[self.places[0]]
            return None if raw is None else self.compare[0](raw)
        raws = [row[place] for place in self.places]
        return None if None in raws else tuple(make(raw) for make, raw in zip(self.compare, raws, strict=True))

    def cast_here(self, raws: list[Any]) -> Any:
        """The other end's values as this end's columns hold them; `NONE_SUCH` where they cannot hold them."""
        if len(raws) == 1:
            return self.cast[0](raws[0])
        values = tuple(make(raw) for make, raw in zip(self.cast, raws, strict=True))
        return NONE_SUCH if any(value is NONE_SUCH for value in values) else values


@dataclass(frozen=True, slots=True, eq=False)
class Tie:
    """One reference: rows at the `down` end carry the key of a row at the `up` end.

    `belongs`: that row owns them. `judges`: a row there that is somebody else's makes these somebody else's.
    `repeats`: nothing in the database keeps several rows there from carrying the same key. `loose`: the database finds rows
    at the `down` end without regard to case, and the `up` end has regard to it.
    `identifies`: a row at the `down` end that is somebody's makes the row that it names theirs. `unsaid`: one of several to the
    same rows, and the map does not say which owns. `down` or `up` is None where that collection cannot be searched.
    """

    number: int
    child: str
    parent: str
    belongs: bool
    judges: bool
    down: End | None
    up: End | None
    repeats: bool = False
    loose: bool = False
    identifies: bool = False
    unsaid: bool = False

    def asked_of_child(self, row: Any) -> Any:
        """What to ask the child collection for, given a row of the parent."""
        assert self.up and self.down
        return self.down.cast_here([row[place] for place in self.up.places])

    def asked_of_parent(self, row: Any) -> Any:
        """What to ask the parent collection for, given a row of the child."""
        assert self.up and self.down
        return self.up.cast_here([row[place] for place in self.down.places])
