"""A rule and a pack of rules as they are written in YAML (`docs/rules.md` explains every key)."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from privacy_center.errors import Words
from privacy_center.retention.condition import Condition, Part, Related
from privacy_center.retention.duration import Period
from privacy_center.retention.said import Spoken, said_wrong
from privacy_center.retention.verdict import BINDING, Authority, Treatment

AUTHORITY_RANK = {authority: rank for rank, authority in enumerate(Authority)}
"""Strongest first."""


class Citation(Part):
    """Where the rule is written. `checked`: somebody compared the pack with the text itself."""

    law: Spoken
    article: str = ""
    checked: bool = False

    @field_validator("article", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int | float) else value


class Effective(Part):
    """First and last day on which the rule is applied; open where not given."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    def on(self, today: date) -> bool:
        return (self.from_ or today) <= today <= (self.to or today)


class Covers(Part):
    """What the rule is about: collections, data categories, or kinds of record that the catalogue maps."""

    collection: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    record: tuple[str, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _as_tuple(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _exactly_one(self) -> "Covers":
        if sum(map(bool, (self.collection, self.category, self.record))) != 1:
            raise said_wrong(
                "covers 里写 collection、category、record 其中一个。",
                "In covers write one of collection, category, record.",
            )
        return self


class Until(Part):
    """When the hold ends: an event in words, or a period from a column of the row or of the row it belongs to (`of`)."""

    event: Spoken | None = None
    period: Period | None = None
    from_: str | None = Field(default=None, alias="from")
    of: Related | None = None
    start: Literal["next_fiscal_year", "next_calendar_year"] | None = None

    @model_validator(mode="after")
    def _event_or_period(self) -> "Until":
        if (self.event is None) == (self.period is None) or (self.period is None) != (self.from_ is None):
            raise said_wrong(
                "until 写 {event: …}，或 {period: P3Y, from: 字段}。",
                "Until is {event: …}, or {period: P3Y, from: field}.",
            )
        if (self.start or self.of) and self.event:
            raise said_wrong("start 和 of 只和 period 一起用。", "Use start and of together with period only.")
        if self.of and self.of.when is not None:
            raise said_wrong(
                "of 里不写 when；条件写在规则的 when 里。",
                "Put no when inside of; conditions stand in the rule's when.",
            )
        return self


class Rule(Part):
    """One reason why a row is kept, or (company policy, and `effect: delete_at_latest`) the latest day to delete it."""

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)
    title: Spoken
    authority: Authority
    citation: Citation | None = None
    effective: Effective = Effective()
    flags: tuple[str, ...] = ()
    covers: Covers
    when: Condition | None = None
    sane: Condition | None = None
    until: Until
    effect: Literal["keep_at_least", "delete_at_latest"] = "keep_at_least"
    treatment: Treatment = Treatment.RESTRICT
    waivable: bool = False
    needs: tuple[str, ...] | None = None
    use: Spoken | None = None
    customer: Spoken | None = None

    @field_validator("needs", mode="before")
    @classmethod
    def _all_or_named(cls, value: Any) -> Any:
        """`all` is an empty list from here on: nothing of the row is masked. A list that was written must name a field."""
        if value == "all":
            return ()
        if value is not None and not (isinstance(value, list | tuple) and value):
            raise said_wrong(
                "needs 写字段的清单，或 all（整条保留）。",
                "Write needs as a list of fields, or as all (the whole record stays readable).",
            )
        return value

    @model_validator(mode="after")
    def _complete(self) -> "Rule":
        if self.ceiling and self.until.period is None:
            raise said_wrong(
                "公司政策和 delete_at_latest 只规定最晚何时删除，要写 period 和 from。",
                "Company policy and delete_at_latest only say when to delete at the latest: give period and from.",
            )
        if not self.ceiling and self.customer is None:
            raise said_wrong("缺少给客户看的话：customer。", "The words for the customer are missing: customer.")
        if self.waivable and self.treatment is not Treatment.ASK:
            raise said_wrong(
                "只有 treatment: ask 的规则可以由客户放弃（waivable）。",
                "Only a rule with treatment: ask can be waived by the customer (waivable).",
            )
        if self.citation is None and self.authority is not Authority.COMPANY_POLICY:
            raise said_wrong("缺少出处：citation。", "The source is missing: citation.")
        return self

    @property
    def ceiling(self) -> bool:
        """Whether the rule never refuses a customer and only drives automatic deletion."""
        return self.authority is Authority.COMPANY_POLICY or self.effect == "delete_at_latest"

    @property
    def needs_human_reason(self) -> bool:
        return self.authority not in BINDING

    @cached_property
    def cited(self) -> Words:
        """The source as people cite it, in both languages; empty for a company policy without one."""
        if self.citation is None:
            return Words("", "")
        law, article = self.citation.law, self.citation.article
        plain = "《" in law.zh or self.authority in (Authority.CONTRACT, Authority.COMPANY_POLICY)
        zh = law.zh if plain else f"《{law.zh}》"
        return Words(f"{zh}第{article}条" if article else zh, f"{law.en}, art. {article}" if article else law.en)


class PackHead(Part):
    """What a pack says of itself, before its rules."""

    pack: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$", max_length=80)
    version: str
    jurisdiction: str = Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")
    title: Spoken | None = None
    flags: tuple[str, ...] = ()
    status: Literal["needs_counsel_review", "signed"]
    by: str | None = None
    on: date | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        named = {("on" if key is True else key): value for key, value in raw.items()}
        if isinstance(named.get("version"), int | float):
            named["version"] = str(named["version"])
        return named

    @model_validator(mode="after")
    def _signed_by_someone(self) -> "PackHead":
        if self.status == "signed" and not (self.by and self.on):
            raise said_wrong("已签署的规则包要写 by 和 on。", "A signed pack says by whom and on which day: by and on.")
        return self


class Pack(PackHead):
    """A pack with its rules; `file` is where it was read, `shipped`: it came with the product."""

    rules: tuple[Rule, ...]
    file: str = ""
    shipped: bool = False

    def applies_in(self, jurisdiction: str) -> bool:
        """Whether a company of that jurisdiction is under the pack: `CN-SH` is under `CN` and `CN-SH` packs."""
        return jurisdiction == self.jurisdiction or jurisdiction.startswith(self.jurisdiction + "-")
