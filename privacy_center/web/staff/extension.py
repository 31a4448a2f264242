"""More time for a request: a day and a reason, the notice as the customer will read it, and a second person's confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.outbox.words import TEMPLATES
from privacy_center.privacy_requests.models import DeadlineExtension, ExtensionState, PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.decide import lock_request
from privacy_center.review.duties import check_may_decide, policy_of
from privacy_center.review.extensions import (
    check_extendable,
    extension_words,
    limit_of,
    propose_extension,
    settle_extension,
    times_extended,
    waiting_extension,
)
from privacy_center.review.reasons import all_reasons, check_reasons, reasons_for
from privacy_center.web.filters import today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.letter import letter_language
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.typed import read_number
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import center, reading, transaction

LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: the new day, if it is one, and why."""

    to: date | None
    code: str
    text: str
    version: int

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Wanted":
        """The form; a day that the calendar does not have is none."""
        try:
            to = date.fromisoformat(form.get("to", "").strip())
        except ValueError:
            to = None
        return cls(to, form.get("code", ""), form.get("reason", "").strip(), read_number(form.get("version", "")))

    def wrong(self, session: Session, asked: PrivacyRequest) -> dict[str, str]:
        """What is missing or beyond the legal maximum, field by field."""
        wrong = {}
        if self.to is None or self.to <= max(asked.due_on, today()):
            wrong["to"] = _("写一个比现在的期限和今天都晚的日期。")
        else:
            wrong |= _refused(lambda: check_extendable(session, asked, today(), self.to))
        wrong |= _refused(lambda: check_reasons([self.code], "extend", self.text))
        if len(self.text) > LONGEST_TEXT:
            wrong["reason"] = _("最多 500 字。")
        return wrong


def _refused(check) -> dict[str, str]:
    """What a check says of a form field; a refusal that is about no field goes on."""
    fields = {"to": "to", "reason_codes": "code", "text": "reason"}
    try:
        check()
    except Refusal as refusal:
        if refusal.field not in fields:
            raise
        return {fields[refusal.field]: words(refusal.words)}
    return {}


@staff.get("/requests/<reference>/deadline")
def extension(reference: str) -> Response:
    """The form, or the extension that waits for a second person. Refuses a request that cannot be extended."""
    note_request_look(reference, "extension")
    with reading() as session:
        asked = _open_request(session, reference)
        if waiting_extension(session, asked) is None:
            check_extendable(session, asked, today())
        return _form(session, asked, {}, {})


@staff.post("/requests/<reference>/deadline")
def extend(reference: str) -> Response:
    """`step` empty: the notice as the customer will read it. `edit`: back to the form. `submit`: it is proposed, and takes
    effect once a second person has confirmed it, or at once where the company lets one person extend.
    """
    form, wanted = request.form, Wanted.read(request.form)
    step = form.get("step", "")
    with reading() as session:
        asked = _open_request(session, reference)
        wrong = wanted.wrong(session, asked)
        if wrong or step == "edit":
            return _form(session, asked, form, {} if step == "edit" else wrong)
        if step != "submit":
            return _notice(session, asked, wanted)
    with transaction() as session:
        asked = _open_request(session, reference)
        lock_request(session, asked, wanted.version)
        assert wanted.to is not None, "wrong() lets no other through"
        made = propose_extension(
            session,
            asked,
            to=wanted.to,
            reason_code=wanted.code,
            text=wanted.text,
            by=me(),
            policy=policy_of(center().settings),
            at=clock.now(),
        )
    done = "extension_waiting" if made.state is ExtensionState.WAITING else "extended"
    return go(url_for("staff.request_page", reference=reference, done=done))


@staff.post("/requests/<reference>/deadline/second")
def settle_deadline(reference: str) -> Response:
    """A second person confirms the extension, and the customer is told; or rejects it."""
    agree = request.form.get("answer") == "confirm"
    with transaction() as session:
        asked = _open_request(session, reference)
        lock_request(session, asked, read_number(request.form.get("version", "")))
        settle_extension(session, asked, agree=agree, by=me(), at=clock.now())
    done = "extended" if agree else "extension_rejected"
    return go(url_for("staff.request_page", reference=reference, done=done))


def _open_request(session: Session, reference: str) -> PrivacyRequest:
    asked = request_by_reference(session, reference)
    check_may_decide(session, asked, me())
    return asked


def _form(session: Session, asked: PrivacyRequest, typed: Mapping[str, str], errors: dict[str, str]) -> Response:
    return page(
        "staff/extension.html",
        **_stands(session, asked),
        typed=typed,
        errors=errors,
        notice=None,
        status=422 if errors else 200,
    )


def _stands(session: Session, asked: PrivacyRequest) -> dict[str, object]:
    """The request, its legal maximum, and what waits for a second person."""
    waiting = waiting_extension(session, asked)
    policy = policy_of(center().settings)
    return {
        "it": show_request(session, asked),
        "limit": limit_of(asked),
        "times": times_extended(session, asked),
        "reasons": [("", _("选择理由")), *((one.code, words(one.title)) for one in reasons_for("extend"))],
        "needs_two": policy.needs_two("extension"),
        "policy_reason": policy.reason,
        "waiting": waiting,
        "waiting_words": _customer_words(session, asked, waiting) if waiting else "",
        "may_settle": bool(waiting and waiting.proposed_by != me().number and may_open("staff.settle_deadline")),
    }


def _customer_words(session: Session, asked: PrivacyRequest, waiting: DeadlineExtension) -> str:
    return extension_words(session, waiting).spoken(letter_language(asked))


def _notice(session: Session, asked: PrivacyRequest, wanted: Wanted) -> Response:
    """The page before it is sent: the words of the notice in the customer's language."""
    told = TEMPLATES["extended"]
    days = {"old_due_on": asked.due_on.isoformat(), "due_on": str(wanted.to), "reference": asked.reference}
    language = letter_language(asked)
    notice = [_spoken(said, language, days) for said in (told.title, told.body)]
    letter = all_reasons()[wanted.code].letter.spoken(language)
    return page(
        "staff/extension.html",
        **_stands(session, asked),
        typed=request.form,
        errors={},
        notice=notice,
        language=language,
        wanted=wanted,
        reason_words=f"{letter} {wanted.text}".strip(),
    )


def _spoken(said: Words, language: str, days: Mapping[str, str]) -> str:
    return said.filled(**days).spoken(language)
