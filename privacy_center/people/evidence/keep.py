"""Evidence is kept sealed, opened once for each person who decides, and emptied when the case is decided."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of
from privacy_center.people.evidence.models import Evidence, EvidenceLook
from privacy_center.people.evidence.picture import CleanPicture

LONGEST_KEPT = timedelta(days=30)
LOOK_LASTS = timedelta(minutes=2)
MOST_PICTURES = 3
PICTURE = "evidence.picture"


def keep_evidence(
    session: Session, *, case: uuid.UUID, shows: str, picture: CleanPicture, subject: uuid.UUID | None, at: datetime
) -> Evidence:
    """One picture, sealed; `shows` says what it is meant to prove, `subject` is the person who uploaded it."""
    row = Evidence(
        id=uuid.uuid4(),
        case_id=case,
        shows=shows,
        picture_sealed=keyring_of(session).seal(picture.data, PICTURE, subject),
        fingerprint=keyring_of(session).keyed_hash(hashlib.sha256(picture.data).hexdigest(), "evidence.fingerprint"),
        size=len(picture.data),
        uploaded_at=at,
        expires_at=at + LONGEST_KEPT,
    )
    session.add(row)
    session.flush()
    return row


def evidence_of(session: Session, case: uuid.UUID) -> list[Evidence]:
    """What was uploaded to a case, oldest first; emptied ones are among them."""
    mine = sa.select(Evidence).where(Evidence.case_id == case)
    return list(session.scalars(mine.order_by(Evidence.uploaded_at, Evidence.id)))


def looks_of(session: Session, case: uuid.UUID) -> dict[tuple[uuid.UUID, str], EvidenceLook]:
    """(evidence, staff number) → the one look that this person has had at this picture of a case."""
    mine = sa.select(EvidenceLook).join(Evidence, Evidence.id == EvidenceLook.evidence_id)
    return {(one.evidence_id, one.staff_number): one for one in session.scalars(mine.where(Evidence.case_id == case))}


def grant_look(session: Session, evidence: Evidence, staff_number: str, at: datetime) -> str:
    """The token (256 random bits) that opens a picture once within two minutes, for this member of staff alone.

    Refuses (409) a second look by the same person, and a picture that is gone.
    """
    if evidence.picture_sealed is None:
        raise _gone()
    token = secrets.token_urlsafe(32)
    look = EvidenceLook(evidence_id=evidence.id, staff_number=staff_number, token_hash=_hash(token), granted_at=at)
    try:
        with session.begin_nested():
            session.add(look)
    except sa.exc.IntegrityError:
        raise Refusal(
            "您已经看过这张图片，每人只能看一次。需要再看，请转给同事。",
            "You have looked at this picture; each person may look once. Hand the case on if it is needed again.",
        ) from None
    return token


def open_once(session: Session, token: str, staff_number: str, at: datetime) -> tuple[Evidence, bytes]:
    """The picture (JPEG) behind a token, which is used up by it.

    Refuses (404), the same for each, a token that is unknown, used, another's, older than two minutes, or whose picture
    is gone.
    """
    fits = sa.and_(
        EvidenceLook.token_hash == _hash(token),
        EvidenceLook.staff_number == staff_number,
        EvidenceLook.opened_at.is_(None),
        EvidenceLook.granted_at > at - LOOK_LASTS,
    )
    use = sa.update(EvidenceLook).where(fits).values(opened_at=at).returning(EvidenceLook.evidence_id)
    found = session.scalar(use.execution_options(synchronize_session=False))
    evidence = session.get(Evidence, found) if found else None
    if evidence is None or evidence.picture_sealed is None:
        raise _gone()
    return evidence, keyring_of(session).open_sealed(evidence.picture_sealed, PICTURE)


def destroy_evidence(session: Session, case: uuid.UUID, because: str, at: datetime) -> int:
    """Empty every picture of a case, in the transaction of the decision; answers how many."""
    return _empty(session, Evidence.case_id == case, because, at)


def destroy_old_evidence(session: Session, at: datetime) -> int:
    """Empty every picture that is 30 days old, decided or not; answers how many."""
    return _empty(session, Evidence.expires_at <= at, "too_old", at)


def count_overdue(session: Session, at: datetime) -> int:
    """Pictures that are still there though their time is over: this must be 0."""
    late = sa.and_(Evidence.picture_sealed.is_not(None), Evidence.expires_at <= at)
    return session.scalar(sa.select(sa.func.count()).select_from(Evidence).where(late)) or 0


def _empty(session: Session, which: sa.ColumnElement[bool], because: str, at: datetime) -> int:
    there = sa.update(Evidence).where(which, Evidence.picture_sealed.is_not(None))
    empty = there.values(picture_sealed=None, destroyed_at=at, destroyed_because=because)
    return session.execute(empty.execution_options(synchronize_session="fetch")).rowcount


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _gone() -> Refusal:
    return Refusal(
        "这张图片已经看过或已销毁，不能再打开。",
        "This picture has been looked at or destroyed and cannot be opened again.",
        status=404,
    )
