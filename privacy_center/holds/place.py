"""Place a hold by hand: from the moment it is kept, no plan of anybody changes what it holds."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.audit.at_end import record_at_end
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.holds.kinds import KINDS, PlacedKind
from privacy_center.holds.lookup import key_hash
from privacy_center.holds.models import PlacedHold, PlacedHoldEvent, PlacedKey, PlacedRecords
from privacy_center.keys.sealing import keyring_of, seal_json, seal_text
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Key

REVIEW_DAYS = 90
"""A hold is reviewed after 90 days where no other day was chosen."""

LONGEST_REVIEW = timedelta(days=366)
LONGEST_TEXT, LONGEST_NAME = 1_000, 120
REASON, END_REASON, EVENT_REASON = "placed_hold.reason", "placed_hold.end_reason", "placed_hold_event.reason"


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one collection to hold. `fields`: only these; none named means the whole record."""

    key_fields: tuple[str, ...]
    keys: Sequence[Key]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewHold:
    """What a member of staff says of a hold. `reason` is for staff; `customer` and `ends_when` are what customers read, and
    the words of the kind stand where they are empty. `authority` and `matter`: who ordered it, and the case or file number.
    """

    kind: PlacedKind
    reason: str
    customer: str | Words = ""
    ends_when: str = ""
    owner: str = ""
    authority: str = ""
    matter: str = ""
    review_on: date | None = None
    last_day: date | None = None

    def wrong(self, today: date) -> dict[str, Words]:
        """What stands in the way, by field: no reason, no matter where one is needed, days that cannot be."""
        wrong: dict[str, Words] = {}
        if not 0 < len(self.reason.strip()) <= LONGEST_TEXT:
            wrong["hold_reason"] = Words(
                f"请写明保留原因，最多 {LONGEST_TEXT} 字。",
                f"Enter the reason for the hold, up to {LONGEST_TEXT} characters.",
            )
        for name in ("customer", "ends_when"):
            if len(Words.read(getattr(self, name)).zh) > LONGEST_TEXT:
                wrong[f"hold_{name}"] = Words(f"最多 {LONGEST_TEXT} 字。", f"At most {LONGEST_TEXT} characters.")
        for name in ("authority", "matter", "owner"):
            if len(getattr(self, name)) > LONGEST_NAME:
                wrong[f"hold_{name}"] = Words(f"最多 {LONGEST_NAME} 字。", f"At most {LONGEST_NAME} characters.")
        if KINDS[self.kind].needs_matter and not self.matter.strip():
            wrong["hold_matter"] = Words("请填写案号或文号。", "Enter the case or file number.")
        if self.kind is PlacedKind.AUTHORITY_ORDER and not self.authority.strip():
            wrong["hold_authority"] = Words("请填写提出要求的机关。", "Enter the authority that ordered it.")
        if self.review_on is not None and not today < self.review_on <= today + LONGEST_REVIEW:
            wrong["hold_review_on"] = Words(
                "审查日期须在明天至一年内。", "Choose a review date from tomorrow up to one year ahead."
            )
        if self.last_day is not None and self.last_day < today:
            wrong["hold_last_day"] = Words("最后一天不能早于今天。", "The last day cannot be before today.")
        return wrong


@dataclass(slots=True)
class Placing:
    """Who places a hold, when, on which local day, and in which request, if in one."""

    by: StaffMember
    at: datetime
    today: date
    request: PrivacyRequest | None = None


def place_hold(session: Session, wanted: NewHold, records: Mapping[str, Records], placing: Placing) -> PlacedHold:
    """Keep a hold on records by collection (`dataset.name`), in the caller's transaction, with its audit entry.

    Ownership does not matter: records of several people may be held. Refuses (422) an incomplete form and no records.
    """
    refuse_wrong(wanted.wrong(placing.today))
    chosen = {collection: one for collection, one in records.items() if one.keys}
    if not chosen:
        raise Refusal(
            "请至少选择一条要保留的记录。", "Choose at least one record to hold.", status=422, field="hold_records"
        )
    hold = _make(session, wanted, placing)
    session.add(hold)
    session.flush()
    for collection, one in sorted(chosen.items()):
        _add_records(session, hold, collection, one)
    rows = {collection: len(one.keys) for collection, one in sorted(chosen.items())}
    note_hold_event(
        session, hold, "placed", by=placing.by, at=placing.at, details={"rows": rows}, request=placing.request
    )
    session.flush()
    return hold


def _make(session: Session, wanted: NewHold, placing: Placing) -> PlacedHold:
    words = KINDS[wanted.kind]
    customer = Words.read(wanted.customer) if wanted.customer else words.customer
    ends_when = Words.read(wanted.ends_when.strip()) if wanted.ends_when.strip() else words.ends_when
    return PlacedHold(
        id=uuid.uuid4(),
        request_id=placing.request.id if placing.request else None,
        kind=wanted.kind,
        reason_sealed=seal_text(session, wanted.reason.strip(), REASON),
        customer=customer.as_json(),
        ends_when=ends_when.as_json(),
        owner=wanted.owner.strip() or placing.by.number,
        authority=wanted.authority.strip(),
        matter=wanted.matter.strip(),
        placed_by=placing.by.number,
        placed_at=placing.at,
        review_on=wanted.review_on or placing.today + timedelta(days=REVIEW_DAYS),
        last_day=wanted.last_day,
    )


def _add_records(session: Session, hold: PlacedHold, collection: str, records: Records) -> None:
    records_id, keys = uuid.uuid4(), list(dict.fromkeys(records.keys))
    session.add(
        PlacedRecords(
            id=records_id,
            hold_id=hold.id,
            collection=collection,
            fields=list(records.fields),
            key_fields=list(records.key_fields),
            row_count=len(keys),
            keys_sealed=seal_json(session, write_keys(keys), f"placed_hold:{records_id}"),
        )
    )
    session.flush()
    keyring = keyring_of(session)
    session.add_all(PlacedKey(records_id=records_id, key_hash=key_hash(keyring, collection, key)) for key in keys)


def note_hold_event(
    session: Session,
    hold: PlacedHold,
    act: str,
    *,
    by: StaffMember | None,
    at: datetime,
    details: Mapping[str, object] | None = None,
    reason: str = "",
    request: PrivacyRequest | None = None,
) -> None:
    """Add to the history of a hold and to the audit trail; with `request` also to that request's timeline, for staff."""
    session.add(
        PlacedHoldEvent(
            hold_id=hold.id,
            at=at,
            by=by.number if by else "system",
            act=act,
            details=dict(details or {}),
            reason_sealed=seal_text(session, reason, EVENT_REASON) if reason else None,
        )
    )
    audited = {"hold": str(hold.id), "kind": hold.kind.value, **(details or {})}
    if request is not None and by is not None:
        note_event(
            session, request, f"hold_{act}", actor=by.as_actor(), at=at, details=audited, audited=audited, visible=False
        )
        return
    actor = by.as_actor() if by else Actor("system", "holds")
    record_at_end(session, actor=actor, act=f"hold.{act}", details=audited, at=at)
