"""Changes to several tables at once: on PostgreSQL in one statement, elsewhere one after the other.

A trip to the server and the building of a statement cost more than the change of a few rows. All changes of one statement
see the tables as they were before it, and foreign keys are checked when it has ended: children and parents may go together.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from privacy_center.sources.keys import CHUNK, picks
from privacy_center.sources.masking import Mask
from privacy_center.sources.write import Guard, Place, delete_rows, mask_rows

NOT_THE_STATEMENT = frozenset({"08", "25", "40", "53", "55", "57", "58"})
"""Classes of SQLSTATE that speak of the connection, the moment or the server: https://www.postgresql.org/docs/current/errcodes-appendix.html"""

_Part = tuple[sa.Table, sa.ColumnElement[bool], Guard, tuple[str, ...]]


def refuses_together(error: sa.exc.DBAPIError) -> bool:
    """Whether PostgreSQL may take these changes one after the other: what it did not like is in the statement itself.

    A trigger of the company's touches another table of the statement, or wants the lines of an order gone before the order.
    """
    state = getattr(error.orig, "sqlstate", None)
    return bool(state) and state[:2] not in NOT_THE_STATEMENT


def delete_together(connection: sa.Connection, places: Sequence[Place]) -> list[int]:
    """Delete these rows, of children before their parents, `where` as guard. Returns rows deleted of each place."""
    if not _fits(connection, places):
        return [delete_rows(connection, *one) for one in places]
    return _send(connection, _deletes, places, [{} for _ in places])


def mask_together(connection: sa.Connection, masked: Sequence[tuple[Place, Sequence[Mask]]]) -> list[int]:
    """Overwrite fields of these rows, `where` as guard. Returns rows of each place that now hold the masks.

    Masks that differ from row to row, or reach into a document, go in statements of their own.
    """
    alike = [
        slot for slot, (_place, masks) in enumerate(masked) if all(one.constant and not one.nested for one in masks)
    ]
    if not _fits(connection, [masked[slot][0] for slot in alike]):
        alike = []
    done = [0] * len(masked)
    if alike:
        values = [{mask.path: mask.value(()) for mask in masked[slot][1]} for slot in alike]
        for slot, rows in zip(
            alike, _send(connection, _updates, [masked[slot][0] for slot in alike], values), strict=True
        ):
            done[slot] = rows
    for slot in (slot for slot in range(len(masked)) if slot not in alike):
        place, masks = masked[slot]
        done[slot] = mask_rows(connection, place.table, place.key_fields, place.keys, masks, place.where)
    return done


def _fits(connection: sa.Connection, places: Sequence[Place]) -> bool:
    """Whether one statement is possible, and worth it: a list of keys each that fits into one condition."""
    if connection.dialect.name != "postgresql" or len(places) < 2:
        return False
    return all(0 < len(one.keys) <= CHUNK and not any(None in key for key in one.keys) for one in places)


def _send(connection: sa.Connection, make: Any, places: Sequence[Place], values: Sequence[dict[str, Any]]) -> list[int]:
    parts, given, lasting = [], {}, True
    for slot, (place, new) in enumerate(zip(places, values, strict=True)):
        (one,) = picks(place.table, place.key_fields, place.keys, f"k{slot}")
        parts.append((place.table, one.condition, place.where, tuple(new)))
        given |= one.values | {f"set{slot}_{name}": value for name, value in new.items()}
        lasting = lasting and one.lasting
    statement = (make if lasting else make.__wrapped__)(tuple(parts))
    return list(connection.execute(statement, given).one())


@lru_cache(maxsize=512)
def _deletes(parts: tuple[_Part, ...]) -> Any:
    return _counted(_guarded(sa.delete(table).where(condition), guard) for table, condition, guard, _names in parts)


@lru_cache(maxsize=512)
def _updates(parts: tuple[_Part, ...]) -> Any:
    def update(slot: int, part: _Part) -> Any:
        table, condition, guard, names = part
        new = {table.c[name]: sa.bindparam(f"set{slot}_{name}", type_=table.c[name].type) for name in names}
        return _guarded(sa.update(table).where(condition).values(new), guard)

    return _counted(update(slot, part) for slot, part in enumerate(parts))


def _counted(changes: Any) -> Any:
    """One statement that carries all of them out and answers how many rows each of them changed."""
    done = [one.returning(sa.literal_column("1")).cte(f"done{slot}") for slot, one in enumerate(changes)]
    return sa.select(*(sa.select(sa.func.count()).select_from(one).scalar_subquery() for one in done))


def _guarded(statement: Any, guard: Guard) -> Any:
    return statement if guard is None else statement.where(guard)
