"""Conditions of marketing refusals held against the live columns: a value that a column cannot hold would find no refusal."""

from collections.abc import Iterator

from privacy_center.datamap.finding import Finding, Findings
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.row_condition import FieldTest, RowCondition
from privacy_center.sources.columns import expression_for
from privacy_center.sources.open import Sources
from privacy_center.sources.trouble import Unavailable
from privacy_center.sources.values import NONE_SUCH, cast_for


def check_marketing_values(sources: Sources, data_map: DataMap, dataset: str) -> list[Finding]:
    """Errors where a marketing refusal compares a column with a value that it cannot hold. Reads no rows."""
    findings = Findings()
    live, dialect = sources.schema_of(dataset), sources.engine(dataset).dialect.name
    for one in data_map.of(dataset):
        if one.skip_processing or one.name not in live.tables:
            continue
        for test in (test for refusal in one.marketing_refusals for test in _tests(refusal.when)):
            try:
                kind = expression_for(sources.table(one.key), test.field, dialect, compared=True).type
            except Unavailable:
                continue
            cast = cast_for(kind, dialect)
            for value in (value for value in test.values if cast(value) is NONE_SUCH):
                findings.at("", dataset, one.name, test.field).error(
                    f"marketing_refusal 把这一列与 {value} 比较，但列的类型（{kind}）存不了这个值，拒绝会被漏掉。请写库里真正的值。",
                    f"marketing_refusal compares this column with {value}, which its type ({kind}) cannot hold, so refusals would "
                    "be missed. Write the value as the database holds it.",
                )
    return findings.found


def _tests(condition: RowCondition) -> Iterator[FieldTest]:
    if isinstance(condition, FieldTest):
        yield condition
        return
    for part in condition.parts:
        yield from _tests(part)
