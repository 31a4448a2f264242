"""Holds by hand and the records that are already in the register, or about to be changed by a run at this very moment."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.execution.held import keys_held, rules_key
from privacy_center.execution.models import HeldRows
from privacy_center.execution.office import Office
from privacy_center.holds.end import confirm_end, end_hold
from privacy_center.holds.lookup import as_hold
from privacy_center.holds.models import PlacedHold
from privacy_center.holds.place import REVIEW_DAYS, NewHold, Placing, Records, note_hold_event, place_hold
from privacy_center.holds.queries import find_hold, keys_placed, records_of
from privacy_center.keys.sealing import seal_json_like
from privacy_center.keys.subjects import Destroyed
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.ground import Ground
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.deletable_from import deletable_from
from privacy_center.retention.verdict import Hold, latest_end_first
from privacy_center.sources.keys import rows_with
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Key

Contents = dict[tuple[str, Key], tuple[object, ...]]


def hold_records(
    office: Office,
    wanted: NewHold,
    records: Mapping[str, Records],
    *,
    by: StaffMember,
    request_id: uuid.UUID | None = None,
) -> uuid.UUID:
    """Place a hold on records as they are now; returns its id.

    Refuses (409) where a record was deleted or changed while the hold was being placed: it is read before the hold is kept,
    and again after, locked, so that a run that had not yet asked about it is over or finds the hold. Refuses (422) a field that
    the data map does not know.
    """
    for collection, one in records.items():
        _check_fields(office, collection, one.fields)
    before = _read(office, records)
    missing = sum(len(set(one.keys)) for one in records.values()) - len(before)
    if missing:
        raise _gone(missing)
    with office.database.transaction() as session:
        at = clock.now()
        request = session.get(PrivacyRequest, request_id) if request_id else None
        hold = place_hold(session, wanted, records, Placing(by, at, office.today(at), request))
        join_register(session, hold, office.today(at))
        hold_id = hold.id
    after = _read(office, records, lock=True)
    changed = sum(1 for record, content in before.items() if after.get(record) != content)
    if changed:
        with office.database.transaction() as session:
            hold = find_hold(session, hold_id)
            hold.ended_by, hold.ended_at = by.number, clock.now()
            note_hold_event(session, hold, "not_placed", by=by, at=clock.now())
        raise _gone(changed)
    return hold_id


def end_placed(session: Session, hold: PlacedHold, *, by: StaffMember, reason: str, at: datetime) -> bool:
    """End a hold, or propose that where it takes two people (`end_hold`), and take it off the register. Returns whether it has ended."""
    ended = end_hold(session, hold, by=by, reason=reason, at=at)
    if ended:
        leave_register(session, hold)
    return ended


def settle_end(session: Session, hold: PlacedHold, *, by: StaffMember, agree: bool, at: datetime) -> None:
    """The second person agrees that a hold ends (`confirm_end`), and it leaves the register; or keeps it."""
    confirm_end(session, hold, by=by, agree=agree, at=at)
    if agree:
        leave_register(session, hold)


def _check_fields(ground: Ground, collection: str, fields: Iterable[str]) -> None:
    unknown = sorted(set(fields) - ground.data_map.collections[collection].fields.keys())
    if unknown:
        raise Refusal(
            f"数据地图里，{collection} 没有字段 {', '.join(unknown)}。",
            f"In the data map, {collection} has no field {', '.join(unknown)}.",
            status=422,
            field="hold_records",
        )


def _gone(count: int) -> Refusal:
    return Refusal(
        f"有 {count} 条记录刚刚已被删除或更改，没有设置保留。请刷新页面，核对后重新选择。",
        f"{count} of the records have just been deleted or changed, so no hold was placed. Reload the page and choose again.",
        field="hold_records",
    )


def _read(ground: Ground, records: Mapping[str, Records], *, lock: bool = False) -> Contents:
    """Every record as it stands; `lock`: after whoever changes it now has ended."""
    found: Contents = {}
    for collection, one in records.items():
        dataset = collection.split(".", 1)[0]
        may_lock = lock and ground.sources.access(dataset) == "write"
        engine = ground.sources.changing(dataset) if may_lock else ground.sources.engine(dataset)
        table = ground.sources.table(collection)
        keys = [table.c[name] for name in one.key_fields]
        with engine.begin() as connection:
            for condition in rows_with(table, one.key_fields, dict.fromkeys(one.keys)):
                wanted = sa.select(*keys, *table.c).where(condition)
                for row in connection.execute(wanted.with_for_update() if may_lock else wanted):
                    found[collection, tuple(row[: len(keys)])] = tuple(row[len(keys) :])
    return found


def join_register(session: Session, hold: PlacedHold, today: date) -> None:
    """Add a placed hold to the register entries of its records; other records of an entry get an entry of their own."""
    for records in records_of(session, hold.id):
        joined = as_hold(hold, records.fields)
        placed = set(keys_placed(session, records))
        for entry in _open_in(session, records.collection):
            try:
                keys = keys_held(session, entry)
            except Destroyed:
                continue
            concerned = [key for key in keys if key in placed]
            if concerned and len(concerned) < len(keys):
                entry = _split(session, entry, concerned, [key for key in keys if key not in placed])
            if concerned:
                _join(entry, joined, today)
    session.flush()


def leave_register(session: Session, hold: PlacedHold) -> None:
    """Take an ended hold off the entries that no sweep ever moves: records that are not surely the customer's."""
    for records in records_of(session, hold.id):
        for entry in _open_in(session, records.collection):
            if entry.ownership != "own" and any(stored["rule"] == hold.rule for stored in entry.holds):
                _set_holds(entry, [Hold.read(one) for one in entry.holds if one["rule"] != hold.rule])


def _open_in(session: Session, collection: str) -> list[HeldRows]:
    wanted = sa.select(HeldRows).where(HeldRows.collection == collection, HeldRows.released_at.is_(None))
    return list(session.scalars(wanted))


def _split(session: Session, entry: HeldRows, taken: list[Key], left: list[Key]) -> HeldRows:
    """An entry of its own for some of the rows of an entry."""
    copied = {
        column.key: getattr(entry, column.key) for column in sa.inspect(HeldRows).column_attrs if column.key != "id"
    }
    own = HeldRows(id=uuid.uuid4(), **copied)
    own.row_count, own.released_count, own.deleted_count = len(taken), 0, 0
    own.keys_sealed = seal_json_like(session, write_keys(taken), f"held:{own.id}", entry.keys_sealed)
    entry.row_count -= len(taken)
    entry.keys_sealed = seal_json_like(session, write_keys(left), f"held:{entry.id}", entry.keys_sealed)
    session.add(own)
    return own


def _join(entry: HeldRows, hold: Hold, today: date) -> None:
    others = [Hold.read(stored) for stored in entry.holds if stored["rule"] != hold.rule]
    _set_holds(entry, sorted((hold, *others), key=latest_end_first))
    entry.review_on = entry.review_on or today + timedelta(days=REVIEW_DAYS)


def _set_holds(entry: HeldRows, holds: list[Hold]) -> None:
    entry.holds = [one.as_json() for one in holds]
    ends = deletable_from(entry.holds)
    entry.rules, entry.free_from = rules_key(entry.holds), ends.day
    entry.awaits_event = not ends.day or bool(ends.events)
