"""Which pack a rule comes from, and whether counsel has signed it: shown wherever the rule decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from privacy_center.errors import Words

SIGNED = "signed"
NOT_SIGNED = Words("规则包未经法务签署", "rule pack not signed by counsel")


@dataclass(frozen=True, slots=True)
class DecidingPack:
    """A pack whose rule holds a record: its key, version and status as they stood when the rule was applied."""

    pack: str
    version: str
    status: str

    @property
    def signed(self) -> bool:
        """Whether counsel has signed it."""
        return self.status == SIGNED

    @property
    def name(self) -> str:
        """Key and version, as a reader names it."""
        return f"{self.pack} {self.version}"

    def as_json(self) -> dict[str, str]:
        return {"pack": self.pack, "version": self.version, "status": self.status}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "DecidingPack":
        """The pack from the form that `as_json` gives it."""
        return cls(stored["pack"], stored["version"], stored["status"])


def packs_of(holds: Iterable[Mapping[str, Any]]) -> list[DecidingPack]:
    """The packs behind stored holds, each once, by key; a hold placed by a person has none."""
    packs = {DecidingPack.read(hold["pack"]) for hold in holds if hold.get("pack")}
    return sorted(packs, key=lambda one: (one.pack, one.version, one.status))


def unsigned_packs(holds: Iterable[Mapping[str, Any]]) -> list[DecidingPack]:
    """The packs behind stored holds that counsel has not signed."""
    return [one for one in packs_of(holds) if not one.signed]


def without_packs(described: Mapping[str, Any]) -> dict[str, Any]:
    """A described decision without where its rules come from: what it does to the records, whoever has signed the pack."""
    holds = [{name: value for name, value in hold.items() if name != "pack"} for hold in described["holds"]]
    return {**described, "holds": holds}
