"""Whether the live databases allow what is planned, found out before anything is changed."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from privacy_center.datamap.live import LiveSchema, LiveTable
from privacy_center.errors import Words
from privacy_center.sources.links import broken_links
from privacy_center.sources.masked_types import NoMask
from privacy_center.sources.masking import Mask, key_columns
from privacy_center.sources.planned import Obstacle, PlannedChange
from privacy_center.sources.rights import Rights
from privacy_center.sources.rows import Key
from privacy_center.sources.trials import refused_checks, taken_values

KEY = Words(
    "列 {column} 是键的一部分，不能脱敏。请在数据地图里把它标为只读（read_only）。",
    "The column {column} is part of a key and cannot be masked. Mark it read_only in the data map.",
)
COMPUTED = Words(
    "列 {column} 由数据库计算得出，不能写入。请在数据地图里把它标为只读（read_only）。",
    "The column {column} is computed by the database and cannot be written. Mark it read_only in the data map.",
)
NOT_NULL = Words(
    "列 {column} 不允许为空，但计划把它清空。请在数据地图里换一种脱敏方式。",
    "The column {column} must be filled, but the plan empties it. Name another masking strategy in the data map.",
)
TOO_LONG = Words(
    "列 {column} 最多 {length} 个字符，脱敏后的值更长。请在数据地图里换一种脱敏方式。",
    "The column {column} holds at most {length} characters and the masked value is longer. "
    "Name another masking strategy in the data map.",
)
MAY_NOT = Words(
    "数据库账号没有表 {table} 的 {right} 权限。请授予后再试。",
    "The database account lacks the privilege {right} on the table {table}. Grant it and try again.",
)
VIEW = Words(
    "{table} 是视图，不能改视图里的行。请把它下面的表写进数据地图，并给视图加上 skip_processing。",
    "{table} is a view whose rows cannot be changed. Put the tables beneath it into the map, and"
    " skip_processing on the view.",
)
VIEW_REFERRED = Words(
    "{table} 是视图，别的表的外键指向它下面的表（{beneath}），从视图删除会连带改动那些表，所以不执行。"
    "请把下面的表写进数据地图，并给视图加上 skip_processing。",
    "{table} is a view, and foreign keys refer to a table under it ({beneath}), so a deletion from it could reach further and is"
    " not carried out. Put the table beneath it into the map, and skip_processing on the view.",
)
HISTORY = Words(
    "表 {table} 带系统版本（SYSTEM VERSIONING）：删掉或改掉的值仍可按时间查出来，不能算已删除。"
    "请先 ALTER TABLE … DROP SYSTEM VERSIONING。",
    "The table {table} is system-versioned: what is deleted or changed can still be read as an old version, so nothing would "
    "be erased. Drop its versioning first (ALTER TABLE … DROP SYSTEM VERSIONING).",
)
TRIGGER = Words(
    "表 {table} 上有触发器 {names}，修改时会一起运行。请确认它不会把数据复制到别处。",
    "The table {table} has triggers that run with the change: {names}. Make sure that they copy the data nowhere else.",
)


def find_obstacles(
    connection: sa.Connection, schema: LiveSchema, changes: Sequence[PlannedChange], rights: Rights
) -> list[Obstacle]:
    """Everything in one database that stands in the way of the changes, all at once. Reads only.

    `rights`: what the account may do and which triggers there are (`read_rights`), which changes seldom and may be kept.
    """
    return [
        *allowed_by_schema(schema, changes),
        *allowed_by_rights(changes, rights),
        *taken_values(connection, schema, changes),
        *refused_checks(connection, schema, changes, rights.checks),
        *broken_links(connection, schema, changes),
    ]


def allowed_by_schema(schema: LiveSchema, changes: Sequence[PlannedChange]) -> Iterator[Obstacle]:
    """What the declared columns refuse: masks on keys and computed columns, NULL where none may be, values too long."""
    for change in changes:
        live = schema.tables[change.table.name]
        bound = key_columns(live, schema)
        if live.fixed:
            yield Obstacle(change.collection, VIEW.filled(table=live.name))
        elif live.referred_beneath:
            yield Obstacle(change.collection, VIEW_REFERRED.filled(table=live.name, beneath=live.referred_beneath))
        if live.keeps_history:
            yield Obstacle(change.collection, HISTORY.filled(table=live.name))
        for group in change.masked:
            for mask in group.masks if group.keys else ():
                if words := _refused(mask, group.keys[0], live, bound):
                    yield Obstacle(change.collection, words)


def allowed_by_rights(changes: Sequence[PlannedChange], rights: Rights) -> Iterator[Obstacle]:
    """What the account may not do, and the triggers that would run with it (not blocking)."""
    for change in changes:
        name = change.table.name
        columns = {mask.path.split(".", 1)[0] for group in change.masked if group.keys for mask in group.masks}
        if change.deletes and not rights.may_delete(name):
            yield Obstacle(change.collection, MAY_NOT.filled(table=name, right="DELETE"))
        if columns and not rights.may_update(name, columns):
            yield Obstacle(change.collection, MAY_NOT.filled(table=name, right="UPDATE"))
        events = {event for event, any_rows in (("DELETE", change.deletes), ("UPDATE", columns)) if any_rows}
        if triggers := [one.name for one in rights.triggers.get(name, ()) if events & one.events]:
            words = TRIGGER.filled(table=name, names=", ".join(triggers))
            yield Obstacle(change.collection, words, blocking=False)


def _refused(mask: Mask, key: Key, live: LiveTable, bound: set[str]) -> Words | None:
    name = mask.path.split(".", 1)[0]
    column = live.columns[name]
    if name in bound:
        return KEY.filled(column=name)
    if column.generated:
        return COMPUTED.filled(column=name)
    try:
        value = mask.value(key)
    except NoMask as refusal:
        return Words(f"{name}：{refusal.words.zh}", f"{name}: {refusal.words.en}")
    if value is None and not column.nullable and not mask.nested:
        return NOT_NULL.filled(column=name)
    if isinstance(value, str) and column.length is not None and len(value) > column.length and not mask.nested:
        return TOO_LONG.filled(column=name, length=column.length)
    return None
