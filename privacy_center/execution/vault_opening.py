"""Two people for the vault: one asks with a reason, another agrees, and whoever asked reads it once."""

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.execution.models import VaultOpening
from privacy_center.execution.vault import OPENERS, Opened, check_reason, open_vault, sealed_entries
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.models import PrivacyRequest

REASON = "vault_opening.reason"
LASTS = timedelta(hours=24)
"""So long a wish waits for the second person, and so long after that for the one look."""


def ask_to_open(
    session: Session, request: PrivacyRequest, *, by: StaffMember, reason: str, at: datetime
) -> VaultOpening:
    """Ask a second person to agree; an earlier wish of the same member that still waits is replaced.

    Refuses (403) roles that may not, (409) a request of which nothing is sealed, (422) an empty or long reason.
    """
    _refuse_role(by)
    check_reason(reason)
    if not sealed_entries(session, request):
        raise Refusal("这个申请没有封存的内容。", "Nothing of this request is sealed.")
    earlier = sa.delete(VaultOpening).where(VaultOpening.request_id == request.id, VaultOpening.asked_by == by.number)
    session.execute(earlier.where(VaultOpening.answered_at.is_(None)))
    sealed = seal_text(session, reason.strip(), REASON, subject=request.person_id)
    opening = VaultOpening(
        id=uuid.uuid4(), request_id=request.id, asked_by=by.number, asked_at=at, reason_sealed=sealed
    )
    session.add(opening)
    session.flush()
    _record(session, request, "vault.asked", by, opening, at)
    return opening


def answer_opening(
    session: Session, request: PrivacyRequest, opening: uuid.UUID, *, by: StaffMember, agreed: bool, at: datetime
) -> None:
    """Agree to a wish, or not; the first answer counts. Refuses (403) whoever asked and roles that may not, (409) what is
    answered or too old.
    """
    _refuse_role(by)
    found = _wish(session, request, opening)
    session.refresh(found, with_for_update=True)
    if found.asked_by in numbers_of(session, by):
        raise Refusal(
            "这是您自己提出的，要由另一个人同意。", "You asked for it yourself; somebody else must agree.", status=403
        )
    if found.answered_at is not None or at >= found.asked_at + LASTS:
        raise _too_late()
    found.second, found.agreed, found.answered_at = by.number, agreed, at
    session.flush()
    _record(session, request, "vault.agreed" if agreed else "vault.declined", by, found, at)


def read_opening(
    session: Session, request: PrivacyRequest, opening: uuid.UUID, *, by: StaffMember, at: datetime
) -> list[Opened]:
    """What is sealed, once, to whoever asked, within 24 hours of the second person's word; on record before it is shown."""
    found = _wish(session, request, opening)
    second = find_staff(session, found.second) if found.second else None
    ready = found.agreed and found.answered_at is not None and at < found.answered_at + LASTS
    if found.asked_by != by.number or not ready or second is None:
        raise _too_late()
    once = sa.update(VaultOpening).where(VaultOpening.id == found.id, VaultOpening.read_at.is_(None))
    if session.execute(once.values(read_at=at).execution_options(synchronize_session=False)).rowcount != 1:
        raise _too_late()
    return open_vault(session, request, by=by, second=second, reason=reason_of(session, found), at=at)


def openings_of(session: Session, request: PrivacyRequest, at: datetime) -> list[VaultOpening]:
    """The wishes that still wait for an answer or for the one look, oldest first."""
    since = sa.func.coalesce(VaultOpening.answered_at, VaultOpening.asked_at)
    mine = sa.select(VaultOpening).where(
        VaultOpening.request_id == request.id,
        VaultOpening.read_at.is_(None),
        VaultOpening.agreed.isnot(sa.false()),
        since > at - LASTS,
    )
    return list(session.scalars(mine.order_by(VaultOpening.asked_at)))


def reason_of(session: Session, opening: VaultOpening) -> str:
    """Why it is to be opened, in the words of whoever asked."""
    return show_text(session, opening.reason_sealed, REASON)


def _wish(session: Session, request: PrivacyRequest, opening: uuid.UUID) -> VaultOpening:
    found = session.get(VaultOpening, opening)
    if found is None or found.request_id != request.id:
        raise Refusal("没有这一条。", "There is no such entry.", status=404)
    return found


def _refuse_role(by: StaffMember) -> None:
    if not by.has(*OPENERS):
        raise Refusal(
            "打开封存内容要个人信息保护负责人或高级审核员。",
            "Opening the vault takes a privacy officer or a senior reviewer.",
            status=403,
        )


def _too_late() -> Refusal:
    return Refusal(
        "这次打开已经用过、被拒绝或过了 24 小时。需要的话，请重新提出。",
        "It has been used, declined or is older than 24 hours. Ask again if it is needed.",
    )


def _record(
    session: Session, request: PrivacyRequest, act: str, by: StaffMember, opening: VaultOpening, at: datetime
) -> None:
    record(
        session,
        actor=by.as_actor(),
        act=act,
        subject=request.person_id,
        request=request.reference,
        details={"opening": str(opening.id), "asked_by": opening.asked_by},
        at=at,
    )
