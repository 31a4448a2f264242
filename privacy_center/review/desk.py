"""Work on a request that decides nothing: who has it, and notes between reviewers."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_text, show_text
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.timeline import note_event
from privacy_center.review.duties import check_may_hold
from privacy_center.review.models import InternalNote

TEXT = "review_note.text"
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Note:
    """One note, opened."""

    author: str
    at: datetime
    text: str


def assign(session: Session, request: PrivacyRequest, *, to: StaffMember | None, by: StaffMember, at: datetime) -> None:
    """Give the request to somebody who may decide or handle it, or to nobody; refuses who has a conflict of interest."""
    if to is not None:
        check_may_hold(session, request, to)
    request.assignee = to.number if to else None
    session.flush()
    told = {"to": request.assignee}
    note_event(session, request, "assigned", actor=by.as_actor(), at=at, details=told, audited=told, visible=False)


def add_note(session: Session, request: PrivacyRequest, *, text: str, by: StaffMember, at: datetime) -> None:
    """A note for colleagues; the data subject may ask to see it. Refuses (422) none or more than 4,000 characters."""
    if not 0 < len(text.strip()) <= LONGEST:
        raise Refusal(
            f"请写下备注，最多 {LONGEST} 字。",
            f"Write a note of at most {LONGEST} characters.",
            status=422,
            field="note",
        )
    sealed = seal_text(session, text.strip(), TEXT, subject=request.person_id)
    session.add(InternalNote(request_id=request.id, author=by.number, at=at, text_sealed=sealed))
    note_event(session, request, "note", actor=by.as_actor(), at=at, visible=False)


def notes_of(session: Session, request: uuid.UUID, limit: int = 100) -> list[Note]:
    """The newest notes, newest first."""
    mine = sa.select(InternalNote).where(InternalNote.request_id == request)
    newest = session.scalars(mine.order_by(InternalNote.at.desc(), InternalNote.id).limit(limit))
    return [Note(one.author, one.at, show_text(session, one.text_sealed, TEXT)) for one in newest]
