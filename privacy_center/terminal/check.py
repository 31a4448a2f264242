"""The command that tells everything that is wrong with a home, at once."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import sqlalchemy as sa

from privacy_center import clock
from privacy_center.anomalies.rule import load_anomaly_rules
from privacy_center.center import Center
from privacy_center.config import Settings, find_home, load_settings
from privacy_center.datamap.catalogue import Catalogue, load_catalogue
from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.load import load_map
from privacy_center.errors import Misconfigured, Words
from privacy_center.home.make import is_set_up, make_first_keys
from privacy_center.keys.keyring import Keyring
from privacy_center.outbox.sms.check import sms_findings
from privacy_center.plans.live_check import findings_of_database, live_columns
from privacy_center.plans.mark_obstacles import unfit_mark
from privacy_center.plans.restriction_report import RuleRestriction, keyless_in, rule_restrictions, unmarked_findings
from privacy_center.plans.unsearched import findings_of_left_out
from privacy_center.privacy_requests.deadlines import calendar_findings
from privacy_center.retention.pack import load_packs
from privacy_center.sources.config import load_sources
from privacy_center.sources.open import Sources
from privacy_center.terminal.key_store import check_store
from privacy_center.terminal.opening import refuse_no_home
from privacy_center.terminal.say import language, say, spoken

T = TypeVar("T")


def run_check(arguments: Namespace) -> int:
    """Every finding in settings, keys, map, rules and connections; 1 when one of them is an error."""
    folder = find_home(arguments.home)
    refuse_no_home(folder)
    findings = find_everything(folder)
    errors = sum(one.level == "error" for one in findings)
    restrictions = _restrictions(folder)
    document = {
        "errors": errors,
        "restrictions": [
            {"rule": one.rule, "collection": one.collection, "restriction": one.restriction.value, "where": one.where}
            for one in restrictions
        ],
        "findings": [{"level": one.level, "place": one.place, "words": spoken(one.words)} for one in findings],
    }
    lines = [f"{one.level}: {one.spoken(language())}" for one in findings]
    lines += [f"restricted: {one.collection} × {one.rule}: {spoken(one.words)}" for one in restrictions]
    say(arguments, document, [*lines, f"{errors} errors, {len(findings) - errors} warnings"])
    return 1 if errors else 0


def find_everything(folder: Path) -> list[Finding]:
    """What is wrong in a home folder. A part that cannot be read is one finding, and the others are read all the same."""
    reading = _Reading()
    settings = reading.part("settings.toml", lambda: load_settings(folder)) or Settings(home=folder)
    reading.part("settings.toml", lambda: _try_own_database(settings))
    reading.part("keys", lambda: _keys(settings))
    reading.found += check_store(settings)
    reading.found += [Finding(*one[:2], "", "", "", one[2]) for one in sms_findings(folder, settings)]
    configs = reading.part("sources.yml", lambda: load_sources(folder / "sources.yml"))
    catalogue = load_catalogue(folder / "catalogue.yml")
    data_map, said = load_map(folder / "datamap", extra_categories=catalogue.extra_categories)
    reading.found += [*catalogue.findings, *said, *catalogue.check_against(data_map)]
    sources = Sources(configs or {}, data_map)
    try:
        reading.part(
            "settings.toml", lambda: reading.found.extend(_check_rules(settings, catalogue, data_map, sources))
        )
        if configs is not None:
            reading.found += _check_sources(data_map, sources)
    finally:
        sources.close()
    unusual = load_anomaly_rules(folder / "policy")[1]
    return list(dict.fromkeys([*reading.found, *unusual, *_check_second_review(settings), *_check_calendar(settings)]))


@dataclass(slots=True)
class _Reading:
    found: list[Finding] = field(default_factory=list)

    def part(self, name: str, read: Callable[[], T]) -> T | None:
        """What a part says; None, and a finding, where it cannot be read."""
        try:
            return read()
        except Misconfigured as error:
            self.found.append(Finding("error", name, "", "", "", error.words))
            return None


def _keys(settings: Settings) -> Keyring:
    make_first_keys(settings)
    return Keyring.open(settings.home / "keys", settings.keys)


def _try_own_database(settings: Settings) -> None:
    try:
        is_set_up(settings.own_database_url)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise Misconfigured(
            "打不开本系统自己的数据库。请检查 settings.toml 里的 database_url，以及它是否在运行。",
            "Our own database cannot be opened. Check database_url in settings.toml, and that the database runs.",
        ) from error


def _check_sources(data_map: DataMap, sources: Sources) -> Iterator[Finding]:
    for dataset in data_map.datasets:
        trouble = sources.reachable(dataset)
        if trouble:
            yield Finding("error", "sources.yml", dataset, "", "", trouble)
        else:
            yield from findings_of_database(sources, data_map, dataset)
            yield from findings_of_left_out(data_map, dataset, sources.schema_of(dataset))


def _check_rules(settings: Settings, catalogue: Catalogue, data_map: DataMap, sources: Sources) -> list[Finding]:
    """What is wrong with the rule packs, with the types of the live columns where they can be seen."""
    asked = {"catalogue": catalogue, "data_map": data_map, "settings": settings}
    rules, found = load_packs(settings.home / "policy", live=live_columns(sources, data_map), **asked)
    lines = list(rule_restrictions(rules, catalogue, data_map, keyless_in(sources)))
    return [*found, *unmarked_findings(lines), *_unfit_marks(lines, catalogue, data_map, sources)]


def _unfit_marks(
    lines: list[RuleRestriction], catalogue: Catalogue, data_map: DataMap, sources: Sources
) -> Iterator[Finding]:
    """Marks that the catalogue names and the live database cannot carry."""
    for collection, mark in {one.collection: one.restriction for one in lines}.items():
        dataset = data_map.collections[collection].dataset
        if not sources.reachable(dataset) and (
            words := unfit_mark(catalogue, sources.schema_of(dataset), collection, mark)
        ):
            yield Finding(
                "error", "catalogue.yml", dataset, data_map.collections[collection].name, "", words, opens=True
            )


def _restrictions(folder: Path) -> list[RuleRestriction]:
    """How the records that rules keep are restricted; nothing where the home cannot be read, which the findings say."""
    try:
        center = Center.open(folder, sound=False)
    except Misconfigured:
        return []
    try:
        return list(rule_restrictions(center.rules, center.catalogue, center.data_map, keyless_in(center.sources)))
    finally:
        center.close()


def _check_second_review(settings: Settings) -> Iterator[Finding]:
    """A policy of two people that the company has weakened: without a reason an error, switched off as a whole a warning."""
    if settings.second_review.alone and not settings.second_review.reason.strip():
        grounds = ", ".join(settings.second_review.alone)
        yield _settings_finding(
            "error",
            f"[second_review] alone 让一人决定 {grounds}，须写明 reason。",
            f"[second_review] alone lets one person decide {grounds}; write why in reason.",
        )
    if not settings.require_second_approval:
        why = settings.second_approval_reason.strip()
        yield _settings_finding(
            "warning",
            f"require_second_approval = false：所有决定由一人作出。{why or '请在 second_approval_reason 写明理由。'}",
            f"require_second_approval = false: every decision is one person's. {why or 'Write why in second_approval_reason.'}",
        )


def _settings_finding(level: Literal["error", "warning"], zh: str, en: str) -> Finding:
    return Finding(level, "settings.toml", "", "", "", Words(zh, en))


def _check_calendar(settings: Settings) -> Iterator[Finding]:
    """Years without a published holiday calendar: working days there are only weekends counted."""
    year = clock.local_date(clock.now(), settings.timezone).year
    for words in calendar_findings(settings.jurisdiction, range(year, year + 2)):
        yield Finding("warning", "calendar", "", "", "", words)
