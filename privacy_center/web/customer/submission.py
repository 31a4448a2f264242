"""The deletion is submitted: what the customer chose and saw goes to the reviewers in one unit of work."""

from privacy_center import clock
from privacy_center.people.contact import mask_contact
from privacy_center.people.models import Person
from privacy_center.plans.draft import DraftedPlan
from privacy_center.privacy_requests.submit import Submission
from privacy_center.privacy_requests.warn import tell_every_contact
from privacy_center.review.intake import take_in_deletion
from privacy_center.web.customer.draft import Chosen, scope_of_choice
from privacy_center.web.customer.held import find_held, masked_name, remember_name
from privacy_center.web.customer.identity import as_actor, me, my_contact, my_identities
from privacy_center.web.customer.terms import terms_for
from privacy_center.web.language import language
from privacy_center.web.units import center, transaction


def submit_deletion(chosen: Chosen, drafted: DraftedPlan, *, hurried: bool, words: str) -> str:
    """The reference of the request; pressing twice gives the same one.

    The plan that the customer saw is frozen with it, on the terms that what they have proven allows (`terms_for`); where
    that is less than the table asks, every contact on file is told. Refuses (409) a second deletion while one is open,
    (422) words that are too long.
    """
    settings, label, terms = center().settings, masked_name(find_held()), terms_for(chosen, drafted)
    days = 0 if hurried and terms.enough else terms.days
    with transaction() as session:
        contact = my_contact(session)
        remember_name(session, label)
        handed_in = Submission(
            person=session.get_one(Person, me().person),
            identities=my_identities(session),
            level=terms.level,
            verification_method=terms.method,
            risk_flags=terms.flags,
            timezone=settings.timezone,
            jurisdiction=settings.jurisdiction,
            scope=scope_of_choice(chosen),
            words=words.strip(),
            label=label or mask_contact(contact),
            language=language(),
            submission_key=chosen.key,
            waived=chosen.waived,
        )
        asked = take_in_deletion(
            session, center(), drafted, handed_in, cooling_off_days=days, actor=as_actor(), at=clock.now()
        )
        if not terms.enough:
            tell_every_contact(session, asked, drafted.offered, clock.now())
        return asked.reference
