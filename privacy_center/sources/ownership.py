"""Open rows settled: those that lead to nobody else become own, those that depend on each other together."""

from collections import Counter
from typing import Any

from privacy_center.errors import Words
from privacy_center.sources import reasons
from privacy_center.sources.identities import normalise_identity
from privacy_center.sources.known import is_filled
from privacy_center.sources.lookups import Lookups, parent_values
from privacy_center.sources.rows import Ownership
from privacy_center.sources.search import OpenRow, Place, Search
from privacy_center.sources.site import IdentityPlace
from privacy_center.sources.ties import Tie

Reason = tuple[Words, bool]
"""Why a row is not own, and whether that is only because something could not be looked up."""


def settle(search: Search, lookups: Lookups) -> bool:
    """Make open rows own where that is right; whether there was any.

    Own become the largest set of open rows that have no owner and no identity of somebody else's, and each of which
    belongs to an own row, perhaps over others of the set: an order and its payment that name each other go together.
    """
    if not search.open:
        return False
    lookups.look_up()
    settling = _Settling(search, lookups)
    while settling.drop_contradicted() or settling.drop_unsupported():
        pass
    for place, opened in settling.alive.items():
        del search.open[place]
        search.claim(opened.site, opened.found, opened.values)
    return bool(settling.alive)


class _Settling:
    """One settlement: `alive` are the open rows that may still become own."""

    def __init__(self, search: Search, lookups: Lookups) -> None:
        self.search = search
        self.lookups = lookups
        self.alive: dict[Place, OpenRow] = dict(search.open)
        for opened in self.alive.values():
            opened.why, opened.unsure = None, False

    def drop_contradicted(self) -> bool:
        """Take out the rows that lead to somebody else, until none is left that does; whether any was taken out."""
        keys = Counter(one for opened in self.alive.values() for one in parent_values(opened))
        before = len(self.alive)
        again = True
        while again:
            again = False
            for place, opened in list(self.alive.items()):
                if reason := self._contradiction(place, opened, keys):
                    opened.why, opened.unsure = reason
                    del self.alive[place]
                    keys.subtract(parent_values(opened))
                    again = True
        return len(self.alive) < before

    def drop_unsupported(self) -> bool:
        """Take out the rows that belong to no own row, not even over others; whether any was taken out."""
        before = len(self.alive)
        supported: dict[Place, OpenRow] = {}
        keys: set[tuple[int, Any]] = set()
        grown = True
        while grown:
            grown = False
            for place, opened in self.alive.items():
                if place not in supported and self._is_supported(opened, keys):
                    supported[place] = opened
                    keys.update(parent_values(opened))
                    grown = True
        self.alive = supported
        return len(supported) < before

    def _is_supported(self, opened: OpenRow, keys: set[tuple[int, Any]]) -> bool:
        if self.search.standing.belongs(opened.site, opened.values):
            return True
        return any(tie.down and (tie.number, tie.down.value(opened.values)) in keys for tie in opened.site.owners)

    def _contradiction(self, here: Place, opened: OpenRow, keys: Counter[tuple[int, Any]]) -> Reason | None:
        unsure = None
        for place in opened.site.identities:
            if is_filled(opened.values[place.place]):
                reason = self._against_identity(here, opened, place)
                if reason and not reason[1]:
                    return reason
                unsure = unsure or reason
        for tie in opened.site.owners:
            reason = self._against_owner(tie, opened, keys)
            if reason and not reason[1]:
                return reason
            unsure = unsure or reason
        return unsure

    def _against_identity(self, here: Place, opened: OpenRow, place: IdentityPlace) -> Reason | None:
        raw, known = opened.values[place.place], self.search.known
        if known.is_known(place.kind, raw, place.folded):
            return None
        carriers = self.lookups.carriers.get((place.kind, normalise_identity(place.kind, raw)), set())
        if known.knows_kind(place.kind) or any(not self._is_ours(one) for one in carriers - {here}):
            return reasons.others_identity(place.kind), False
        unsearched = self._unsearched(place.kind)
        return (reasons.unchecked_identity(place.kind, unsearched), True) if unsearched else None

    def _against_owner(self, tie: Tie, opened: OpenRow, keys: Counter[tuple[int, Any]]) -> Reason | None:
        value = tie.down.value(opened.values) if tie.judges and tie.down else None
        if value is None:
            return None
        if value in self.search.standing.own_keys[tie.number] or keys[(tie.number, value)] > 0:
            holders = self.lookups.holders.get((tie.number, value), ())
            return None if all(map(self._is_ours, holders)) else (reasons.several_owners(tie.parent), True)
        if value in self.lookups.present[tie.number] or value in self.lookups.open_keys[tie.number]:
            return reasons.others_row(tie.parent), False
        return None if tie.parent in self.search.sites else (reasons.unchecked_owner(tie.parent), True)

    def _is_ours(self, place: Place) -> bool:
        if place in self.alive:
            return True
        found = self.search.rows.get(place[0], {}).get(place[1])
        return found is not None and found.ownership is Ownership.OWN

    def _unsearched(self, kind: str) -> str | None:
        """A collection with this kind of identity that could not be searched, though the map does not leave it out."""
        return self.search.unsearched_kinds.get(kind)
