"""The privacy center's own periods, carried out: who has been gone for long enough is forgotten, key and all.

The periods stand in `retention/own/privacy-center.yml`, with what they rest on.
"""

import uuid
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.datamap.finding import Findings
from privacy_center.db import Database
from privacy_center.errors import Refusal
from privacy_center.execution.forget import forget_person
from privacy_center.execution.forget_unclaimed import forget_reasons, forget_unclaimed
from privacy_center.execution.models import HeldRows
from privacy_center.holds.forget import forget_ended_holds
from privacy_center.outbox.models import InboxMessage, MessageState, OutboxMessage
from privacy_center.people.models import LoginKind, LoginSession, Person, PersonIdentity
from privacy_center.people.staff.forget_former import forget_names, forget_reviews, forget_secrets
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.duration import Duration
from privacy_center.retention.reading import OWN_PACK, read_pack
from privacy_center.suppressions.register import forget_suppressions

FORGETTER = Actor("system", "forget")
MOST = 1_000  # people in one daily pass; the others wait for the next


@cache
def own_periods() -> dict[str, Duration]:
    """Rule key → period, as the center's own pack says."""
    findings = Findings()
    pack = read_pack(OWN_PACK, findings)
    assert pack is not None and not findings.found, findings.found
    return {rule.key: rule.until.period for rule in pack.rules if rule.until.period}


def forget_ended(database: Database, at: datetime, timezone: str) -> dict[str, int]:
    """Forget everybody whose time is over, each in a transaction of their own, messages, reasons and holds
    by hand that ended longer ago than their period, and former members of staff.

    `at` is UTC, periods are counted from the local date in `timezone`. Answers how many of each.
    """
    today = clock.local_date(at, timezone)
    with database.transaction() as session:
        _empty_ended(session, at)
        done = _forget_messages(session, today, timezone)
    with database.reading() as session:
        people = people_to_forget(session, today, timezone)
    done["people"] = sum(_forget(database, person, at) for person in people)
    with database.transaction() as session:
        done["unclaimed"] = forget_unclaimed(session, _cut("own-person", today, timezone), at)
        done["reasons"] = forget_reasons(session, _cut("own-reasons", today, timezone), today)
        done["suppressions"] = forget_suppressions(session, _cut("own-suppressions", today, timezone))
        done["holds"] = forget_ended_holds(session, _cut("own-holds", today, timezone), by=FORGETTER, at=at)
        done |= _forget_former_staff(session, today, timezone, at)
    return done


def _forget_former_staff(session: Session, today: date, timezone: str, at: datetime) -> dict[str, int]:
    secrets, names = (own_periods()[rule].before(today) for rule in ("own-staff-secrets", "own-staff"))
    reviews = _cut("own-access-reviews", today, timezone)
    return {
        "staff_secrets": forget_secrets(session, secrets, by=FORGETTER, at=at),
        "staff_names": forget_names(session, names, by=FORGETTER, at=at),
        "access_reviews": forget_reviews(session, reviews, by=FORGETTER, at=at),
    }


def people_to_forget(session: Session, today: date, timezone: str) -> list[uuid.UUID]:
    """People not yet forgotten who came, signed in, and had a request closed before the periods, and of whom nothing is held."""
    requests, person = _cut("own-requests", today, timezone), _cut("own-person", today, timezone)
    theirs = PrivacyRequest.person_id == Person.id
    recent = sa.or_(PrivacyRequest.closed_at.is_(None), PrivacyRequest.closed_at >= requests)
    held = sa.select(HeldRows.id).join(PrivacyRequest, PrivacyRequest.id == HeldRows.request_id)
    login = sa.and_(LoginSession.kind == LoginKind.CUSTOMER, LoginSession.owner_id == Person.id)
    wanted = sa.select(Person.id).where(
        Person.created_at < person,
        ~sa.exists().where(theirs, recent),
        ~held.where(theirs, HeldRows.released_at.is_(None)).exists(),
        ~sa.exists().where(login, LoginSession.last_seen_at >= person),
    )
    known = sa.exists().where(PersonIdentity.person_id == Person.id)
    left = sa.or_(known, Person.name_sealed.is_not(None))
    return list(session.scalars(wanted.where(left).order_by(Person.created_at).limit(MOST)))


def _forget(database: Database, person: uuid.UUID, at: datetime) -> bool:
    try:
        with database.transaction() as session:
            return forget_person(session, person, actor=FORGETTER, at=at, why="own-requests")
    except Refusal:  # a request came in between
        return False


def _empty_ended(session: Session, at: datetime) -> None:
    """A code that nothing could send is of no use once it has ended: neither to whom it was, nor its words are kept."""
    ended = sa.and_(OutboxMessage.state == MessageState.PARKED, OutboxMessage.expires_at <= at)
    empty = {"state": MessageState.DROPPED, "address_sealed": None, "context_sealed": None, "last_error": "expired"}
    session.execute(sa.update(OutboxMessage).where(ended).values(empty))


def _forget_messages(session: Session, today: date, timezone: str) -> dict[str, int]:
    """Those that nobody sent again in all that time go too."""
    inbox = InboxMessage.sent_at < _cut("own-inbox", today, timezone)
    over = OutboxMessage.state != MessageState.WAITING
    outbox = sa.and_(over, OutboxMessage.created_at < _cut("own-outbox", today, timezone))
    return {
        "inbox": session.execute(sa.delete(InboxMessage).where(inbox)).rowcount,  # type: ignore[attr-defined]
        "outbox": session.execute(sa.delete(OutboxMessage).where(outbox)).rowcount,  # type: ignore[attr-defined]
    }


def _cut(rule: str, today: date, timezone: str) -> datetime:
    """What began before this moment is over: the start of the local day that lies the period back."""
    return datetime.combine(own_periods()[rule].before(today), time.min, ZoneInfo(timezone))
