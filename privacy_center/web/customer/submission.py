"""The deletion is submitted: what the customer chose and saw goes to the reviewers in one unit of work."""

from privacy_center import clock
from privacy_center.people.contact import mask_contact
from privacy_center.people.models import Level, Person
from privacy_center.plans.draft import DraftedPlan
from privacy_center.privacy_requests.models import Scope
from privacy_center.review.intake import take_in_deletion
from privacy_center.web.customer.choices import categories_of
from privacy_center.web.customer.draft import Chosen
from privacy_center.web.customer.held import find_held, masked_name, remember_name
from privacy_center.web.customer.identity import as_actor, me, my_contact, my_identities
from privacy_center.web.language import language
from privacy_center.web.units import center, transaction


def submit_deletion(chosen: Chosen, drafted: DraftedPlan, *, cooling_off_days: int, words: str) -> str:
    """The reference of the request; pressing twice gives the same one.

    The plan that the customer saw is frozen with it. Refuses (409) a second deletion while one is open, (422) words that
    are too long.
    """
    settings, label = center().settings, masked_name(find_held())
    with transaction() as session:
        contact = my_contact(session)
        remember_name(session, label)
        asked = take_in_deletion(
            session,
            center(),
            drafted,
            cooling_off_days=cooling_off_days,
            actor=as_actor(),
            at=clock.now(),
            person=session.get_one(Person, me().person),
            identities=my_identities(session),
            level=Level.V1,
            verification_method=f"code:{contact.kind}",
            timezone=settings.timezone,
            jurisdiction=settings.jurisdiction,
            scope=Scope.CATEGORIES if chosen.scope == "categories" else Scope.EVERYTHING,
            categories=categories_of(chosen.groups),
            words=words.strip(),
            label=label or mask_contact(contact),
            language=language(),
            submission_key=chosen.key,
            waived=chosen.waived,
        )
        return asked.reference
