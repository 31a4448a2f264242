"""Rows that refer by a foreign key to rows that are to be deleted: new ones kept off, those there counted and named."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from privacy_center.datamap.live import LiveForeignKey, LiveTable
from privacy_center.sources.keys import CHUNK, picks, pieces
from privacy_center.sources.rows import Key
from privacy_center.sources.write import Guard, Place

CARRYING = frozenset({"CASCADE", "SET NULL", "SET DEFAULT"})
"""What a foreign key says where the database itself changes or deletes the rows that refer, without an error."""
_IN_ONE_STATEMENT = 20


class Referring(NamedTuple):
    """The rows of `child` that refer to the rows `parent` by one foreign key.

    `leaving`: rows of the child that go as well and are left out. `where` narrows the rest further.
    """

    parent: Place
    child: sa.Table
    link: LiveForeignKey
    leaving: Place | None = None
    where: Guard = None


def action_of(link: LiveForeignKey) -> str:
    """What the database does with rows that refer, when what they refer to is deleted: the SQL words, in capitals."""
    return (link.ondelete or "NO ACTION").upper()


def keep_off_new_references(
    connection: sa.Connection, parents: Sequence[tuple[LiveTable, Place, Sequence[tuple[str, ...]]]]
) -> None:
    """Lock rows so that no new row can refer to them by a foreign key until the transaction ends.

    `parents`: table, rows, and the sets of columns by which others refer to them. Has to come first in a transaction:
    MariaDB goes on showing what its first look saw. A SQLite transaction that writes is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        _lock_in_one(connection, [place for _live, place, _referred in parents])
    elif connection.dialect.name != "sqlite":
        for live, place, referred in parents:
            _lock_by_index(connection, live, place, referred)


def _lock_in_one(connection: sa.Connection, places: Sequence[Place]) -> None:
    slots = [(place, keys) for place in places for keys in pieces(place.keys)]
    for batch in pieces(slots, _IN_ONE_STATEMENT):
        parts, values, lasting = [], {}, True
        for slot, (place, keys) in enumerate(batch):
            for one in picks(place.table, place.key_fields, keys, f"l{slot}"):
                parts.append((place.table, one.condition))
                values |= one.values
                lasting = lasting and one.lasting
        connection.execute((_locks if lasting else _locks.__wrapped__)(tuple(parts)), values)


@lru_cache(maxsize=512)
def _locks(parts: tuple[tuple[sa.Table, sa.ColumnElement[bool]], ...]) -> sa.Select[Any]:
    locked = [
        sa.select(sa.literal_column("1")).select_from(table).where(condition).with_for_update().cte(f"locked{slot}")
        for slot, (table, condition) in enumerate(parts)
    ]
    return sa.select(*(sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in locked))


def _lock_by_index(
    connection: sa.Connection, live: LiveTable, place: Place, referred: Sequence[tuple[str, ...]]
) -> None:
    """InnoDB asks for the entry in the index that the foreign key refers to, so that entry is what has to be locked."""
    columns = tuple(dict.fromkeys(name for names in referred for name in names))
    table, values = place.table, []
    for condition, given, _lasting in picks(table, place.key_fields, place.keys):
        wanted = sa.select(*(table.c[name] for name in columns)).where(condition).with_for_update()
        values += [dict(zip(columns, row, strict=True)) for row in connection.execute(wanted, given)]
    indexes = {one.columns: one.name for one in (*live.indexes, *live.uniques)}
    for names in referred:
        if names == live.primary_key or names not in indexes:
            continue
        keys = [key for row in values if None not in (key := tuple(row[name] for name in names))]
        for condition, given, _lasting in picks(table, names, keys):
            by_index = sa.select(sa.literal_column("1")).select_from(table).where(condition).with_for_update()
            connection.execute(by_index.with_hint(table, f"FORCE INDEX (`{indexes[names]}`)"), given)


def which_are_there(connection: sa.Connection, asked: Sequence[Referring]) -> list[bool]:
    """For each of these, in the order given, whether there is such a row: one statement for nearly all.

    Where more than 500 rows of a child go as well, those that refer are read and compared here.
    """
    there = [_read_and_compared(connection, one) if _is_large(one) else False for one in asked]
    slots = [(index, keys) for index, one in enumerate(asked) if not _is_large(one) for keys in pieces(one.parent.keys)]
    for batch in pieces(slots, _IN_ONE_STATEMENT):
        parts, values, lasting = [], {}, True
        for slot, (index, keys) in enumerate(batch):
            one = asked[index]
            parent = picks(as_parent(one.parent.table), one.parent.key_fields, keys, f"p{slot}")
            leaving = picks(*one.leaving[:3], f"g{slot}") if one.leaving else []
            conditions = (tuple(pick.condition for pick in parent), tuple(pick.condition for pick in leaving))
            parts.append((index, one.parent.table, one.child, one.link, *conditions, one.where))
            for pick in (*parent, *leaving):
                values |= pick.values
                lasting = lasting and pick.lasting
        counting = (_count if lasting else _count.__wrapped__)(tuple(parts))
        for index, count in connection.execute(counting, values):
            there[index] = there[index] or bool(count)
    return there


def referring_rows(
    connection: sa.Connection, one: Referring, columns: Sequence[sa.ColumnElement[Any]] = ()
) -> Iterator[tuple[Key, Key]]:
    """(key of the row referred to, values of `columns` of the child) for each row that refers; `leaving` is not heeded.

    The database compares, as it does for its foreign keys: text in other capitals or with blanks at its end may refer, too.
    Without columns each row referred to comes once.
    """
    parent, split = as_parent(one.parent.table), len(one.parent.key_fields)
    mine = [parent.c[name] for name in one.parent.key_fields]
    matching = _matching(parent, one.child, one.link)
    for pick in picks(parent, one.parent.key_fields, one.parent.keys):
        narrowed = [matching] if one.where is None else [matching, one.where]
        if columns:
            joined = parent.join(one.child, sa.and_(*narrowed))
            wanted = sa.select(*mine, *columns).select_from(joined).where(pick.condition)
        else:
            found = sa.select(sa.literal_column("1")).select_from(one.child).where(*narrowed).correlate(parent)
            wanted = sa.select(*mine).select_from(parent).where(pick.condition, found.exists())
        for row in connection.execute(wanted.execution_options(yield_per=2000), pick.values):
            yield tuple(row[:split]), tuple(row[split:])


def is_not_true(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """TRUE where a condition is false or unknown: a key with a NULL in it is not among the keys that go, for one."""
    return sa.case((condition, 1), else_=0) == 0


@lru_cache(maxsize=2048)
def as_parent(table: sa.Table) -> sa.Alias:
    """A table under another name, so that it can be compared with itself; the same object each time."""
    return table.alias("referred_to")


def _is_large(one: Referring) -> bool:
    return one.leaving is not None and len(one.leaving.keys) > CHUNK


def _read_and_compared(connection: sa.Connection, one: Referring) -> bool:
    assert one.leaving is not None
    leaving = set(one.leaving.keys)
    columns = [one.child.c[name] for name in one.leaving.key_fields]
    return any(key not in leaving for _parent, key in referring_rows(connection, one, columns))


@lru_cache(maxsize=512)
def _count(parts: tuple[Any, ...]) -> Any:
    counting = []
    for index, table, child, link, mine, leaving, where in parts:
        parent = as_parent(table)
        joined = parent.join(child, _matching(parent, child, link))
        stay = [is_not_true(sa.or_(*leaving))] if leaving else []
        narrowed = [where] if where is not None else []
        one = sa.select(sa.literal_column(str(index)), sa.func.count()).select_from(joined)
        counting.append(one.where(sa.or_(*mine), *stay, *narrowed))
    return sa.union_all(*counting) if len(counting) > 1 else counting[0]


def _matching(parent: sa.FromClause, child: sa.Table, link: LiveForeignKey) -> sa.ColumnElement[bool]:
    """The referred column stands first: on SQLite its collation is the one that counts."""
    pairs = zip(link.referred_columns, link.columns, strict=True)
    return sa.and_(*(parent.c[theirs] == child.c[ours] for theirs, ours in pairs))
