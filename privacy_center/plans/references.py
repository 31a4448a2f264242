"""The foreign keys by which rows that stay hold on to rows that are to be deleted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from privacy_center.datamap.live import LiveForeignKey
from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.sources.keys import rows_with
from privacy_center.sources.outside import bare_table
from privacy_center.sources.referrers import Referring, action_of, is_not_true
from privacy_center.sources.trouble import HIDES_ROWS, Unavailable
from privacy_center.sources.write import Place

ONLY_IN_HEIR = Words(
    "表 {child} 的外键指向 {heir} 自己的列，{heir} 继承自 {table}，而 {table} 没有这些列，无法判断哪些行会被连带。"
    "请在数据地图里写 {heir}，不写 {table}。",
    "A foreign key of {child} refers to columns that {heir} has and {table}, from which it inherits, has not, so what would be"
    " carried along cannot be told. Map {heir} instead of {table}.",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key of `table` (mapped as `collection`, or unknown to the map) into the collection `parent`.

    `drops_link`: a deletion only empties the link (ON DELETE SET NULL). Rows that nothing holds do not mind; a row that is
    held keeps its link, as what holds it may read it.
    """

    parent: str
    table: str
    collection: str | None
    link: LiveForeignKey
    drops_link: bool


def references_into_leaving(ground: Ground, sheet: Sheet, dataset: str) -> Iterator[Reference]:
    """Every foreign key into a table from which rows are to be deleted, but those that can harm no row that stays.

    Refuses (`Unavailable`) where rows of the table that refers are hidden from our account.
    """
    schema = ground.sources.schema_of(dataset)
    tables = {one.name: one.key for one in ground.data_map.of(dataset)}
    for table, parent in tables.items():
        for child, link in schema.referring.get(table, ()) if sheet.of(parent, Action.DELETE) else ():
            live, collection = schema.any_table(child), tables.get(schema.among(child, tables, link.columns) or "")
            empties = action_of(link) == "SET NULL" and all(live.columns[name].nullable for name in link.emptied)
            empties = empties and not (collection and sheet.leaves_alone(collection))
            if empties and not _may_hold(ground, sheet, collection):
                continue
            if live.hides_rows:
                raise Unavailable(HIDES_ROWS.filled(table=child))
            if not set(link.referred_columns) <= set(schema.tables[table].columns):
                raise Unavailable(ONLY_IN_HEIR.filled(child=child, heir=link.referred_table, table=table))
            yield Reference(parent, child, collection, link, empties)


def rows_that_stay(ground: Ground, sheet: Sheet, reference: Reference, today: date) -> Referring:
    """The rows that refer by this foreign key to rows that are to be deleted, and that would go or be changed along though
    they stay. `today`: the local date on which the rules are asked.
    """
    parent = Place(
        ground.sources.table(reference.parent),
        sheet.key_fields[reference.parent],
        sheet.of(reference.parent, Action.DELETE),
    )
    collection = reference.collection
    if collection is None:
        schema = ground.sources.schema_of(reference.parent.split(".", 1)[0])
        return Referring(parent, bare_table(schema, reference.table), reference.link)
    child, leaving = ground.sources.table(collection), sheet.of(collection, Action.DELETE)
    place = Place(child, sheet.key_fields[collection], leaving) if leaving else None
    held = _held(ground, sheet, collection, today) if reference.drops_link else None
    return Referring(parent, child, reference.link, place, held)


def _may_hold(ground: Ground, sheet: Sheet, collection: str | None) -> bool:
    if collection is None:
        return False
    if ground.rules.rules_for(collection) or sheet.held(collection):
        return True
    return collection in ground.hold_register.collections()


def _held(ground: Ground, sheet: Sheet, collection_key: str, today: date) -> sa.ColumnElement[bool]:
    """SQL for the rows of a collection that a rule holds today, the plan, or a person."""
    table, held = ground.sources.table(collection_key), sheet.held(collection_key)
    conditions = rows_with(table, sheet.key_fields[collection_key], held) if held else []
    if placed := ground.hold_register.keys_in(collection_key, today):
        conditions += rows_with(table, ground.sources.key_fields(collection_key), placed)
    if ground.rules.rules_for(collection_key):
        conditions.append(is_not_true(clear_of_holds(ground, collection_key, today)))
    return sa.or_(sa.false(), *conditions)


def clear_of_holds(ground: Ground, collection_key: str, today: date) -> sa.ColumnElement[bool]:
    """SQL that is true only for rows of a collection that no rule holds today."""
    collection, table = ground.data_map.collections[collection_key], ground.sources.table(collection_key)
    return ground.rules.clear_of_holds(collection, table, table_of(ground), today)


def table_of(ground: Ground) -> Callable[[str], sa.Table | None]:
    """How a rule's `exists` finds the table of another collection."""
    return lambda key: ground.sources.table(key) if key in ground.data_map.collections else None
