"""Rows that own rows point to: shared, until every row anywhere that points to them is the customer's own."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.sources import reasons
from privacy_center.sources.keys import pieces
from privacy_center.sources.search import VALUES_AT_ONCE, OpenRow, Probes, Search
from privacy_center.sources.site import Site, Slot
from privacy_center.sources.ties import Tie
from privacy_center.sources.trouble import Unavailable
from privacy_center.sources.values import NONE_SUCH


class Promotion:
    """Counts of pointing rows, by tie number; asked once for each row that is pointed to."""

    def __init__(self, search: Search) -> None:
        self.search = search
        self.counts: list[Counter[Any]] = [Counter() for _ in search.routes.ties]
        self._asked: list[set[Any]] = [set() for _ in search.routes.ties]

    def promote(self) -> bool:
        """Make own every shared row about a person to which only own rows point; whether there was any."""
        shared = [(place, one) for place, one in self.search.open.items() if self._is_candidate(one)]
        self._count([one for _, one in shared])
        promoted = False
        for place, opened in shared:
            opened.found.why = self._why_shared(opened)
            if opened.found.why is None:
                del self.search.open[place]
                self.search.claim(opened.site, opened.found, opened.values)
                promoted = True
        return promoted

    def _is_candidate(self, opened: OpenRow) -> bool:
        if opened.why is not None or not self.search.standing.is_pointed_to(opened.site, opened.values):
            return False
        if not opened.site.collection.personal:
            opened.found.why = reasons.NOT_PERSONAL
            return False
        opened.why = self._is_somebody(opened)
        if opened.why is None and self.search.data_map.is_about_people(opened.site.key):
            opened.found.why = reasons.ABOUT_SOMEBODY
            return False
        return opened.why is None

    def _is_somebody(self, opened: OpenRow) -> Words | None:
        """A row with an identity that is not known to be the customer's is a person of its own, whoever points to it."""
        for place in opened.site.identities:
            values = () if place.mention else place.values(opened.values)
            if not all(self.search.known.is_known(place.kind, value, place.folded) for value in values):
                return reasons.others_identity(place.kind)
        return None

    def _count(self, shared: list[OpenRow]) -> None:
        """One query for each collection that points to any of the rows."""
        wanted: dict[str, tuple[Probes, dict[Tie, set[Any]]]] = {}
        for opened in shared:
            for tie in opened.site.pointed:
                value = tie.up.value(opened.values) if tie.up else None
                if (
                    value is None
                    or not tie.down
                    or tie.child not in self.search.sites
                    or value in self._asked[tie.number]
                ):
                    continue
                self._asked[tie.number].add(value)
                asked = tie.asked_of_child(opened.values)
                if asked is not NONE_SUCH:
                    probes, ties = wanted.setdefault(tie.child, ({}, {}))
                    probes.setdefault(Slot(tie.down.paths, when=tie.down.when), set()).add(asked)
                    ties.setdefault(tie, set()).add(value)
        for key, (probes, ties) in wanted.items():
            self._count_in(self.search.sites[key], probes, ties)

    def _count_in(self, site: Site, probes: Probes, ties: dict[Tie, set[Any]]) -> None:
        read = [path for slot in probes for path in (*slot.paths, *filter(None, [slot.when]))]
        paths = tuple(dict.fromkeys(read))
        for entered in _parts(probes):
            slots = tuple(entered)
            condition = sa.or_(*(site.entry(slot, f"p{number}") for number, slot in enumerate(slots)))
            columns = [site.columns[path] for path in paths]
            asked = sa.select(*columns, sa.func.count()).select_from(site.table).where(condition).group_by(*columns)
            values = {f"p{number}": entered[slot] for number, slot in enumerate(slots)}
            try:
                for row in self.search.reading.rows(site.collection.dataset, asked, values):
                    self._add(site, ties, entered, dict(zip(paths, row, strict=False)), row[-1])
            except Unavailable as error:
                self.search.skip(site, error.words)
                return

    def _add(
        self, site: Site, ties: dict[Tie, set[Any]], entered: dict[Any, Any], found: dict[str, Any], count: int
    ) -> None:
        whole = [found.get(path) for path in site.paths]
        for tie, values in ties.items():
            assert tie.down
            value = tie.down.value(whole)
            if value in values and Slot(tie.down.paths, when=tie.down.when) in entered:
                self.counts[tie.number][value] += count

    def _why_shared(self, opened: OpenRow) -> Words | None:
        for tie in opened.site.pointed:
            value = tie.up.value(opened.values) if tie.up else None
            if tie.child not in self.search.sites:
                return reasons.unchecked_pointers(tie.child)
            if value is not None and self.counts[tie.number][value] > self._pointing(tie, opened, value):
                return reasons.OTHERS_POINT
        return None

    def _pointing(self, tie: Tie, opened: OpenRow, value: Any) -> int:
        """How many own rows point to the row by this tie; the row itself counts as own when it points to itself."""
        itself = tie.child == tie.parent and tie.down is not None and tie.down.value(opened.values) == value
        return self.search.standing.pointers[tie.number][value] + int(itself)


def _parts(probes: Probes) -> list[dict[Any, Any]]:
    """The probes in statements of bearable size: each (slot, values) once; one statement where they are few."""
    split = {slot: list(pieces(sorted(values, key=repr), VALUES_AT_ONCE)) for slot, values in probes.items()}
    if all(len(parts) == 1 for parts in split.values()):
        return [{slot: parts[0] for slot, parts in split.items()}]
    return [{slot: part} for slot, parts in split.items() for part in parts]
