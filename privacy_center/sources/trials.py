"""Masked values tried against the live UNIQUE and CHECK constraints, before anything is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from privacy_center.datamap.dots import database_name
from privacy_center.datamap.live import LiveCheck, LiveSchema
from privacy_center.errors import Words
from privacy_center.sources.keys import pieces, rows_with
from privacy_center.sources.masked_types import NoMask
from privacy_center.sources.masking import Mask
from privacy_center.sources.planned import MaskedRows, Obstacle, PlannedChange
from privacy_center.sources.read import read_rows
from privacy_center.sources.rows import Key

ROWS_IN_ONE_TRIAL = 50

TAKEN = Words(
    "列 {columns} 的值必须各不相同，但脱敏后会有重复。请在数据地图里把脱敏方式改为 keyed_hash。",
    "Values of {columns} must differ from row to row, but masked ones would repeat. "
    "Name keyed_hash as the masking strategy in the data map.",
)
REFUSED = Words(
    "脱敏后的值不符合数据库的检查约束（{check}）。请在数据地图里换一种脱敏方式。",
    "The masked values break a CHECK of the database ({check}). Name another masking strategy in the data map.",
)
UNPROVEN = Words(
    "无法证明脱敏后的值符合数据库的检查约束（{check}）。请在数据地图里写明脱敏方式，或让数据库管理员确认。",
    "It cannot be proven that masked values meet a CHECK of the database ({check}). "
    "Name a masking strategy in the data map, or ask the database's administrator.",
)


def taken_values(connection: sa.Connection, schema: LiveSchema, changes: Sequence[PlannedChange]) -> Iterator[Obstacle]:
    """Unique sets in which masked values would repeat: among the masked rows, or with rows that are there already."""
    for change in changes:
        live = schema.tables[change.table.name]
        for columns in dict.fromkeys((*live.unique_sets, *live.part_unique)):
            if _repeats(connection, change, columns):
                yield Obstacle(change.collection, TAKEN.filled(columns=", ".join(columns)))


def refused_checks(
    connection: sa.Connection,
    schema: LiveSchema,
    changes: Sequence[PlannedChange],
    more: Mapping[str, Sequence[LiveCheck]],
) -> Iterator[Obstacle]:
    """CHECK constraints that masked values would break, or that could not be tried. The database itself evaluates them.

    `more`: table → checks beside those that the schema tells.
    """
    for change in changes:
        live = schema.tables[change.table.name]
        for check in (*live.checks, *more.get(live.name, ())):
            tried = (_try_check(connection, change, group, check) for group in change.masked)
            if said := next(filter(None, tried), None):
                yield Obstacle(change.collection, said.filled(check=check.name or check.sqltext))


def _repeats(connection: sa.Connection, change: PlannedChange, columns: tuple[str, ...]) -> bool:
    seen: dict[Key, Key] = {}
    for group in change.masked:
        masks = {mask.path: mask for mask in group.whole if mask.path in columns}
        if not masks or _empty_somewhere(masks, group):
            continue
        for key, values in _values_after(connection, change, group, columns, masks):
            if values is not None and seen.setdefault(values, key) != key:
                return True
    return bool(seen) and _there_already(connection, change, columns, seen)


def _empty_somewhere(masks: Mapping[str, Mask], group: MaskedRows) -> bool:
    """A unique set with a NULL in it never collides."""
    return any(mask.constant and _value(mask, ()) is None for mask in masks.values())


def _values_after(
    connection: sa.Connection,
    change: PlannedChange,
    group: MaskedRows,
    columns: tuple[str, ...],
    masks: Mapping[str, Mask],
) -> Iterator[tuple[Key, Key | None]]:
    """Each row's values of a unique set as they would be after masking; None where one of them is NULL."""
    rest = [name for name in columns if name not in masks]
    rows = (
        read_rows(connection, change.table, change.key_fields, group.keys, rest)
        if rest
        else ((key, ()) for key in group.keys)
    )
    for key, kept in rows:
        known = dict(zip(rest, kept, strict=True)) | {name: _value(mask, key) for name, mask in masks.items()}
        values = tuple(known[name] for name in columns)
        yield key, None if None in values else values


def _there_already(
    connection: sa.Connection, change: PlannedChange, columns: tuple[str, ...], wanted: Mapping[Key, Key]
) -> bool:
    """Whether a row outside these holds one of the values: one masked before keeps its own, which is the same again."""
    masked = {key for group in change.masked for key in group.keys}
    for part in pieces(list(wanted)):
        for condition in rows_with(change.table, columns, part):
            found = connection.execute(
                sa.select(*(change.table.c[name] for name in change.key_fields)).where(condition)
            )
            if any(tuple(row) not in masked for row in found):
                return True
    return False


def _try_check(connection: sa.Connection, change: PlannedChange, group: MaskedRows, check: LiveCheck) -> Words | None:
    masks = [mask for mask in group.whole if re.search(rf"\b{re.escape(database_name(mask.path))}\b", check.sqltext)]
    if not masks or not group.keys:
        return None
    try:
        with connection.begin_nested():
            broken = any(_breaks(connection, statement) for statement in _trials(change, group, masks, check))
    except (sa.exc.SQLAlchemyError, NoMask):
        return UNPROVEN
    return REFUSED if broken else None


def _breaks(connection: sa.Connection, statement: sa.Select[Any]) -> bool:
    return connection.execute(statement).first() is not None


def _trials(
    change: PlannedChange, group: MaskedRows, masks: Sequence[Mask], check: LiveCheck
) -> Iterator[sa.Select[Any]]:
    """Statements that give a row for each masked row that the check would refuse (it refuses false, not unknown)."""
    paths = {mask.path for mask in masks}
    others = [column for column in change.table.c if column.key not in paths and column.name in check.sqltext]
    whole = all(mask.constant for mask in masks)
    for part in pieces(group.keys, ROWS_IN_ONE_TRIAL * (10 if whole else 1)):
        if whole:
            rows = (
                [_masked_rows(change, masks, others, part)] if others else [_masked_row(change, masks, others, part[0])]
            )
        else:
            rows = [_masked_row(change, masks, others, key) for key in part]
        tried = (sa.union_all(*rows) if len(rows) > 1 else rows[0]).subquery(change.table.name)
        holds = sa.literal_column(f"({check.sqltext})")
        yield sa.select(sa.literal(1)).select_from(tried).where(sa.not_(holds)).limit(1)


def _masked_rows(
    change: PlannedChange, masks: Sequence[Mask], others: Sequence[sa.Column[Any]], keys: Sequence[Key]
) -> sa.Select[Any]:
    conditions = rows_with(change.table, change.key_fields, keys)
    return sa.select(*_literals(change, masks, keys[0]), *others).where(sa.or_(*conditions))


def _masked_row(
    change: PlannedChange, masks: Sequence[Mask], others: Sequence[sa.Column[Any]], key: Key
) -> sa.Select[Any]:
    return _masked_rows(change, masks, others, [key]) if others else sa.select(*_literals(change, masks, key))


def _literals(change: PlannedChange, masks: Sequence[Mask], key: Key) -> list[sa.ColumnElement[Any]]:
    """The masked values, typed as their columns, under the columns' names."""
    typed = change.table.info.get("dialect") == "postgresql"
    made = []
    for mask in masks:
        value = mask.value(key)
        literal = sa.null() if value is None else sa.literal(value, mask.column.type)
        made.append((sa.cast(literal, mask.column.type) if typed else literal).label(database_name(mask.path)))
    return made


def _value(mask: Mask, key: Key) -> Any:
    """The masked value; None where there is none to be had, which is told elsewhere."""
    try:
        return mask.value(key)
    except NoMask:
        return None
