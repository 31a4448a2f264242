"""Looks that the data subject may not see for now: those of an open investigation, until it is lawful to tell.

Who hides says why; that something was hidden and lifted stands in the chain, what for does not.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.looks.entry import CASE
from privacy_center.looks.models import HiddenLook

REASON = "hidden_look.reason"
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class ShownHidden:
    """What is hidden, opened for staff. `ended`: its day has passed or it was lifted."""

    row: HiddenLook
    reason: str
    ended: bool


def hide(
    session: Session,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    case: str | None = None,
    seq: int | None = None,
    until: date | None = None,
    today: date,
) -> HiddenLook:
    """Hide the entries of a case (also those still to come), or one entry, until a day or until it is lifted.

    Refuses (422) no reason, a day that is not in the future, a case that can be none, an entry that is not there.
    """
    _check(session, reason, case, seq, until, today)
    row = HiddenLook(
        id=uuid.uuid4(),
        case=case,
        seq=None if case else seq,
        until=until,
        reason_sealed=seal_text(session, reason.strip(), REASON),
        hidden_by=actor.id,
        hidden_at=at,
    )
    session.add(row)
    told = {"hidden": str(row.id), "until": until.isoformat() if until else None}
    record(session, actor=actor, act="look.hidden", details=told, at=at)
    return row


def lift(session: Session, hidden: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Show it again, for good. Refuses (404) what is not hidden (any more)."""
    mine = sa.and_(HiddenLook.id == hidden, HiddenLook.lifted_at.is_(None))
    done = session.execute(sa.update(HiddenLook).where(mine).values(lifted_at=at, lifted_by=actor.id))
    if done.rowcount != 1:
        raise Refusal(
            "这一项已经不再隐藏。请刷新页面。", "This is not hidden any more. Load the page again.", status=404
        )
    record(session, actor=actor, act="look.lifted", details={"hidden": str(hidden)}, at=at)


def hidden_now(today: date) -> sa.ColumnElement[bool]:
    """Whether an entry is hidden on a local day: by its number, or by its case. Nobody hides what they did themselves."""
    active = sa.and_(HiddenLook.lifted_at.is_(None), sa.or_(HiddenLook.until.is_(None), HiddenLook.until >= today))
    same = sa.or_(HiddenLook.seq == AuditEntry.seq, HiddenLook.case == AuditEntry.request_reference)
    own = sa.and_(AuditEntry.actor_id == HiddenLook.hidden_by, AuditEntry.at <= HiddenLook.hidden_at)
    return sa.exists().where(active, same, sa.not_(own)).correlate(AuditEntry)


def all_hidden(session: Session, today: date, limit: int = 100) -> list[ShownHidden]:
    """What is or was hidden, the newest first."""
    newest = sa.select(HiddenLook).order_by(HiddenLook.hidden_at.desc()).limit(limit)
    return [
        ShownHidden(
            one,
            show_text(session, one.reason_sealed, REASON),
            one.lifted_at is not None or (one.until is not None and one.until < today),
        )
        for one in session.scalars(newest)
    ]


def _check(session: Session, reason: str, case: str | None, seq: int | None, until: date | None, today: date) -> None:
    if not 0 < len(reason.strip()) <= LONGEST:
        raise Refusal(
            "写明为什么现在不能让客户看到，最多 1000 字。",
            "Say why the customer must not see it now, in at most 1,000 characters.",
            status=422,
            field="reason",
        )
    if until is not None and until <= today:
        raise Refusal("写一个今天以后的日期，或不写。", "Give a day after today, or none.", status=422, field="until")
    known = case is not None and CASE.fullmatch(case)
    if not known and (seq is None or session.get(AuditEntry, seq) is None):
        raise Refusal(
            "写一个案件编号，或一条记录的序号。",
            "Give the reference of a case, or the number of an entry.",
            status=422,
            field="what",
        )
