"""Customers' questions about who looked, answered by the privacy officer."""

from collections.abc import Mapping

from flask import Response, request, url_for

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Refusal
from privacy_center.looks.questions import answer, count_open, question_by_reference, questions, said_about
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.web.filters import today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.shown_looks import show_line
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction


@staff.get("/questions")
def look_questions() -> Response:
    """Questions that wait, the most urgent first, and the newest that were answered."""
    with reading() as session:
        told = {
            "waiting": questions(session, open_only=True),
            "answered": questions(session, open_only=False, limit=25),
            "overdue": count_open(session, due_before=today()),
        }
    return page("staff/questions.html", **told)


@staff.get("/questions/<question>")
def look_question(question: str) -> Response:
    """One question with the entry it is about; opening what was shown there is a look in itself."""
    at = clock.now()
    with transaction() as session:
        asked = question_by_reference(session, question)
        refuse_conflict(session, me(), {}, asked.person_id)
        told = {"data": ["user.content"], "purpose": "question.answer", "case": question}
        record_look(session, actor=actor(), subject=asked.person_id, at=at, more={"page": "question"}, **told)
    return _question_page(question, {}, {})


@staff.post("/questions/<question>")
def answer_question(question: str) -> Response:
    """Answer the customer."""
    try:
        with transaction() as session:
            asked = question_by_reference(session, question)
            refuse_conflict(session, me(), {}, asked.person_id)
            answer(session, asked, request.form.get("text", ""), actor=actor(), at=clock.now())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _question_page(question, request.form, {"text": words(refusal.words)})
    return go(url_for("staff.look_question", question=question))


def _question_page(reference: str, typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    with reading() as session:
        asked = question_by_reference(session, reference)
        entry = session.get(AuditEntry, asked.seq)
        line = show_line(session, entry, content=True) if entry else None
        said = said_about(session, asked.id)
    return page(
        "staff/question.html", asked=asked, line=line, said=said, typed=typed, errors=errors,
        status=422 if errors else 200,
    )  # fmt: skip
