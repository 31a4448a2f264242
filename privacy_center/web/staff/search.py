"""Search for a customer: two exact identifiers and a case, one masked answer; every search is on record, found or not."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal
from privacy_center.looks.for_whoever_comes import keep_for_whoever_comes
from privacy_center.people.contact import normal_value
from privacy_center.people.identity import identities_of
from privacy_center.people.models import Person
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.people.staff.permits import Act, DataClass
from privacy_center.privacy_requests.queries import requests_of
from privacy_center.privacy_requests.states import CLOSED
from privacy_center.review.find_subject import IDENTITIES, KINDS, Lead, find_subject, wrong_in
from privacy_center.sources.on_file import Identifiers, as_on_file, on_one_row
from privacy_center.sources.trouble import Unavailable
from privacy_center.web.filters import words, words_by_field
from privacy_center.web.page import page
from privacy_center.web.staff.assist_visit import begin_visit, index_of
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.masking import permit_on
from privacy_center.web.staff.shown_request import identity_words, masked_identities
from privacy_center.web.staff.vocabulary import kind_words, state_words
from privacy_center.web.staff.who import actor, may_open, me
from privacy_center.web.units import center, reading, transaction

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
    if wrong := _wrong():
        return _search_page(errors=wrong, status=422)
    try:
        return _search_page(found=_look_up(), searched=True)
    except Refusal as refusal:
        if refusal.status not in (422, 429, 503):
            raise
        return _search_page(errors=words_by_field(refusal), status=refusal.status)


def _identifiers() -> list[tuple[str, str]]:
    return [(request.form.get(f"kind_{n}", ""), request.form.get(f"value_{n}", "")) for n in (1, 2)]


def _wrong() -> dict[str, str]:
    """All that is wrong at once, in the order of the form; nothing is searched then."""
    found = {name: words(said) for name, said in wrong_in(_identifiers(), request.form.get("case", "")).items()}
    if request.form.get("purpose") not in PURPOSES:
        found["purpose"] = _("选一个查找的目的。")
    return found


def _look_up() -> Found | None:
    """The customer, or nobody; on record either way. Refuses (503) where the company's databases cannot all be asked, (403)
    somebody whom the member declared, by whatever identifiers.
    """
    identifiers = _identifiers()
    with transaction() as session:
        lead = find_subject(session, identifiers, case=request.form.get("case", ""), by=me(), at=clock.now())
    beside = _on_file(lead, identifiers)
    found = lead.person is not None if lead.sure else bool(beside)
    with transaction() as session:
        _note(session, lead.person if found else None, identifiers, found)
    with reading() as session:
        known = [*identifiers, *((kind, value) for kind, values in (beside or {}).items() for value in values)]
        refuse_conflict(session, me(), _by_kind(known), lead.person.id if lead.person else None)
    if beside is None:
        raise _silent()
    return _shown(lead.person, as_on_file(beside, identifiers)) if found else None


def _on_file(lead: Lead, identifiers: Identifiers) -> dict[str, set[str]] | None:
    """What the company has on file beside these identifiers: whom it is about, and whether both are one customer's, which
    only posts that go on with it are told. None where that cannot be said; for somebody found without it, nothing then.
    """
    wanted = lead.person is not None if lead.sure else may_open("staff.assist_verify")
    asked = [(kind, value) for kind, value in identifiers if kind in IDENTITIES]
    if not wanted or not asked:
        return {}
    try:
        return on_one_row(center().sources, center().data_map, asked)
    except Unavailable:
        return {} if lead.sure else None


def _by_kind(identifiers: Identifiers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, value in identifiers:
        found.setdefault(kind, []).append(value)
    return found


def _silent() -> Refusal:
    return Refusal(
        "公司的客户数据库现在没有全部答复，所以说不准有没有这位客户。过几分钟再查；一直这样，请告诉系统运维。",
        "Not all of the company's databases answer now, so whether there is such a customer cannot be said. Search again in "
        "some minutes; if it stays so, tell the people who run the system.",
        status=503,
    )


def _note(session: Session, person: Person | None, identifiers: Identifiers, found: bool) -> None:
    """On record with the person; with the blind index of the first identifier where we know nobody. Whoever turns out to be
    the customer sees that they were found.
    """
    at, unknown = clock.now(), index_of(session, identifiers) if person is None else {}
    told = {"kinds": [kind for kind, _value in identifiers], "ticket": request.form["case"].strip(), "found": found}
    entry = record_look(
        session,
        actor=actor(),
        subject=person.id if person else None,
        data=["user.contact"],
        purpose=request.form["purpose"],
        case=None,
        act="data.search",
        more=told | unknown,
        at=at,
    )
    if found and person is None:
        keep_for_whoever_comes(session, entry, identifiers, at)


def _shown(person: Person | None, identifiers: Identifiers) -> Found:
    with reading() as session:
        typed = {kind: [normal_value(kind, value)] for kind, value in identifiers}
        identities = identities_of(session, person.id) if person else typed
        asked = requests_of(session, person.id) if person else []
    mine = [one for one in asked if permit_on(one, Act.LOOK, DataClass.CASE)]
    claimed, ticket = [] if person else identifiers, request.form["case"].strip()
    return Found(
        contacts=masked_identities(identities),
        requests=[(one.reference, kind_words(one.kind), state_words(one.state)) for one in mine],
        others_open=sum(1 for one in asked if one not in mine and one.state not in CLOSED),
        visit=begin_visit(person.id if person else None, claimed, ticket) if may_open("staff.assist_verify") else "",
        is_new=person is None,
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
