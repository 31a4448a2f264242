"""What speaks against an open row being the customer's: an identity, an owner, or a part of its record that is another's."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from privacy_center.errors import Words
from privacy_center.sources import reasons
from privacy_center.sources.identities import normalise_identity
from privacy_center.sources.lookups import Lookups, identities_on
from privacy_center.sources.rows import Ownership
from privacy_center.sources.search import OpenRow, Place, Search
from privacy_center.sources.site import IdentityPlace, Site
from privacy_center.sources.ties import Tie

Reason = tuple[Words, bool]
"""Why a row is not own, and whether only a person can tell whose it is."""

Keys = Counter[tuple[int, Any]]


class Contradictions:
    """Judges open rows one by one. `alive`: those that may still become own, kept up to date by who settles them."""

    def __init__(self, search: Search, lookups: Lookups, alive: Mapping[Place, OpenRow]) -> None:
        self.search = search
        self.lookups = lookups
        self.alive = alive

    def against(self, here: Place, opened: OpenRow, keys: Keys) -> Reason | None:
        """The reason why a row is not own, one that is certain before one that is not; None where nothing speaks against it."""
        unsure = None
        for reason in self._reasons(here, opened, keys):
            if not reason[1]:
                return (reason[0], opened.match.proven)
            unsure = unsure or reason
        return unsure

    def _reasons(self, here: Place, opened: OpenRow, keys: Keys) -> Iterator[Reason]:
        if opened.match.proven:
            yield from self._against_others(here, opened)
        else:
            yield from self._against_identities(here, opened)
        yield from self._against_kin(here, opened)
        for tie in opened.site.owners:
            if reason := self._against_owner(tie, opened, keys):
                yield reason
        if self._is_part_of_anothers(here, opened):
            yield reasons.PART_OF_RECORD, True

    def _against_others(self, here: Place, opened: OpenRow) -> Iterator[Reason]:
        """Values of the same kind as a proven one, that lead to somebody else."""
        for kind, value in opened.match.others:
            if self._leads_elsewhere(kind, value, {here}):
                yield reasons.contradiction(kind), True

    def _against_identities(self, here: Place, opened: OpenRow) -> Iterator[Reason]:
        for place in opened.site.identities:
            for raw in () if place.mention else place.values(opened.values):
                if reason := self._against_identity(here, opened, place, raw):
                    yield reason

    def _against_identity(self, here: Place, opened: OpenRow, place: IdentityPlace, raw: Any) -> Reason | None:
        known = self.search.known
        if known.is_known(place.kind, raw, place.folded) or self._identifies_one_of_ours(here, opened):
            return None
        carriers = self.lookups.carriers.get((place.kind, normalise_identity(place.kind, raw)), {}).keys()
        if known.knows_kind(place.kind) or any(not self._is_ours(one) for one in carriers - {here}):
            return reasons.others_identity(place.kind), False
        unsearched = self.search.unsearched_kinds.get(place.kind)
        return (reasons.unchecked_identity(place.kind, unsearched), True) if unsearched else None

    def _identifies_one_of_ours(self, here: Place, opened: OpenRow) -> bool:
        """Whether the row is one of several that identify a row of the customer's; these are judged together with it."""
        for tie in opened.site.ups:
            value = tie.down.value(opened.values) if tie.identifies and tie.down else None
            if value is not None and here in self.lookups.kin.get((tie.number, value), {}):
                return True
        return False

    def _against_kin(self, here: Place, opened: OpenRow) -> Iterator[Reason]:
        """A row that identifies this one and carries what leads to somebody else."""
        for tie in opened.site.downs:
            value = tie.up.value(opened.values) if tie.identifies and tie.up else None
            kin = self.lookups.kin.get((tie.number, value), {})
            for site, row in kin.values():
                for kind, raw in identities_on(site, row):
                    normal = normalise_identity(kind, raw)
                    unknown = not self.search.known.is_known(kind, raw, False)
                    if unknown and self._leads_elsewhere(kind, normal, {here, *kin}):
                        yield reasons.contradiction(kind), True

    def _leads_elsewhere(self, kind: str, value: str, besides: set[Place]) -> bool:
        """Whether a row elsewhere that carries the value is an account, belongs to somebody or names somebody else."""
        if kind in self.search.unsearched_kinds:
            return True
        carriers = self.lookups.carriers.get((kind, value), {})
        return any(
            place not in besides and not self._is_ours(place) and self._is_somebodys(site, row, value)
            for place, (site, row) in carriers.items()
        )

    def _is_somebodys(self, site: Site, row: Any, value: str) -> bool:
        if any(tie.belongs for tie in site.downs):
            return True
        for tie in site.owners:
            key = tie.down.value(row) if tie.judges and tie.down else None
            if key is not None and (tie.parent not in self.search.sites or self._is_there(tie, key)):
                return True
        return any(
            normalise_identity(kind, raw) != value and not self.search.known.is_known(kind, raw, False)
            for kind, raw in identities_on(site, row)
        )

    def _is_there(self, tie: Tie, key: Any) -> bool:
        return (
            key in self.lookups.present[tie.number]
            or key in self.lookups.open_keys[tie.number]
            or key in self.search.standing.own_keys[tie.number]
        )

    def _against_owner(self, tie: Tie, opened: OpenRow, keys: Keys) -> Reason | None:
        value = tie.down.value(opened.values) if tie.judges and tie.down else None
        if value is None:
            return None
        if value in self.search.standing.own_keys[tie.number] or keys[(tie.number, value)] > 0:
            holders = self.lookups.holders.get((tie.number, value), ())
            return None if all(map(self._is_ours, holders)) else (reasons.several_owners(tie.parent), True)
        if value in self.lookups.present[tie.number] or value in self.lookups.open_keys[tie.number]:
            why = reasons.owner_not_proven if opened.match.proven else reasons.others_row
            return why(tie.parent), False
        return None if tie.parent in self.search.sites else (reasons.unchecked_owner(tie.parent), True)

    def _is_part_of_anothers(self, here: Place, opened: OpenRow) -> bool:
        """Whether another row of the same record cannot be the customer's, or was not read yet."""
        record = opened.site.record_of(opened.values)
        if record is None:
            return False
        whole = (opened.site.key, record)
        if whole in self.search.fresh_records:
            return True
        return any(place != here and not self._is_ours(place) for place in self.search.in_record[whole])

    def _is_ours(self, place: Place) -> bool:
        if place in self.alive:
            return True
        found = self.search.rows.get(place[0], {}).get(place[1])
        return found is not None and found.ownership is Ownership.OWN
