"""A second request about the records of a first one, from somebody whom the company knows by another contact."""

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.center import Center
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.proceed import proceed
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.models import Level
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.plans.draft import draft_plan
from privacy_center.plans.freeze import current_plan, sign_plan
from privacy_center.privacy_requests.moves import approve
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.privacy_requests.submit import Submission
from privacy_center.review.intake import take_in_deletion
from privacy_center.review.redraft import keep_second_draft, look_again
from tests import corner

Identities = dict[str, list[str]]


def take_in(center: Center, identities: Identities, scope: RequestScope = EVERYTHING) -> str:
    """A deletion laid before the reviewers, asked by whom the first identity names; answers its reference."""
    at = clock.now()
    kind, values = next(iter(identities.items()))
    drafted = draft_plan(center, identities, scope, center.today(at))
    with center.database.transaction() as session:
        handed_in = Submission(
            person=find_or_create_person(session, kind, values[0], at),
            identities=identities,
            level=Level.V2,
            verification_method="counter",
            timezone="Asia/Shanghai",
            scope=scope,
        )
        by = Actor("staff", "A1", "agent")
        return take_in_deletion(session, center, drafted, handed_in, cooling_off_days=0, actor=by, at=at).reference


def is_blocked(center: Center, reference: str) -> bool:
    """Whether the plan of a request waits for something."""
    with center.database.reading() as session:
        return current_plan(session, request_by_reference(session, reference).id).blocked


def draft_again_and_run(shop: corner.Corner, reference: str) -> None:
    """A waiting request drafted anew, approved by R1 and carried out; nothing happens where its plan is still blocked."""
    center, at, handed = shop.center, clock.now(), []
    by = StaffMember(number="R1", roles=[Role.REVIEWER], active=True, department="")
    with center.database.transaction() as session:
        request = request_by_reference(session, reference)
        again = look_again(session, center, request, center.today(at))
        keep_second_draft(session, center, request, again, by=by, version=request.version, at=at)
    if is_blocked(center, reference):
        return
    with center.database.transaction() as session:
        request = request_by_reference(session, reference)
        sign_plan(session, current_plan(session, request.id), by="R1", at=at)
        approve(session, request, actor=Actor("staff", "R1", "reviewer"), at=at)
        proceed(session, request, lambda _, run, datasets: handed.append((run.id, datasets)), at)
    corner.run_handed(shop, handed)


def erased_by(center: Center, *references: str) -> dict[str, int]:
    """Records that the certificates of these requests count as erased, by collection."""
    counts: dict[str, int] = {}
    with center.database.reading() as session:
        for reference in references:
            for one in certificates_of(session, request_by_reference(session, reference).id):
                for collection, numbers in one.body["collections"].items():
                    counts[collection] = counts.get(collection, 0) + numbers["erased"]
    return counts
