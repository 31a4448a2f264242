"""Rows that must stay because a row that stays refers to them: they are emptied instead of deleted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.references import Reference, references_into_leaving, rows_that_stay
from privacy_center.sources.referrers import referring_rows
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Trouble, Unavailable, explain

NOT_LOOKED_UP = Words(
    "无法查看表 {table} 里是否还有记录指向要删除的行：{zh}",
    "Whether rows of the table {table} refer to what is to be deleted could not be looked up: {en}",
)
REFERRED_TO = Words(
    "还有保留的记录（{title}）指向它，所以只清空内容，不删整行。",
    "A record that stays ({title}) refers to it, so its contents are cleared and the record remains.",
)
REFERRED_TO_BY_NEW = Words(
    "计划确定之后新增的记录（{title}）指向它，所以只清空内容，不删整行；新记录不再指向它时，它会自动删除。",
    "A record that was added after the plan ({title}) refers to it, so its contents are cleared and the record remains."
    " It is deleted once nothing refers to it any more.",
)
REFERRED_TO_OUTSIDE = Words(
    "不在这次申请范围内的“{title}”还用到这条记录，所以只清空内容，记录本身留下；“{title}”不变。",
    "Its contents are cleared and the record remains, because {title}, outside this request, refers to it. {title} stays"
    " unchanged.",
)
REFERRED_TO_FROM_OUTSIDE = Words(
    "数据地图以外的记录指向它，所以只清空内容，不删整行。",
    "A record outside the data map refers to it, so its contents are cleared and the record remains.",
)


def anchor_rows(
    ground: Ground, sheet: Sheet, connection: sa.Connection, dataset: str, today: date, *, planned: bool = False
) -> int:
    """Turn deletions in one database into masking where a row that stays points to the row by a foreign key.

    A row stays when it is held, not the customer's, unknown to the map, or itself anchored; a link that the deletion would
    only empty (ON DELETE SET NULL) counts where the row is held. Works up from children to parents until nothing changes,
    so cycles end too. `today`: the local date on which rules are asked. `planned`: the sheet is a plan's, so that a row
    which it does not know has come since. Returns how many rows were turned. Refuses (`Unavailable`, with the table) where
    the rows that refer to these cannot be read.
    """
    anchoring = _Anchoring(ground, sheet, connection, dataset, today, planned)
    turned = 0
    while changed := anchoring.pass_once():
        turned += changed
    return turned


@dataclass(slots=True)
class _Anchoring:
    ground: Ground
    sheet: Sheet
    connection: sa.Connection
    dataset: str
    today: date
    planned: bool

    def pass_once(self) -> int:
        return sum(self._anchor_by(one) for one in list(references_into_leaving(self.ground, self.sheet, self.dataset)))

    def _anchor_by(self, reference: Reference) -> int:
        rows = self.sheet.rows[reference.parent]
        if not self.sheet.of(reference.parent, Action.DELETE):
            return 0  # another foreign key has anchored all of them in this pass
        try:
            stay = dict(self._rows_referred_to(reference))
        except Trouble as trouble:
            why = explain(trouble)
            raise Unavailable(NOT_LOOKED_UP.filled(table=reference.table, zh=why.zh, en=why.en)) from trouble
        for key, reason in stay.items():
            rows[key] = rows[key].as_skeleton(reason)
        return len(stay)

    def _rows_referred_to(self, reference: Reference) -> Iterator[tuple[Key, Words]]:
        """Rows to be deleted that a row which stays refers to, each with the reason."""
        staying = rows_that_stay(self.ground, self.sheet, reference, self.today)
        collection, child = reference.collection, staying.child
        if collection is None:
            yield from ((parent, REFERRED_TO_FROM_OUTSIDE) for parent, _ in referring_rows(self.connection, staying))
            return
        leaving = set(self.sheet.of(collection, Action.DELETE))
        columns = [child.c[name] for name in self.sheet.key_fields.get(collection, ())]
        title = self.ground.catalogue.collection(collection).title
        for parent, key in referring_rows(self.connection, staying, columns):
            if key not in leaving:
                new = self.planned and not self.sheet.knows(collection, key)
                reason = REFERRED_TO_BY_NEW if new else REFERRED_TO
                reason = REFERRED_TO_OUTSIDE if self.sheet.leaves_alone(collection) else reason
                yield parent, Words(reason.zh.format(title=title.zh), reason.en.format(title=title.en))
