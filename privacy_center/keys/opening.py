"""Whether every sealed value opens: what `keys check` reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.keys.columns import SealedColumn, rows_of
from privacy_center.keys.keyring import Keyring
from privacy_center.keys.masters import Unreadable
from privacy_center.keys.subjects import Destroyed

BATCH = 500
NAMED = 20


@dataclass(slots=True)
class Opened:
    """One column: values that open, whose key was destroyed, that an old master key sealed; `closed`: rows that do not open
    (their number, and the keys of the first 20).
    """

    column: str
    opened: int = 0
    destroyed: int = 0
    stale: int = 0
    closed: int = 0
    named: list[str] = field(default_factory=list)


def open_everything(session: Session, keyring: Keyring, columns: Iterable[SealedColumn]) -> Iterator[Opened]:
    """Every column with what became of opening each of its values; the content goes nowhere."""
    for one in columns:
        found = Opened(one.name)
        for rows in rows_of(session, one, batch=BATCH):
            for row in rows:
                _try(keyring, one, row, found)
        yield found


def _try(keyring: Keyring, one: SealedColumn, row: Any, found: Opened) -> None:
    sealed = row[one.column.name]
    found.stale += keyring.is_stale(sealed)
    try:
        keyring.open_sealed(sealed, one.context(row))
        found.opened += 1
    except Destroyed:
        found.destroyed += 1
    except Unreadable:
        found.closed += 1
        if len(found.named) < NAMED:
            found.named.append(str(row[one.key.name]))
