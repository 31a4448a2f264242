"""Looking up, for rows that are not settled, whether their other owners exist and who else carries their identities."""

from collections.abc import Iterator
from typing import Any

from privacy_center.sources.identities import normalise_identity
from privacy_center.sources.known import is_filled
from privacy_center.sources.search import OpenRow, Place, Probes, Search
from privacy_center.sources.site import Site
from privacy_center.sources.ties import Tie
from privacy_center.sources.values import NONE_SUCH, as_text

Identity = tuple[str, str]
"""(kind, normal value)."""


class Lookups:
    """What was asked and what was there. `open_keys` and `present` are by tie number: keys of open rows, keys that exist.

    `holders`: (tie number, key) → the rows that carry it, where several may.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.asked: list[set[Any]] = [set() for _ in search.routes.ties]
        self.present: list[set[Any]] = [set() for _ in search.routes.ties]
        self.open_keys: list[set[Any]] = [set() for _ in search.routes.ties]
        self.holders: dict[tuple[int, Any], set[Place]] = {}
        self.carriers: dict[Identity, set[Place]] = {}
        self._examined: set[Place] = set()

    def look_up(self) -> None:
        """Ask, with one query per collection and round, about every open row that was not asked about before.

        A row found on the way that itself belongs to an open row becomes open too: the two may depend on each other.
        """
        while wanted := self._wanted():
            strangers: list[tuple[Site, tuple[Any, ...]]] = []
            for key, site in list(self.search.sites.items()):
                if key in wanted and key in self.search.sites:
                    for row in self.search.read(site, wanted[key]):
                        self._note(site, row)
                        if self._may_belong(site, row):
                            strangers.append((site, tuple(row)))
            self._open_strangers(strangers)

    def _wanted(self) -> dict[str, Probes]:
        fresh = [(place, opened) for place, opened in self.search.open.items() if place not in self._examined]
        for place, opened in fresh:
            self._examined.add(place)
            for number, value in parent_values(opened):
                self.open_keys[number].add(value)
        wanted: dict[str, Probes] = {}
        for _, opened in fresh:
            for tie in opened.site.owners:
                self._want_owner(tie, opened, wanted)
            for kind, raw in self._unknown_identities(opened):
                self._want_carriers(kind, raw, wanted)
        return {key: probes for key, probes in wanted.items() if probes}

    def _want_owner(self, tie: Tie, opened: OpenRow, wanted: dict[str, Probes]) -> None:
        if not tie.judges or tie.parent not in self.search.sites:
            return
        assert tie.down and tie.up
        value = tie.down.value(opened.values)
        settled = (self.search.standing.own_keys[tie.number], self.open_keys[tie.number])
        known = not tie.repeats and any(value in keys for keys in settled)
        if value is None or known or value in self.asked[tie.number]:
            return
        self.asked[tie.number].add(value)
        asked = tie.asked_of_parent(opened.values)
        if asked is not NONE_SUCH:
            wanted.setdefault(tie.parent, {}).setdefault((tie.up.paths, False), set()).add(asked)

    def _unknown_identities(self, opened: OpenRow) -> Iterator[tuple[str, Any]]:
        for place in opened.site.identities:
            raw = opened.values[place.place]
            if is_filled(raw) and not self.search.known.knows_kind(place.kind):
                yield place.kind, raw

    def _want_carriers(self, kind: str, raw: Any, wanted: dict[str, Probes]) -> None:
        identity = (kind, normalise_identity(kind, raw))
        if identity in self.carriers:
            return
        self.carriers[identity] = set()
        for site in list(self.search.sites.values()):
            for place in site.identities:
                if place.kind == kind:
                    self.search.want_identity(site, place, as_text(raw).strip(), wanted.setdefault(site.key, {}))

    def _note(self, site: Site, row: Any) -> None:
        for tie in site.downs:
            if tie.up and self.asked[tie.number]:
                value = tie.up.value(row)
                if value in self.asked[tie.number]:
                    self.present[tie.number].add(value)
                    if tie.repeats:
                        self.holders.setdefault((tie.number, value), set()).add((site.key, site.key_of(row)))
        for place in site.identities if self.carriers else ():
            if is_filled(row[place.place]):
                identity = (place.kind, normalise_identity(place.kind, row[place.place]))
                if identity in self.carriers:
                    self.carriers[identity].add((site.key, site.key_of(row)))

    def _may_belong(self, site: Site, row: Any) -> bool:
        if site.key_of(row) in self.search.rows.get(site.key, ()):
            return False
        return any(tie.down and tie.down.value(row) is not None for tie in site.owners)

    def _open_strangers(self, strangers: list[tuple[Site, tuple[Any, ...]]]) -> None:
        """Open those that belong to an open row, then those that belong to these, and so on."""
        waiting = strangers
        grown = True
        while grown:
            strangers, waiting, grown = waiting, [], False
            for site, row in strangers:
                if not self._belongs_to_open(site, row):
                    waiting.append((site, row))
                elif site.key_of(row) not in self.search.rows.get(site.key, ()):
                    grown = True
                    for number, value in parent_values(self.search.keep_open(site, row)):
                        self.open_keys[number].add(value)

    def _belongs_to_open(self, site: Site, row: Any) -> bool:
        for tie in site.owners:
            value = tie.down.value(row) if tie.down else None
            if value is not None and (
                value in self.open_keys[tie.number] or value in self.search.standing.own_keys[tie.number]
            ):
                return True
        return False


def parent_values(opened: OpenRow) -> Iterator[tuple[int, Any]]:
    """The keys by which other rows may belong to this one: (tie number, value)."""
    for tie in opened.site.downs:
        if tie.belongs and tie.up:
            value = tie.up.value(opened.values)
            if value is not None:
                yield tie.number, value
