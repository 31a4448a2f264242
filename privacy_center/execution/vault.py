"""The vault: values that a rule needs and nobody should read, opened by two people with a reason."""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import record
from privacy_center.audit.look import CONTENT
from privacy_center.errors import Refusal
from privacy_center.execution.models import VaultEntry
from privacy_center.keys.sealing import open_json, seal_json, seal_json_like
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.sources.row_keys import plain_key, read_keys
from privacy_center.sources.rows import Key

OPENERS = (Role.PRIVACY_OFFICER, Role.SENIOR_REVIEWER)
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """One sealed row: its key and its values by field, as text."""

    collection: str
    key: dict[str, Any]
    values: dict[str, Any]


def sealed_entries(session: Session, request: PrivacyRequest) -> list[tuple[PlanItem, VaultEntry]]:
    """What the vault holds of a request."""
    wanted = sa.select(PlanItem, VaultEntry).join(VaultEntry, VaultEntry.plan_item_id == PlanItem.id)
    found = session.execute(wanted.where(VaultEntry.request_id == request.id).order_by(PlanItem.position))
    return [(item, entry) for item, entry in found]


def open_vault(
    session: Session, request: PrivacyRequest, *, by: StaffMember, second: StaffMember, reason: str, at: datetime
) -> list[Opened]:
    """Read what is sealed of a request. Both people go into the audit trail first, with the reason (sealed).

    Refuses one person twice, roles that may not, and an empty reason.
    """
    if second.number in numbers_of(session, by) or not by.has(*OPENERS) or not second.has(*OPENERS):
        raise Refusal(
            "打开封存内容要两个人：个人信息保护负责人或高级审核员，且不是同一人。",
            "Opening the vault takes two different people, each a privacy officer or senior reviewer.",
        )
    check_reason(reason)
    why = seal_json(session, {"why": reason.strip()}, CONTENT, subject=request.person_id)
    record(
        session,
        actor=by.as_actor(),
        act="vault.opened",
        subject=request.person_id,
        request=request.reference,
        details={"second": second.number},
        content=why,
        at=at,
    )
    return [row for item, entry in sealed_entries(session, request) for row in _rows(session, item, entry)]


def check_reason(reason: str) -> None:
    """Refuses (422) no reason at all, or one of more than 500 characters."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Refusal(
            "写明打开的事由，最多 500 字。",
            "Write why it is opened, at most 500 characters.",
            status=422,
            field="reason",
        )


def destroy_sealed(
    session: Session,
    collection: str,
    keys: Collection[Key],
    *,
    request_id: uuid.UUID | None = None,
    items: Collection[uuid.UUID] | None = None,
) -> None:
    """Destroy what is sealed of these records, of a request or of these plan items; what an entry seals of others stays."""
    if not keys:
        return
    wanted = sa.select(VaultEntry).join(PlanItem, PlanItem.id == VaultEntry.plan_item_id)
    wanted = wanted.where(PlanItem.collection == collection)
    if request_id is not None:
        wanted = wanted.where(VaultEntry.request_id == request_id)
    if items is not None:
        wanted = wanted.where(VaultEntry.plan_item_id.in_(items))
    for entry in session.scalars(wanted):
        context = f"vault:{entry.plan_item_id}"
        sealed = open_json(session, entry.values_sealed, context)
        left = [written for written in sealed if read_keys(written)[0] not in keys]
        if not left:
            session.delete(entry)
        elif len(left) < len(sealed):
            entry.values_sealed = seal_json_like(session, left, context, entry.values_sealed)


def _rows(session: Session, item: PlanItem, entry: VaultEntry) -> Iterator[Opened]:
    for written in open_json(session, entry.values_sealed, f"vault:{item.id}"):
        key, values = read_keys(written)
        yield Opened(item.collection, plain_key(tuple(item.key_fields), key), plain_key(tuple(entry.fields), values))
