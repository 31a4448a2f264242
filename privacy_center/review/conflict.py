"""Conflicts of interest over a request: by whom it names, by whose it is, and by what stands on the rows it was planned for."""

from sqlalchemy.orm import Session

from privacy_center.people.staff import conflict
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.freeze import identifiers_met
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import identities_shown


def refuse_conflict_over(session: Session, by: StaffMember, request: PrivacyRequest) -> None:
    """Refuses (403) a request of the member's own or of somebody declared: by the identities that the request names, by
    those that its person has proven, and by those that any plan of it met on the person's own rows, proven or not.
    """
    known = {kind: set(values) for kind, values in identities_shown(session, request).items()}
    for kind, values in identifiers_met(session, request.id).items():
        known.setdefault(kind, set()).update(values)
    conflict.refuse_conflict(session, by, known, request.person_id)
