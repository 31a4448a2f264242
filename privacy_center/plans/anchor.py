"""Rows that must stay because a row that stays refers to them: they are emptied instead of deleted."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from privacy_center.datamap.live import LiveForeignKey, LiveSchema
from privacy_center.errors import Words
from privacy_center.plans.decision import Action, Sheet
from privacy_center.plans.ground import Ground
from privacy_center.plans.scope import scope_of
from privacy_center.sources.keys import rows_with
from privacy_center.sources.outside import bare_table
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Trouble, Unavailable, explain

HARMLESS = frozenset({"SET NULL"})
NOT_LOOKED_UP = Words(
    "无法查看表 {table} 里是否还有记录指向要删除的行：{zh}",
    "Whether rows of the table {table} refer to what is to be deleted could not be looked up: {en}",
)


def anchor_rows(ground: Ground, sheet: Sheet, connection: sa.Connection, dataset: str) -> int:
    """Turn deletions in one database into masking where a row that stays points to the row by a foreign key.

    A row stays when it is held, not the customer's, unknown to the map, or itself anchored. Works up from children to
    parents until nothing changes, so cycles end too. Returns how many rows were turned. Refuses (`Unavailable`, with the
    table) where the rows that refer to these cannot be read.
    """
    schema = ground.sources.schema_of(dataset)
    tables = {one.name: one.key for one in ground.data_map.of(dataset)}
    anchoring = _Anchoring(ground, sheet, connection, schema, tables)
    turned = 0
    while changed := anchoring.pass_once():
        turned += changed
    return turned


def skeleton_fields(ground: Ground, collection_key: str) -> tuple[str, ...]:
    """Every personal field of a collection that can be overwritten."""
    collection = ground.data_map.collections[collection_key]
    return scope_of(collection, ground.data_map, ground.sources.schema_of(collection.dataset), None).fields


@dataclass(slots=True)
class _Anchoring:
    ground: Ground
    sheet: Sheet
    connection: sa.Connection
    schema: LiveSchema
    tables: dict[str, str]

    def pass_once(self) -> int:
        return sum(self._anchor_by(child, key) for child, key in list(self._foreign_keys()))

    def _foreign_keys(self) -> Iterator[tuple[str, LiveForeignKey]]:
        """Foreign keys into tables from which rows are to be deleted."""
        for table, collection in self.tables.items():
            if self.sheet.of(collection, Action.DELETE):
                yield from (
                    pair for pair in self.schema.referring.get(table, ()) if (pair[1].ondelete or "") not in HARMLESS
                )

    def _anchor_by(self, child: str, foreign_key: LiveForeignKey) -> int:
        parent = self.tables[foreign_key.referred_table]
        referred = self._referred_values(parent, foreign_key)
        try:
            staying = self._values_that_stay(child, foreign_key, list(referred))
        except Trouble as trouble:
            why = explain(trouble)
            raise Unavailable(NOT_LOOKED_UP.filled(table=child, zh=why.zh, en=why.en)) from trouble
        stay = {referred[value] for value in staying if value in referred}
        if not stay:
            return 0
        reason = Words(
            f"还有保留的记录（{child}）指向它，所以只清空内容，不删整行。",
            f"A record that stays ({child}) refers to it, so its contents are emptied and the row remains.",
        )
        fields = skeleton_fields(self.ground, parent)
        rows = self.sheet.rows[parent]
        for key in stay:
            rows[key] = rows[key].as_skeleton(fields, reason)
        return len(stay)

    def _referred_values(self, parent: str, foreign_key: LiveForeignKey) -> dict[Key, Key]:
        """What children carry → the parent row's key, for the parent rows that are to be deleted."""
        keys = self.sheet.of(parent, Action.DELETE)
        names = self.sheet.key_fields[parent]
        if foreign_key.referred_columns == names:
            return dict(zip(keys, keys, strict=True))
        table = self.ground.sources.table(parent)
        wanted = [table.c[name] for name in (*foreign_key.referred_columns, *names)]
        split = len(foreign_key.referred_columns)
        found: dict[Key, Key] = {}
        for condition in rows_with(table, names, keys):
            for row in self.connection.execute(sa.select(*wanted).where(condition)):
                found[tuple(row[:split])] = tuple(row[split:])
        return found

    def _values_that_stay(self, child: str, foreign_key: LiveForeignKey, values: list[Key]) -> set[Key]:
        """The values carried by child rows that are not to be deleted."""
        collection = self.tables.get(child)
        if collection is None:
            return self._carried(bare_table(self.schema, child), foreign_key.columns, values, (), set())
        names = self.ground.sources.key_fields(collection)
        leaving = set(self.sheet.of(collection, Action.DELETE))
        return self._carried(self.ground.sources.table(collection), foreign_key.columns, values, names, leaving)

    def _carried(
        self,
        table: sa.Table,
        columns: tuple[str, ...],
        values: list[Key],
        names: tuple[str, ...],
        leaving: set[Key],
    ) -> set[Key]:
        wanted = [table.c[name] for name in (*columns, *names)]
        split = len(columns)
        found: set[Key] = set()
        for condition in rows_with(table, columns, values):
            rows = self.connection.execute(sa.select(*wanted).where(condition).execution_options(yield_per=2000))
            found.update(tuple(row[:split]) for row in rows if not names or tuple(row[split:]) not in leaving)
        return found
