"""Somebody said that it was not them: what stands still, and lifting it after the person was verified anew."""

import uuid
from collections.abc import Mapping

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal, Words, refuse_wrong
from privacy_center.people.identity import search_identities_of
from privacy_center.people.identity_cases.decide import DOCUMENTS, wrong_document
from privacy_center.people.not_me.models import PersonFreeze
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.privacy_requests.freeze import Lifting, frozen_requests, lift_freeze, wrong_in
from privacy_center.web.filters import words, words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.shown_request import masked_identities
from privacy_center.web.staff.vocabulary import kind_words, state_words
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

FIELDS = ("verified_how", "document", "last4", "go_on", "reason")
NO_CHOICE = Words(
    "选一下申请继续还是撤回，照本人的意思。", "Choose whether requests go on or are cancelled, as the person wishes."
)


@staff.get("/identity-cases/stops/<uuid:stop>")
def stop(stop: uuid.UUID) -> Response:
    """One stop: since when, from where, which requests stand still. Each look is written down."""
    with transaction() as session:
        found = _found(session, stop)
        record_look(
            session,
            actor=actor(),
            subject=found.person_id,
            data=["user.contact"],
            purpose="identity.verification",
            case=None,
            more={"page": "stop"},
            at=clock.now(),
        )
    return _draw(stop, {})


@staff.post("/identity-cases/stops/<uuid:stop>/lift")
def lift_stop(stop: uuid.UUID) -> Response:
    """Lift it, with the way of verification and a reason."""
    try:
        lifting = _lifting()
        with transaction() as session:
            lift_freeze(session, _found(session, stop), lifting, by=me(), at=clock.now())
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _draw(stop, words_by_field(refusal), refusal.status)
    return go(url_for("staff.identity_cases", tab="stopped", done="lifted"))


def _lifting() -> Lifting:
    """What was typed. Refuses (422) with everything that is missing at once, in the order of the form."""
    form = request.form
    kind, last4 = form.get("document", ""), form.get("last4", "").strip().upper()
    unseen = wrong_document(kind, last4)
    told = Lifting(
        verified_how=form.get("verified_how", ""),
        reason=form.get("reason", ""),
        go_on=form.get("go_on") == "yes",
        document="" if unseen else f"{kind}:{last4}",
    )
    wrong = wrong_in(told)
    if wrong.pop("last4", None):
        wrong |= unseen
    if form.get("go_on") not in ("yes", "no"):
        wrong["go_on"] = NO_CHOICE
    refuse_wrong({name: wrong[name] for name in FIELDS if name in wrong})
    return told


def _found(session: Session, stop: uuid.UUID) -> PersonFreeze:
    found = session.get(PersonFreeze, stop)
    if found is None:
        raise Refusal("没有这一条。请回到列表。", "There is no such entry. Go back to the list.", status=404)
    refuse_conflict(session, me(), search_identities_of(session, found.person_id))
    return found


def _draw(stop: uuid.UUID, errors: Mapping[str, str], status: int = 200) -> Response:
    with reading() as session:
        found = _found(session, stop)
        still = frozen_requests(session, found.person_id)
        contacts = masked_identities(search_identities_of(session, found.person_id))
    return page(
        "staff/identity_cases/stop.html",
        it=found,
        contacts=contacts,
        requests=[(one.reference, kind_words(one.kind), state_words(one.state), one.frozen_at) for one in still],
        documents=[(key, words(said)) for key, said in DOCUMENTS.items()],
        typed=request.form,
        errors=errors,
        status=status,
    )
