"""Customers' questions about who looked, answered by the privacy officer; and what customers may not see for now."""

import uuid
from collections.abc import Mapping
from datetime import date

from flask import Response, request, url_for

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.audit.models import AuditEntry
from privacy_center.errors import Refusal
from privacy_center.looks.hidden import all_hidden, hide, lift
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


@staff.get("/hidden-looks")
def hidden_looks() -> Response:
    """Cases and entries that customers may not see for now."""
    return _hidden_page({}, {})


@staff.post("/hidden-looks")
def hide_look() -> Response:
    """Hide a case, or one entry by its number, until a day or until it is lifted."""
    form = request.form
    what = form.get("what", "").strip()
    number = int(what) if what.isascii() and what.isdigit() and len(what) < 16 else None
    try:
        with transaction() as session:
            until = _day(form.get("until", ""))
            hide(
                session, case=None if number is not None else what or None, seq=number, until=until,
                reason=form.get("reason", ""), actor=actor(), at=clock.now(), today=today(),
            )  # fmt: skip
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _hidden_page(form, {refusal.field: words(refusal.words)})
    return go(url_for("staff.hidden_looks"))


@staff.post("/hidden-looks/<uuid:hidden>/lift")
def lift_hidden(hidden: uuid.UUID) -> Response:
    """Show it to the customer again."""
    with transaction() as session:
        lift(session, hidden, actor=actor(), at=clock.now())
    return go(url_for("staff.hidden_looks"))


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


def _hidden_page(typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    with reading() as session:
        rows = all_hidden(session, today())
    return page("staff/hidden_looks.html", rows=rows, typed=typed, errors=errors, status=422 if errors else 200)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip()) if said.strip() else None
    except ValueError:
        raise Refusal(
            "写成日期，如 2026-12-31，或不写。", "Write a date such as 2026-12-31, or none.", status=422, field="until"
        ) from None
