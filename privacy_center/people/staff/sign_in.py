"""A sign-in of a member of staff, with words by which they know the browser again."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.keys.sealing import seal_text
from privacy_center.people.login import DEVICE, open_login
from privacy_center.people.models import Level, LoginKind
from privacy_center.people.staff.models import StaffMember


def open_staff_login(session: Session, member: StaffMember, device: str, at: datetime) -> str:
    """The token of a new login with both proofs given. `device`: browser and system (`Chrome, Windows`), or nothing."""
    login, token = open_login(session, kind=LoginKind.STAFF, owner=member.id, level=Level.V2, at=at)
    login.device_sealed = seal_text(session, device, DEVICE) if device else None
    return token
