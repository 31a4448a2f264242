"""The map and the rules held against the live databases: the same for `check` and for every plan, so that they agree."""

from privacy_center.datamap.compare import compare_with_live
from privacy_center.datamap.finding import Finding
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.live import LiveColumn
from privacy_center.plans.ground import Ground
from privacy_center.plans.problem import Problem
from privacy_center.retention.check_conditions import Live
from privacy_center.sources.identity_values import check_identities
from privacy_center.sources.marketing_values import check_marketing_values
from privacy_center.sources.open import Sources
from privacy_center.sources.row_shape_check import check_row_shapes


def findings_of_database(sources: Sources, data_map: DataMap, dataset: str) -> list[Finding]:
    """In what the map of one dataset and its database differ, values of identity columns included. Reads only; refuses
    (`Unavailable`) a database that does not answer.
    """
    return [
        *compare_with_live(data_map, dataset, sources.schema_of(dataset)),
        *check_identities(sources, data_map, dataset),
        *check_row_shapes(sources, data_map, dataset),
        *check_marketing_values(sources, data_map, dataset),
    ]


def live_columns(sources: Sources, data_map: DataMap) -> Live:
    """What a column is in its database; None where the database does not answer or has no such column. Each database is
    tried once.
    """
    answers = {dataset: sources.reachable(dataset) is None for dataset in data_map.datasets}

    def live(collection: str, field: str) -> LiveColumn | None:
        one = data_map.collections.get(collection)
        if one is None or not answers[one.dataset]:
            return None
        table = sources.schema_of(one.dataset).tables.get(one.name)
        return table.columns.get(field) if table else None

    return live


def problems_of_map_and_rules(ground: Ground) -> list[Problem]:
    """What `check` calls an error and only the live databases tell: each blocks a plan. Looked up once for as long as the
    schemas are remembered; a database that does not answer is left to the search, which names it.
    """
    known = ground.sources.remembered
    if (ground.rules.version, "errors") not in known:
        known[ground.rules.version, "errors"] = _errors(ground)
    problems: list[Problem] = known[ground.rules.version, "errors"]
    return problems


def _errors(ground: Ground) -> list[Problem]:
    findings = ground.rules.check_live(live_columns(ground.sources, ground.data_map))
    for dataset in ground.data_map.datasets:
        if not ground.sources.reachable(dataset):
            findings += findings_of_database(ground.sources, ground.data_map, dataset)
    return [
        Problem(".".join(part for part in (one.dataset, one.collection) if part) or one.place, one.words)
        for one in findings
        if one.level == "error"
    ]
