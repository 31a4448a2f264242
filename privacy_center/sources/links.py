"""Foreign keys that a deletion would break, or that would carry it further than planned."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from privacy_center.datamap.live import LiveForeignKey, LiveSchema
from privacy_center.errors import Words
from privacy_center.sources.keys import CHUNK, rows_with
from privacy_center.sources.outside import bare_table
from privacy_center.sources.planned import Obstacle, PlannedChange
from privacy_center.sources.read import read_rows
from privacy_center.sources.referrers import is_not_true
from privacy_center.sources.rows import Key
from privacy_center.sources.write import Place, count_present

STILL_REFERRED = Words(
    "表 {child} 里有 {count} 行保留，它们的外键指向要删除的行，数据库会拒绝删除。请把要删的行改为脱敏。",
    "{count} rows of {child} stay and refer to rows that are to be deleted, so the database will refuse. Mask those rows instead.",
)
CARRIED_ALONG = Words(
    "表 {child} 里有 {count} 行本该保留，会被 ON DELETE CASCADE 一起删除。请把要删的行改为脱敏。",
    "{count} rows of {child} should stay and would be deleted along by ON DELETE CASCADE. Mask the rows they refer to instead.",
)
LINK_MUST_BE_FILLED = Words(
    "表 {child} 里有 {count} 行的外键会被 ON DELETE SET NULL 清空，但该列不允许为空。请把要删的行改为脱敏。",
    "ON DELETE SET NULL would empty the link of {count} rows of {child}, which must be filled. "
    "Mask the rows they refer to instead.",
)


def broken_links(connection: sa.Connection, schema: LiveSchema, changes: Sequence[PlannedChange]) -> Iterator[Obstacle]:
    """Rows that stay and refer to rows that go, mapped or not: one counting statement for the whole database.

    Left out are foreign keys of a table from which more than 500 rows go as well: its rows are weighed one by one when
    the plan is drafted.
    """
    by_table = {change.table.name: change for change in changes}
    asked: list[tuple[PlannedChange, str, Words, Place]] = []
    for change in changes:
        for child, link in schema.referring.get(change.table.name, ()) if change.deletes else ():
            words = _outcome(schema, child, link)
            planned = by_table.get(schema.among(child, by_table, link.columns) or "")
            told = set(link.referred_columns) <= set(schema.tables[change.table.name].columns)
            if words is not None and told and (planned is None or len(planned.deletes) <= CHUNK):
                asked.append((change, child, words, _place(connection, schema, change, child, link, planned)))
    for (change, child, words, _), count in zip(
        asked, count_present(connection, [one[3] for one in asked]), strict=True
    ):
        if count:
            yield Obstacle(change.collection, words.filled(child=child, count=count))


def _outcome(schema: LiveSchema, child: str, link: LiveForeignKey) -> Words | None:
    """What a database does with a row that refers to a deleted one; None where that is harmless."""
    columns = schema.any_table(child).columns
    match (link.ondelete or "NO ACTION").upper():
        case "CASCADE":
            return CARRIED_ALONG
        case "SET NULL":
            return None if all(columns[name].nullable for name in link.emptied) else LINK_MUST_BE_FILLED
    return STILL_REFERRED


def _place(
    connection: sa.Connection,
    schema: LiveSchema,
    change: PlannedChange,
    child: str,
    link: LiveForeignKey,
    planned: PlannedChange | None,
) -> Place:
    values = _referred_values(connection, change, link)
    if planned is None:
        return Place(bare_table(schema, child), link.columns, values)
    leaving = rows_with(planned.table, planned.key_fields, planned.deletes)
    return Place(planned.table, link.columns, values, is_not_true(sa.or_(*leaving)) if leaving else None)


def _referred_values(connection: sa.Connection, change: PlannedChange, link: LiveForeignKey) -> list[Key]:
    if tuple(link.referred_columns) == tuple(change.key_fields):
        return list(change.deletes)
    rows = read_rows(connection, change.table, change.key_fields, change.deletes, link.referred_columns)
    return [values for _, values in rows if None not in values]
