"""Telling a person something: in the inbox in full, by e-mail only that there is something to read."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.queue import put_in_inbox, put_message
from privacy_center.people.models import Person
from privacy_center.people.not_me.tokens import new_stop_token
from privacy_center.people.reachable import reachable_at

WAYS = {"email": MessageKind.EMAIL, "phone_number": MessageKind.SMS}
NO_NUMBER = "—"


def tell_person(
    session: Session,
    person: uuid.UUID,
    template: str,
    context: Mapping[str, Any],
    *,
    dedupe_key: str,
    at: datetime,
    ways: tuple[str, ...] = ("email",),
) -> bool:
    """Lay a message in the inbox and announce it at every contact of `ways`, also those given up in the last 72 hours.

    False when it was told before. What leaves the house names the reference number, and a number by which its reader can
    stop everything (see `not_me.tokens`), and nothing else. `context` needs `reference`; `site` is the public
    address of the privacy center and is left out of the inbox.
    """
    if not put_in_inbox(session, person=person, template=template, context=context, dedupe_key=dedupe_key, at=at):
        return False
    language = session.get_one(Person, person).language
    notice = {
        "reference": context.get("reference", NO_NUMBER),
        "site": site_address(session),
        "stop": stop_address(session, person, at),
    }
    for kind, values in reachable_at(session, person, at).items():
        for number, value in enumerate(values if kind in ways else []):
            put_message(
                session,
                kind=WAYS[kind],
                address=value,
                template=_notice_with(notice["reference"]),
                context=notice,
                dedupe_key=f"{dedupe_key}:{kind}:{number}",
                language=language,
                at=at,
                to_person=person,
            )
    return True


def _notice_with(reference: str) -> str:
    """What has no reference number says what it is about instead; both forms are registered with the provider of texts."""
    return "account_notice" if reference == NO_NUMBER else "notice"


def stop_address(session: Session, person: uuid.UUID, at: datetime) -> str:
    """Where the reader of a notice stops everything at once; the number at its end also works by telephone."""
    base = str(session.info.get("base_url") or "").rstrip("/")
    return f"{base}/not-me/{new_stop_token(session, person, at)}"


def site_address(session: Session) -> str:
    """The public address of the privacy center: `session.info["base_url"]`, else words that any reader understands."""
    return str(session.info.get("base_url") or "privacy center / 隐私中心")


def site_domain(session: Session) -> str:
    """The domain of the privacy center's public address; nothing where it has none, as on a trial machine."""
    host = urlsplit(str(session.info.get("base_url") or "")).hostname or ""
    return host if "." in host and not host.replace(".", "").isdigit() else ""
