"""The looks at one person's data, as that person may see them."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from privacy_center.audit.models import AuditEntry
from privacy_center.audit.purposes import ACTS
from privacy_center.errors import Refusal
from privacy_center.looks.hidden import hidden_now
from privacy_center.looks.models import ReceivedLook
from privacy_center.people.models import PersonIdentity
from privacy_center.people.not_me.models import ContactChange


@dataclass(frozen=True, slots=True)
class MyLook:
    """One look: no name and no number of whoever looked. `data`: data categories of what was seen; `counts`: of
    others only names and numbers of rows were seen; the rest are codes.
    """

    seq: int
    at: datetime
    act: str
    department: str
    role: str
    purpose: str
    data: tuple[str, ...]
    counts: bool
    system: str
    channel: str
    case: str | None


def looks_at(
    session: Session,
    person: uuid.UUID,
    *,
    since: datetime,
    until: datetime,
    today: date,
    limit: int = 50,
    before: int | None = None,
) -> list[MyLook]:
    """The newest looks of staff in a period (moments, the end not included), newest first, without what is hidden."""
    found = sa.select(AuditEntry).where(*_mine(person, today), AuditEntry.at >= since, AuditEntry.at < until)
    if before is not None:
        found = found.where(AuditEntry.seq < before)
    return [_told(entry) for entry in session.scalars(found.order_by(AuditEntry.seq.desc()).limit(limit))]


def count_looks(session: Session, person: uuid.UUID, *, since: datetime, today: date) -> int:
    """How often staff looked since a moment: one statement, by the index of the person."""
    return session.scalar(counted(), {"person": person, "since": since, "today": today}) or 0


@lru_cache(maxsize=1)
def counted() -> sa.Select[tuple[int]]:
    """The statement of `count_looks`, built once: the home page asks it of everybody."""
    person, today = sa.bindparam("person", type_=sa.Uuid()), sa.bindparam("today", type_=sa.Date())
    since = sa.bindparam("since", type_=AuditEntry.at.type)
    return sa.select(sa.func.count()).select_from(AuditEntry).where(*_mine(person, today), AuditEntry.at >= since)


def look_of(session: Session, person: uuid.UUID, seq: int, today: date) -> MyLook:
    """One look; refuses (404) one that is not this person's, or is hidden, with the same words."""
    found = session.scalars(sa.select(AuditEntry).where(AuditEntry.seq == seq, *_mine(person, today))).one_or_none()
    if found is None:
        raise Refusal(
            "没有这条查看记录。请回到“谁看过我的信息”。",
            "There is no such entry. Go back to “Who looked at my data”.",
            status=404,
        )
    return _told(found)


def log_since(session: Session, today: date, months: int) -> date | None:
    """The first local day from which the page shows anything: the first entry, or as far back as the log is shown."""
    first = session.scalar(sa.select(AuditEntry.at).order_by(AuditEntry.seq).limit(1))
    return max(first.date(), today - timedelta(days=months * 31)) if first else None


def _mine(person: Any, today: Any) -> Sequence[sa.ColumnElement[bool]]:
    """What makes an entry theirs; looks into indexes joined, for with OR the whole record would be read."""
    about = aliased(AuditEntry)
    theirs = sa.union(sa.select(about.seq).where(about.subject_id == person), _named(person), _named_before(person))
    return (
        AuditEntry.seq.in_(theirs),
        AuditEntry.act.in_(list(ACTS)),
        AuditEntry.actor_kind == "staff",
        sa.not_(hidden_now(today)),
    )


def _named(person: Any) -> sa.Select[tuple[int]]:
    """What named a contact that nobody had proven then and that they have proven since; not one that somebody else gave up."""
    of_another = sa.exists().where(
        ContactChange.old_index == ReceivedLook.value_index,
        ContactChange.person_id != person,
        ContactChange.undone_at.is_(None),
    )
    found = sa.select(ReceivedLook.seq).join(PersonIdentity, PersonIdentity.value_index == ReceivedLook.value_index)
    in_time = PersonIdentity.proven_at <= ReceivedLook.proven_by
    return found.where(PersonIdentity.person_id == person, in_time, ~of_another)


def _named_before(person: Any) -> sa.Select[tuple[int]]:
    """The same of a contact that they have given up since."""
    given_up = sa.select(ReceivedLook.seq).join(ContactChange, ContactChange.old_index == ReceivedLook.value_index)
    found = given_up.join(PersonIdentity, PersonIdentity.id == ContactChange.old_identity)
    told_before = ReceivedLook.received_at <= ContactChange.at
    in_time = PersonIdentity.proven_at <= ReceivedLook.proven_by
    return found.where(ContactChange.person_id == person, ContactChange.undone_at.is_(None), told_before, in_time)


def _told(entry: AuditEntry) -> MyLook:
    said: dict[str, Any] = json.loads(entry.details)
    return MyLook(
        seq=entry.seq,
        at=entry.at,
        act=entry.act,
        department=said.get("department", ""),
        role=entry.actor_role,
        purpose=said.get("purpose", ""),
        data=tuple(said.get("data", ())),
        counts=bool(said.get("counts_of")),
        system=said.get("system", ""),
        channel=said.get("channel", ""),
        case=entry.request_reference,
    )
