"""Looking things up in the audit trail."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.models import AuditEntry


def entries_about(
    session: Session, subject: uuid.UUID, *, limit: int = 50, before: int | None = None
) -> list[AuditEntry]:
    """The newest entries about one person, newest first; `before` is the last number already shown."""
    return _newest(session, AuditEntry.subject_id == subject, limit, before)


def entries_of_request(session: Session, reference: str, *, limit: int = 200) -> list[AuditEntry]:
    """The newest entries about one privacy request, newest first."""
    return _newest(session, AuditEntry.request_reference == reference, limit, None)


def newest_entries(session: Session, *, limit: int = 50, before: int | None = None) -> list[AuditEntry]:
    """The newest entries of the whole trail, newest first."""
    return _newest(session, sa.true(), limit, before)


def _newest(session: Session, which: sa.ColumnElement[bool], limit: int, before: int | None) -> list[AuditEntry]:
    found = sa.select(AuditEntry).where(which).order_by(AuditEntry.seq.desc()).limit(limit)
    if before is not None:
        found = found.where(AuditEntry.seq < before)
    return list(session.scalars(found))
