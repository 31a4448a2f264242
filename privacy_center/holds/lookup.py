"""Which placed holds keep which records: asked by every plan, and again inside every transaction that changes records."""

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from privacy_center.db import Database
from privacy_center.errors import Words
from privacy_center.holds.models import PlacedHold, PlacedKey, PlacedRecords
from privacy_center.keys.canonical import canonical_text
from privacy_center.keys.keyring import Keyring
from privacy_center.keys.sealing import open_json
from privacy_center.retention.verdict import Hold, Treatment
from privacy_center.sources.keys import pieces
from privacy_center.sources.row_keys import read_keys, write_keys
from privacy_center.sources.rows import Key
from privacy_center.sources.trouble import Unavailable

HoldsByRecord = Mapping[tuple[str, Key], tuple[Hold, ...]]
NONE_PLACED: HoldsByRecord = {}

KEY_CHANGED = Words(
    "{collection} 有人工保留的记录，但表的主键列已由 {before} 变为 {now}，无法核对哪些记录受保护，因此不作任何更改。请先恢复数据地图中的主键，或结束这些保留后重新设置。",
    "Records of {collection} are on hold, but its key columns changed from {before} to {now}, so it cannot be told which"
    " records are protected and none is changed. Restore the key in the data map, or end these holds and place them again.",
)


def key_hash(keyring: Keyring, collection: str, key: Key) -> str:
    """A keyed hash (hex) of one record; equal for equal collection (`dataset.name`) and key, and readable by nobody."""
    return keyring.keyed_hash(canonical_text([collection, *write_keys([key])]), "placed_hold")


def in_force(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions under which a placed hold protects on a local day."""
    return PlacedHold.ended_at.is_(None), sa.or_(PlacedHold.last_day.is_(None), PlacedHold.last_day >= today)


class HoldRegister:
    """The placed holds of one center. Reads our own database on a connection of its own and changes nothing.

    Whoever changes a company's records asks after these are locked: a hold that is placed first locks and reads the records
    after it was kept, so that it either finds them as they were or is refused.
    """

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    def on(
        self, records: Mapping[str, Iterable[Key]], key_fields: Mapping[str, tuple[str, ...]], today: date
    ) -> HoldsByRecord:
        """The placed holds by collection and key; records that none keeps are left out. `today`: local date.

        Refuses (`Unavailable`) a collection whose key columns are others than when a hold in it was placed.
        """
        if not records:
            return {}
        with self._database.looking() as session:
            placed = session.execute(
                sa.select(PlacedRecords.collection, PlacedRecords.key_fields)
                .join(PlacedHold, PlacedHold.id == PlacedRecords.hold_id)
                .where(*in_force(today))
            ).all()
            concerned = {collection for collection, _ in placed} & records.keys()
            for collection, names in placed:
                if collection in concerned:
                    _refuse_other_key(collection, names, key_fields[collection])
            hashes = {
                key_hash(self._keyring, collection, key): (collection, key)
                for collection in concerned
                for key in records[collection]
            }
            found: dict[tuple[str, Key], tuple[Hold, ...]] = {}
            for chunk in pieces(list(hashes)):
                for hashed, hold, fields in session.execute(_holding(chunk, today)):
                    found[hashes[hashed]] = (*found.get(hashes[hashed], ()), as_hold(hold, fields))
        return found

    def collections(self) -> frozenset[str]:
        """The collections in which a placed hold has not ended."""
        wanted = sa.select(PlacedRecords.collection).join(PlacedHold, PlacedHold.id == PlacedRecords.hold_id)
        with self._database.looking() as session:
            return frozenset(session.scalars(wanted.where(PlacedHold.ended_at.is_(None)).distinct()))

    def keys_in(self, collection: str, today: date) -> list[Key]:
        """Every record of a collection that a placed hold keeps on a local day, whether a plan knows it or not."""
        wanted = sa.select(PlacedRecords).join(PlacedHold, PlacedHold.id == PlacedRecords.hold_id)
        with self._database.looking() as session:
            kept = session.scalars(wanted.where(PlacedRecords.collection == collection, *in_force(today)))
            opened = [open_json(session, one.keys_sealed, f"placed_hold:{one.id}") for one in kept]
        return list(dict.fromkeys(key for written in opened for key in read_keys(written)))


def _refuse_other_key(collection: str, before: list[str], now: tuple[str, ...]) -> None:
    if tuple(before) != tuple(now):
        names = {"before": ", ".join(before), "now": ", ".join(now)}
        raise Unavailable(KEY_CHANGED.filled(collection=collection, **names))


def _holding(hashes: Iterable[str], today: date) -> sa.Select[tuple[str, PlacedHold, list[str]]]:
    return (
        sa.select(PlacedKey.key_hash, PlacedHold, PlacedRecords.fields)
        .join(PlacedRecords, PlacedRecords.id == PlacedKey.records_id)
        .join(PlacedHold, PlacedHold.id == PlacedRecords.hold_id)
        .where(PlacedKey.key_hash.in_(hashes), *in_force(today))
        .order_by(PlacedHold.placed_at, PlacedHold.id)
    )


def as_hold(placed: PlacedHold, fields: Iterable[str] = ()) -> Hold:
    """A placed hold as it stands among the holds that rules make on a record."""
    return Hold(
        rule=placed.rule,
        title=placed.words.title,
        customer=Words.read(placed.customer),
        authority=placed.words.authority,
        citation=Words.read(" ".join(part for part in (placed.authority, placed.matter) if part) or "—"),
        treatment=Treatment.RESTRICT,
        until=placed.last_day,
        event=None if placed.last_day else Words.read(placed.ends_when),
        needs=tuple(fields),
    )
