"""A privacy request comes in."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import seal_json, seal_text
from privacy_center.people.models import Level, Person
from privacy_center.privacy_requests.audience import tell_about
from privacy_center.privacy_requests.deadlines import due_on
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest, Scope, State
from privacy_center.privacy_requests.reference import new_reference
from privacy_center.privacy_requests.states import OPEN
from privacy_center.privacy_requests.stopped import refuse_stopped
from privacy_center.privacy_requests.timeline import note_event

IDENTITIES = "privacy_request.identities"
WORDS = "privacy_request.words"
LABEL = "privacy_request.label"
MOST_WORDS = 4_000


def submit_request(
    session: Session,
    *,
    person: Person,
    kind: Kind,
    identities: Mapping[str, Iterable[str]],
    actor: Actor,
    level: Level,
    verification_method: str,
    timezone: str,
    at: datetime,
    jurisdiction: str = "CN",
    scope: Scope = Scope.EVERYTHING,
    categories: Iterable[str] = (),
    waived: Iterable[str] = (),
    words: str = "",
    label: str = "",
    channel: Channel = Channel.ONLINE,
    language: str | None = None,
    verified_by: str | None = None,
    submission_key: str | None = None,
    risk_flags: Iterable[str] = (),
    represented_by: uuid.UUID | None = None,
    represented_as: str | None = None,
) -> PrivacyRequest:
    """A new request, received at `at`, with its reference number and its last day; the person is told.

    `identities` are proven values by kind; `label` is the masked name that lists show. `verified_by` and, when staff
    submit it, the actor are staff numbers; `represented_by` is who asks in the person's place, `represented_as` what. The same `submission_key` gives the same request (a double click). Refuses
    (409) a second deletion while one is open, (422) a request without an identity or with more than 4,000 characters.
    """
    if submission_key and (before := _submitted_before(session, person, submission_key)):
        return before
    asked = {one: sorted(set(values)) for one, values in identities.items()}
    _check(session, person, kind, asked, words)
    refuse_stopped(session, person.id, kind, at)
    due = due_on(at, kind, jurisdiction, timezone)
    request = PrivacyRequest(
        id=uuid.uuid4(),
        reference=new_reference(),
        submission_key=submission_key,
        kind=kind,
        person_id=person.id,
        **_seal(session, person, asked, label, words),
        categories=sorted(set(categories)),
        waived=sorted(set(waived)),
        scope=scope,
        channel=channel,
        language=language or person.language,
        jurisdiction=jurisdiction,
        received_at=at,
        due_on=due,
        first_due_on=due,
        state=State.RECEIVED,
        level=level,
        verification_method=verification_method,
        verified_by=verified_by,
        verified_at=at,
        submitted_by=actor.id if actor.kind == "staff" else None,
        risk_flags=sorted(set(risk_flags)),
        represented_by=represented_by,
        represented_as=represented_as,
    )
    session.add(request)
    session.flush()
    _announce(session, request, actor, at)
    return request


def _seal(
    session: Session, person: Person, asked: Mapping[str, list[str]], label: str, words: str
) -> dict[str, bytes | None]:
    """The columns that hold personal data, sealed by the person's own key."""
    return {
        "identities_sealed": seal_json(session, asked, IDENTITIES, subject=person.id),
        "label_sealed": seal_text(session, label, LABEL, subject=person.id) if label else None,
        "words_sealed": seal_text(session, words, WORDS, subject=person.id) if words else None,
    }


def open_deletion_of(session: Session, person: uuid.UUID) -> PrivacyRequest | None:
    """The deletion that is under way for this person, if there is one."""
    mine = sa.select(PrivacyRequest).where(
        PrivacyRequest.person_id == person, PrivacyRequest.kind == Kind.DELETION, PrivacyRequest.state.in_(OPEN)
    )
    return session.scalars(mine.limit(1)).one_or_none()


def _submitted_before(session: Session, person: Person, key: str) -> PrivacyRequest | None:
    same = sa.select(PrivacyRequest).where(PrivacyRequest.submission_key == key, PrivacyRequest.person_id == person.id)
    return session.scalars(same).one_or_none()


def _check(session: Session, person: Person, kind: Kind, identities: Mapping[str, list[str]], words: str) -> None:
    if not any(identities.values()):
        raise Refusal(
            "申请里没有任何已核验的联系方式。请先核验手机号或邮箱。",
            "The request names no proven contact. Prove a phone number or an e-mail address first.",
            status=422,
        )
    if len(words) > MOST_WORDS:
        raise Refusal(
            f"说明最多 {MOST_WORDS} 字。请写短一些。",
            f"The explanation may have {MOST_WORDS} characters. Make it shorter.",
            status=422,
            field="words",
        )
    session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
    before = open_deletion_of(session, person.id) if kind is Kind.DELETION else None
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
