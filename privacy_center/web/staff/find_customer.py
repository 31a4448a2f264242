"""Finding one customer for a staff page: two exact identifiers, a case and a purpose; on record, found or not."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.audit.purposes import PURPOSES_TO_STAFF
from privacy_center.errors import Refusal
from privacy_center.looks.for_whoever_comes import keep_for_whoever_comes
from privacy_center.people.models import Person
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.review.find_subject import IDENTITIES, KINDS, Lead, find_subject, wrong_in
from privacy_center.sources.on_file import Identifiers, as_on_file, on_one_row
from privacy_center.sources.trouble import Unavailable
from privacy_center.web.filters import words
from privacy_center.web.staff.in_hand import index_of
from privacy_center.web.staff.shown_request import identity_words
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import center, reading, transaction


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """Whom a search has led to. `person`: None for somebody whom only the company's databases know, by `identifiers`, as
    they are spelled there.
    """

    person: Person | None
    identifiers: Identifiers


def ticket() -> str:
    """The case that was typed."""
    return request.form.get("case", "").strip()


def wrong_in_form(purposes: Collection[str]) -> dict[str, str]:
    """All that is wrong at once, in the order of the form; nothing is searched then."""
    found = {name: words(said) for name, said in wrong_in(_identifiers(), request.form.get("case", "")).items()}
    if request.form.get("purpose") not in purposes:
        found["purpose"] = _("选一个查找的目的。")
    return found


def look_up(*, beyond_known: bool) -> FoundCustomer | None:
    """The customer, or nobody; on record either way. `beyond_known`: also somebody whom only the company's databases know.

    Refuses (503) where the company's databases cannot all be asked, (403) somebody whom the member declared, by whatever
    identifiers.
    """
    identifiers = _identifiers()
    with transaction() as session:
        lead = find_subject(session, identifiers, case=request.form.get("case", ""), by=me(), at=clock.now())
    beside = _on_file(lead, identifiers, beyond_known)
    found = lead.person is not None if lead.sure else bool(beside)
    with transaction() as session:
        _note(session, lead.person if found else None, identifiers, found)
    with reading() as session:
        known = [*identifiers, *((kind, value) for kind, values in (beside or {}).items() for value in values)]
        refuse_conflict(session, me(), _by_kind(known), lead.person.id if lead.person else None)
    if beside is None:
        raise _silent()
    return FoundCustomer(lead.person, as_on_file(beside, identifiers)) if found else None


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of identifier for the form."""
    return [("", _("选一种")), *((kind, _kind_words(kind)) for kind in KINDS)]


def purpose_choices(purposes: Collection[str]) -> list[tuple[str, str]]:
    """Purposes for the form, as members of staff read them."""
    return [("", _("选一个目的")), *((code, words(PURPOSES_TO_STAFF[code])) for code in purposes)]


def _identifiers() -> list[tuple[str, str]]:
    return [(request.form.get(f"kind_{n}", ""), request.form.get(f"value_{n}", "")) for n in (1, 2)]


def _kind_words(kind: str) -> str:
    return _("申请编号") if kind == "reference" else identity_words(kind)


def _on_file(lead: Lead, identifiers: Identifiers, beyond_known: bool) -> dict[str, set[str]] | None:
    """What the company has on file beside these identifiers: whom it is about, and whether both are one customer's, which
    only posts that go on with it are told. None where that cannot be said; for somebody found without it, nothing then.
    """
    wanted = lead.person is not None if lead.sure else beyond_known
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
    told = {"kinds": [kind for kind, _value in identifiers], "ticket": ticket(), "found": found}
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
