"""Search for a customer: two exact identifiers and a case, one masked answer; every search is on record, found or not."""

from dataclasses import dataclass

from flask import Response, request

from privacy_center.errors import Refusal
from privacy_center.people.contact import normal_value
from privacy_center.people.identity import identities_of
from privacy_center.people.staff.permits import Act, DataClass
from privacy_center.privacy_requests.queries import requests_of
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.web.filters import words_by_field
from privacy_center.web.page import page
from privacy_center.web.staff.assist_visit import begin_visit
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.find_customer import (
    FoundCustomer,
    kind_choices,
    look_up,
    purpose_choices,
    ticket,
    wrong_in_form,
)
from privacy_center.web.staff.masking import permit_on
from privacy_center.web.staff.shown_request import masked_identities
from privacy_center.web.staff.vocabulary import kind_words, state_words
from privacy_center.web.staff.who import may_open
from privacy_center.web.units import reading

PURPOSES = ("request.assist", "request.answer", "complaint", "customer.service")


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: masked contacts, the requests that this post may open, how many others are open, the key under which
    a request can be handed in for this customer (nothing where the post does not do that), and whether only the company's
    databases know them.
    """

    contacts: list[tuple[str, str]]
    requests: list[tuple[str, str, str]]
    others_open: int
    visit: str
    is_new: bool


@staff.route("/search", methods=["GET", "POST"])
def search() -> Response:
    """The form, and the answer on the same page; the answer is gone with the next page."""
    if request.method == "GET":
        return _search_page()
    if wrong := wrong_in_form(PURPOSES):
        return _search_page(errors=wrong, status=422)
    try:
        found = look_up(beyond_known=may_open("staff.assist_verify"))
        return _search_page(found=_shown(found) if found else None, searched=True)
    except Refusal as refusal:
        if refusal.status not in (422, 429, 503):
            raise
        return _search_page(errors=words_by_field(refusal), status=refusal.status)


def _shown(found: FoundCustomer) -> Found:
    person = found.person
    with reading() as session:
        typed = {kind: [normal_value(kind, value)] for kind, value in found.identifiers}
        identities = identities_of(session, person.id) if person else typed
        asked = requests_of(session, person.id) if person else []
    mine = [one for one in asked if permit_on(one, Act.LOOK, DataClass.CASE)]
    claimed = [] if person else found.identifiers
    return Found(
        contacts=masked_identities(identities),
        requests=[(one.reference, kind_words(one.kind), state_words(one.state)) for one in mine],
        others_open=sum(1 for one in asked if one not in mine and one.state not in CLOSED),
        visit=begin_visit(person.id if person else None, claimed, ticket()) if may_open("staff.assist_verify") else "",
        is_new=person is None,
    )


def _search_page(
    *, found: Found | None = None, searched: bool = False, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    return page(
        "staff/search.html",
        kinds=kind_choices(),
        purposes=purpose_choices(PURPOSES),
        typed={} if found else request.form,
        found=found,
        searched=searched,
        errors=errors or {},
        status=status,
    )
