"""Open rows settled: those that lead to nobody else become own, those that depend on each other together."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from privacy_center.sources.contradiction import Contradictions
from privacy_center.sources.lookups import Lookups, parent_values
from privacy_center.sources.search import OpenRow, Place, Search


def settle(search: Search, lookups: Lookups) -> bool:
    """Make open rows own where that is right; whether there was any.

    Own become the largest set of open rows that have no owner and no identity of somebody else's, and each of which carries
    a proven identity or belongs to an own row, perhaps over others of the set: an order and its payment that name each
    other go together, and so do the rows of one record.
    """
    if not search.open:
        return False
    lookups.look_up()
    settling = _Settling(search, lookups)
    while settling.drop_contradicted() or settling.drop_unsupported():
        pass
    for place, opened in settling.alive.items():
        del search.open[place]
        search.claim(opened.site, opened.found, opened.values, by_identity=opened.match.proven)
    return bool(settling.alive)


class _Settling:
    """One settlement: `alive` are the open rows that may still become own."""

    def __init__(self, search: Search, lookups: Lookups) -> None:
        self.search = search
        self.alive: dict[Place, OpenRow] = dict(search.open)
        self.contradictions = Contradictions(search, lookups, self.alive)
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
                if reason := self.contradictions.against(place, opened, keys):
                    opened.why, opened.unsure = reason
                    del self.alive[place]
                    keys.subtract(parent_values(opened))
                    again = True
        return len(self.alive) < before

    def drop_unsupported(self) -> bool:
        """Take out the rows that nothing makes the customer's, not even over others; whether any was taken out."""
        supported: dict[Place, OpenRow] = {}
        keys: set[tuple[int, Any]] = set()
        records: set[tuple[str, Any]] = set()
        grown = True
        while grown:
            grown = False
            for place, opened in self.alive.items():
                if place not in supported and self._is_supported(opened, keys, records):
                    supported[place] = opened
                    keys.update(parent_values(opened))
                    keys.update(_identified(opened))
                    if (record := opened.site.record_of(opened.values)) is not None:
                        records.add((opened.site.key, record))
                    grown = True
        unsupported = self.alive.keys() - supported.keys()
        for place in unsupported:
            del self.alive[place]
        return bool(unsupported)

    def _is_supported(self, opened: OpenRow, keys: set[tuple[int, Any]], records: set[tuple[str, Any]]) -> bool:
        site, row = opened.site, opened.values
        if opened.match.proven or self.search.standing.belongs(site, row):
            return True
        if (site.key, site.record_of(row)) in records:
            return True
        if any(not tie.unsaid and tie.down and (tie.number, tie.down.value(row)) in keys for tie in site.owners):
            return True
        return any(tie.identifies and tie.up and (~tie.number, tie.up.value(row)) in keys for tie in site.downs)


def _identified(opened: OpenRow) -> Iterator[tuple[int, Any]]:
    """The keys of the rows that this one identifies: (the tie's number turned round, value)."""
    for tie in opened.site.ups:
        value = tie.down.value(opened.values) if tie.identifies and tie.down and opened.match.proven else None
        if value is not None:
            yield ~tie.number, value
