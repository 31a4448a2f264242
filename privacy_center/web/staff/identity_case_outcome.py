"""What an approved case leads to: a new contact in place of a lost one, or a request in the name of the data subject."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.people.identity import find_person
from privacy_center.people.identity_cases.decide import case_by_reference
from privacy_center.people.identity_cases.file import facts_of
from privacy_center.people.identity_cases.models import IdentityCase, Path
from privacy_center.people.identity_cases.replace_lost import replace_lost
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.draft import DraftedPlan, draft_plan
from privacy_center.privacy_requests.put_off import put_off_pending
from privacy_center.privacy_requests.stopped import open_freeze_of
from privacy_center.review.represent import represent
from privacy_center.web.filters import today
from privacy_center.web.units import center, reading


def draft_for_case(reference: str) -> DraftedPlan | None:
    """The plan of a deletion that would follow, worked out before any transaction of ours; None where none follows."""
    with reading() as session:
        case = case_by_reference(session, reference)
        if case.path is Path.LOST_NUMBER:
            return None
        identities = facts_of(session, case).identities()
    return draft_plan(center(), identities, None, today())


def carry_out_case(
    session: Session, case: IdentityCase, drafted: DraftedPlan | None, *, by: StaffMember, at: datetime
) -> None:
    """The effect of an approval, in its transaction."""
    settings = center().settings
    if case.path is Path.LOST_NUMBER:
        change = replace_lost(session, case, by, at)
        put_off_pending(session, change.person_id, change.hold_until, by.as_actor(), at)
        return
    assert drafted is not None
    represent(
        session,
        center(),
        case,
        drafted,
        by=by,
        timezone=settings.timezone,
        jurisdiction=settings.jurisdiction,
        cooling_off_days=settings.cooling_off_days,
        at=at,
    )


def is_stopped(session: Session, case: IdentityCase) -> bool:
    """Whether everything of the person concerned is stopped, so far as the center knows them."""
    for kind, values in facts_of(session, case).identities().items():
        person = find_person(session, kind, values[0])
        if person is not None and open_freeze_of(session, person.id) is not None:
            return True
    return False
