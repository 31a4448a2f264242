"""Take single records out of a plan item, so that an item is again records that share everything."""

import json
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import keyring_of, seal_json_like
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Key

OF_ONE_ITEM = frozenset({"id", "position", "row_count", "keys_sealed", "keys_hash"})
"""What records that are taken out of an item do not share with it."""


def split_item(session: Session, item: PlanItem, groups: Sequence[Sequence[int]]) -> list[PlanItem]:
    """An item for each group of record numbers (from 1, in the order of the sealed keys); the rest stays in `item`.

    Where nothing would stay, the first group stays in `item` itself. Keys are sealed anew to the item they are now in, and
    `keys_hash` says which they are, for the signature. In the caller's transaction.
    """
    keys = keys_in(session, item)
    taken = {number for group in groups for number in group}
    rest = [key for number, key in enumerate(keys, start=1) if number not in taken]
    picked = [[keys[number - 1] for number in group] for group in groups]
    if not rest:
        rest, first, picked = picked[0], [item], picked[1:]
    else:
        first = []
    position = session.scalar(sa.select(sa.func.max(PlanItem.position)).where(PlanItem.plan_id == item.plan_id)) or 0
    made = [_take_out(session, item, part, position + place) for place, part in enumerate(picked, start=1)]
    _hold_only(session, item, rest)
    session.add_all(made)
    session.flush()
    return first + made


def keys_hash(session: Session, keys: Sequence[Key]) -> str:
    """A keyed hash of record keys: says whether two sets are the same, and nothing about a key."""
    written = json.dumps(write_keys(keys), ensure_ascii=False, separators=(",", ":"))
    return keyring_of(session).keyed_hash(written, "plan_item.keys")


def _take_out(session: Session, item: PlanItem, keys: list[Key], position: int) -> PlanItem:
    made = PlanItem(
        id=uuid.uuid4(),
        position=position,
        row_count=0,
        keys_sealed=item.keys_sealed,
        **{name: getattr(item, name) for name in _shared()},
    )
    _hold_only(session, made, keys)
    return made


def _shared() -> list[str]:
    return [one.key for one in sa.inspect(PlanItem).column_attrs if one.key not in OF_ONE_ITEM]


def _hold_only(session: Session, item: PlanItem, keys: list[Key]) -> None:
    """Let an item hold these records and no others."""
    context = f"plan:{item.plan_id}:{item.position}"
    item.keys_sealed = seal_json_like(session, write_keys(keys), context, item.keys_sealed)
    item.row_count, item.keys_hash = len(keys), keys_hash(session, keys)
