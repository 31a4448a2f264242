"""Looks that the data subject may not see for now, because a law says so, until a day.

Who wants it names the lawful ground and why; nothing is hidden before a second person has read that and agreed. That
something was hidden and lifted stands in the chain, what for does not.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.looks.entry import CASE
from privacy_center.looks.models import HiddenLook
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import StaffMember

REASON = "hidden_look.reason"
LONGEST = 1_000
LONGEST_HIDDEN = timedelta(days=90)
"""A choice of ours: then somebody looks again whether it is still lawful, and asks again if it is."""
GROUNDS = {
    "secrecy": Words("法律、行政法规要求保密（个人信息保护法第十八条）", "A law requires secrecy (PIPL art. 18)"),
    "authority": Words(
        "告知会妨碍国家机关履行法定职责，有来函（个人信息保护法第三十五条）",
        "Telling would hinder a state organ in its duty, and it has written (PIPL art. 35)",
    ),
}


@dataclass(frozen=True, slots=True)
class ShownHidden:
    """What is hidden, opened for staff. `waiting`: for the second person; `ended`: its day has passed or it was lifted."""

    row: HiddenLook
    ground: Words
    reason: str
    waiting: bool
    ended: bool


def hide(
    session: Session,
    *,
    ground: str,
    reason: str,
    actor: Actor,
    at: datetime,
    case: str | None = None,
    seq: int | None = None,
    until: date | None,
    today: date,
) -> HiddenLook:
    """Ask to hide the entries of a case (also those still to come), or one entry, until a day; `agree` makes it so.

    Refuses (422) no lawful ground, no reason, no day or one that is not within 90 days, a case that can be none, an entry
    that is not there.
    """
    what = {"case": case, "seq": seq}
    refuse_wrong(wrong_wish(session, **what, ground=ground, reason=reason, until=until, today=today))
    assert until is not None, "a wish without a day is wrong"
    row = HiddenLook(
        id=uuid.uuid4(),
        case=case,
        seq=None if case else seq,
        until=until,
        ground=ground,
        reason_sealed=seal_text(session, reason.strip(), REASON),
        hidden_by=actor.id,
        hidden_at=at,
    )
    session.add(row)
    told = {"hidden": str(row.id), "until": until.isoformat(), "ground": ground}
    record(session, actor=actor, act="look.hiding_asked", details=told, at=at)
    return row


def agree(session: Session, hidden: uuid.UUID, *, by: StaffMember, at: datetime, today: date) -> None:
    """The second person agrees, and from now on it is hidden.

    Refuses (404) what does not wait (any more), (403) whoever asked for it, under any of their staff numbers.
    """
    row = session.get(HiddenLook, hidden, with_for_update=True)
    if row is None or row.agreed_at is not None or row.lifted_at is not None or row.until < today:
        raise Refusal(
            "这一项已经不在等同意。请刷新页面。", "This does not wait any more. Load the page again.", status=404
        )
    if row.hidden_by in numbers_of(session, by):
        raise Refusal(
            "这一项是您提出的，须由另一个人同意。请转给同事。",
            "You asked for this yourself; somebody else must agree. Hand it to a colleague.",
            status=403,
        )
    row.agreed_by, row.agreed_at = by.number, at
    record(session, actor=by.as_actor(), act="look.hidden", details={"hidden": str(row.id)}, at=at)


def lift(session: Session, hidden: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """Show it again, for good, or decline what waits. Refuses (404) what is not hidden (any more)."""
    mine = sa.and_(HiddenLook.id == hidden, HiddenLook.lifted_at.is_(None))
    done = session.execute(sa.update(HiddenLook).where(mine).values(lifted_at=at, lifted_by=actor.id))
    if done.rowcount != 1:
        raise Refusal(
            "这一项已经不再隐藏。请刷新页面。", "This is not hidden any more. Load the page again.", status=404
        )
    record(session, actor=actor, act="look.lifted", details={"hidden": str(hidden)}, at=at)


def hidden_now(today: date) -> sa.ColumnElement[bool]:
    """Whether an entry is hidden on a local day: by its number, or by its case. Nobody hides what they did themselves, and
    nobody agrees to that.
    """
    agreed = sa.and_(HiddenLook.agreed_at.is_not(None), HiddenLook.lifted_at.is_(None), HiddenLook.until >= today)
    same = sa.or_(HiddenLook.seq == AuditEntry.seq, HiddenLook.case == AuditEntry.request_reference)
    theirs = sa.or_(AuditEntry.actor_id == HiddenLook.hidden_by, AuditEntry.actor_id == HiddenLook.agreed_by)
    own = sa.and_(theirs, AuditEntry.at <= HiddenLook.agreed_at)
    return sa.exists().where(agreed, same, sa.not_(own)).correlate(AuditEntry)


def all_hidden(session: Session, today: date, limit: int = 100) -> list[ShownHidden]:
    """What is or was hidden, the newest first."""
    newest = sa.select(HiddenLook).order_by(HiddenLook.hidden_at.desc()).limit(limit)
    return [
        ShownHidden(
            one,
            GROUNDS.get(one.ground) or Words.read(one.ground),
            show_text(session, one.reason_sealed, REASON),
            waiting=one.agreed_at is None,
            ended=one.lifted_at is not None or one.until < today,
        )
        for one in session.scalars(newest)
    ]


def wrong_wish(
    session: Session, *, case: str | None, seq: int | None, ground: str, reason: str, until: date | None, today: date
) -> dict[str, Words]:
    """Everything that is wrong with a wish to hide something, by field in the order of the form."""
    wrong = {}
    known = case is not None and CASE.fullmatch(case)
    if not known and (seq is None or session.get(AuditEntry, seq) is None):
        wrong["what"] = Words(
            "写一个案件编号，或一条记录的序号。", "Give the reference of a case, or the number of an entry."
        )
    if until is None or not today < until <= today + LONGEST_HIDDEN:
        wrong["until"] = Words(
            "写一个今天以后、90 天以内的日期。到期仍须保密的，再提出一次。",
            "Give a day after today and within 90 days. If it must stay hidden then, ask again.",
        )
    if ground not in GROUNDS:
        wrong["ground"] = Words("选一下法律依据。", "Choose the lawful ground.")
    if not 0 < len(reason.strip()) <= LONGEST:
        wrong["reason"] = Words(
            "写明为什么现在不能让客户看到，最多 1000 字。",
            "Say why the customer must not see it now, in at most 1,000 characters.",
        )
    return wrong
