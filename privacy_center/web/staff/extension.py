"""More time for a request: a day and a reason, then the notice as the customer will read it, then it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.outbox.words import TEMPLATES
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.moves import extend_deadline
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.review.decide import lock_request
from privacy_center.review.duties import check_may_decide
from privacy_center.web.filters import today
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.letter import letter_language
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.typed import read_number
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: the new day, if it is one, and why."""

    to: date | None
    reason: str
    version: int

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wanted":
        """The form; a day that the calendar does not have is none."""
        try:
            to = date.fromisoformat(form.get("to", "").strip())
        except ValueError:
            to = None
        return cls(to, form.get("reason", "").strip(), read_number(form.get("version", "")))

    def wrong(self, asked: PrivacyRequest) -> dict[str, str]:
        """What is missing, field by field."""
        wrong = {}
        if self.to is None or self.to <= max(asked.due_on, today()):
            wrong["to"] = _("写一个比现在的期限和今天都晚的日期。")
        if not 0 < len(self.reason) <= LONGEST_REASON:
            wrong["reason"] = _("写明为什么要更多时间，最多 500 字。客户会看到。")
        return wrong


@staff.get("/requests/<reference>/deadline")
def extension(reference: str) -> Response:
    """The form. Refuses a request that is closed and who may not decide it."""
    note_request_look(reference, "extension")
    with reading() as session:
        return _form(session, _open_request(session, reference), {}, {})


@staff.post("/requests/<reference>/deadline")
def extend(reference: str) -> Response:
    """`step` empty: the notice as the customer will read it. `edit`: back to the form. `submit`: it is done and told."""
    form, wanted = request.form, Wanted.read(request.form)
    step = form.get("step", "")
    with reading() as session:
        asked = _open_request(session, reference)
        wrong = wanted.wrong(asked)
        if wrong or step == "edit":
            return _form(session, asked, form, {} if step == "edit" else wrong)
        if step != "submit":
            return _notice(session, asked, wanted)
    with transaction() as session:
        asked = _open_request(session, reference)
        lock_request(session, asked, wanted.version)
        assert wanted.to is not None, "wrong() lets no other through"
        extend_deadline(session, asked, to=wanted.to, reason=wanted.reason, actor=actor(), at=clock.now())
    return go(url_for("staff.request_page", reference=reference, done="extended"))


def _open_request(session: Session, reference: str) -> PrivacyRequest:
    asked = request_by_reference(session, reference)
    check_may_decide(session, asked, me())
    if asked.state in CLOSED:
        raise Refusal(
            "申请已经答复，不用延长期限。请回到申请页。",
            "The request has been answered; there is no deadline to extend. Go back to the request.",
        )
    return asked


def _form(session: Session, asked: PrivacyRequest, typed: Mapping[str, str], errors: dict[str, str]) -> Response:
    it = show_request(session, asked)
    status = 422 if errors else 200
    return page("staff/extension.html", it=it, typed=typed, errors=errors, notice=None, status=status)


def _notice(session: Session, asked: PrivacyRequest, wanted: Wanted) -> Response:
    """The page before it is sent: the words of the notice in the customer's language."""
    told = TEMPLATES["extended"]
    days = {"old_due_on": asked.due_on.isoformat(), "due_on": str(wanted.to), "reference": asked.reference}
    language = letter_language(asked)
    notice = [_spoken(said, language, days) for said in (told.title, told.body)]
    it = show_request(session, asked)
    return page(
        "staff/extension.html", it=it, typed=request.form, errors={}, notice=notice, language=language, wanted=wanted
    )


def _spoken(said: Words, language: str, days: Mapping[str, str]) -> str:
    return said.filled(**days).spoken(language)
