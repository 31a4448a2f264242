"""What is known of who the customer is: values they have proven, and values on rows that those values found."""

from collections.abc import Iterable, Mapping
from typing import Any

from privacy_center.sources.identities import kind_of, normalise_identity, spellings
from privacy_center.sources.values import as_text


class KnownIdentities:
    """Proven identity values by kind; `met` are those carried by the customer's identity-matched rows."""

    def __init__(self, identities: Mapping[str, Iterable[str]]) -> None:
        self.proven: dict[str, set[str]] = {}
        self.typed: dict[str, set[str]] = {}
        self.met: dict[str, set[str]] = {}
        for kind, values in identities.items():
            for value in (str(one).strip() for one in values):
                if value:
                    self.proven.setdefault(kind_of(kind), set()).add(normalise_identity(kind, value))
                    self.typed.setdefault(kind_of(kind), set()).add(value)
        self._forms = {kind: _folded_forms(kind, values) for kind, values in self.typed.items()}
        self._proven_folded = {kind: {one.casefold() for one in values} for kind, values in self.proven.items()}

    def is_proven(self, kind: str, raw: Any, folded: bool) -> bool:
        """Whether a stored value is one that the customer has proven. `folded`: its column ignores case."""
        if kind not in self.proven:
            return False
        normal = normalise_identity(kind, raw)
        if normal in self.proven[kind] or as_text(raw).strip() in self._forms[kind]:
            return True
        return folded and normal.casefold() in self._proven_folded[kind]

    def is_known(self, kind: str, raw: Any, folded: bool) -> bool:
        """Whether a stored value is proven, or stands on a row that a proven value found."""
        if self.is_proven(kind, raw, folded):
            return True
        met = self.met.get(kind)
        if not met:
            return False
        normal = normalise_identity(kind, raw)
        return normal in met or (folded and normal.casefold() in {one.casefold() for one in met})

    def knows_kind(self, kind: str) -> bool:
        """Whether any value of this kind is known to be the customer's."""
        return kind in self.proven or bool(self.met.get(kind))

    def meet(self, kind: str, raw: Any) -> None:
        """Note a value on a row that a proven value found."""
        self.met.setdefault(kind, set()).add(normalise_identity(kind, raw))


def is_filled(raw: Any) -> bool:
    """Whether an identity field says anything: neither NULL nor blank."""
    return raw is not None and (not isinstance(raw, str) or bool(raw.strip()))


def _folded_forms(kind: str, values: Iterable[str]) -> frozenset[str]:
    return frozenset(form for value in values for form in spellings(kind, value))
