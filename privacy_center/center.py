"""One privacy center, opened from its home folder: everything that the web, the worker and the terminal work with."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from privacy_center.anomalies.rule import RuleSet, load_anomaly_rules
from privacy_center.anomalies.seen import Surroundings
from privacy_center.clock import local_date
from privacy_center.config import Settings, find_home, load_settings
from privacy_center.datamap.catalogue import Catalogue, load_catalogue
from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.load import load_map
from privacy_center.db import Database
from privacy_center.errors import Misconfigured
from privacy_center.holds.lookup import HoldRegister
from privacy_center.keys.keyring import Keyring
from privacy_center.people.levels import check_levels
from privacy_center.retention.check_conditions import not_looked
from privacy_center.retention.pack import RuleBook, load_packs
from privacy_center.sources.config import load_sources
from privacy_center.sources.open import Sources


@dataclass
class Center:
    """The parts, each opened once. `findings`: what is wrong with the map and the rules, errors and warnings."""

    settings: Settings
    keyring: Keyring
    database: Database
    catalogue: Catalogue
    data_map: DataMap
    sources: Sources
    rules: RuleBook
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def anomaly_rules(self) -> RuleSet:
        """What counts as unusual access. A rule that cannot be read leaves the built-in one in force; `check` says so."""
        return load_anomaly_rules(self.settings.home / "policy")[0]

    @cached_property
    def hold_register(self) -> HoldRegister:
        """The holds that people placed, asked by every plan."""
        return HoldRegister(self.database, self.keyring)

    @property
    def surroundings(self) -> Surroundings:
        """What the rules on unusual access need to know of the company."""
        settings = self.settings
        return Surroundings(settings.timezone, settings.jurisdiction, self.catalogue, self.anomaly_rules.hours)

    @classmethod
    def open(cls, home: str | Path | None = None, *, sound: bool = True) -> "Center":
        """The center whose home folder is given (else PRIVACY_CENTER_HOME, else ./instance).

        With `sound`, a map or a rule pack with an error is refused with all that is wrong: nothing may be erased by it.
        """
        folder = find_home(home)
        if not (folder / "settings.toml").exists():
            raise Misconfigured(
                f"{folder} 里没有 settings.toml。先运行 privacy-center init --home {folder}",
                f"There is no settings.toml in {folder}. Run first: privacy-center init --home {folder}",
            )
        return cls.of(load_settings(folder), sound=sound)

    @classmethod
    def of(cls, settings: Settings, *, sound: bool = True) -> "Center":
        """The center for settings that are already read."""
        home = settings.home
        keyring = Keyring.open(home / "keys", settings.keys)
        catalogue = load_catalogue(home / "catalogue.yml")
        data_map, findings = load_map(home / "datamap", extra_categories=catalogue.extra_categories)
        findings = [*catalogue.findings, *findings, *catalogue.check_against(data_map)]
        sources = Sources(load_sources(home / "sources.yml"), data_map)
        packs = {"catalogue": catalogue, "data_map": data_map, "settings": settings, "live": not_looked}
        rules, said = load_packs(home / "policy", **packs)
        findings += said
        if sound:
            _refuse_errors(findings)
        database = Database(
            settings.own_database_url,
            keyring=keyring,
            base_url=settings.base_url,
            timezone=settings.timezone,
            home=home,
            levels=check_levels(settings.levels),
            people_on_one_device=settings.risk.people_on_one_device,
        )
        return cls(settings, keyring, database, catalogue, data_map, sources, rules, findings)

    def today(self, at: datetime) -> date:
        """The company's local date at a moment."""
        return local_date(at, self.settings.timezone)

    def close(self) -> None:
        """Let go of every connection to every database."""
        self.sources.close()
        self.database.close()
        self.keyring.close()


def _refuse_errors(findings: list[Finding]) -> None:
    errors = [one for one in findings if one.level == "error" and not one.opens]
    if errors:
        raise Misconfigured(
            "数据地图或规则有误，改好之前什么都不能删：\n" + "\n".join(f"- {one.spoken('zh')}" for one in errors),
            "The data map or the rules have errors; nothing can be erased until they are mended:\n"
            + "\n".join(f"- {one.spoken('en')}" for one in errors),
        )
