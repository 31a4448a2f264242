"""A new master key while everything runs: keys of data subjects are wrapped anew, what belongs to nobody is sealed anew.

What a person's own key sealed stays as it is. Each batch is a transaction of its own, and what is left is found by looking:
a rotation that was killed goes on where it stood. A value that somebody changes meanwhile is left to the next pass.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.db import Database
from privacy_center.keys.columns import SealedColumn, rows_of
from privacy_center.keys.files import add_key
from privacy_center.keys.keyring import Keyring
from privacy_center.keys.masters import HEADER, VERSION, Unreadable, header_of

BATCH = 200
SETTLES = 2.0  # seconds in which whoever had sealed with the old key just before has written it down
FIXED = frozenset({"audit_entry"})
"""Tables that nothing may change: what they hold is sealed by data subjects' own keys only."""


@dataclass(slots=True)
class Rotated:
    """What a rotation did. `resumed`: it finished an earlier one and made no new key. `closed`: values that do not open."""

    key: int
    resumed: bool
    subject_keys: int = 0
    values: int = 0
    closed: set[str] = field(default_factory=set)


def rotate(database: Database, keyring: Keyring, columns: Iterable[SealedColumn], settles: float = SETTLES) -> Rotated:
    """Make a new master key, unless an earlier rotation is unfinished, and bring everything under the newest one.

    Others may work meanwhile: they see the new key file at their next seal. Ends when a whole pass, begun `settles`
    seconds after the one before, finds nothing of an older key.
    """
    columns = [one for one in columns if one.table.name not in FIXED]
    resumed = is_unfinished(database, keyring, columns)
    if not resumed:
        add_key(keyring.folder, "seal", keyring.settings.kek)
    done = Rotated(keyring.active, resumed)
    while _pass(database, keyring, columns, done):
        pass
    time.sleep(settles)
    while _pass(database, keyring, columns, done):
        pass
    return done


def is_unfinished(database: Database, keyring: Keyring, columns: Iterable[SealedColumn]) -> bool:
    """Whether anything is still under an older master key than the newest."""
    if keyring.store.wrapped_by_others(keyring.active, 1):
        return True
    with database.reading() as session:
        return any(
            session.execute(sa.select(one.key).where(stale(one, keyring.active)).limit(1)).first() for one in columns
        )


def stale(one: SealedColumn, active: int) -> sa.ColumnElement[bool]:
    """The values that an older master key than `active` sealed itself."""
    head = sa.func.substr(one.column, 1, HEADER, type_=sa.LargeBinary)
    version = sa.func.substr(one.column, 1, 1, type_=sa.LargeBinary)
    return sa.and_(version == bytes([VERSION]), head != header_of(active))


def old_key_files(keyring: Keyring) -> list[str]:
    """The files of master keys that nothing refers to once a rotation has ended."""
    numbers = range(1, keyring.active)
    return [f"seal-{number}.key" for number in numbers if (keyring.folder / f"seal-{number}.key").exists()]


def _pass(database: Database, keyring: Keyring, columns: Iterable[SealedColumn], done: Rotated) -> int:
    found = 0
    while wrapped := keyring.subjects.wrap_anew(BATCH):
        done.subject_keys += wrapped
        found += wrapped
    for one in columns:
        sealed = _seal_anew(database, keyring, one, done)
        done.values += sealed
        found += sealed
    return found


def _seal_anew(database: Database, keyring: Keyring, one: SealedColumn, done: Rotated) -> int:
    changed = 0
    with database.reading() as session:
        for rows in rows_of(session, one, stale(one, keyring.active), batch=BATCH):
            session.rollback()  # a look that lasts holds nobody up
            with database.transaction() as writing:
                changed += sum(_seal_row(writing, keyring, one, row, done) for row in rows)
    return changed


def _seal_row(session: Session, keyring: Keyring, one: SealedColumn, row: Any, done: Rotated) -> int:
    old, context = row[one.column.name], one.context(row)
    try:
        new = keyring.seal(keyring.open_sealed(old, context), context)
    except Unreadable:
        done.closed.add(f"{one.name} {row[one.key.name]}")
        return 0
    mine = sa.update(one.table).where(one.key == row[one.key.name], one.column == old)
    return session.execute(mine.values({one.column: new})).rowcount  # type: ignore[attr-defined,no-any-return]
