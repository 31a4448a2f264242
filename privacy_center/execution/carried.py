"""What a deletion would carry along by the database's own cascades: looked for inside the transaction that deletes."""

from datetime import date

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.preflight import obstacles_to
from privacy_center.plans.references import Reference, references_into_leaving, rows_that_stay
from privacy_center.sources.referrers import CARRYING, action_of, keep_off_new_references, which_are_there
from privacy_center.sources.trouble import Unavailable
from privacy_center.sources.write import Place

CARRIES_ALONG = Words(
    "删除“{parent}”会让数据库连带删除或改动不在计划里的“{child}”，所以这一步没有执行，什么都没有改。请重新计划这个申请。",
    "Deleting from “{parent}” would make the database delete or change records of “{child}” that are not in the plan, so this"
    " step was not carried out and nothing was changed. Plan the request again.",
)
CANNOT_BE_CLEARED = Words(
    "“{title}”里有记录不能整行删除，因为还有别的记录指向它；也没法只清空内容：{zh}这一步什么都没有改，处理之后请重试。",
    "Records of “{title}” cannot be deleted because other records refer to them, and cannot be cleared either: {en} Nothing was"
    " changed in this step; try again once that is settled.",
)


def keep_off(ground: Ground, connection: sa.Connection, sheet: Sheet, dataset: str) -> list[Reference]:
    """Lock the rows that go against new rows referring to them; the first thing in a transaction.

    Returns the foreign keys by which the database would carry other rows along.
    """
    carrying = [one for one in references_into_leaving(ground, sheet, dataset) if action_of(one.link) in CARRYING]
    schema, parents = ground.sources.schema_of(dataset), []
    for parent in dict.fromkeys(one.parent for one in carrying):
        table = ground.sources.table(parent)
        columns = tuple(dict.fromkeys(one.link.referred_columns for one in carrying if one.parent == parent))
        place = Place(table, sheet.key_fields[parent], sheet.of(parent, Action.DELETE))
        parents.append((schema.tables[table.name], place, columns))
    keep_off_new_references(connection, parents)
    return carrying


def carried_along(
    ground: Ground, connection: sa.Connection, sheet: Sheet, references: list[Reference], today: date
) -> list[Reference]:
    """Those of the foreign keys by which the deletions of a sheet would delete or change rows that stay."""
    asked = [one for one in references if sheet.of(one.parent, Action.DELETE)]
    there = which_are_there(connection, [rows_that_stay(ground, sheet, one, today) for one in asked])
    return [one for one, some in zip(asked, there, strict=True) if some]


def refuse_carrying(
    ground: Ground, connection: sa.Connection, sheet: Sheet, references: list[Reference], today: date
) -> None:
    """Refuse (`Unavailable`, naming the records) deletions that would still carry something along."""
    for one in carried_along(ground, connection, sheet, references, today):
        parent, child = (_title(ground, key) for key in (one.parent, one.collection or one.table))
        raise Unavailable(
            Words(
                CARRIES_ALONG.zh.format(parent=parent.zh, child=child.zh),
                CARRIES_ALONG.en.format(parent=parent.en, child=child.en),
            )
        )


def refuse_what_cannot_be_cleared(
    ground: Ground, connection: sa.Connection, sheet: Sheet, planned: Sheet, dataset: str
) -> None:
    """Refuse (`Unavailable`, saying why) where a row that is to be cleared instead of deleted cannot be."""
    turned = Sheet({}, dict(sheet.key_fields), set(sheet.keyless), scope=sheet.scope)
    for collection, rows in sheet.rows.items():
        before = planned.rows.get(collection, {})
        cleared = {key: one for key, one in rows.items() if one.skeleton and not before[key].skeleton}
        if cleared:
            turned.rows[collection] = cleared
    if not turned.rows:
        return
    for obstacle in obstacles_to(ground, connection, turned, dataset):
        if obstacle.blocking:
            title = _title(ground, obstacle.collection)
            why = Words(
                CANNOT_BE_CLEARED.zh.format(title=title.zh, zh=obstacle.words.zh),
                CANNOT_BE_CLEARED.en.format(title=title.en, en=obstacle.words.en),
            )
            raise Unavailable(why)


def _title(ground: Ground, collection: str) -> Words:
    return ground.catalogue.collection(collection).title
