"""What is to be done with one row, and the sheet on which a whole plan is worked out."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from privacy_center.errors import Words
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.retention.verdict import Hold, Outcome
from privacy_center.sources.rows import Key, Ownership


class Action(enum.StrEnum):
    """The act on a row. `mask`: the row stays, `fields` are overwritten. `restrict`: held where it is, `fields` masked.

    `seal`: held, and what the rule needs is moved into the vault. `wait`: the customer must act first.
    `decide`: a person must. `keep`: not touched.
    """

    DELETE = "delete"
    MASK = "mask"
    RESTRICT = "restrict"
    SEAL = "seal"
    KEEP = "keep"
    WAIT = "wait"
    DECIDE = "decide"


CHANGING = frozenset({Action.DELETE, Action.MASK, Action.RESTRICT, Action.SEAL})
WAITING = frozenset({Action.WAIT, Action.DECIDE})


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a row and why; the same object serves every row that shares it.

    `person_mark`: of a row whose ownership is unclear, whom it leads to, so that rows of two people never share a decision.
    `waived`: the rules whose protection the customer gives up, where that is why the row goes. `whole` and `asked`: what the
    request may do to the row: delete it as a whole, or only clear the fields in `asked`, which it never exceeds.
    """

    ownership: Ownership
    outcome: Outcome
    action: Action
    fields: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    reason: Words | None = None
    skeleton: bool = False
    whole: bool = True
    asked: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()
    person_mark: str | None = None

    @property
    def once_free(self) -> "Decision":
        """What happens to a held row when nothing holds it any more."""
        action = Action.DELETE if self.whole else Action.MASK
        return Decision(self.ownership, Outcome.ERASE, action, self.asked, whole=self.whole, asked=self.asked)

    def as_skeleton(self, reason: Words) -> "Decision":
        """The same decision for a row that must stay because another row refers to it: cleared instead of deleted."""
        return replace(self, action=Action.MASK, fields=self.asked, reason=reason, skeleton=True)


@dataclass(slots=True)
class Sheet:
    """Rows by collection and key, each with its decision; `key_fields` names the columns of the keys.

    `untouched`: rows of the same plan on which nothing is done in this pass, by collection and key.
    `scope`: what the request is about; rows outside it are not on the sheet.
    """

    rows: dict[str, dict[Key, Decision]] = field(default_factory=dict)
    key_fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keyless: set[str] = field(default_factory=set)
    untouched: dict[str, dict[Key, Action]] = field(default_factory=dict)
    scope: RequestScope = EVERYTHING

    def leaves_alone(self, collection: str) -> bool:
        """Whether there may be records of a collection that the scope of the request leaves out, so that not even a link in
        them may change.
        """
        if self.scope.selection is not None:
            chosen = self.scope.collections.get(collection)
            return chosen is None or chosen.records is not None
        return self.scope != EVERYTHING and collection not in self.rows and collection not in self.untouched

    def of(self, collection: str, *actions: Action) -> list[Key]:
        """The keys in one collection on which one of the actions falls."""
        return [key for key, decision in self.rows.get(collection, {}).items() if decision.action in actions]

    def held(self, collection: str) -> list[Key]:
        """The keys in one collection of rows that are held, or wait for the customer or a person."""
        waiting = [key for key, action in self.untouched.get(collection, {}).items() if action in WAITING]
        return self.of(collection, Action.RESTRICT, Action.SEAL, *WAITING) + waiting

    def knows(self, collection: str, key: Key) -> bool:
        """Whether a row is in the plan at all."""
        return key in self.rows.get(collection, {}) or key in self.untouched.get(collection, {})

    def groups(self) -> Iterator[tuple[str, Decision, list[Key]]]:
        """Rows that share collection and decision, in a stable order (collection, then the first key)."""
        for collection, rows in sorted(self.rows.items()):
            found: dict[Decision, list[Key]] = {}
            for key, decision in rows.items():
                found.setdefault(decision, []).append(key)
            for decision, keys in found.items():
                yield collection, decision, sorted(keys, key=sortable)


def sortable(key: Key) -> tuple[tuple[str, str], ...]:
    """An order for keys of any types: numbers by size, the rest as text."""
    return tuple(
        ("0", f"{value:030}") if isinstance(value, int) and value >= 0 else (type(value).__name__, str(value))
        for value in key
    )
