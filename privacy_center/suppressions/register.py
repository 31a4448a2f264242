"""Suppressions: kept when an erasure takes away a "no", asked before marketing is sent, ended when somebody agrees anew."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.datamap.marketing_refusal import EVERY_CHANNEL
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_text
from privacy_center.sources.keys import pieces
from privacy_center.suppressions.contacts import HashedContact
from privacy_center.suppressions.models import Suppression, SuppressionSource

REASON, REMOVAL_REASON = "suppression.reason", "suppression.removal_reason"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class SuppressionAnswer:
    """What is known of one contact. `channels`: those refused, of what was asked; empty: every channel. `since`: the earliest."""

    suppressed: bool
    channels: tuple[str, ...] = ()
    since: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        """`channels`: those refused, `["*"]` for every channel. `since`: a day (UTC)."""
        if not self.suppressed:
            return {"suppressed": False, "channels": [], "since": None}
        since = self.since.date().isoformat() if self.since else None
        return {"suppressed": True, "channels": list(self.channels) or ["*"], "since": since}


def keep_refusals(
    session: Session, request_id: uuid.UUID, refused: Iterable[tuple[HashedContact, str]], at: datetime
) -> int:
    """Keep what an erasure found refused (contact, channel); safe to repeat. What this request has written is never written
    again, also where it was removed since. Answers how many are new.
    """
    mine = sa.select(Suppression.value_index, Suppression.channel).where(Suppression.request_id == request_id)
    known = {(bytes(index), channel) for index, channel in session.execute(mine)}
    fresh = {(one.index, channel): one.kind for one, channel in refused if (one.index, channel) not in known}
    session.add_all(
        Suppression(
            kind=kind,
            value_index=index,
            channel=channel,
            added_at=at,
            source=SuppressionSource.ERASURE,
            request_id=request_id,
            added_by="execution",
        )
        for (index, channel), kind in sorted(fresh.items())
    )
    session.flush()
    return len(fresh)


def look_up(
    session: Session, contacts: Sequence[HashedContact], channel: str = EVERY_CHANNEL
) -> list[SuppressionAnswer]:
    """Whether each contact is suppressed, in the order asked. Without a channel, any refusal counts; with one, refusals of it
    and of every channel.
    """
    found: dict[bytes, list[Suppression]] = {}
    for part in pieces([one.index for one in contacts]):
        wanted = sa.select(Suppression).where(Suppression.value_index.in_(part), Suppression.removed_at.is_(None))
        for one in session.scalars(wanted):
            if channel in (EVERY_CHANNEL, one.channel) or one.channel == EVERY_CHANNEL:
                found.setdefault(bytes(one.value_index), []).append(one)
    return [_answer(found.get(one.index, ())) for one in contacts]


def add_suppression(
    session: Session,
    contact: HashedContact,
    channel: str,
    *,
    source: SuppressionSource,
    actor: Actor,
    reason: str,
    at: datetime,
) -> bool:
    """Suppress a contact because somebody says so; False where it already is. Refuses (422) no reason. On the record."""
    _check_reason(reason)
    if any(one.channel in (channel, EVERY_CHANNEL) for one in _active(session, contact)):
        return False
    session.add(
        Suppression(
            kind=contact.kind,
            value_index=contact.index,
            channel=channel,
            added_at=at,
            source=source,
            added_by=actor.id,
            reason_sealed=seal_text(session, reason.strip(), REASON),
        )
    )
    details = {"kind": contact.kind, "marketing_channel": channel or "*", "entries": 1}
    record(session, actor=actor, act="suppression.added", details=details, at=at)
    return True


def remove_suppression(
    session: Session, contact: HashedContact, channel: str, *, actor: Actor, reason: str, at: datetime
) -> int:
    """End the suppression of a contact that agreed anew; without a channel, of all of them. Answers how many entries ended.

    Refuses (422) no reason, and (409) one channel of a contact that refused every channel. On the record.
    """
    _check_reason(reason)
    active = _active(session, contact)
    if channel and any(one.channel == EVERY_CHANNEL for one in active):
        raise Refusal(
            "这个联系方式拒绝的是所有渠道，不能只放开一个。本人重新同意后，请不写渠道，整条解除；其余渠道的选择记在贵公司自己的系统里。",
            "This contact refused every channel, so one cannot be freed alone. Once the person has agreed anew, remove it without "
            "a channel, and keep their other choices in the company's own system.",
        )
    ended = [one for one in active if channel in (EVERY_CHANNEL, one.channel)]
    for one in ended:
        one.removed_at, one.removed_by = at, actor.id
        one.removal_reason_sealed = seal_text(session, reason.strip(), REMOVAL_REASON)
    if ended:
        details = {"kind": contact.kind, "marketing_channel": channel or "*", "entries": len(ended)}
        record(session, actor=actor, act="suppression.removed", details=details, at=at)
    return len(ended)


def record_check(
    session: Session, actor: Actor, answers: Collection[SuppressionAnswer], channel: str, at: datetime
) -> None:
    """Put on the record that a system or a person asked: how many contacts, and how many are suppressed; never which."""
    details = {
        "contacts": len(answers),
        "suppressed": sum(one.suppressed for one in answers),
        "marketing_channel": channel or "*",
    }
    record(session, actor=actor, act="suppression.checked", details=details, at=at)


def count_suppressed(session: Session, request_id: uuid.UUID) -> int:
    """How many contacts a request has put among the suppressed, those that agreed anew left out."""
    mine = sa.select(sa.func.count(sa.distinct(Suppression.value_index))).where(
        Suppression.request_id == request_id, Suppression.removed_at.is_(None)
    )
    return session.scalar(mine) or 0


def forget_suppressions(session: Session, before: datetime) -> int:
    """Delete entries older than their period; answers how many."""
    return session.execute(sa.delete(Suppression).where(Suppression.added_at < before)).rowcount  # type: ignore[attr-defined]


def _active(session: Session, contact: HashedContact) -> list[Suppression]:
    wanted = sa.select(Suppression).where(Suppression.value_index == contact.index, Suppression.removed_at.is_(None))
    return list(session.scalars(wanted))


def _answer(found: Collection[Suppression]) -> SuppressionAnswer:
    if not found:
        return SuppressionAnswer(False)
    channels = {one.channel for one in found}
    named = () if EVERY_CHANNEL in channels else tuple(sorted(channels))
    return SuppressionAnswer(True, named, min(one.added_at for one in found))


def _check_reason(reason: str) -> None:
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Refusal(
            f"写明理由，最多 {LONGEST_REASON} 字，例如客户何时、以何种方式重新同意。",
            f"Write why, at most {LONGEST_REASON} characters: when and how the customer agreed anew, for instance.",
            status=422,
            field="reason",
        )
