"""The access review: which departments are due, one review to answer and sign, and those that were signed."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.staff.access_review import (
    Answer,
    departments_due,
    lines_of,
    open_review,
    review_holds,
    reviews,
    sign_review,
    to_review,
)
from privacy_center.people.staff.models import AccessReview, StaffMember
from privacy_center.people.staff.prove import proof_refusal, prove_again
from privacy_center.people.staff.terms import is_former
from privacy_center.web.filters import today, words, words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import name_words, role_words
from privacy_center.web.staff.who import me
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import signed_in


@staff.get("/access-review")
def access_reviews() -> Response:
    """Departments with the day on which each is due, and every review."""
    with reading() as session:
        due, past = departments_due(session, clock.now()), reviews(session)
    return page("staff/access_reviews.html", due=due, reviews=past)


@staff.post("/access-review")
def begin_review() -> Response:
    """Open the review of a department, or go on with the one that is open."""
    with transaction() as session:
        review = open_review(session, request.form.get("department", ""), by=me(), at=clock.now())
    return go(url_for("staff.access_review", review=review.id))


@staff.get("/access-review/<uuid:review>")
def access_review(review: uuid.UUID) -> Response:
    """A review that waits for answers, or one that was signed, to print."""
    said = _("复核已签，收回的岗位马上失效。") if request.args.get("done") else ""
    return _review_page(review, said=said)


@staff.post("/access-review/<uuid:review>")
def sign_access_review(review: uuid.UUID) -> Response:
    """Sign with password and code; both are asked for here, however fresh the sign-in is."""
    at, typed = clock.now(), request.form
    if wrong := _wrong(review, typed):
        return _review_page(review, wrong, status=422)
    try:
        with transaction() as session:
            proven = _prove(session, at)
            if proven:
                sign_review(session, _found(session, review), _answers(typed), by=me(), at=at)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _review_page(review, words_by_field(refusal), status=refusal.status)
    if not proven:
        return _review_page(review, {"password": words(proof_refusal().words)}, status=422)
    return go(url_for("staff.access_review", review=review, done="signed"))


def _wrong(review: uuid.UUID, typed: Mapping[str, str]) -> dict[str, str]:
    """Every line without an answer, and the proofs that were left empty, from the top; nothing is tried then."""
    with reading() as session:
        found = _found(session, review)
        held = [] if found.signed_at else to_review(session, found, me(), clock.now())
    answered = _answers(typed)
    wrong = {
        f"answer-{one.term.id}": _(
            "%(who)s：选保留或收回。", who=f"{name_words(one.staff)} {role_words(one.term.role.value)}"
        )
        for one in held
        if one.term.id not in answered
    }
    empty = {"password": _("写下您的密码。"), "code": _("写下动态码。")}
    return wrong | {name: said for name, said in empty.items() if not typed.get(name, "").strip()}


def _prove(session: Session, at: datetime) -> bool:
    member = session.get_one(StaffMember, me().id)
    proofs = {"password": request.form.get("password", ""), "code": request.form.get("code", "")}
    return prove_again(session, member, signed_in().login, at=at, **proofs)


def _answers(typed: Mapping[str, str]) -> dict[uuid.UUID, Answer]:
    found: dict[uuid.UUID, Answer] = {}
    for name, said in typed.items():
        if name.startswith("answer-") and said in ("keep", "remove"):
            term = name.removeprefix("answer-")
            try:
                found[uuid.UUID(term)] = Answer(said == "keep", typed.get(f"reason-{term}", ""))
            except ValueError:
                continue
    return found


def _review_page(
    review: uuid.UUID, errors: Mapping[str, str] | None = None, *, said: str = "", status: int = 200
) -> Response:
    with reading() as session:
        found = _found(session, review)
        signed = found.signed_at is not None
        told = {
            "review": found,
            "lines": lines_of(session, found) if signed else [],
            "genuine": signed and review_holds(session, found),
            "held": [] if signed else to_review(session, found, me(), clock.now()),
        }
    return page(
        "staff/access_review.html",
        role_words=role_words,
        is_former=is_former,
        day=today(),
        errors=errors or {},
        typed=request.form,
        said=said,
        status=status,
        **told,
    )


def _found(session: Session, review: uuid.UUID) -> AccessReview:
    found = session.get(AccessReview, review)
    if found is None:
        raise Refusal("没有这次复核。", "There is no such review.", status=404)
    return found
