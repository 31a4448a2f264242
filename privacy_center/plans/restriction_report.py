"""For each rule that keeps records: in what way they are kept out of other use in each collection, for `check` and the rules page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.compare import RESTRICTION_TABLE
from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import DataMap
from privacy_center.errors import Words
from privacy_center.plans.restriction import Restriction, mark_of
from privacy_center.retention.pack import RuleBook
from privacy_center.retention.rule import Rule
from privacy_center.retention.verdict import Treatment
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Trouble, Unavailable

KEEPING = frozenset({Treatment.RESTRICT, Treatment.MASK, Treatment.SEAL})
UNMARKED = Words(
    "规则 {rule}：{collection} 的记录保留期间没有限制标记，业务系统看不出它们受限制。"
    "请在 catalogue.yml 的 markers 里写标记列，或写 {dataset}: privacy_restriction（须有主键）。",
    "rule {rule}: nothing marks kept records of {collection}, so the company's systems cannot tell that they are restricted. "
    "Name a column under markers in catalogue.yml, or write {dataset}: privacy_restriction (for tables with a key).",
)

WAYS = {
    Restriction.COLUMN: Words("标记列", "column"),
    Restriction.SIDE_TABLE: Words("限制登记表", "side table"),
    Restriction.SEAL: Words("封存", "sealed"),
    Restriction.NONE: Words("没有标记", "no mark"),
}


@dataclass(frozen=True, slots=True)
class RuleRestriction:
    """How the records that one rule keeps in one collection are restricted. `where`: the column or the side table."""

    rule: str
    collection: str
    restriction: Restriction
    where: str = ""

    @property
    def words(self) -> Words:
        way = WAYS[self.restriction]
        return Words(f"{way.zh} {self.where}".strip(), f"{way.en} {self.where}".strip())


def rule_restrictions(
    rules: RuleBook, catalogue: Catalogue, data_map: DataMap, keyless: Callable[[str], bool]
) -> Iterator[RuleRestriction]:
    """One line for each rule that keeps records and each collection it is about, by collection. `keyless`: no key tells its rows apart."""
    for collection in sorted(data_map.collections):
        for rule in rules.rules_for(collection):
            if rule.treatment in KEEPING and not rule.ceiling:
                yield _of(rule, catalogue, collection, keyless(collection))


def keyless_in(sources: Sources) -> Callable[[str], bool]:
    """Whether no key tells the rows of a collection apart; False where its database does not answer now."""

    def keyless(collection: str) -> bool:
        try:
            return sources.keyless(collection)
        except (Unavailable, *Trouble):
            return False

    return keyless


def _of(rule: Rule, catalogue: Catalogue, collection: str, keyless: bool) -> RuleRestriction:
    if rule.treatment is Treatment.SEAL:
        return RuleRestriction(rule.key, collection, Restriction.SEAL)
    mark = mark_of(catalogue, collection, keyless=keyless)
    where = {Restriction.COLUMN: catalogue.markers.get(collection, ""), Restriction.SIDE_TABLE: RESTRICTION_TABLE}
    return RuleRestriction(rule.key, collection, mark, where.get(mark, ""))


def unmarked_findings(lines: list[RuleRestriction]) -> list[Finding]:
    """A warning for each rule and collection in which nothing marks what is kept."""
    found = []
    for one in lines:
        if one.restriction is Restriction.NONE:
            dataset, _, name = one.collection.partition(".")
            said = {"rule": one.rule, "collection": one.collection, "dataset": dataset}
            found.append(Finding("warning", "", dataset, name, "", UNMARKED.filled(**said)))
    return found
