"""The deletion that a member of staff hands in for a customer: its plan, its terms, and the one unit of work."""

from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.contact import Contact, mask_contact
from privacy_center.people.contact_change import CONTACTS
from privacy_center.people.models import Person
from privacy_center.people.tell import tell_person
from privacy_center.plans.draft import DraftedPlan, draft_plan, totals
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest
from privacy_center.privacy_requests.stopped import refuse_stopped
from privacy_center.privacy_requests.submit import Submission, open_deletion_of
from privacy_center.privacy_requests.warn import tell_contacts_on_file, tell_every_contact
from privacy_center.review.intake import take_in_deletion
from privacy_center.web.deletion_terms import Terms, action_for, judge_deletion, phone_changed_at
from privacy_center.web.filters import today
from privacy_center.web.staff.assist_guardian import with_guardian
from privacy_center.web.staff.assist_visit import Visit, ticket_of
from privacy_center.web.staff.in_hand import searched_by
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import center, reading, transaction


def refuse_in_the_way(session: Session, visit: Visit, at: datetime) -> None:
    """Refuses (409) while everything of the customer is stopped, within 72 hours of a change of contact, and a second
    deletion; the number of the first is not told to whoever has no permit for it.
    """
    refuse_stopped(session, visit.subject, Kind.DELETION, at)
    before = open_deletion_of(session, visit.subject)
    if before is not None and before.submission_key != _submission_key(visit):
        raise Refusal(
            "您已有一个删除申请在办理。它办完或撤回以后，才能再提交一个。",
            "A deletion of yours is already under way. Another one can be handed in once it is done or cancelled.",
        )


def draft_for(visit: Visit) -> DraftedPlan:
    """The plan for this customer and what they chose, as of today; reads only."""
    with reading() as session:
        identities = searched_by(session, visit)
    return draft_plan(center(), identities, visit.request_scope, today(), visit.waived)


def kinds_in(drafted: DraftedPlan) -> tuple[str, ...]:
    """The data categories whose rows a plan counts, for the record of the look."""
    return tuple(one for one in totals(center(), drafted.sheet)["categories"] if one.startswith("user"))


def terms_for(visit: Visit, drafted: DraftedPlan) -> Terms:
    """The terms on which the deletion would be taken in now."""
    changed = phone_changed_at(drafted)
    with reading() as session:
        return _terms(session, visit, drafted, changed, clock.now())


def submit_for_customer(visit: Visit, drafted: DraftedPlan, words: str) -> str:
    """The reference of the request; pressing twice gives the same one. Every contact of the customer is told.

    Refuses (409) what stands in the way, (422) words that are too long.
    """
    at, changed = clock.now(), phone_changed_at(drafted)
    with transaction() as session:
        refuse_in_the_way(session, visit, at)
        terms = _terms(session, visit, drafted, changed, at)
        asked = _take_in(session, visit, drafted, terms, words, at)
        if asked.received_at == at:
            _tell(session, asked, drafted, terms, at)
            _note(session, visit, asked, terms, at)
        return asked.reference


def _terms(session: Session, visit: Visit, drafted: DraftedPlan, changed: datetime | None, at: datetime) -> Terms:
    return judge_deletion(session, visit.as_login(), action_for(visit.request_scope), drafted, changed, at)


def _take_in(
    session: Session, visit: Visit, drafted: DraftedPlan, terms: Terms, words: str, at: datetime
) -> PrivacyRequest:
    settings, identities = center().settings, searched_by(session, visit)
    handed_in = Submission(
        person=session.get_one(Person, visit.subject),
        identities=identities,
        level=terms.level,
        verification_method=with_guardian(visit, drafted, terms.method),
        verified_by=me().number if visit.proven else None,
        risk_flags=terms.flags,
        timezone=settings.timezone,
        jurisdiction=settings.jurisdiction,
        scope=visit.request_scope,
        words=words.strip(),
        label=next((mask_contact(Contact(kind, identities[kind][0])) for kind in CONTACTS if identities.get(kind)), ""),
        channel=Channel(visit.channel),
        language=visit.language,
        submission_key=_submission_key(visit),
        waived=visit.waived,
    )
    return take_in_deletion(session, center(), drafted, handed_in, cooling_off_days=terms.days, actor=actor(), at=at)


def _tell(session: Session, asked: PrivacyRequest, drafted: DraftedPlan, terms: Terms, at: datetime) -> None:
    """E-mail was told of the request as of any other; telephones and every contact on file hear as well, whatever was proven:
    whoever took it in alone says that somebody was there.
    """
    context = {"reference": asked.reference}
    ways = ("phone_number",) if terms.enough else ()
    key = f"in-your-name:{asked.id}"
    tell_person(session, asked.person_id, "request_in_your_name", context, dedupe_key=key, at=at, ways=ways)
    tell = tell_contacts_on_file if terms.enough else tell_every_contact
    tell(session, asked, drafted.offered, at)


def _note(session: Session, visit: Visit, asked: PrivacyRequest, terms: Terms, at: datetime) -> None:
    told = {"channel": visit.channel, "by": terms.method or None, "level": terms.level.value}
    told |= {"rules": visit.waived} if visit.waived else {}
    about = {"subject": visit.subject, "request": asked.reference}
    record(session, actor=actor(), act="customer.assisted", **about, details={**ticket_of(visit), **told}, at=at)


def _submission_key(visit: Visit) -> str:
    return f"assist:{visit.key}"
