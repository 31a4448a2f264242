"""Looking up, for rows that are not settled, whether their other owners exist and who else carries their identities."""

from collections.abc import Iterator
from typing import Any

from privacy_center.sources.identities import normalise_identity
from privacy_center.sources.search import OpenRow, Place, Probes, Search
from privacy_center.sources.site import Site, Slot
from privacy_center.sources.ties import Tie
from privacy_center.sources.values import NONE_SUCH, as_text

Identity = tuple[str, str]
"""(kind, normal value)."""


class Lookups:
    """What was asked and what was there. `open_keys` and `present` are by tie number: keys of open rows, keys that exist.

    `holders`: (tie number, key) → the rows that carry it, where several may. `carriers`: identity → the rows that carry it.
    `kin`: (tie number, key) → the rows that identify the row with that key.
    """

    def __init__(self, search: Search) -> None:
        self.search = search
        self.asked: list[set[Any]] = [set() for _ in search.routes.ties]
        self.present: list[set[Any]] = [set() for _ in search.routes.ties]
        self.open_keys: list[set[Any]] = [set() for _ in search.routes.ties]
        self.holders: dict[tuple[int, Any], set[Place]] = {}
        self.carriers: dict[Identity, dict[Place, tuple[Site, Any]]] = {}
        self.kin: dict[tuple[int, Any], dict[Place, tuple[Site, Any]]] = {}
        self._doubted: set[Identity] = set()
        self._kin_rows: list[tuple[Site, Any]] = []
        self._carrier_rows: list[tuple[Site, Any]] = []
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
        kin_rows, self._kin_rows = self._kin_rows, []
        carrier_rows, self._carrier_rows = self._carrier_rows, []
        fresh = [(place, opened) for place, opened in self.search.open.items() if place not in self._examined]
        for place, opened in fresh:
            self._examined.add(place)
            for number, value in parent_values(opened):
                self.open_keys[number].add(value)
        wanted: dict[str, Probes] = {}
        for _, opened in fresh:
            for kind, raw in self._unknown_identities(opened):
                self._want_carriers(kind, raw, wanted, doubted=opened.match.proven)
            self._want_kin(opened, wanted)
        for site, row in kin_rows:
            for kind, raw in identities_on(site, row):
                if not self.search.known.is_known(kind, raw, False):
                    self._want_carriers(kind, raw, wanted, doubted=True)
        for site, row in [*((opened.site, opened.values) for _, opened in fresh), *carrier_rows]:
            for tie in site.owners:
                self._want_owner(tie, row, wanted)
        return {key: probes for key, probes in wanted.items() if probes}

    def _want_kin(self, opened: OpenRow, wanted: dict[str, Probes]) -> None:
        """Want the rows that identify this one: an account with several addresses beside it may be two people's."""
        for tie in opened.site.downs:
            value = tie.up.value(opened.values) if tie.identifies and tie.up and tie.down else None
            if value is None or (tie.number, value) in self.kin or tie.child not in self.search.sites:
                continue
            self.kin[tie.number, value] = {}
            asked = tie.asked_of_child(opened.values)
            if asked is not NONE_SUCH:
                assert tie.down
                slot = Slot(tie.down.paths, when=tie.down.when)
                wanted.setdefault(tie.child, {}).setdefault(slot, set()).add(asked)

    def _want_owner(self, tie: Tie, row: Any, wanted: dict[str, Probes]) -> None:
        if not tie.judges or tie.parent not in self.search.sites:
            return
        assert tie.down and tie.up
        value = tie.down.value(row)
        settled = (self.search.standing.own_keys[tie.number], self.open_keys[tie.number])
        known = not tie.repeats and any(value in keys for keys in settled)
        if value is None or known or value in self.asked[tie.number]:
            return
        self.asked[tie.number].add(value)
        asked = tie.asked_of_parent(row)
        if asked is not NONE_SUCH:
            wanted.setdefault(tie.parent, {}).setdefault(Slot(tie.up.paths), set()).add(asked)

    def _unknown_identities(self, opened: OpenRow) -> Iterator[tuple[str, Any]]:
        """The identities that decide whose an open row is: of a kind of which nothing is known, and beside a proven one."""
        if opened.match.proven:
            yield from opened.match.others
            return
        for kind, raw in identities_on(opened.site, opened.values):
            if not self.search.known.knows_kind(kind):
                yield kind, raw

    def _want_carriers(self, kind: str, raw: Any, wanted: dict[str, Probes], doubted: bool) -> None:
        identity = (kind, normalise_identity(kind, raw))
        if doubted:
            self._doubted.add(identity)
        if identity in self.carriers:
            return
        self.carriers[identity] = {}
        for site in list(self.search.sites.values()):
            for place in site.identities:
                if place.kind == kind and not place.mention:
                    self.search.want_identity(site, place, as_text(raw), wanted.setdefault(site.key, {}))

    def _note(self, site: Site, row: Any) -> None:
        for tie in site.downs:
            if tie.up and self.asked[tie.number]:
                value = tie.up.value(row)
                if value in self.asked[tie.number]:
                    self.present[tie.number].add(value)
                    if tie.repeats:
                        self.holders.setdefault((tie.number, value), set()).add((site.key, site.key_of(row)))
        here, whole = (site.key, site.key_of(row)), (site, tuple(row)[: len(site.paths)])
        for kind, raw in identities_on(site, row) if self.carriers else ():
            identity = (kind, normalise_identity(kind, raw))
            carried = self.carriers.get(identity)
            if carried is not None and here not in carried:
                carried[here] = whole
                if identity in self._doubted:
                    self._carrier_rows.append(whole)
        for tie in site.ups if self.kin else ():
            kin = self.kin.get((tie.number, tie.down.value(row))) if tie.identifies and tie.down else None
            if kin is not None and here not in kin:
                kin[here] = whole
                self._kin_rows.append(whole)

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


def identities_on(site: Site, row: Any) -> Iterator[tuple[str, Any]]:
    """The identities that say whose a row is: (kind, value)."""
    for place in site.identities:
        if not place.mention:
            yield from ((place.kind, value) for value in place.values(row))


def parent_values(opened: OpenRow) -> Iterator[tuple[int, Any]]:
    """The keys by which other rows may belong to this one: (tie number, value)."""
    for tie in opened.site.downs:
        if tie.belongs and tie.up:
            value = tie.up.value(opened.values)
            if value is not None:
                yield tie.number, value
