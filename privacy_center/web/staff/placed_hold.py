"""A hold by hand: its page, and what is done with it: reviewed, given to somebody else, ended by one or two people."""

import uuid
from collections.abc import Callable
from datetime import date

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.execution.placed import end_placed, settle_end
from privacy_center.holds.models import PlacedHold, PlacedRecords
from privacy_center.holds.place import END_REASON, EVENT_REASON, REASON
from privacy_center.holds.queries import find_hold, history_of, records_of
from privacy_center.holds.review_dates import change_owner, move_review
from privacy_center.keys.sealing import show_text
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.conflict import refuse_conflict_over
from privacy_center.web.filters import today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.happenings import happening_words
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import center, reading, transaction


@staff.get("/holds/placed/<uuid:hold>")
def placed_hold(hold: uuid.UUID) -> Response:
    """What a hold keeps, why, for whom, until when, and what happened to it. Reasons are for those who may place holds."""
    return _draw(hold, {})


@staff.post("/holds/placed/<uuid:hold>/end")
def end_placed_hold(hold: uuid.UUID) -> Response:
    """End it, or propose that where it takes two people."""

    def act(session: Session, found: PlacedHold) -> None:
        end_placed(session, found, by=me(), reason=request.form.get("end_reason", ""), at=clock.now())

    return _change(hold, act, "ended")


@staff.post("/holds/placed/<uuid:hold>/second")
def confirm_placed_end(hold: uuid.UUID) -> Response:
    """The second person agrees that it ends, or keeps it."""
    agree = request.form.get("answer") == "end"

    def act(session: Session, found: PlacedHold) -> None:
        settle_end(session, found, by=me(), agree=agree, at=clock.now())

    return _change(hold, act, "ended" if agree else "kept")


@staff.post("/holds/placed/<uuid:hold>/review")
def review_placed_hold(hold: uuid.UUID) -> Response:
    """It was reviewed and stays until another date."""
    form = request.form
    try:
        to = date.fromisoformat(form.get("review_on", "").strip())
    except ValueError:
        to = None

    def act(session: Session, found: PlacedHold) -> None:
        reason = form.get("review_reason", "")
        move_review(session, found, to=to, by=me(), reason=reason, today=today(), at=clock.now())

    return _change(hold, act, "reviewed")


@staff.post("/holds/placed/<uuid:hold>/owner")
def give_placed_hold(hold: uuid.UUID) -> Response:
    """Another member of staff owns it from now on."""

    def act(session: Session, found: PlacedHold) -> None:
        change_owner(session, found, to=request.form.get("owner", ""), by=me(), at=clock.now())

    return _change(hold, act, "given")


def _change(hold: uuid.UUID, act: Callable[[Session, PlacedHold], None], done: str) -> Response:
    try:
        with transaction() as session:
            found = find_hold(session, hold)
            _refuse_conflict(session, found)
            act(session, found)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _draw(hold, {refusal.field or "": words(refusal.words)}, refusal.status)
    return go(url_for("staff.placed_hold", hold=hold, done=done))


def _refuse_conflict(session: Session, hold: PlacedHold) -> PrivacyRequest | None:
    asked = session.get(PrivacyRequest, hold.request_id) if hold.request_id else None
    if asked is not None:
        refuse_conflict_over(session, me(), asked)
    return asked


def _draw(hold_id: uuid.UUID, errors: dict[str, str], status: int = 200) -> Response:
    with reading() as session:
        hold = find_hold(session, hold_id)
        asked = _refuse_conflict(session, hold)
        may_hold = may_open("staff.end_placed_hold")
        records = [_shown_records(one) for one in records_of(session, hold.id)]
        history = [
            (
                happening_words(f"hold_{one.act}"),
                one,
                show_text(session, one.reason_sealed, EVENT_REASON) if may_hold else "",
            )
            for one in history_of(session, hold.id)
        ]
        return page(
            "staff/placed_hold.html",
            hold=hold,
            records=records,
            history=history,
            reference=asked.reference if asked else None,
            reason=show_text(session, hold.reason_sealed, REASON) if may_hold else "",
            end_reason=show_text(session, hold.end_reason_sealed, END_REASON) if may_hold else "",
            may_hold=may_hold and hold.ended_at is None,
            may_confirm=may_open("staff.confirm_placed_end") and hold.end_proposed_by not in (None, me().number),
            late=hold.ended_at is None and hold.review_on <= today(),
            typed=request.form,
            errors=errors,
            said=_said(request.args.get("done", ""), hold),
            status=status,
        )


def _shown_records(records: PlacedRecords) -> tuple[Words, PlacedRecords, list[Words]]:
    """Records of a hold with the name of their kind and of the fields that alone are held."""
    catalogue, collection = center().catalogue, center().data_map.collections.get(records.collection)
    fields = [catalogue.field_title(collection, path) for path in records.fields if collection]
    return catalogue.collection(records.collection).title, records, fields


def _said(done: str, hold: PlacedHold) -> str:
    if done == "ended" and hold.ended_at is None:
        return _("已提出结束，等待另一人复核。")
    return {
        "placed": _("已设置保留。"),
        "ended": _("保留已结束。没有其他原因须保留的记录，将在下次检查时删除。"),
        "kept": _("继续保留。"),
        "reviewed": _("审查日期已更新。"),
        "given": _("负责人已更换。"),
    }.get(done, "")
