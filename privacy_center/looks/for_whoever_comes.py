"""Looks of our own at somebody whom only the company's databases know: theirs to see, once they come and prove to be that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.audit.look import OUR_SYSTEM
from privacy_center.audit.models import AuditEntry
from privacy_center.looks.models import ReceivedLook
from privacy_center.looks.receive import AFTER_LOOK
from privacy_center.people.identity import identity_index


def keep_for_whoever_comes(
    session: Session, entry: AuditEntry, identifiers: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Keep the blind index of each identifier (kind, value) beside an entry of the record: whoever proves one of them within
    90 days sees the entry. The values are not kept.
    """
    for kind, value in identifiers:
        session.add(
            ReceivedLook(
                system=OUR_SYSTEM,
                entry_id=f"{entry.seq}:{kind}",
                seq=entry.seq,
                value_index=identity_index(session, kind, value),
                proven_by=at + AFTER_LOOK,
                received_at=at,
            )
        )
    session.flush()
