"""What the privacy center itself forgets: contacts that were typed, sessions and counts, once they are of no use."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from privacy_center.people.contact_change import settle_changes
from privacy_center.people.evidence.keep import destroy_old_evidence
from privacy_center.people.login import forget_logins
from privacy_center.people.not_me.tokens import forget_stop_tokens
from privacy_center.people.password import forget_wrong_passwords
from privacy_center.people.rate import forget_counts
from privacy_center.people.risk import forget_devices
from privacy_center.people.sign_in import forget_codes

CODES, LOGINS, COUNTS = timedelta(days=1), timedelta(days=30), timedelta(days=2)
DEVICES = timedelta(days=365)


def forget_old(session: Session, at: datetime) -> dict[str, int]:
    """Remove codes and wrong passwords a day, sessions 30 days and counts 2 days after their end, and what else has had its time.

    Answers how many of each.
    """
    return {
        "codes": forget_codes(session, at - CODES),
        "wrong_passwords": forget_wrong_passwords(session, at - CODES),
        "logins": forget_logins(session, at - LOGINS),
        "counts": forget_counts(session, at - COUNTS),
        "devices": forget_devices(session, at - DEVICES),
        "stop_tokens": forget_stop_tokens(session, at),
        "contacts": settle_changes(session, at),
        "evidence": destroy_old_evidence(session, at),
    }
