"""A customer's question about one look: asked once for each entry, answered by the privacy officer, in time."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.audit.models import AuditEntry
from privacy_center.clock import local_date
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.looks.mine import look_of
from privacy_center.looks.models import LookQuestion, QuestionMessage, QuestionState
from privacy_center.people.tell import tell_person
from privacy_center.privacy_requests.deadlines import add_working_days
from privacy_center.privacy_requests.reference import new_reference

TEXT = "look_question_message.text"
LONGEST = 2_000
WORKING_DAYS = 15
"""To answer in: the time that China's rules on personal information give for an answer to a request."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message, opened. `author`: a staff number, or nothing for the customer."""

    author: str
    at: datetime
    text: str


def ask(
    session: Session, person: uuid.UUID, seq: int, text: str, *, at: datetime, timezone: str, jurisdiction: str
) -> LookQuestion:
    """Ask about an entry, or write on; a question that was answered is open again and has a new day.

    Refuses (404) an entry that is not theirs to see, (422) an empty or too long text.
    """
    today = local_date(at, timezone)
    look_of(session, person, seq, today)
    due = add_working_days(today, WORKING_DAYS, jurisdiction)
    asked = question_about(session, person, seq)
    if asked is None:
        asked = LookQuestion(
            id=uuid.uuid4(), person_id=person, reference=new_reference(), seq=seq, state=QuestionState.OPEN,
            asked_at=at, due_on=due,
        )  # fmt: skip
        session.add(asked)
        session.flush()
    elif asked.state is QuestionState.ANSWERED:
        asked.state, asked.due_on = QuestionState.OPEN, due
    _put(session, asked, "", text, at)
    actor = Actor("customer", str(person))
    record(
        session,
        actor=actor,
        act="question.asked",
        subject=person,
        request=asked.reference,
        details={"entry": seq},
        at=at,
    )
    return asked


def answer(session: Session, asked: LookQuestion, text: str, *, actor: Actor, at: datetime) -> None:
    """Answer; the customer finds the words on the page and is told in the inbox. Refuses (403) whoever looked themself."""
    looked = session.get(AuditEntry, asked.seq)
    if looked is not None and looked.actor_id == actor.id:
        raise Refusal(
            "这条查看记录是您自己的，要由另一个人回答。请转给同事。",
            "This entry is your own; somebody else must answer. Hand the question to a colleague.",
            status=403,
        )
    message = _put(session, asked, actor.id, text, at)
    asked.state, asked.answered_at, asked.answered_by = QuestionState.ANSWERED, at, actor.id
    about = {"subject": asked.person_id, "request": asked.reference, "details": {"entry": asked.seq}}
    record(session, actor=actor, act="question.answered", **about, at=at)
    told = {"reference": asked.reference}
    tell_person(session, asked.person_id, "look_answered", told, dedupe_key=f"look:{message.id}", at=at)


def question_about(session: Session, person: uuid.UUID, seq: int) -> LookQuestion | None:
    """The person's question about an entry, if there is one."""
    mine = sa.select(LookQuestion).where(LookQuestion.person_id == person, LookQuestion.seq == seq)
    return session.scalars(mine).one_or_none()


def questions_of(session: Session, person: uuid.UUID) -> dict[int, LookQuestion]:
    """Entry number → question, for one person."""
    mine = sa.select(LookQuestion).where(LookQuestion.person_id == person)
    return {one.seq: one for one in session.scalars(mine)}


def question_by_reference(session: Session, reference: str) -> LookQuestion:
    """The question with this reference; refuses (404) where there is none."""
    found = session.scalars(sa.select(LookQuestion).where(LookQuestion.reference == reference)).one_or_none()
    if found is None:
        raise Refusal("没有这个问题。请回到列表。", "There is no such question. Go back to the list.", status=404)
    return found


def questions(session: Session, *, open_only: bool, limit: int = 100) -> list[LookQuestion]:
    """Questions, the most urgent first; those that were answered by the newest."""
    found = sa.select(LookQuestion).where((LookQuestion.state == QuestionState.OPEN) == open_only)
    order = (LookQuestion.due_on, LookQuestion.asked_at) if open_only else (LookQuestion.answered_at.desc(),)
    return list(session.scalars(found.order_by(*order).limit(limit)))


def count_open(session: Session, *, due_before: date | None = None) -> int:
    """How many wait for an answer; with `due_before`, how many of those were due before that local day."""
    found = sa.select(sa.func.count()).where(LookQuestion.state == QuestionState.OPEN)
    if due_before is not None:
        found = found.where(LookQuestion.due_on < due_before)
    return session.scalar(found) or 0


def said_about(session: Session, question: uuid.UUID) -> list[Said]:
    """What was written, oldest first."""
    mine = sa.select(QuestionMessage).where(QuestionMessage.question_id == question).order_by(QuestionMessage.position)
    return [Said(one.author, one.at, show_text(session, one.text_sealed, TEXT)) for one in session.scalars(mine)]


def _put(session: Session, asked: LookQuestion, author: str, text: str, at: datetime) -> QuestionMessage:
    text = text.strip()
    if not 0 < len(text) <= LONGEST:
        raise Refusal(
            f"请写下内容，最多 {LONGEST} 字。",
            f"Write something, at most {LONGEST} characters.",
            status=422,
            field="text",
        )
    mine = sa.select(sa.func.count()).where(QuestionMessage.question_id == asked.id)
    message = QuestionMessage(
        id=uuid.uuid4(),
        question_id=asked.id,
        position=(session.scalar(mine) or 0) + 1,
        author=author,
        at=at,
        text_sealed=seal_text(session, text, TEXT, asked.person_id),
    )
    session.add(message)
    session.flush()
    return message
