"""A lost number, after the check at the counter: the new contact takes its place, and the old one lets nobody in."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import open_text
from privacy_center.outbox.days import on_the_wall
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.contact_change import contacts_of, put_in_place_of_lost
from privacy_center.people.identity import VALUE, find_or_create_person
from privacy_center.people.identity_cases.file import facts_of, note
from privacy_center.people.identity_cases.models import IdentityCase
from privacy_center.people.login import end_all_logins
from privacy_center.people.models import Person, PersonIdentity
from privacy_center.people.not_me.models import ContactChange
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.tell import tell_person


def replace_lost(session: Session, case: IdentityCase, by: StaffMember, at: datetime) -> ContactChange:
    """Give the asker's proven contact to the person who had the lost one; old sign-ins end; every contact is told.

    Refuses (409) when the asker has no contact of their own, or is that person already.
    """
    identities = facts_of(session, case).identities()
    kind, value = next((kind, values[0]) for kind, values in identities.items())
    person = find_or_create_person(session, kind, value, at, method="counter", language=case.language)
    new = _contact_of_asker(session, case, person)
    lost = next((one for one in contacts_of(session, person.id) if _value(session, one) == value), None)
    case.subject_id = person.id
    ended = end_all_logins(session, person.id, at) + end_all_logins(session, case.asker_id, at)
    change = put_in_place_of_lost(session, person, lost, new, at)
    case.asker_id = person.id
    _tell(session, case, change, new, at)
    note(session, case, "contact_replaced", by.as_actor(), at, {"logins": ended})
    return change


def _contact_of_asker(session: Session, case: IdentityCase, person: Person) -> PersonIdentity:
    mine = contacts_of(session, case.asker_id)
    if not mine or case.asker_id == person.id:
        raise Refusal(
            "申请人的新联系方式已经在此人名下，不用更换。请改为不通过，并写明原因。",
            "The asker's contact is this person's already, so there is nothing to replace. Refuse it and say so.",
        )
    return mine[0]


def _tell(session: Session, case: IdentityCase, change: ContactChange, new: PersonIdentity, at: datetime) -> None:
    """Every contact hears of it, the lost one among them for 72 hours."""
    until = on_the_wall(session, change.hold_until)
    shown = mask_contact(Contact(new.kind, _value(session, new)))
    context = {"reference": case.reference, "contact": shown, "until": until}
    key = f"contact-replaced:{change.id}"
    ways = ("email", "phone_number")
    tell_person(session, change.person_id, "contact_replaced", context, dedupe_key=key, at=at, ways=ways)


def _value(session: Session, row: PersonIdentity) -> str:
    return open_text(session, row.value_sealed, VALUE)
