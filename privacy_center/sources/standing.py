"""What is the customer's so far, and what that says of a row."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from privacy_center.sources.identities import EMAIL, PHONE, normalise_identity
from privacy_center.sources.known import KnownIdentities, is_filled
from privacy_center.sources.site import Site
from privacy_center.sources.values import as_text


class Standing:
    """By tie number, `own_keys`: keys of own rows, and `pointers`: keys that own rows point to, with how often."""

    def __init__(self, known: KnownIdentities, ties: int) -> None:
        self.known = known
        self.own_keys: list[set[Any]] = [set() for _ in range(ties)]
        self.pointers: list[Counter[Any]] = [Counter() for _ in range(ties)]

    def belongs(self, site: Site, row: Any) -> bool:
        """Whether the row carries the key of an own row that owns it."""
        return any(tie.down and tie.down.value(row) in self.own_keys[tie.number] for tie in site.owners)

    def by_case_alone(self, site: Site, row: Any) -> str | None:
        """The collection with an own row whose key this one carries in other capitals, where these make another key."""
        for tie in site.owners:
            value = tie.down.value(row) if tie.loose and tie.down else None
            if value is not None and any(_small(value) == _small(own) for own in self.own_keys[tie.number]):
                return tie.parent
        return None

    def is_reached(self, site: Site, row: Any) -> bool:
        """Whether an own row leads to this one: it belongs to one, or one points to it."""
        return self.belongs(site, row) or any(
            tie.up and tie.up.value(row) in self.pointers[tie.number] for tie in site.pointed
        )

    def is_settled(self, site: Site, row: Any) -> bool:
        """Whether every owner and every identity value of the row is already known to be the customer's: never where a
        key may stand on rows of several people.
        """
        for tie in site.owners:
            assert tie.down
            value = tie.down.value(row) if tie.judges else None
            if value is not None and (tie.repeats or value not in self.own_keys[tie.number]):
                return False
        return all(
            self.known.is_known(place.kind, row[place.place], place.folded)
            for place in site.identities
            if is_filled(row[place.place])
        )

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
                values = {
                    normalise_identity(EMAIL, row[place.place]) for row in by_phone if is_filled(row[place.place])
                }
                if len(values) > 1:
                    return place.kind
        return None

    def by_phone_alone(self, site: Site, row: Any) -> bool:
        """Whether nothing but a phone number, of all that is proven, stands on the row."""
        if self.match(site, row) != (True, None):
            return False
        proven = {
            place.kind for place in site.identities if place.kind in self.known.proven and is_filled(row[place.place])
        }
        return proven == {PHONE}

    def match(self, site: Site, row: Any) -> tuple[bool, str | None]:
        """Whether a proven value is on the row; and if so, the kind of a value there that should be proven and is not."""
        matched, clash = False, None
        for place in site.identities:
            raw = row[place.place]
            if place.kind in self.known.proven and is_filled(raw):
                proven = self.known.is_proven(place.kind, raw, place.folded)
                matched, clash = matched or proven, clash if proven else place.kind
        return matched, clash if matched else None


def _small(value: Any) -> tuple[str, ...]:
    return tuple(as_text(part).rstrip(" ").casefold() for part in (value if isinstance(value, tuple) else (value,)))
