"""A privacy request comes in."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_json, seal_text
from privacy_center.people.models import Level, Person
from privacy_center.privacy_requests.audience import tell_about
from privacy_center.privacy_requests.deadlines import due_on
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest, State
from privacy_center.privacy_requests.reference import new_reference
from privacy_center.privacy_requests.scope import EVERYTHING, RequestScope
from privacy_center.privacy_requests.states import OPEN
from privacy_center.privacy_requests.stopped import refuse_stopped
from privacy_center.privacy_requests.timeline import note_event

IDENTITIES = "privacy_request.identities"
WORDS = "privacy_request.words"
LABEL = "privacy_request.label"
MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is handed in, for whom, and by what they were verified.

    `identities`: proven values by kind; `label`: the masked name that lists show; `verified_by`: a staff number;
    `represented_by`: who asks in the person's place, `represented_as` what. `timezone` and `jurisdiction` count the days
    for the answer. The same `submission_key` is the same request (a double click).
    """

    person: Person
    identities: Mapping[str, Iterable[str]]
    level: Level
    verification_method: str
    timezone: str
    kind: Kind = Kind.DELETION
    jurisdiction: str = "CN"
    scope: RequestScope = EVERYTHING
    waived: Iterable[str] = ()
    words: str = ""
    label: str = ""
    channel: Channel = Channel.ONLINE
    language: str | None = None
    verified_by: str | None = None
    submission_key: str | None = None
    risk_flags: Iterable[str] = ()
    represented_by: uuid.UUID | None = None
    represented_as: str | None = None


def submit_request(session: Session, handed_in: Submission, *, actor: Actor, at: datetime) -> PrivacyRequest:
    """A new request, received at `at`, with its reference number and its last day; the person is told.

    Refuses (409) a second deletion while one is open, (422) a request without an identity or with more than 4,000
    characters.
    """
    if before := _submitted_before(session, handed_in):
        return before
    _check(session, handed_in)
    refuse_stopped(session, handed_in.person.id, handed_in.kind, at)
    request = _write(session, handed_in, actor, at)
    session.add(request)
    session.flush()
    _announce(session, request, actor, at)
    return request


def _write(session: Session, handed_in: Submission, actor: Actor, at: datetime) -> PrivacyRequest:
    due = due_on(at, handed_in.kind, handed_in.jurisdiction, handed_in.timezone)
    return PrivacyRequest(
        id=uuid.uuid4(),
        reference=new_reference(),
        submission_key=handed_in.submission_key,
        kind=handed_in.kind,
        person_id=handed_in.person.id,
        **_seal(session, handed_in),
        scope=handed_in.scope.kind,
        scope_details=handed_in.scope.as_json(),
        waived=sorted(set(handed_in.waived)),
        channel=handed_in.channel,
        language=handed_in.language or handed_in.person.language,
        jurisdiction=handed_in.jurisdiction,
        received_at=at,
        due_on=due,
        first_due_on=due,
        state=State.RECEIVED,
        level=handed_in.level,
        verification_method=handed_in.verification_method,
        verified_by=handed_in.verified_by,
        verified_at=at,
        submitted_by=actor.id if actor.kind == "staff" else None,
        risk_flags=sorted(set(handed_in.risk_flags)),
        represented_by=handed_in.represented_by,
        represented_as=handed_in.represented_as,
    )


def _seal(session: Session, handed_in: Submission) -> dict[str, bytes | None]:
    """The columns that hold personal data, sealed by the person's own key."""
    whose, label, words = handed_in.person.id, handed_in.label, handed_in.words
    asked = {one: sorted(set(values)) for one, values in handed_in.identities.items()}
    return {
        "identities_sealed": seal_json(session, asked, IDENTITIES, subject=whose),
        "label_sealed": seal_text(session, label, LABEL, subject=whose) if label else None,
        "words_sealed": seal_text(session, words, WORDS, subject=whose) if words else None,
    }


def open_deletion_of(session: Session, person: uuid.UUID) -> PrivacyRequest | None:
    """The deletion that is under way for this person, if there is one."""
    mine = sa.select(PrivacyRequest).where(
        PrivacyRequest.person_id == person, PrivacyRequest.kind == Kind.DELETION, PrivacyRequest.state.in_(OPEN)
    )
    return session.scalars(mine.limit(1)).one_or_none()


def _submitted_before(session: Session, handed_in: Submission) -> PrivacyRequest | None:
    if not handed_in.submission_key:
        return None
    mine = sa.select(PrivacyRequest).where(PrivacyRequest.person_id == handed_in.person.id)
    return session.scalars(mine.where(PrivacyRequest.submission_key == handed_in.submission_key)).one_or_none()


def _check(session: Session, handed_in: Submission) -> None:
    if not any(handed_in.identities.values()):
        raise Refusal(
            "申请里没有任何已核验的联系方式。请先核验手机号或邮箱。",
            "The request names no proven contact. Prove a phone number or an e-mail address first.",
            status=422,
        )
    if len(handed_in.words) > MOST_WORDS:
        raise Refusal(
            f"说明最多 {MOST_WORDS} 字。请写短一些。",
            f"The explanation may have {MOST_WORDS} characters. Make it shorter.",
            status=422,
            field="words",
        )
    session.execute(sa.select(Person.id).where(Person.id == handed_in.person.id).with_for_update())
    before = open_deletion_of(session, handed_in.person.id) if handed_in.kind is Kind.DELETION else None
    if before is not None:
        raise Refusal(
            f"您已有一个删除申请在处理（{before.reference}）。请先查看它的进度，或撤回后再提交。",
            f"A deletion is already under way ({before.reference}). Follow it, or cancel it before asking again.",
        )


def _announce(session: Session, request: PrivacyRequest, actor: Actor, at: datetime) -> None:
    told = {"kind": request.kind.value, "channel": request.channel.value, "level": request.level.value}
    note_event(session, request, "submitted", actor=actor, at=at, details=told, audited=told)
    context = {"reference": request.reference, "due_on": request.due_on.isoformat()}
    key = f"request-received:{request.id}"
    tell_about(session, request, "request_received", context, dedupe_key=key, at=at)
