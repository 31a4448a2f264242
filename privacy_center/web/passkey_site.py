"""For which site passkeys are made here, and the challenge that waits in the browser's signed cookie for its answer."""

import ipaddress
from datetime import datetime
from urllib.parse import urlsplit

from flask import request
from flask import session as browser
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.models import LoginKind, Passkey
from privacy_center.people.passkey_store import check_passkey
from privacy_center.people.passkeys import (
    Begun,
    NewKey,
    begin_login,
    finish_registration,
    passkey_refusal,
    use_challenge,
)
from privacy_center.web.units import center

KEPT = "passkey"


def origin() -> str:
    """The address that a browser must be at: of `base_url`; in a demo, which has many, the one that was opened."""
    settings = center().settings
    if settings.demo:
        return f"{request.scheme}://{request.host}"
    parts = urlsplit(settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def rp_id() -> str:
    """The host name that passkeys are bound to (WebAuthn Level 3, 5.1.2); empty where there is none they can be bound to."""
    host = urlsplit(origin()).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        secure = origin().startswith("https://") or host == "localhost" or host.endswith(".localhost")
        return host if secure else ""
    return ""


def ask_passkey(allow: tuple[bytes, ...] = ()) -> str:
    """The options for a page that asks for a passkey (JSON); empty where passkeys cannot work."""
    return keep_challenge(begin_login(rp_id(), allow)) if rp_id() else ""


def keep_challenge(begun: Begun) -> str:
    """Keep the challenge for the answer; gives back the options."""
    browser[KEPT] = {"challenge": begun.challenge, "at": clock.now().isoformat()}
    return begun.options


def answered_passkey(session: Session, kind: LoginKind, at: datetime) -> Passkey:
    """The passkey that the form's answer proves; refuses (422) every other, and an answer that nobody asked for."""
    challenge, begun_at = _kept()
    answer = request.form.get("answer", "")
    return check_passkey(
        session, kind, rp_id=rp_id(), origin=origin(), challenge=challenge, begun_at=begun_at, answer=answer, at=at
    )


def made_passkey(session: Session, at: datetime) -> NewKey:
    """The new passkey in the form's answer; refuses (422) one for another site or challenge."""
    challenge, begun_at = _kept()
    use_challenge(session, challenge, begun_at, at)
    return finish_registration(rp_id(), origin(), challenge, request.form.get("answer", ""))


def _kept() -> tuple[str, datetime]:
    kept = browser.get(KEPT)
    if not kept or not rp_id():
        raise passkey_refusal()
    return kept["challenge"], datetime.fromisoformat(kept["at"])
