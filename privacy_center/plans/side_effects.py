"""Triggers that would change records beyond the plan: a deletion that sets one off is not carried out unless the map knows it."""

from collections.abc import Iterable, Iterator

from privacy_center.datamap.live import LiveSchema
from privacy_center.errors import Words
from privacy_center.plans.ground import Ground
from privacy_center.sources.planned import Obstacle, PlannedChange
from privacy_center.sources.referrers import action_of
from privacy_center.sources.rights import Rights
from privacy_center.sources.triggers import UNKNOWN, Trigger

CHANGES_OTHERS = Words(
    "表 {table} 的触发器 {name} 会改动或删除其他记录（{others}），可能连带计划之外的记录，所以不执行。请停用它；"
    "如果核对后确认这些改动是需要的，请在数据地图该集合的 fides_meta 里写 known_triggers: [{name}]。",
    "The trigger {name} of the table {table} changes or deletes other records ({others}), which may not be in the plan, so"
    " nothing is carried out. Disable it; or, where somebody has checked that its changes are wanted, write known_triggers:"
    " [{name}] under fides_meta of the collection in the data map.",
)
BUILT_WHEN_RUN = Words("执行时才能确定的表", "tables known only when it runs")


def triggers_beyond_the_plan(
    ground: Ground, schema: LiveSchema, changes: Iterable[PlannedChange], rights: Rights
) -> Iterator[Obstacle]:
    """An obstacle for each trigger that these changes set off, that changes other records, and that the map does not know."""
    for table, collection, events in _touched(schema, changes):
        collections = {one.name: one for one in ground.data_map.of(collection.split(".", 1)[0])}
        known = collections[table if table in collections else collection.split(".", 1)[1]].known_triggers
        for trigger in rights.triggers.get(table, ()):
            if trigger.changes and events & trigger.events and trigger.name not in known:
                words = [_named(trigger, language) for language in ("zh", "en")]
                zh = CHANGES_OTHERS.zh.format(table=table, name=trigger.name, others=words[0])
                en = CHANGES_OTHERS.en.format(table=table, name=trigger.name, others=words[1])
                yield Obstacle(collection, Words(zh, en))


def _touched(schema: LiveSchema, changes: Iterable[PlannedChange]) -> Iterator[tuple[str, str, set[str]]]:
    """(table, collection of the plan that touches it, what happens to its rows), tables whose links are emptied too."""
    for change in changes:
        name = change.table.name
        masked = any(group.keys and group.masks for group in change.masked)
        events = {event for event, some in (("DELETE", change.deletes), ("UPDATE", masked)) if some}
        yield name, change.collection, events
        for child, link in schema.referring.get(name, ()) if change.deletes else ():
            if action_of(link) in ("SET NULL", "SET DEFAULT"):
                yield child, change.collection, {"UPDATE"}


def _named(trigger: Trigger, language: str) -> str:
    return ", ".join(getattr(BUILT_WHEN_RUN, language) if one == UNKNOWN else one for one in trigger.changes)
