"""A few values of each identity column, held against what the map says the column holds."""

import sqlalchemy as sa

from privacy_center.datamap.finding import Finding, Findings
from privacy_center.datamap.graph import DataMap
from privacy_center.datamap.identity_types import check_identity_values
from privacy_center.sources.open import Sources
from privacy_center.sources.sample import SAMPLE
from privacy_center.sources.trouble import Trouble, Unavailable


def check_identities(sources: Sources, data_map: DataMap, dataset: str) -> list[Finding]:
    """Errors for the identity columns of a dataset whose values are something else. Reads up to 50 values of each column;
    a table that cannot be read adds nothing here, since the search names it.
    """
    findings = Findings()
    schema = sources.schema_of(dataset)
    for collection in data_map.of(dataset):
        if collection.skip_processing or collection.name not in schema.tables:
            continue
        for path in collection.identities:
            column = schema.tables[collection.name].columns.get(path)
            if column is None or column.family not in ("text", "integer", "number"):
                continue
            try:
                values = _values(sources, collection.key, path)
            except (Unavailable, *Trouble):
                continue
            place = findings.at("", dataset, collection.name, path)
            check_identity_values(collection.fields[path], column, values, place)
    return findings.found


def _values(sources: Sources, collection: str, column: str) -> list[object]:
    table = sources.table(collection)
    wanted = sa.select(table.c[column]).where(table.c[column].is_not(None)).limit(SAMPLE)
    with sources.look(collection.split(".", 1)[0]) as connection:
        return list(connection.scalars(wanted))
