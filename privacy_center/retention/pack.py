"""The door to the rules: a folder of packs in, a book of rules and everything found wrong with them out."""

from datetime import date
from pathlib import Path

from privacy_center import clock
from privacy_center.config import Settings
from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.finding import Finding, Findings
from privacy_center.datamap.graph import DataMap
from privacy_center.retention.book import RuleBook
from privacy_center.retention.check import Known, check_packs
from privacy_center.retention.check_conditions import Live
from privacy_center.retention.covers import applies, bind
from privacy_center.retention.reading import read_packs

__all__ = ["RuleBook", "load_packs"]


def load_packs(
    folder: Path,
    *,
    catalogue: Catalogue,
    data_map: DataMap,
    settings: Settings,
    live: Live | None = None,
    today: date | None = None,
) -> tuple[RuleBook, list[Finding]]:
    """The rules of the packs in a folder and of the shipped packs, for one company, and all findings at once.

    Packs of another jurisdiction and rules whose sector flags the company has not set are read and not applied.
    `catalogue.records` says which collections hold which kinds of record. `live` tells what a column is in the database
    (collection key and field), for the checks that need to know. Raises nothing for content: with an error among the
    findings the book judges every row `manual`.
    """
    findings = Findings()
    today = today or clock.local_date(clock.now(), settings.timezone)
    packs = read_packs(folder, findings)
    check_packs(packs, Known(data_map, catalogue.records, settings, live, today), findings)
    bindings = [
        binding
        for pack in packs
        for rule in pack.rules
        if applies(rule, pack, settings)
        for binding in bind(rule, pack, data_map, catalogue.records)
    ]
    sound = not any(one.level == "error" for one in findings.found)
    in_force = [pack for pack in packs if pack.applies_in(settings.jurisdiction)]

    def check_live(live: Live) -> list[Finding]:
        found = Findings()
        check_packs(packs, Known(data_map, catalogue.records, settings, live, today), found)
        return found.found

    return RuleBook(in_force, bindings, settings, sound=sound, check_live=check_live), findings.found
