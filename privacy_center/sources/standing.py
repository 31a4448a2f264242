"""What is the customer's so far, and what that says of a row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from privacy_center.sources.identities import EMAIL, PHONE, normalise_identity
from privacy_center.sources.known import KnownIdentities
from privacy_center.sources.site import Site
from privacy_center.sources.values import as_text


@dataclass(frozen=True, slots=True)
class Match:
    """What the identities on a row say. `proven`: one of them is. `clash`: the kind of one that should be proven and is not.
    `others`: values of a kind of which another field has a proven one. `crowd`: a list names others beside the customer.
    `mentioned`: a proven value stands where it does not say whose the row is.
    """

    proven: bool = False
    clash: str | None = None
    others: tuple[tuple[str, str], ...] = ()
    crowd: bool = False
    mentioned: str | None = None


NO_MATCH = Match()


class Standing:
    """By tie number, `own_keys`: keys of own rows, `pointers`: keys that own rows point to, with how often, and `named`: keys
    of rows that a row with a proven identity identifies. `records`: what is in reach of the records of each collection.
    """

    def __init__(self, known: KnownIdentities, ties: int) -> None:
        self.known = known
        self.own_keys: list[set[Any]] = [set() for _ in range(ties)]
        self.pointers: list[Counter[Any]] = [Counter() for _ in range(ties)]
        self.named: list[set[Any]] = [set() for _ in range(ties)]
        self.records: dict[str, set[Any]] = {}

    def belongs(self, site: Site, row: Any) -> bool:
        """Whether the row carries the key of an own row that owns it. Of several keys of which the map does not say which
        owns, all must be filled and the customer's.
        """
        unsaid = []
        for tie in site.owners:
            value = tie.down.value(row) if tie.down else None
            own = value is not None and value in self.own_keys[tie.number]
            if own and not tie.unsaid:
                return True
            if tie.unsaid:
                unsaid.append(own)
        return len(unsaid) > 1 and all(unsaid)

    def is_named_unsaid(self, site: Site, row: Any) -> bool:
        """Whether the row carries the key of an own row, and the map does not say whether that makes it theirs."""
        return not self.belongs(site, row) and any(
            tie.unsaid and tie.down and tie.down.value(row) in self.own_keys[tie.number] for tie in site.owners
        )

    def by_case_alone(self, site: Site, row: Any) -> str | None:
        """The collection with an own row whose key this one carries in other capitals, where these make another key."""
        for tie in site.owners:
            value = tie.down.value(row) if tie.loose and tie.down else None
            if value is not None and any(_small(value) == _small(own) for own in self.own_keys[tie.number]):
                return tie.parent
        return None

    def is_reached(self, site: Site, row: Any) -> bool:
        """Whether an own row leads to this one: it belongs to one, one points to it, or it is part of a record in reach; or
        whether a row with a proven identity identifies it.
        """
        return (
            any(tie.down and tie.down.value(row) in self.own_keys[tie.number] for tie in site.owners)
            or self.is_pointed_to(site, row)
            or self.is_named(site, row)
            or site.record_of(row) in self.records.get(site.key, ())
        )

    def is_pointed_to(self, site: Site, row: Any) -> bool:
        """Whether an own row points to this one."""
        return any(tie.up and tie.up.value(row) in self.pointers[tie.number] for tie in site.pointed)

    def is_named(self, site: Site, row: Any) -> bool:
        """Whether a row with a proven identity identifies this one."""
        return any(tie.identifies and tie.up and tie.up.value(row) in self.named[tie.number] for tie in site.downs)

    def is_settled(self, site: Site, row: Any) -> bool:
        """Whether every owner and every identity value of the row is already known to be the customer's: never where a
        key may stand on rows of several people, or where other rows are part of the same record.
        """
        return self.owners_are_own(site, row) and all(
            self.known.is_known(place.kind, value, place.folded)
            for place in site.identities
            if not place.mention
            for value in place.values(row)
        )

    def owners_are_own(self, site: Site, row: Any) -> bool:
        """Whether every row to which this one belongs is already known to be the customer's, and no other row is part of it."""
        if site.record_of(row) is not None:
            return False
        for tie in site.owners:
            assert tie.down
            value = tie.down.value(row) if tie.judges else None
            if value is not None and (tie.repeats or value not in self.own_keys[tie.number]):
                return False
        return True

    def disputed(self, site: Site, rows: Iterable[Any]) -> str | None:
        """The kind of identity by which accounts that a phone number alone found turn out to be of several people.

        Asked of collections that own others and belong to nobody. Numbers are given to somebody else about 90 days after
        they are cancelled; then one stands on the accounts of both, and another contact must prove whose is whose.
        """
        if site.owners or not any(tie.belongs for tie in site.downs):
            return None
        by_phone = [row for row in rows if self.by_phone_alone(site, row)]
        for place in site.identities:
            if place.kind == EMAIL:
                values = {normalise_identity(EMAIL, value) for row in by_phone for value in place.values(row)}
                if len(values) > 1:
                    return place.kind
        return None

    def by_phone_alone(self, site: Site, row: Any) -> bool:
        """Whether nothing but a phone number, of all that is proven, stands on the row."""
        match = self.match(site, row)
        if not match.proven or match.clash:
            return False
        proven = {
            place.kind
            for place in site.identities
            if place.kind in self.known.proven and not place.mention and place.values(row)
        }
        return proven == {PHONE}

    def match(self, site: Site, row: Any) -> Match:
        """What the identities on the row say of it."""
        proven: set[str] = set()
        others: list[tuple[str, str]] = []
        crowd, mentioned = False, None
        for place in site.identities:
            values = place.values(row) if place.kind in self.known.proven else ()
            ours = [value for value in values if self.known.is_proven(place.kind, value, place.folded)]
            if place.mention:
                mentioned = place.kind if ours else mentioned
                continue
            if ours:
                proven.add(place.kind)
            if len(ours) == len(values):
                continue
            if ours:
                crowd = True
            else:
                others += [(place.kind, normalise_identity(place.kind, value)) for value in values]
        clash = next((kind for kind, _ in reversed(others) if kind not in proven), None) if proven else None
        return Match(bool(proven), clash, tuple(others) if proven else (), crowd, mentioned)


def _small(value: Any) -> tuple[str, ...]:
    return tuple(as_text(part).rstrip(" ").casefold() for part in (value if isinstance(value, tuple) else (value,)))
