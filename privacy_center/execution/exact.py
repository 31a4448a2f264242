"""Exactly the rows that were to go have gone, in each collection; anything else undoes the step."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Unavailable
from privacy_center.sources.write import Place, count_present

NOT_AS_PLANNED = Words(
    "“{title}”里应删除 {wanted} 行，数据库删了 {done} 行，所以这一步已撤回，什么都没有改。请检查触发器和规则，再重试。",
    "{wanted} records of “{title}” were to be deleted, and the database deleted {done}, so this step was rolled back and nothing"
    " was changed. Check its triggers and rules, then try again.",
)


def refuse_other_counts(
    ground: Ground,
    connection: sa.Connection,
    sheet: Sheet,
    seen: Mapping[str, Sequence[Key]],
    deleted: Mapping[str, int],
) -> None:
    """Refuse (`Unavailable`, naming the records) where more or fewer rows were deleted than were read and are to go.

    Fewer are right where none is left: rows of one table may carry each other along.
    """
    for collection, keys in seen.items():
        leaving = set(sheet.of(collection, Action.DELETE))
        wanted, done = sum(1 for key in keys if key in leaving), deleted.get(collection, 0)
        if done < wanted:
            place = Place(ground.sources.table(collection), sheet.key_fields[collection], list(leaving))
            done = wanted - count_present(connection, [place])[0]
        if done != wanted:
            title = ground.catalogue.collection(collection).title
            zh = NOT_AS_PLANNED.zh.format(title=title.zh, wanted=wanted, done=done)
            raise Unavailable(Words(zh, NOT_AS_PLANNED.en.format(title=title.en, wanted=wanted, done=done)))
