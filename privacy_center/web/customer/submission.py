"""The deletion is submitted: request, plan and the way to the reviewers, all in one unit of work."""

from datetime import timedelta

from privacy_center import clock
from privacy_center.people.contact import mask_contact
from privacy_center.people.models import Level, Person
from privacy_center.plans.draft import DraftedPlan
from privacy_center.plans.freeze import freeze_plan
from privacy_center.privacy_requests.models import Kind, Scope, State
from privacy_center.privacy_requests.moves import SYSTEM, confirm, start_review
from privacy_center.privacy_requests.submit import submit_request
from privacy_center.web.customer.choices import categories_of
from privacy_center.web.customer.draft import Chosen
from privacy_center.web.customer.held import find_held, masked_name
from privacy_center.web.customer.identity import as_actor, me, my_contact, my_identities
from privacy_center.web.language import language
from privacy_center.web.units import center, transaction


def submit_deletion(chosen: Chosen, drafted: DraftedPlan, *, cooling_off_days: int, words: str) -> str:
    """The reference of the request; pressing twice gives the same one.

    The plan that the customer saw is frozen with it. `execute_after` is the earliest moment of deletion: submission plus
    the days chosen. Refuses (409) a second deletion while one is open.
    """
    at = clock.now()
    settings = center().settings
    label = masked_name(find_held())
    with transaction() as session:
        contact = my_contact(session)
        asked = submit_request(
            session,
            person=session.get_one(Person, me().person),
            kind=Kind.DELETION,
            identities=my_identities(session),
            actor=as_actor(),
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
            at=at,
        )
        if asked.state is State.RECEIVED:
            if cooling_off_days:
                asked.cooling_off_until = asked.execute_after = at + timedelta(days=cooling_off_days)
            freeze_plan(session, center(), drafted, request_id=asked.id, at=at)
            confirm(session, asked, actor=as_actor(), at=at)
            start_review(session, asked, actor=SYSTEM, at=at)
        return asked.reference
