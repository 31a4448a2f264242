"""'It was not me': everything that is open stands still at once, until staff have verified the person anew."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.errors import OutOfDate, Words, refuse_wrong
from privacy_center.keys.sealing import seal_text
from privacy_center.people.contact_change import undo_changes
from privacy_center.people.enough import stop_waiting
from privacy_center.people.identity import search_identities_of
from privacy_center.people.login import end_all_logins
from privacy_center.people.not_me.models import PersonFreeze
from privacy_center.people.not_me.ways import remove_new_ways
from privacy_center.people.staff.conflict import refuse_conflict
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.tell import tell_person
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.moves import cancel_request
from privacy_center.privacy_requests.queries import requests_of
from privacy_center.privacy_requests.states import CANCELLABLE
from privacy_center.privacy_requests.stopped import open_freeze_of
from privacy_center.privacy_requests.timeline import note_event

REASON = "person_freeze.reason"
EVERY_WAY = ("email", "phone_number")
FLAG = "not_me"
VERIFIED = ("counter", "call_back")
"""How a person is verified anew: the original document at a counter, or a call back to a contact on file for long."""
SHORTEST_REASON, LONGEST_REASON = 4, 1_000


@dataclass(frozen=True, slots=True)
class Lifting:
    """What a member of staff hands in: how the person was verified, why the stop may end, and whether requests go on."""

    verified_how: str
    reason: str
    go_on: bool
    document: str = ""


def open_freezes(session: Session, limit: int = 200) -> list[PersonFreeze]:
    """Every stop that is in force, oldest first: each is an item for staff."""
    mine = sa.select(PersonFreeze).where(PersonFreeze.lifted_at.is_(None)).order_by(PersonFreeze.at)
    return list(session.scalars(mine.limit(limit)))


def freeze_person(session: Session, person: uuid.UUID, *, how: str, actor: Actor, at: datetime) -> list[str]:
    """Stop everything of a person: open requests, sign-ins, and changes of contact, passwords and passkeys of 72 hours.

    `how`: notice (a number from a notice), login (they were signed in) or staff. Everybody at every contact is told, also
    at the contact that is taken away again. Answers the references that stand still; a second time ends sign-ins only.
    """
    before = open_freeze_of(session, person)
    ended = end_all_logins(session, person, at)
    stopped = [_freeze_request(session, one, actor, at) for one in requests_of(session, person, open_only=True)]
    if before is None:
        before = PersonFreeze(id=uuid.uuid4(), person_id=person, how=how, at=at)
        session.add(before)
        session.flush()
        context = {"reference": stopped[0] if stopped else "—"}
        tell_person(session, person, "frozen", context, dedupe_key=f"frozen:{before.id}", at=at, ways=EVERY_WAY)
    undone = undo_changes(session, person, at)
    stop_waiting(session, person, at)
    removed = remove_new_ways(session, person, at)
    details = {"how": how, "logins": ended, "requests": stopped, "contacts": undone, "ways": removed}
    record(session, actor=actor, act="person.freeze", subject=person, details=details, at=at)
    return stopped


def lift_freeze(session: Session, freeze: PersonFreeze, lifting: Lifting, *, by: StaffMember, at: datetime) -> None:
    """End a stop after the person was verified anew; what was cooling off gets back the time that it stood still.

    Refuses (403) one's own or a relative's, (409) one that is lifted already, (422) a lifting without a reason, without a
    way of verification, or, at the counter, without the document's kind and last four signs.
    """
    refuse_conflict(session, by, search_identities_of(session, freeze.person_id))
    session.refresh(freeze, with_for_update=True)
    if freeze.lifted_at is not None:
        raise OutOfDate("这次叫停已经解除。请刷新页面。", "This stop has been lifted already. Reload the page.")
    refuse_wrong(wrong_in(lifting))
    freeze.lifted_at, freeze.lifted_by, freeze.went_on = at, by.number, lifting.go_on
    freeze.verified_how, freeze.document = lifting.verified_how, lifting.document or None
    freeze.reason_sealed = seal_text(session, lifting.reason.strip(), REASON, subject=freeze.person_id)
    session.flush()
    for request in requests_of(session, freeze.person_id, open_only=True):
        _lift_request(session, request, lifting.go_on, by.as_actor(), at)
    context = {"reference": "—", **_outcome(lifting.go_on)}
    key = f"unfrozen:{freeze.id}"
    tell_person(session, freeze.person_id, "unfrozen", context, dedupe_key=key, at=at, ways=EVERY_WAY)
    details = {"how": lifting.verified_how, "went_on": lifting.go_on}
    record(session, actor=by.as_actor(), act="person.unfreeze", subject=freeze.person_id, details=details, at=at)


def frozen_requests(session: Session, person: uuid.UUID) -> Iterable[PrivacyRequest]:
    """The requests of a person that stand still."""
    return [one for one in requests_of(session, person, open_only=True) if one.frozen_at is not None]


def _freeze_request(session: Session, request: PrivacyRequest, actor: Actor, at: datetime) -> str:
    if request.frozen_at is None:
        request.frozen_at = at
        request.risk_flags = sorted({*request.risk_flags, FLAG})
        note_event(session, request, "frozen", actor=actor, at=at)
    return request.reference


def _lift_request(session: Session, request: PrivacyRequest, go_on: bool, actor: Actor, at: datetime) -> None:
    if request.frozen_at is None:
        return
    stood = at - request.frozen_at
    if request.cooling_off_until and request.cooling_off_until > request.frozen_at:
        request.cooling_off_until += stood
    if request.execute_after and request.execute_after > request.frozen_at:
        request.execute_after += stood
    request.frozen_at = None
    note_event(session, request, "unfrozen", actor=actor, at=at)
    if not go_on and request.state in CANCELLABLE:
        cancel_request(session, request, actor=actor, at=at)


def wrong_in(lifting: Lifting) -> dict[str, Words]:
    """Everything that is wrong with a lifting, by field in the order of the form."""
    wrong = {}
    if lifting.verified_how not in VERIFIED:
        wrong["verified_how"] = Words("选一下怎样核验了本人。", "Choose how the person was verified.")
    if lifting.verified_how == "counter" and not lifting.document:
        wrong["last4"] = Words("写下证件种类和末四位。", "Write the kind of document and its last four signs.")
    if not SHORTEST_REASON <= len(lifting.reason.strip()) <= LONGEST_REASON:
        wrong["reason"] = Words(
            f"写明为什么可以解除，{SHORTEST_REASON} 到 {LONGEST_REASON} 字。",
            f"Write why the stop may end, in {SHORTEST_REASON} to {LONGEST_REASON} characters.",
        )
    return wrong


def _outcome(go_on: bool) -> dict[str, str]:
    if go_on:
        return {"outcome_zh": "没有办完的申请接着办。", "outcome_en": "Open requests go on."}
    return {
        "outcome_zh": "没有办完的申请已撤回，什么都没有删除。",
        "outcome_en": "Open requests are cancelled; nothing was deleted.",
    }
