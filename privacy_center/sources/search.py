"""The search for one person's rows: what is asked next, what was found, and what follows from an own row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.graph import DataMap
from privacy_center.errors import Words
from privacy_center.sources import reasons
from privacy_center.sources.identities import kind_of, normalise_identity
from privacy_center.sources.keys import pieces
from privacy_center.sources.known import KnownIdentities
from privacy_center.sources.looked_at import forms_asked, holds_of
from privacy_center.sources.open import Sources
from privacy_center.sources.reading import Reading
from privacy_center.sources.routes import routes_for
from privacy_center.sources.rows import FoundRow, Key, Ownership
from privacy_center.sources.site import IdentityPlace, Site, Slot
from privacy_center.sources.standing import NO_MATCH, Match, Standing
from privacy_center.sources.ties import Tie
from privacy_center.sources.trouble import CHANGED, Unavailable
from privacy_center.sources.values import NONE_SUCH

Facts = Callable[[str], Sequence[sa.ColumnElement[Any]]]
Place = tuple[str, Key]
Probes = dict[Slot, set[Any]]
VALUES_AT_ONCE = 5000


@dataclass(slots=True)
class OpenRow:
    """A row that was reached and is not (yet) own: what was read of it, what its identities say, and why it is not own."""

    site: Site
    found: FoundRow
    values: tuple[Any, ...]
    match: Match = NO_MATCH
    why: Words | None = None
    unsure: bool = False


class Search:
    """The state of one search: rows by collection and key, those that are open, what is wanted next, what is skipped."""

    def __init__(
        self,
        sources: Sources,
        data_map: DataMap,
        identities: Mapping[str, Iterable[str]],
        facts: Facts | None,
        disputed: str | None = None,
    ) -> None:
        self.sources = sources
        self.disputed = disputed
        self.data_map = data_map
        self.routes = routes_for(sources, data_map)
        self.sites = dict(self.routes.sites)
        self.skipped = dict(self.routes.skipped)
        self.reading = Reading(sources)
        self.known = KnownIdentities(identities)
        self.met: dict[str, set[str]] = {}
        self.rows: dict[str, dict[Key, FoundRow]] = {}
        self.open: dict[Place, OpenRow] = {}
        self.read_values: dict[Place, tuple[Any, ...]] = {}
        self.standing = Standing(self.known, len(self.routes.ties))
        self.unsearched_kinds: dict[str, str] = {}
        for key in self.skipped.keys() - self.routes.by_choice:
            self._note_unsearched(key)
        self.facts = facts
        self.fact_names: dict[str, tuple[str, ...]] = {}
        self._facts: dict[str, Sequence[sa.ColumnElement[Any]]] = {}
        self.in_record: dict[tuple[str, Key], set[Place]] = {}
        self.fresh_records: set[tuple[str, Key]] = set()
        self._wanted: dict[str, Probes] = {}
        self._same_facts: dict[Any, Any] = {}

    def ask_identities(self) -> None:
        """Want every row that carries one of the proven values."""
        for site in list(self.sites.values()):
            for place in site.identities:
                for value in self.known.typed.get(place.kind, ()):
                    self.want_identity(site, place, value, self._wanted.setdefault(site.key, {}))
        self._wanted = {key: probes for key, probes in self._wanted.items() if probes and key in self.sites}

    def want_identity(self, site: Site, place: IdentityPlace, value: str, probes: Probes) -> None:
        """Add to `probes` the forms under which a column may hold an identity value."""
        if site.key not in self.sites:
            return
        try:
            holds = holds_of(self.sources, self.reading, site, place)
        except Unavailable as error:
            self.skip(site, error.words)
            return
        for slot, forms in forms_asked(place, value, holds, len(probes)):
            probes.setdefault(slot, set()).update(forms)

    def follow(self) -> None:
        """Ask, collection after collection and round after round, until own rows lead nowhere new."""
        forced = False
        while self._wanted:
            asked = False
            for site in list(self.sites.values()):
                waits = not forced and any(key in self._wanted for key in site.after if key != site.key)
                if site.key in self._wanted and not waits:
                    asked, forced = True, False
                    self._take_all(site, self.read(site, self._wanted.pop(site.key)))
            self._wanted = {key: probes for key, probes in self._wanted.items() if key in self.sites}
            forced = not asked
        self.fresh_records.clear()

    @property
    def has_more_to_ask(self) -> bool:
        """Whether rows are wanted that were not asked for yet."""
        return bool(self._wanted)

    def read(self, site: Site, probes: Probes) -> Iterator[sa.Row[Any]]:
        """The rows of a collection that any probe enters, in one statement (more only for very many values).

        A collection that cannot be read is skipped, with the reason; what was read of it before stays found.
        """
        slots = tuple(sorted(probes))
        size = min(VALUES_AT_ONCE, 20_000 // len(slots))
        parts = {slot: list(pieces(sorted(probes[slot], key=repr), size)) for slot in slots}
        try:
            facts = self._facts_of(site)
            for number in range(max(map(len, parts.values()))):
                entered = tuple(slot for slot in slots if number < len(parts[slot]))
                values = {
                    f"p{place}": parts[slot][number][0] if slot.how == "within" else parts[slot][number]
                    for place, slot in enumerate(entered)
                }
                statement = site.statement(entered)
                statement = statement.add_columns(*facts) if facts else statement
                yield from self.reading.rows(site.collection.dataset, statement, values)
        except Unavailable as error:
            self.skip(site, error.words)

    def skip(self, site: Site, words: Words) -> None:
        """Leave a collection out from now on, and with it the rest of a dataset whose database is gone."""
        dataset = site.collection.dataset
        gone = [
            one
            for one in self.sites.values()
            if one is site or (dataset in self.reading.lost and one.collection.dataset == dataset)
        ]
        if words == CHANGED:
            self.sources.refresh(dataset)
        for one in gone:
            self.skipped[one.key] = words
            self.sites.pop(one.key, None)
            self._note_unsearched(one.key)

    def _note_unsearched(self, key: str) -> None:
        for kind in self.data_map.collections[key].identities.values():
            self.unsearched_kinds.setdefault(kind_of(kind), key)

    def _take_all(self, site: Site, rows: Iterable[sa.Row[Any]]) -> None:
        """Judge the rows of one reading; accounts of several people are told apart by nobody but a person."""
        if site.identities and not site.owners and not self.disputed:
            rows = list(rows)
            self.disputed = self.standing.disputed(site, rows)
        for row in rows:
            self.take(site, row)

    def take(self, site: Site, row: sa.Row[Any]) -> None:
        """Judge a row that was reached: own, contradictory, open for now, or nothing to do with the person."""
        key = site.key_of(row)
        rows = self.rows.setdefault(site.key, {})
        if key in rows:
            return
        match = self.standing.match(site, row)
        if self.disputed and self.standing.by_phone_alone(site, row):
            rows[key] = self._unclear(site, row, reasons.several_people(self.disputed))
        elif match.clash:
            rows[key] = self._unclear(site, row, reasons.contradiction(match.clash))
        elif match.crowd:
            rows[key] = self._unclear(site, row, reasons.NAMES_SEVERAL)
        elif match.proven and not match.others and self.standing.owners_are_own(site, row):
            rows[key] = self.claim(site, FoundRow(key, Ownership.OWN, self._facts_in(site, row)), row, by_identity=True)
        elif match.proven:
            self.keep_open(site, row, match)
            self._want_what_it_identifies(site, row)
        elif self.standing.belongs(site, row) and self.standing.is_settled(site, row):
            rows[key] = self.claim(site, FoundRow(key, Ownership.OWN, self._facts_in(site, row)), row)
        elif match.mentioned or self.standing.is_reached(site, row):
            self.keep_open(site, row, match)
        elif parent := self.standing.by_case_alone(site, row):
            rows[key] = self._unclear(site, row, reasons.other_case(parent))
        else:
            return
        self._want_record(site, row)

    def _unclear(self, site: Site, row: Any, why: Words) -> FoundRow:
        """A row of which a person must say whose it is; what was read of it tells whom else it may lead to."""
        key = site.key_of(row)
        self.read_values[(site.key, key)] = tuple(row)[: len(site.paths)]
        return FoundRow(key, Ownership.UNCLEAR, self._facts_in(site, row), why)

    def _want_what_it_identifies(self, site: Site, row: Any) -> None:
        for tie in site.ups:
            value = tie.down.value(row) if tie.identifies and tie.down else None
            if value is not None and tie.up and value not in self.standing.named[tie.number]:
                self.standing.named[tie.number].add(value)
                self._want(tie.parent, Slot(tie.up.paths), tie.asked_of_parent(row))

    def _want_record(self, site: Site, row: Any) -> None:
        """Want the other rows of the record of which this row is a part."""
        record = site.record_of(row)
        if record is None:
            return
        whole = (site.key, record)
        if whole not in self.in_record:
            self.in_record[whole] = set()
            self.fresh_records.add(whole)
            self.standing.records.setdefault(site.key, set()).add(record)
            self._want(site.key, Slot(site.collection.record), record[0] if len(record) == 1 else record)
        place = (site.key, site.key_of(row))
        self.in_record[whole].add(place)
        self.read_values[place] = tuple(row)[: len(site.paths)]

    def keep_open(self, site: Site, row: Any, match: Match | None = None) -> OpenRow:
        """Remember a row whose ownership is not settled."""
        values = tuple(row)[: len(site.paths)]
        found = FoundRow(site.key_of(row), Ownership.THIRD_PARTY, self._facts_in(site, row))
        opened = OpenRow(site, found, values, match or self.standing.match(site, row))
        self.rows.setdefault(site.key, {})[found.key] = found
        self.open[(site.key, found.key)] = opened
        self._want_record(site, row)
        return opened

    def claim(self, site: Site, found: FoundRow, row: Any, *, by_identity: bool = False) -> FoundRow:
        """Make a row the customer's own, note its identities, and want what follows from it."""
        found.ownership, found.why = Ownership.OWN, None
        for place in site.identities:
            for value in () if place.mention else place.values(row):
                self.met.setdefault(place.kind, set()).add(normalise_identity(place.kind, value))
                if by_identity:
                    self.known.meet(place.kind, value)
        for tie in site.downs:
            self._lead_down(tie, row)
        for tie in site.pointers:
            self._lead_up(tie, row)
        return found

    def _lead_down(self, tie: Tie, row: Any) -> None:
        assert tie.up
        value = tie.up.value(row)
        if value is None or value in self.standing.own_keys[tie.number]:
            return
        self.standing.own_keys[tie.number].add(value)
        if tie.belongs and tie.down:
            self._want(tie.child, Slot(tie.down.paths, when=tie.down.when), tie.asked_of_child(row))

    def _lead_up(self, tie: Tie, row: Any) -> None:
        assert tie.down
        value = tie.down.value(row)
        if value is None:
            return
        self.standing.pointers[tie.number][value] += 1
        if (
            tie.up
            and self.standing.pointers[tie.number][value] == 1
            and value not in self.standing.own_keys[tie.number]
        ):
            self._want(tie.parent, Slot(tie.up.paths), tie.asked_of_parent(row))

    def _want(self, collection: str, slot: Slot, value: Any) -> None:
        if value is not NONE_SUCH and collection in self.sites:
            self._wanted.setdefault(collection, {}).setdefault(slot, set()).add(value)

    def _facts_of(self, site: Site) -> Sequence[sa.ColumnElement[Any]]:
        if site.key not in self._facts:
            facts = self._facts[site.key] = tuple(self.facts(site.key)) if self.facts else ()
            self.fact_names[site.key] = tuple(str(getattr(one, "name", "")) for one in facts)
        return self._facts[site.key]

    def _facts_in(self, site: Site, row: Any) -> Key:
        facts = tuple(row[len(site.paths) :])
        return self._same_facts.setdefault(facts, facts) if facts else ()
