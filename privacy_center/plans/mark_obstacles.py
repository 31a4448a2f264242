"""What stands in the way of marking restricted records: no such column or side table, or one that cannot carry the mark."""

from collections.abc import Iterator

from privacy_center.datamap.catalogue import Catalogue
from privacy_center.datamap.compare import RESTRICTION_TABLE
from privacy_center.datamap.live import LiveColumn, LiveSchema
from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.problem import Problem
from privacy_center.plans.restriction import RESTRICTING, Restriction, mark_of
from privacy_center.sources.constraints import MAY_NOT
from privacy_center.sources.rights import Rights
from privacy_center.sources.write import MARK_TEXT

NO_SIDE_TABLE = Words(
    "数据库里没有限制登记表 privacy_restriction。请运行 privacy-center restriction-table create {dataset}。",
    "The database has no side table privacy_restriction. Run privacy-center restriction-table create {dataset}.",
)
NO_MARKER = Words(
    "表 {table} 没有限制标记列 {column}。请加上这一列，或从 catalogue.yml 的 markers 中删去。",
    "The table {table} has no column {column} to mark restricted records. Add it, or take it out of markers in catalogue.yml.",
)
STAYS_MARKED = Words(
    "列 {column} 不能为空，标记以后取不下来。请允许它为空。",
    "The column {column} must be filled, so a mark could never be taken away. Allow it to be empty.",
)
CANNOT_SAY = Words(
    "列 {column} 写不下标记 restricted。请用日期、是否、整数，或至少 10 个字符的文字。",
    "The column {column} cannot hold the mark `restricted`. Use a date, a truth value, an integer, or text of 10 characters.",
)
_REMOVABLE = frozenset({"boolean", "integer", "text"})
_FITTING = frozenset({"boolean", "integer", "date", "datetime", "text"})


def mark_obstacles(ground: Ground, sheet: Sheet, dataset: str, rights: Rights) -> Iterator[Problem]:
    """What of the planned marks one database would refuse. Reads nothing but the known schema, anew where it lacks something."""
    for collection in sorted(sheet.rows):
        if not collection.startswith(f"{dataset}.") or not sheet.of(collection, *RESTRICTING, Action.MASK):
            continue
        mark = mark_of(ground.catalogue, collection, keyless=collection in sheet.keyless)
        words = mark_obstacle(ground, collection, mark)
        if words is None and mark is Restriction.COLUMN:
            table, column = collection.split(".", 1)[1], ground.catalogue.markers[collection]
            if not rights.may_update(table, [column]):
                words = MAY_NOT.filled(table=table, right="UPDATE")
        elif words is None and mark is Restriction.SIDE_TABLE and not rights.may_delete(RESTRICTION_TABLE):
            words = MAY_NOT.filled(table=RESTRICTION_TABLE, right="INSERT, UPDATE, DELETE")
        if words is not None:
            yield Problem(collection, words)


def mark_obstacle(ground: Ground, collection: str, mark: Restriction) -> Words | None:
    """Why records of a collection cannot be marked as the catalogue says; None where they can, and where it says nothing."""
    dataset = collection.split(".", 1)[0]
    words = unfit_mark(ground.catalogue, ground.sources.schema_of(dataset), collection, mark)
    if words is None:
        return None
    ground.sources.refresh_if_stale(dataset)
    return unfit_mark(ground.catalogue, ground.sources.schema_of(dataset), collection, mark)


def unfit_mark(catalogue: Catalogue, live: LiveSchema, collection: str, mark: Restriction) -> Words | None:
    """Why a live database cannot carry the mark that the catalogue names; None where it can."""
    dataset, _, name = collection.partition(".")
    if mark is Restriction.SIDE_TABLE:
        return None if RESTRICTION_TABLE in live.tables else NO_SIDE_TABLE.filled(dataset=dataset)
    if mark is not Restriction.COLUMN or name not in live.tables:
        return None
    said = {"table": name, "column": catalogue.markers[collection]}
    column = live.tables[name].columns.get(said["column"])
    return NO_MARKER.filled(**said) if column is None else _unfit(column)


def _unfit(column: LiveColumn) -> Words | None:
    if column.family not in _FITTING or column.generated:
        return CANNOT_SAY.filled(column=column.name)
    if not column.nullable and column.family not in _REMOVABLE:
        return STAYS_MARKED.filled(column=column.name)
    short = column.length is not None and column.length < len(MARK_TEXT)
    if column.family == "text" and (short or (column.choices and MARK_TEXT not in column.choices)):
        return CANNOT_SAY.filled(column=column.name)
    return None
