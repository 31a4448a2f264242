"""The rules on unusual access, read from YAML: what to count, of which entries, by whom, how many in how long."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from privacy_center.anomalies.models import Severity
from privacy_center.datamap.finding import Finding, Findings, Place
from privacy_center.errors import Words

BUILT_IN = Path(__file__).parent / "default.yml"
FILE = "anomalies.yml"
SPAN = re.compile(r"([1-9]\d{0,3})(m|h|d)")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=31)
DUE = {Severity.HIGH: timedelta(days=1), Severity.MEDIUM: timedelta(days=3), Severity.LOW: timedelta(days=7)}

Act = Literal["look", "reveal", "search", "export", "change", "share"]
By = Literal["actor", "subject", "actor_subject", "department", "system", "case", "address"]


def read_span(text: str) -> timedelta:
    """30m, 12h, 7d; refuses (ValueError) what is none, or more than 31 days."""
    found = SPAN.fullmatch(text) if isinstance(text, str) else None
    span = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None
    if span is None or span > LONGEST:
        raise ValueError("write a span such as 30m, 12h or 7d, of at most 31 days")
    return span


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Of(_Part):
    """Which entries count: all that is said must hold; nothing said, every look."""

    act: tuple[Act, ...] = ()
    system: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    purpose: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    class_: tuple[Literal["general", "sensitive", "financial", "security"], ...] = Field(default=(), alias="class")
    hours: Literal["outside", "inside"] | None = None
    case: Literal["none", "given"] | None = None
    regions: Literal["differ", "same"] | None = None
    subject: tuple[Literal["own", "close", "colleague", "none"], ...] = ()
    found: Literal["somebody", "nobody"] | None = None


class Rule(_Part):
    """One rule. `count`: entries, different people, or the records that the entries touched. Threshold 0 switches it off."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{1,58}$")
    title: dict[str, str]
    why: dict[str, str]
    source: Literal["record", "codes"] = "record"
    of: Of = Of()
    count: Literal["entries", "people", "records"] = "entries"
    by: By
    window: timedelta
    threshold: int = Field(ge=0, le=10**12)
    severity: Severity = Severity.MEDIUM
    settle_within: timedelta | None = None

    @field_validator("window", "settle_within", mode="before")
    @classmethod
    def _span(cls, text: Any) -> timedelta:
        return read_span(text)

    @field_validator("title", "why")
    @classmethod
    def _both_languages(cls, said: dict[str, str]) -> dict[str, str]:
        if said.keys() != {"zh-CN", "en"} or not all(text.strip() for text in said.values()):
            raise ValueError("write both zh-CN and en")
        return said

    @model_validator(mode="after")
    def _fits(self) -> "Rule":
        if (self.source == "codes") != (self.by == "address"):
            raise ValueError("source: codes goes with by: address, and with nothing else")
        if self.source == "codes" and (self.of != Of() or self.count != "people"):
            raise ValueError("source: codes counts people, and has no `of`")
        if self.by in ("subject", "actor_subject") and self.count == "people":
            raise ValueError("people cannot be counted by subject: that is always one")
        return self

    @property
    def words(self) -> Words:
        return Words.read(self.title)

    @property
    def due_within(self) -> timedelta:
        """How long the security officer has: as the rule says, else a day, three or seven by severity."""
        return self.settle_within or DUE[self.severity]


class Hours(_Part):
    """When people work: local time, on working days of the jurisdiction's calendar or every day."""

    from_: time = Field(alias="from")
    to: time
    days: Literal["working", "every"] = "working"

    @model_validator(mode="after")
    def _in_order(self) -> "Hours":
        if self.from_ >= self.to:
            raise ValueError("`from` must be earlier than `to`")
        return self


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force and the working hours."""

    rules: tuple[Rule, ...]
    hours: Hours

    @property
    def longest_window(self) -> timedelta:
        """How long marks are needed at most."""
        return max((one.window for one in self.rules), default=timedelta())


def load_anomaly_rules(folder: Path) -> tuple[RuleSet, list[Finding]]:
    """The built-in rules, with those of `anomalies.yml` in the folder in their place or beside them, and all findings.

    A rule that cannot be read is a finding, and the built-in one of its key stays in force.
    """
    findings = Findings()
    rules, hours = _read(BUILT_IN, findings)
    own = folder / FILE
    if own.is_file():
        mine, my_hours = _read(own, findings)
        rules, hours = rules | mine, my_hours or hours
    assert hours is not None, "the built-in rules say when people work"
    return RuleSet(tuple(one for one in rules.values() if one.threshold), hours), findings.found


def _read(path: Path, findings: Findings) -> tuple[dict[str, Rule], Hours | None]:
    place = findings.at(path.name)
    try:
        raw = yaml.safe_load(path.read_text("utf-8")) or {}
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        place.error(f"读不懂这份 YAML：{said}", f"This YAML cannot be read: {said}")
        return {}, None
    if not isinstance(raw, Mapping) or not raw.keys() <= {"rules", "working_hours"}:
        place.error("只能有 working_hours 和 rules。", "There may be working_hours and rules, and nothing else.")
        return {}, None
    hours = _model(Hours, raw["working_hours"], place, "working_hours") if "working_hours" in raw else None
    listed = raw.get("rules") or []
    if not isinstance(listed, list):
        place.error("rules 应是一个列表。", "`rules` must be a list.")
        return {}, hours
    return dict(_rules(listed, place)), hours


def _rules(listed: list[Any], place: Place) -> Iterator[tuple[str, Rule]]:
    seen: set[str] = set()
    for number, one in enumerate(listed, 1):
        name = str(one.get("key") or number) if isinstance(one, Mapping) else str(number)
        rule = _model(Rule, one, place, name)
        if rule is None:
            continue
        if rule.key in seen:
            place.within(field=name).error("这个 key 出现两次。", "This key stands twice.")
        seen.add(rule.key)
        yield rule.key, rule


def _model(model: type[Any], raw: Any, place: Place, name: str) -> Any:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            field = ".".join([name, *(str(part) for part in one["loc"])])
            said = one["msg"].removeprefix("Value error, ")
            place.within(field=field).error(f"这里不对：{said}", f"This is wrong: {said}")
        return None
