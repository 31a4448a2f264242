"""Search for a customer: two exact identifiers and a case, one masked answer; every search is on record, found or not."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal
from privacy_center.people.identity import identities_of
from privacy_center.people.models import Person
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.people.staff.permits import Act, DataClass
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import requests_of
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.review.find_subject import KINDS, find_subject, wrong_in
from privacy_center.web.filters import words
from privacy_center.web.language import language
from privacy_center.web.page import page
from privacy_center.web.staff.assist_visit import begin_visit
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.masking import permit_on
from privacy_center.web.staff.shown_request import identity_words, masked_identities
from privacy_center.web.staff.vocabulary import kind_words, state_words
from privacy_center.web.staff.who import actor, may_open, me
from privacy_center.web.units import reading, transaction

PURPOSES = ("request.assist", "request.answer", "complaint", "customer.service")


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: masked contacts, the requests that this post may open, how many others are open, and the key under which
    a request can be handed in for this customer (nothing where the post does not do that).
    """

    contacts: list[tuple[str, str]]
    requests: list[tuple[str, str, str]]
    others_open: int
    visit: str


@staff.route("/search", methods=["GET", "POST"])
def search() -> Response:
    """The form, and the answer on the same page; the answer is gone with the next page."""
    if request.method == "GET":
        return _search_page()
    if wrong := _wrong():
        return _search_page(errors=wrong, status=422)
    try:
        return _search_page(found=_look_up(), searched=True)
    except Refusal as refusal:
        if refusal.status not in (422, 429):
            raise
        return _search_page(errors={refusal.field or "": refusal.words.spoken(language())}, status=refusal.status)


def _identifiers() -> list[tuple[str, str]]:
    return [(request.form.get(f"kind_{n}", ""), request.form.get(f"value_{n}", "")) for n in (1, 2)]


def _wrong() -> dict[str, str]:
    """All that is wrong at once, in the order of the form; nothing is searched then."""
    found = {name: words(said) for name, said in wrong_in(_identifiers(), request.form.get("case", "")).items()}
    if request.form.get("purpose") not in PURPOSES:
        found["purpose"] = _("选一个查找的目的。")
    return found


def _look_up() -> Found | None:
    form, at, identifiers = request.form, clock.now(), _identifiers()
    with transaction() as session:
        person = find_subject(session, identifiers, case=form.get("case", ""), by=me(), at=at)
        _note(session, person, [kind for kind, _value in identifiers])
    if person is None:
        return None
    with reading() as session:
        identities = identities_of(session, person.id)
        refuse_conflict(session, me(), identities)
        asked = requests_of(session, person.id)
    key = begin_visit(person.id, form["case"].strip()) if may_open("staff.assist_verify") else ""
    return _shown(identities, asked, key)


def _note(session: Session, person: Person | None, kinds: list[str]) -> None:
    record_look(
        session,
        actor=actor(),
        subject=person.id if person else None,
        data=["user.contact"],
        purpose=request.form["purpose"],
        case=None,
        act="data.search",
        more={"kinds": kinds, "ticket": request.form["case"].strip(), "found": person is not None},
        at=clock.now(),
    )


def _shown(identities: dict[str, list[str]], asked: list[PrivacyRequest], visit: str) -> Found:
    mine = [one for one in asked if permit_on(one, Act.LOOK, DataClass.CASE)]
    return Found(
        contacts=masked_identities(identities),
        requests=[(one.reference, kind_words(one.kind), state_words(one.state)) for one in mine],
        others_open=sum(1 for one in asked if one not in mine and one.state not in CLOSED),
        visit=visit,
    )


def _search_page(
    *, found: Found | None = None, searched: bool = False, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    return page(
        "staff/search.html",
        kinds=[("", _("选一种")), *((kind, _kind_words(kind)) for kind in KINDS)],
        purposes=[("", _("选一个目的")), *_purposes()],
        typed={} if found else request.form,
        found=found,
        searched=searched,
        errors=errors or {},
        status=status,
    )


def _kind_words(kind: str) -> str:
    return _("申请编号") if kind == "reference" else identity_words(kind)


def _purposes() -> list[tuple[str, str]]:
    said = {
        "request.assist": _("帮客户办理隐私申请"),
        "request.answer": _("回复客户的问题"),
        "complaint": _("处理投诉"),
        "customer.service": _("客户服务"),
    }
    return [(code, said[code]) for code in PURPOSES]
