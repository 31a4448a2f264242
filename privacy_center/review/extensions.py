"""Putting off the day of the reply: within the legal maximum, proposed by one person and confirmed by another."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.terms import local_today
from privacy_center.privacy_requests.deadlines import ExtensionLimit, extension_limit
from privacy_center.privacy_requests.models import DeadlineExtension, ExtensionState, PrivacyRequest
from privacy_center.privacy_requests.moves import extend_deadline
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.review.duties import SecondPolicy, check_may_decide
from privacy_center.review.reasons import all_reasons, check_reasons

TEXT = "deadline_extension.text"


def limit_of(request: PrivacyRequest) -> ExtensionLimit:
    """The legal maximum for this request."""
    return extension_limit(request.first_due_on, request.kind, request.jurisdiction)


def extensions_of(session: Session, request: PrivacyRequest) -> list[DeadlineExtension]:
    """Every extension that was proposed, first first."""
    mine = sa.select(DeadlineExtension).where(DeadlineExtension.request_id == request.id)
    return list(session.scalars(mine.order_by(DeadlineExtension.number)))


def waiting_extension(session: Session, request: PrivacyRequest) -> DeadlineExtension | None:
    """The extension that waits for a second person, if one does."""
    return waiting_among(extensions_of(session, request))


def waiting_among(extensions: Iterable[DeadlineExtension]) -> DeadlineExtension | None:
    """The same among extensions that are at hand."""
    return next((one for one in extensions if one.state is ExtensionState.WAITING), None)


def times_extended(session: Session, request: PrivacyRequest) -> int:
    """How many extensions have taken effect."""
    return confirmed_among(extensions_of(session, request))


def confirmed_among(extensions: Iterable[DeadlineExtension]) -> int:
    """The same among extensions that are at hand."""
    return sum(one.state is ExtensionState.CONFIRMED for one in extensions)


def check_extendable(session: Session, request: PrivacyRequest, today: date, to: date | None = None) -> None:
    """Refuses (409) a closed request, one past its day, one extended as often as the law allows or waiting for a second person;
    and (422) a day that is not later than the present one, or beyond the legal maximum.
    """
    limit = limit_of(request)
    if request.state in CLOSED:
        raise Refusal(
            "申请已经答复，不用延长期限。请回到申请页。",
            "The request has been answered; there is no deadline to extend. Go back to the request.",
        )
    if today > request.due_on:
        raise Refusal(
            "答复期限已过，不能再延长。请尽快答复。",
            "The deadline has passed and cannot be extended. Reply as soon as you can.",
        )
    if times_extended(session, request) >= limit.times:
        raise Refusal(
            f"已延长 {limit.times} 次，达到法定次数，不能再延长。请在 {request.due_on} 前答复。",
            f"Extended {limit.times} time(s), which is the legal maximum. Reply by {request.due_on}.",
        )
    if waiting_extension(session, request) is not None:
        raise Refusal("已有一次延长在等待复核。", "An extension already waits for a second review.")
    if to is not None and to <= request.due_on:
        raise Refusal("新期限须晚于现在的期限。", "Choose a day after the present deadline.", status=422, field="to")
    if to is not None and to > limit.last_day:
        raise Refusal(
            f"最多延长到 {limit.last_day}（{limit.source}）。请选择不晚于这一天的日期。",
            f"The deadline can be put off to {limit.last_day} at most ({limit.source}). Choose that day or an earlier one.",
            status=422,
            field="to",
        )


def propose_extension(
    session: Session,
    request: PrivacyRequest,
    *,
    to: date,
    reason_code: str,
    text: str = "",
    by: StaffMember,
    policy: SecondPolicy,
    at: datetime,
) -> DeadlineExtension:
    """Ask for more time. Where the policy lets one person extend it takes effect at once, else it waits for a second one.

    Refuses what `check_extendable` refuses, who may not decide, and (422) a reason that is not in the list.
    """
    check_may_decide(session, request, by)
    check_extendable(session, request, local_today(session, at), to)
    check_reasons([reason_code], "extend", text)
    made = DeadlineExtension(
        id=uuid.uuid4(),
        request_id=request.id,
        number=len(extensions_of(session, request)) + 1,
        state=ExtensionState.WAITING,
        old_due_on=request.due_on,
        due_on=to,
        reason_code=reason_code,
        text_sealed=seal_text(session, text, TEXT, subject=request.person_id) if text.strip() else None,
        proposed_by=by.number,
        proposed_at=at,
    )
    session.add(made)
    session.flush()
    if policy.needs_two("extension"):
        days = {"old_due_on": made.old_due_on.isoformat(), "due_on": to.isoformat()}
        note_event(
            session,
            request,
            "extension_proposed",
            actor=by.as_actor(),
            at=at,
            details=days,
            audited=days,
            visible=False,
        )
    else:
        _take_effect(session, request, made, by, at)
    return made


def settle_extension(
    session: Session, request: PrivacyRequest, *, agree: bool, by: StaffMember, at: datetime
) -> DeadlineExtension:
    """A second person confirms the waiting extension, and the customer is told; or rejects it, and the day stays.

    Refuses where none waits, who may not decide, who proposed it, and an extension that has come to lie beyond the maximum.
    """
    check_may_decide(session, request, by)
    waiting = waiting_extension(session, request)
    if waiting is None:
        raise Refusal("没有等待复核的延长。请刷新页面。", "No extension waits for a second review. Reload the page.")
    if waiting.proposed_by in numbers_of(session, by):
        raise Refusal(
            "延长须由另一个人复核。请转给同事。", "Another person must confirm the extension. Hand it to a colleague."
        )
    if agree:
        _take_effect(session, request, waiting, by, at)
        return waiting
    waiting.state, waiting.settled_by, waiting.settled_at = ExtensionState.REJECTED, by.number, at
    note_event(session, request, "extension_rejected", actor=by.as_actor(), at=at, visible=False)
    return waiting


def extension_words(session: Session, extension: DeadlineExtension) -> Words:
    """The reason as the customer reads it: the prepared sentence, and what staff added."""
    added = show_text(session, extension.text_sealed, TEXT).strip()
    letter = all_reasons()[extension.reason_code].letter
    return Words(f"{letter.zh}{added}", f"{letter.en} {added}".strip())


def _take_effect(
    session: Session, request: PrivacyRequest, extension: DeadlineExtension, by: StaffMember, at: datetime
) -> None:
    extension.state, extension.settled_by, extension.settled_at = ExtensionState.CONFIRMED, by.number, at
    session.flush()
    reason = extension_words(session, extension).spoken(request.language)
    extend_deadline(session, request, to=extension.due_on, reason=reason, actor=by.as_actor(), at=at)
