"""What becomes of a row: a verdict, with every hold on it, whether a rule or a person placed it."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from privacy_center.errors import Words
from privacy_center.retention.signing import DecidingPack


class Authority(enum.StrEnum):
    """Where a rule gets its force, strongest first (Legislation Law order, then standards, contract, company policy)."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    DELEGATED_RULE = "delegated_rule"
    DEPARTMENT_RULE = "department_rule"
    LOCAL_REGULATION = "local_regulation"
    NATIONAL_STANDARD = "national_standard"
    CONTRACT = "contract"
    COMPANY_POLICY = "company_policy"


BINDING = frozenset({Authority.LAW, Authority.ADMINISTRATIVE_REGULATION, Authority.DELEGATED_RULE})
"""What binds everybody: no person may decide otherwise. Below it a person keeps a record with a written reason (PIPL art. 47
names laws and administrative regulations; a delegated rule has its force from the law that orders it).
"""


class Treatment(enum.StrEnum):
    """What a rule does with the row it holds."""

    RESTRICT = "restrict"
    MASK = "mask"
    SEAL = "seal"
    ASK = "ask"
    MANUAL = "manual"


class Outcome(enum.StrEnum):
    """What should become of a row."""

    ERASE = "erase"
    RESTRICT = "restrict"
    KEEP = "keep"
    ASK = "ask"
    MANUAL = "manual"


PLACED = "placed:"
"""How the rule key of a hold begins that a person placed; its id follows."""


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason that keeps one row: why, by what authority, and until when (a local date, or an event).

    `rule`: the key of the rule, or `placed:<id>` where a person placed it. `needs`: the fields that must stay readable;
    none named means the whole row. `use`: what the row is still used for meanwhile ("handling this case"); None where it
    is stored only. `pack`: where the rule comes from and whether counsel has signed that; None where a person placed it.
    """

    rule: str
    title: Words
    customer: Words
    authority: Authority
    citation: Words
    treatment: Treatment
    until: date | None = None
    event: Words | None = None
    needs: tuple[str, ...] = ()
    needs_human_reason: bool = False
    waivable: bool = False
    use: Words | None = None
    pack: DecidingPack | None = None

    @property
    def placed(self) -> bool:
        """Whether a person placed it, so that it protects the row from everybody until somebody ends it."""
        return self.rule.startswith(PLACED)

    def as_json(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "title": self.title.as_json(),
            "reason": self.customer.as_json(),
            "authority": self.authority.value,
            "citation": self.citation.as_json(),
            "treatment": self.treatment.value,
            "until": self.until.isoformat() if self.until else None,
            "event": self.event.as_json() if self.event else None,
            "needs": list(self.needs),
            "needs_human_reason": self.needs_human_reason,
            "waivable": self.waivable,
            "use": self.use.as_json() if self.use else None,
            "pack": self.pack.as_json() if self.pack else None,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Hold":
        """The hold from the form that `as_json` gives it."""
        return cls(
            rule=stored["rule"],
            title=Words.read(stored["title"]),
            customer=Words.read(stored["reason"]),
            authority=Authority(stored["authority"]),
            citation=Words.read(stored["citation"]),
            treatment=Treatment(stored["treatment"]),
            until=date.fromisoformat(stored["until"]) if stored["until"] else None,
            event=Words.read(stored["event"]) if stored["event"] else None,
            needs=tuple(stored["needs"]),
            needs_human_reason=stored["needs_human_reason"],
            waivable=stored["waivable"],
            use=Words.read(stored["use"]) if stored.get("use") else None,
            pack=DecidingPack.read(stored["pack"]) if stored.get("pack") else None,
        )


_RANK = {authority: rank for rank, authority in enumerate(Authority)}


def latest_end_first(hold: Hold) -> tuple[int, int, int, str]:
    """Order for holds: ends that nobody knows first, then the latest date, then the strongest authority."""
    return (
        0 if hold.until is None else 1,
        0 if hold.until is None else -hold.until.toordinal(),
        _RANK[hold.authority],
        hold.rule,
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one row. `holds`: every rule that holds it, the latest end first. `reason`: why a person must look."""

    outcome: Outcome
    holds: tuple[Hold, ...] = ()
    reason: Words | None = None

    def joined_by(self, placed: Iterable[Hold]) -> "Verdict":
        """The verdict with the holds that people placed on the row: it stays, whatever the rules say."""
        joining = tuple(placed)
        if not joining:
            return self
        return Verdict(Outcome.RESTRICT, tuple(sorted((*self.holds, *joining), key=latest_end_first)), self.reason)

    def as_json(self) -> dict[str, object]:
        return {
            "outcome": self.outcome.value,
            "holds": [hold.as_json() for hold in self.holds],
            "reason": self.reason.as_json() if self.reason else None,
        }
