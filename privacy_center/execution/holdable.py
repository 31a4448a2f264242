"""The records that a hold can be placed on: those of a request's plan, those in its register, or one record named by its key."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.datamap.graph import DataMap
from privacy_center.errors import Refusal
from privacy_center.execution.held import keys_held, open_entries
from privacy_center.plans.freeze import current_plan, items_of, keys_in
from privacy_center.plans.ground import Ground
from privacy_center.plans.preview import is_about_nobody
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.sources.row_keys import plain_key
from privacy_center.sources.rows import Key, Ownership

_READERS: dict[type, Callable[[str], Any]] = {
    int: int,
    str: str,
    uuid.UUID: uuid.UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
}


@dataclass(slots=True)
class HoldableRecords:
    """Records of one collection (`dataset.name`) of a request. `name`: what forms call them."""

    name: str
    collection: str
    key_fields: tuple[str, ...]
    keys: list[Key] = field(default_factory=list)

    def key_written(self, text: str) -> Key | None:
        """The record whose key is written like this, parts joined by `/`; none where none is."""
        return next((key for key in self.keys if written_key(self.key_fields, key) == text), None)


def written_key(key_fields: tuple[str, ...], key: Key) -> str:
    """A row key in one word, its parts joined by `/`."""
    return "/".join(str(value) for value in plain_key(key_fields, key).values())


def holdable_records(session: Session, data_map: DataMap, request: PrivacyRequest) -> list[HoldableRecords]:
    """The records of the request's plan, as far as they are about a person; once it is answered, those still in the register."""
    kinds: dict[str, HoldableRecords] = {}

    def gather(name: str, collection: str, key_fields: Iterable[str], keys: list[Key]) -> None:
        kind = kinds.setdefault(collection, HoldableRecords(name, collection, tuple(key_fields)))
        present = set(kind.keys)
        kind.keys.extend(key for key in keys if key not in present)

    plan = current_plan(session, request.id)
    if request.state not in CLOSED and plan is not None:
        for item in items_of(session, plan.id):
            beside = is_about_nobody(data_map, item.collection, item.outcome)
            if item.ownership is not Ownership.THIRD_PARTY and not beside:
                gather(f"item-{item.id}", item.collection, item.key_fields, keys_in(session, item))
    else:
        for entry in open_entries(session, request_id=request.id):
            gather(f"held-{entry.id}", entry.collection, entry.key_fields, keys_held(session, entry))
    return list(kinds.values())


def find_record(ground: Ground, collection: str, text: str) -> Key:
    """The key of a record as it stands in the company's database, by its key in one word (parts joined by `/`).

    Refuses (404) one that is not there, or whose key cannot be read.
    """
    table, names = ground.sources.table(collection), ground.sources.key_fields(collection)
    parts = text.split("/") if len(names) > 1 else [text]
    missing = Refusal(
        f"{collection} 中没有主键为 {text} 的记录。", f"There is no record {text} in {collection}.", status=404
    )
    if len(parts) != len(names):
        raise missing
    columns = [table.c[name] for name in names]
    try:
        values = [_typed(column, part) for column, part in zip(columns, parts, strict=True)]
    except (ValueError, ArithmeticError):
        raise missing from None
    matches = [column == value for column, value in zip(columns, values, strict=True)]
    with ground.sources.engine(collection.split(".", 1)[0]).connect() as connection:
        row = connection.execute(sa.select(*columns).where(*matches)).first()
    if row is None:
        raise missing
    return tuple(row)


def _typed(column: sa.Column[Any], text: str) -> Any:
    try:
        return _READERS.get(column.type.python_type, str)(text)
    except NotImplementedError:
        return text
