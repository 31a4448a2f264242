"""A question to the customer: by when they answer, a reminder before, and what happens when no answer comes."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.privacy_requests.deadlines import add_working_days
from privacy_center.privacy_requests.models import OnSilence, PrivacyRequest, State
from privacy_center.privacy_requests.moves import SYSTEM, move, tell_of

WORKING_DAYS = 10
"""Time to answer, where staff name no other day and the legal clock allows it."""
REMIND_DAYS = 3
"""Calendar days before the last one on which the customer is reminded."""

SILENCE = {
    OnSilence.DECIDE: Words(
        "到期未回复，我们将按现有信息作出决定。", "If you do not answer by then, we decide on what we know."
    ),
    OnSilence.CLOSE: Words(
        "到期未回复，申请将关闭，不会删除任何信息；可随时重新提交。",
        "If you do not answer by then, the request is closed and nothing is erased; you can ask again at any time.",
    ),
}


def default_answer_by(request: PrivacyRequest, today: date) -> date:
    """Ten working days from today, and no later than the day before the legal deadline, which does not stop; at least tomorrow."""
    wanted = add_working_days(today, WORKING_DAYS, request.jurisdiction)
    return max(today + timedelta(days=1), min(wanted, request.due_on - timedelta(days=1)))


def check_answer_by(request: PrivacyRequest, answer_by: date, today: date) -> None:
    """Refuses (422) a day that is not after today, or one beyond the legal deadline."""
    if answer_by <= today or answer_by > max(request.due_on, today + timedelta(days=1)):
        raise Refusal(
            f"回复期限须晚于今天，且不晚于答复期限 {request.due_on}（等待客户时法定期限不停）。",
            f"The day must be after today and no later than the deadline {request.due_on}, which runs on while we wait.",
            status=422,
            field="answer_by",
        )


def silence_words(request: PrivacyRequest) -> Words:
    """What happens when no answer comes, as it is said beforehand; empty where nothing was asked."""
    return SILENCE[request.on_silence] if request.on_silence else Words("", "")


def question_context(request: PrivacyRequest) -> dict[str, str]:
    """The places of the messages that speak of a question."""
    said = silence_words(request)
    day = request.answer_by.isoformat() if request.answer_by else "—"
    return {"answer_by": day, "silence_zh": said.zh, "silence_en": said.en}


def remind_of_questions(session: Session, today: date, at: datetime) -> int:
    """Remind everybody whose last day to answer is at most three days off, once; answers how many requests that are."""
    soon = [one for one in _waiting(session, today + timedelta(days=REMIND_DAYS)) if one.answer_by >= today]
    for request in soon:
        key = f"answer-soon:{request.id}:{request.answer_by}"
        tell_of(session, request, "answer_soon", key, at, **question_context(request))
    return len(soon)


def settle_unanswered(session: Session, today: date, at: datetime) -> int:
    """What was said beforehand happens to requests whose last day to answer is over: back to review with a mark, or closed.

    Requests that are stopped wait until the stop is lifted. Answers how many requests that are.
    """
    late = [one for one in _waiting(session, today - timedelta(days=1)) if one.frozen_at is None]
    for request in late:
        if request.on_silence is OnSilence.CLOSE:
            move(session, request, State.CANCELLED, "closed_unanswered", actor=SYSTEM, at=at, tell="closed_unanswered")
        else:
            move(session, request, State.IN_REVIEW, "unanswered", actor=SYSTEM, at=at)
    return len(late)


def questions_due(session: Session, today: date) -> bool:
    """Whether any question must be reminded of or settled today."""
    return bool(_waiting(session, today + timedelta(days=REMIND_DAYS)))


def _waiting(session: Session, until: date) -> list[PrivacyRequest]:
    """Requests that wait for the customer, whose last day to answer is `until` or before."""
    mine = sa.select(PrivacyRequest).where(
        PrivacyRequest.state == State.WAITING_CUSTOMER,
        PrivacyRequest.answer_by.is_not(None),
        PrivacyRequest.answer_by <= until,
    )
    return list(session.scalars(mine.order_by(PrivacyRequest.answer_by)))
