"""What somebody asked for in the place of others: how far it is, and nothing of what is held about them."""

from flask import Blueprint, Response

from privacy_center.errors import Refusal
from privacy_center.people.identity_cases.decide import cases_of
from privacy_center.people.identity_cases.models import CaseState, IdentityCase
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.web.customer.identity import me
from privacy_center.web.customer.progress import Progress, progress_of
from privacy_center.web.page import page
from privacy_center.web.units import reading

for_others = Blueprint("for_others", __name__, url_prefix="/me/for-others")


@for_others.get("/")
def listed() -> Response:
    """The cases of the person who is signed in, each with the progress of the request that followed from it."""
    with reading() as session:
        mine = [(one, _progress(session, one)) for one in cases_of(session, me().person)]
    return page("customer/for_others/listed.html", mine=mine)


@for_others.get("/sent/<reference>")
def sent(reference: str) -> Response:
    """Received, with its reference; may be kept as a bookmark. Refuses (404) another person's case."""
    with reading() as session:
        found = [one for one in cases_of(session, me().person) if one.reference == reference]
    if not found:
        raise Refusal("没有这个编号。", "There is no such reference.", status=404)
    return page("customer/for_others/sent.html", it=found[0])


def _progress(session: object, case: IdentityCase) -> Progress | None:
    """How far the request is: state, dots and the last day. Its plan, messages and timeline stay the data subject's."""
    if case.state is not CaseState.APPROVED or not case.outcome_reference:
        return None
    return progress_of(request_by_reference(session, case.outcome_reference))  # type: ignore[arg-type]
