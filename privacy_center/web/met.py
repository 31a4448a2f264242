"""What a search in the company's databases told of risk, remembered in the browser for as long as its login lasts.

The page that searches asks anew each time; the page on which a proof is given, and the guard, go by what it found.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import session as browser

KEPT = "met"


@dataclass(frozen=True, slots=True)
class Met:
    """`several_accounts`: the number stands on accounts of several people; `number_changed_at`: when it was changed (UTC)."""

    several_accounts: bool = False
    number_changed_at: datetime | None = None


def met_before() -> Met:
    """What the last search in this login found; nothing where there was none."""
    kept = browser.get(KEPT)
    if not kept:
        return Met()
    changed = kept["changed"]
    return Met(kept["several"], datetime.fromisoformat(changed) if changed else None)


def remember_met(met: Met) -> None:
    """Keep what was found for the pages that do not search; the browser gets a cookie only where something changed."""
    if met != met_before():
        changed = met.number_changed_at.isoformat() if met.number_changed_at else ""
        browser[KEPT] = {"several": met.several_accounts, "changed": changed}
