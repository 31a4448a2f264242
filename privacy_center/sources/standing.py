"""What is the customer's so far, and what that says of a row."""

from collections import Counter
from typing import Any

from privacy_center.sources.known import KnownIdentities, is_filled
from privacy_center.sources.routes import Site


class Standing:
    """By tie number, `own_keys`: keys of own rows, and `pointers`: keys that own rows point to, with how often."""

    def __init__(self, known: KnownIdentities, ties: int) -> None:
        self.known = known
        self.own_keys: list[set[Any]] = [set() for _ in range(ties)]
        self.pointers: list[Counter[Any]] = [Counter() for _ in range(ties)]

    def belongs(self, site: Site, row: Any) -> bool:
        """Whether the row carries the key of an own row that owns it."""
        return any(tie.down and tie.down.value(row) in self.own_keys[tie.number] for tie in site.owners)

    def is_reached(self, site: Site, row: Any) -> bool:
        """Whether an own row leads to this one: it belongs to one, or one points to it."""
        return self.belongs(site, row) or any(
            tie.up and tie.up.value(row) in self.pointers[tie.number] for tie in site.pointed
        )

    def is_settled(self, site: Site, row: Any) -> bool:
        """Whether every owner and every identity value of the row is already known to be the customer's."""
        for tie in site.owners:
            assert tie.down
            value = tie.down.value(row) if tie.judges else None
            if value is not None and value not in self.own_keys[tie.number]:
                return False
        return all(
            self.known.is_known(place.kind, row[place.place], place.folded)
            for place in site.identities
            if is_filled(row[place.place])
        )

    def match(self, site: Site, row: Any) -> tuple[bool, str | None]:
        """Whether a proven value is on the row; and if so, the kind of a value there that should be proven and is not."""
        matched, clash = False, None
        for place in site.identities:
            raw = row[place.place]
            if place.kind in self.known.proven and is_filled(raw):
                proven = self.known.is_proven(place.kind, raw, place.folded)
                matched, clash = matched or proven, clash if proven else place.kind
        return matched, clash if matched else None
