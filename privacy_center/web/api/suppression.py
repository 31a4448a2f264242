"""`/api/suppression/…`: the company's systems ask before they send marketing, and tell of a "no" or of consent anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor
from privacy_center.errors import Refusal
from privacy_center.looks.systems import SystemRight
from privacy_center.people.rate import Limit
from privacy_center.suppressions.contacts import HashedContact, read_channel, read_typed_contact
from privacy_center.suppressions.models import SuppressionSource
from privacy_center.suppressions.register import (
    add_suppression,
    look_up,
    record_check,
    remove_suppression,
)
from privacy_center.web.api.system_calls import answer_errors_in_json, calling_system, sent_json
from privacy_center.web.units import center, transaction

suppression = Blueprint("suppression", __name__, url_prefix="/api/suppression")
answer_errors_in_json(suppression)
MOST_CONTACTS = 500
BATCHES = Limit("suppression.system", 600, timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class SentContacts:
    """What a system sends: contacts, the channel (empty for every channel), and why where something is changed."""

    contacts: list[HashedContact]
    channel: str
    reason: str


@suppression.post("/check")
def check() -> Response:
    """Whether each contact is suppressed, in the order sent; nothing of what was sent is repeated or kept."""
    at = clock.now()
    system = calling_system(SystemRight.CHECK_SUPPRESSION, BATCHES, at)
    sent = _sent(reason=False)
    with transaction() as session:
        answers = look_up(session, sent.contacts, sent.channel)
        record_check(session, Actor("system", system.name), answers, sent.channel, at)
    return jsonify({"answers": [one.as_json() if one.suppressed else {"suppressed": False} for one in answers]})


@suppression.post("/add")
def add() -> Response:
    """Suppress contacts that said "no" to the company elsewhere; all of the batch or nothing."""
    return _change(
        lambda session, contact, sent, actor, at: add_suppression(
            session, contact, sent.channel, source=SuppressionSource.SYSTEM, actor=actor, reason=sent.reason, at=at
        ),
        "added",
    )


@suppression.post("/remove")
def remove() -> Response:
    """End the suppression of contacts that agreed anew; all of the batch or nothing."""
    return _change(
        lambda session, contact, sent, actor, at: remove_suppression(
            session, contact, sent.channel, actor=actor, reason=sent.reason, at=at
        ),
        "removed",
    )


def _change(act: Callable[[Session, HashedContact, SentContacts, Actor, Any], int], name: str) -> Response:
    at = clock.now()
    system = calling_system(SystemRight.CHANGE_SUPPRESSION, BATCHES, at)
    sent = _sent(reason=True)
    with transaction() as session:
        done = sum(
            act(session, contact, sent, Actor("system", system.name), at) for contact in dict.fromkeys(sent.contacts)
        )
    return jsonify({name: done})


def _sent(*, reason: bool) -> SentContacts:
    """What was sent; refuses (422) another shape, more than 500 contacts, and a contact that is none, by its place."""
    sent = sent_json()
    keys = {"contacts", "channel"} | ({"reason"} if reason else set())
    listed = sent.get("contacts") if isinstance(sent, dict) and sent.keys() <= keys else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_CONTACTS:
        more = ', "reason": "…"' if reason else ""
        shape = f'{{"contacts": [{{"kind": "email", "value": "…"}}], "channel": "email"{more}}}'
        raise Refusal(
            f"请发送 {shape}，每批 1 到 {MOST_CONTACTS} 个联系方式；channel 可不写。",
            f"Send {shape} with 1 to {MOST_CONTACTS} contacts; channel may be left out.",
            status=422,
            field="contacts",
        )
    why, channel = sent.get("reason", ""), sent.get("channel") or ""
    if not isinstance(why, str) or not isinstance(channel, str):
        raise Refusal(
            "channel 和 reason 要写成文字。", "channel and reason must be texts.", status=422, field="channel"
        )
    return SentContacts([_contact(one, place) for place, one in enumerate(listed)], read_channel(channel), why)


def _contact(sent: Any, place: int) -> HashedContact:
    try:
        if not isinstance(sent, dict) or sent.keys() != {"kind", "value"}:
            raise Refusal("", "")
        if not isinstance(sent["kind"], str) or not isinstance(sent["value"], str):
            raise Refusal("", "")
        return read_typed_contact(center().keyring, sent["kind"], sent["value"])
    except Refusal:
        raise Refusal(
            f'第 {place + 1} 个不是可用的联系方式。请写 {{"kind": "email", "value": "…"}}，值要完整。整批都没有处理。',
            f'Contact {place + 1} is none. Write {{"kind": "email", "value": "…"}} with the whole value. None of the batch was done.',
            status=422,
            field=f"contacts.{place}",
        ) from None
