"""What customer and staff write to each other about a request."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.people.staff.terms import local_today
from privacy_center.privacy_requests.audience import tell_about
from privacy_center.privacy_requests.models import OnSilence, PrivacyRequest, RequestMessage, Side, State
from privacy_center.privacy_requests.moves import move, tell_of
from privacy_center.privacy_requests.question import check_answer_by, default_answer_by, question_context
from privacy_center.privacy_requests.timeline import note_event

TEXT = "request_message.text"
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Said:
    """One message, opened."""

    side: Side
    author: str
    at: datetime
    text: str


def ask_customer(
    session: Session,
    request: PrivacyRequest,
    *,
    text: str,
    actor: Actor,
    at: datetime,
    answer_by: date | None = None,
    on_silence: OnSilence = OnSilence.DECIDE,
) -> None:
    """Ask the customer for something; the request waits for the answer, the legal clock does not stop.

    `answer_by`: the last local day to answer, ten working days within the deadline if none is named; `on_silence` happens
    after it and is said beforehand. Refuses a day that is past or beyond the deadline.
    """
    today = local_today(session, at)
    if answer_by is not None:
        check_answer_by(request, answer_by, today)
    request.answer_by, request.on_silence = answer_by or default_answer_by(request, today), on_silence
    _put(session, request, Side.STAFF, text, actor, at)
    asked = {"answer_by": request.answer_by.isoformat(), "on_silence": on_silence.value}
    move(session, request, State.WAITING_CUSTOMER, "asked", actor=actor, at=at, details=asked, audited=asked)
    key = f"need_information:{request.id}:{request.version}"
    tell_of(session, request, "need_information", key, at, **question_context(request))


def answer(session: Session, request: PrivacyRequest, *, text: str, actor: Actor, at: datetime) -> None:
    """The customer writes; when an answer was waited for, the request goes back to the reviewers."""
    _put(session, request, Side.CUSTOMER, text, actor, at)
    if request.state is State.WAITING_CUSTOMER:
        request.answer_by = request.on_silence = None
        move(session, request, State.IN_REVIEW, "answered", actor=actor, at=at)
    else:
        note_event(session, request, "message", actor=actor, at=at)


def reply(session: Session, request: PrivacyRequest, *, text: str, actor: Actor, at: datetime) -> None:
    """Staff write without asking for anything; the person is told that there is a reply."""
    message = _put(session, request, Side.STAFF, text, actor, at)
    note_event(session, request, "reply", actor=actor, at=at)
    context = {"reference": request.reference}
    tell_about(session, request, "staff_reply", context, dedupe_key=f"reply:{message.id}", at=at)


def thread_of(session: Session, request: uuid.UUID, limit: int = 200) -> list[Said]:
    """The newest messages, oldest of them first."""
    mine = sa.select(RequestMessage).where(RequestMessage.request_id == request)
    newest = session.scalars(mine.order_by(RequestMessage.at.desc(), RequestMessage.id).limit(limit)).all()
    return [
        Said(message.side, message.author, message.at, show_text(session, message.text_sealed, TEXT))
        for message in reversed(newest)
    ]


def _put(
    session: Session, request: PrivacyRequest, side: Side, text: str, actor: Actor, at: datetime
) -> RequestMessage:
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise Refusal(
            f"请写下内容，最多 {LONGEST} 字。",
            f"Write something, at most {LONGEST} characters.",
            status=422,
            field="text",
        )
    message = RequestMessage(
        id=uuid.uuid4(),
        request_id=request.id,
        side=side,
        author=actor.id if side is Side.STAFF else "",
        at=at,
        text_sealed=seal_text(session, text, TEXT, subject=request.person_id),
    )
    session.add(message)
    return message
