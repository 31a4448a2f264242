"""Passkeys (WebAuthn Level 3): what the browser is asked, and whether its answer holds. The same for customers and staff.

A challenge works once and for five minutes. It travels in the signed cookie of the browser, so that asking writes nothing;
only its use is written down.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.rate import count_up
from privacy_center.when_needed import when_needed

webauthn = when_needed("webauthn")
helpers = when_needed("webauthn.helpers")
structs = when_needed("webauthn.helpers.structs")
exceptions = when_needed("webauthn.helpers.exceptions")

CHALLENGE_LASTS = timedelta(minutes=5)
LONGEST_ANSWER = 20_000  # characters of JSON; a registration with attestation is some 3,000
USED = "passkey.challenge"


@dataclass(frozen=True, slots=True)
class Begun:
    """What the page hands to the browser (`options`, JSON), and the challenge (base64url) to keep for the answer."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that the browser has made: to be kept with its owner."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    backed_up: bool


def begin_registration(rp_id: str, user_id: bytes, name: str, exclude: Iterable[bytes], *, site: str = "") -> Begun:
    """Ask for a new passkey. `user_id`: 1 to 64 bytes that say nothing of the person; `exclude`: keys they have already.

    The key must be discoverable and must check its user (finger, face or PIN), so that it is two factors in one.
    """
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=site or rp_id,
        user_id=user_id,
        user_name=name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in exclude],
    )
    return Begun(helpers.options_to_json(options), helpers.bytes_to_base64url(options.challenge))


def finish_registration(rp_id: str, origin: str, challenge: str, answer: str) -> NewKey:
    """The passkey in the browser's answer; refuses (422) one for another site, another challenge, or without its user."""
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise passkey_refusal() from error
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count, made.credential_backed_up)


def begin_login(rp_id: str, allow: Iterable[bytes] = ()) -> Begun:
    """Ask for a passkey: one of `allow`, or, with none named, any that the browser has for this site."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in allow],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return Begun(helpers.options_to_json(options), helpers.bytes_to_base64url(options.challenge))


def finish_login(rp_id: str, origin: str, challenge: str, answer: str, *, public_key: bytes, sign_count: int) -> int:
    """The new count of signatures; refuses (422) a wrong signature, site or challenge, a count that fell back (a copied
    key), or a key that did not check its user.
    """
    try:
        checked = webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise passkey_refusal() from error
    return checked.new_sign_count


def answered_by(answer: str) -> bytes:
    """The id of the passkey that an answer claims to come from; refuses (422) what is no answer."""
    try:
        return helpers.base64url_to_bytes(_read(answer)["rawId"])
    except (ValueError, KeyError, TypeError) as error:
        raise passkey_refusal() from error


def use_challenge(session: Session, challenge: str, begun_at: datetime, at: datetime) -> None:
    """Use a challenge up; refuses (422) one that is older than five minutes or was used before, in any process."""
    if not begun_at <= at < begun_at + CHALLENGE_LASTS:
        raise passkey_refusal()
    if count_up(session, USED, challenge, timedelta(days=1), begun_at) > 1:
        raise passkey_refusal()


def passkey_refusal() -> Refusal:
    """The one answer to a passkey that does not work, whatever the reason."""
    return Refusal(
        "这个通行密钥没有通过。再试一次；还不行，用验证码登录。",
        "That passkey was not accepted. Try once more; if it still fails, sign in with a code.",
        status=422,
        field="passkey",
    )


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("no object")
    return read
