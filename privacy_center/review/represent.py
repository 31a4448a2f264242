"""A case was approved: the request that follows is the data subject's, asked for by somebody else."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.datamap.display import mask_for_display
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.identity_cases.decide import level_of
from privacy_center.people.identity_cases.file import facts_of, note
from privacy_center.people.identity_cases.models import IdentityCase, Path
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.tell import tell_person
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.ground import Ground
from privacy_center.privacy_requests.models import Channel, PrivacyRequest
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.guardian import take_the_place
from privacy_center.review.intake import take_in_deletion

WHO = {Path.MINOR: ("您的监护人", "Your guardian"), Path.AGENT: ("受您委托的人", "Somebody you authorised")}


def represent(
    session: Session,
    ground: Ground,
    case: IdentityCase,
    drafted: DraftedPlan,
    *,
    by: StaffMember,
    timezone: str,
    jurisdiction: str,
    cooling_off_days: int,
    at: datetime,
) -> PrivacyRequest:
    """The privacy request of an approved case: a deletion with its plan (`drafted`).

    A guardian's takes the place of a deletion that the child had asked for. The data subject hears of it at every contact, unless they have died, and can cancel it. Whoever decided or verified
    the case may not decide on the request. Refuses what `submit_request` refuses.
    """
    handed_in = _submission_of(session, case, timezone=timezone, jurisdiction=jurisdiction, at=at)
    case.subject_id = handed_in.person.id
    actor = by.as_actor()
    if case.path is Path.MINOR:
        take_the_place(session, handed_in.person, actor, at)
    made = take_in_deletion(session, ground, drafted, handed_in, cooling_off_days=cooling_off_days, actor=actor, at=at)
    case.outcome_reference = made.reference
    _tell_subject(session, case, made, at)
    note(session, case, "request_opened", actor, at, {"request": made.reference})
    return made


def _submission_of(
    session: Session, case: IdentityCase, *, timezone: str, jurisdiction: str, at: datetime
) -> Submission:
    facts = facts_of(session, case)
    identities = facts.identities()
    known_by, value = next((one, values[0]) for one, values in identities.items())
    return Submission(
        person=find_or_create_person(session, known_by, value, at, method="represented", language=case.language),
        identities=identities,
        level=level_of(case),
        verification_method=case.verified_how or "",
        verified_by=case.verified_by,
        timezone=timezone,
        jurisdiction=jurisdiction,
        label=mask_for_display(facts.name, "name"),
        words=facts.statement,
        channel=Channel.COUNTER if case.verified_how == "counter" else Channel.ONLINE,
        submission_key=f"case:{case.reference}",
        represented_by=case.asker_id,
        represented_as=case.path.value,
    )


def _tell_subject(session: Session, case: IdentityCase, made: PrivacyRequest, at: datetime) -> None:
    if case.path not in WHO:
        return
    zh, en = WHO[case.path]
    context = {"reference": made.reference, "kind_zh": zh, "kind_en": en}
    ways = ("email", "phone_number")
    key = f"asked-for-you:{made.id}"
    tell_person(session, made.person_id, "asked_for_you", context, dedupe_key=key, at=at, ways=ways)
