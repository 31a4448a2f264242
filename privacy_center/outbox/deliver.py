"""Sending what is due: claim, send, write down what came of it. At least once, never silently lost."""

import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.db import Database, UTCDateTime
from privacy_center.keys.sealing import open_json, open_text
from privacy_center.outbox.models import MessageState, OutboxMessage
from privacy_center.outbox.queue import ADDRESS, CONTEXT
from privacy_center.outbox.sms.trouble import ProviderTrouble
from privacy_center.outbox.transport import Letter, Transport, Undeliverable
from privacy_center.outbox.words import write_words

LEASE = timedelta(minutes=2)  # a message claimed by a process that died is taken up again after this
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 8

OnFile = Callable[..., bool]


@dataclass(slots=True)
class Delivered:
    """What one run did."""

    sent: int = 0
    dropped: int = 0
    parked: int = 0
    put_off: int = 0


def deliver_due(
    database: Database,
    transports: Mapping[str, Transport],
    at: datetime,
    limit: int = 100,
    is_on_file: OnFile | None = None,
) -> Delivered:
    """Send up to `limit` messages that are due at `at`; `transports` by kind (`email`, `sms`).

    `is_on_file(identity kind, value)`, with an order number as well where one must name the contact, says whether the
    company has it; what was asked for an unknown contact is dropped without a trace to the outside. A failure is tried again after 30 s, doubling up to an hour, eight times in
    all; then the message is parked for a person to see. No database lock is held while a letter is on its way.
    """
    done = Delivered()
    with database.transaction() as session:
        done.parked = _park_without_a_way(session, list(transports), at)
    for _ in range(limit):
        with database.transaction() as session:
            message = _claim(session, at)
        if message is None:
            break
        _settle(database, message, _send(database, message, transports, at, is_on_file), at, done)
    return done


_due = sa.and_(
    OutboxMessage.state == MessageState.WAITING, OutboxMessage.next_at <= sa.bindparam("now", type_=UTCDateTime)
)
_oldest = sa.select(OutboxMessage.id).where(_due).order_by(OutboxMessage.next_at, OutboxMessage.id).limit(1)
_CLAIM = (
    sa.update(OutboxMessage)
    .where(OutboxMessage.id == _oldest.with_for_update(skip_locked=True).scalar_subquery(), _due)
    .values(next_at=sa.bindparam("until", type_=UTCDateTime), attempts=OutboxMessage.attempts + 1)
    .returning(OutboxMessage)
    .execution_options(synchronize_session=False, populate_existing=True)
)


def _claim(session: Session, at: datetime) -> OutboxMessage | None:
    return session.scalars(_CLAIM, {"now": at, "until": at + LEASE}).one_or_none()


def _park_without_a_way(session: Session, kinds: list[str], at: datetime) -> int:
    """Messages that are due, that nothing else stands in the way of, and for which there is no transport. Returns how many.

    What was asked for an unknown contact is not among them: it is dropped, not shown to anybody.
    """
    messages = OutboxMessage.__table__
    lasts = sa.or_(messages.c.expires_at.is_(None), messages.c.expires_at > at)
    due = sa.and_(messages.c.state == MessageState.WAITING, messages.c.next_at <= at, lasts)
    park = sa.update(messages).where(due, messages.c.identity_kind.is_(None), messages.c.kind.not_in(kinds))
    error = sa.literal("no transport for ") + sa.cast(messages.c.kind, sa.String)
    return session.execute(
        park.values(state=MessageState.PARKED, attempts=messages.c.attempts + 1, last_error=error)
    ).rowcount


def _write(database: Database, message: OutboxMessage) -> Letter:
    with database.reading() as session:
        context = open_json(session, message.context_sealed or b"", CONTEXT)
        address, language = open_text(session, message.address_sealed or b"", ADDRESS), message.language
    title, body = write_words(message.template, context)
    said = title.spoken(language), body.spoken(language)
    return Letter(message.id, message.kind, address, language, *said, message.template, context)


def _send(
    database: Database,
    message: OutboxMessage,
    transports: Mapping[str, Transport],
    at: datetime,
    is_on_file: OnFile | None,
) -> tuple[MessageState, str | None]:
    if message.expires_at and message.expires_at <= at:
        return MessageState.DROPPED, "expired"
    try:
        letter = _write(database, message)
        if (
            message.identity_kind
            and is_on_file
            and not is_on_file(message.identity_kind, letter.address, *_order(letter))
        ):
            return MessageState.DROPPED, None
        transport = transports.get(letter.kind)
        if transport is None:
            return MessageState.PARKED, f"no transport for {letter.kind}"
        transport.send(letter)
    except Undeliverable as refused:
        return MessageState.PARKED, f"the address was refused {refused}".strip()[:200]
    except Exception as error:  # whatever goes wrong with one message must not stop the others
        worn_out = message.attempts >= MOST_ATTEMPTS
        return (MessageState.PARKED if worn_out else MessageState.WAITING), _told(error)
    return MessageState.SENT, None


def _order(letter: Letter) -> tuple[str, ...]:
    """The order that must name the contact, for a code that was asked for by order number; else nothing."""
    order = letter.context.get("order")
    return (str(order),) if order else ()


def _told(error: Exception) -> str:
    """The kind of failure, without the words of the other side: those may repeat the address."""
    code = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
    code = f" {error.code}" if isinstance(error, ProviderTrouble) else code
    return f"{type(error).__name__}{code}"[:200]


def _settle(
    database: Database, message: OutboxMessage, came_of: tuple[MessageState, str | None], at: datetime, done: Delivered
) -> None:
    state, error = came_of
    values: dict[str, object] = {"state": state, "last_error": error}
    if state in (MessageState.SENT, MessageState.DROPPED):
        values |= {"address_sealed": None, "context_sealed": None}
    if state is MessageState.SENT:
        values["sent_at"] = at
    if state is MessageState.WAITING:
        values["next_at"] = at + min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    with database.transaction() as session:
        session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == message.id).values(values))
    counter = "put_off" if state is MessageState.WAITING else state.value
    setattr(done, counter, getattr(done, counter) + 1)
