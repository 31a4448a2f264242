"""Signing in by a code to a contact. Whether the company knows the contact cannot be told from anything here."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.keys.sealing import keyring_of, open_text, seal_text
from privacy_center.outbox.models import MessageKind
from privacy_center.outbox.queue import put_message
from privacy_center.outbox.words import ACTIONS
from privacy_center.people.contact import Contact, compared_value, read_contact
from privacy_center.people.identity import find_or_create_person, identity_index
from privacy_center.people.models import Person, SignInCode
from privacy_center.people.rate import (
    Backoff,
    Limit,
    count_all,
    forget_wrong,
    hashed_address,
    note_wrong,
    refuse_while_slowed,
)
from privacy_center.people.tell import site_domain

CODE_LASTS = timedelta(minutes=10)
MOST_TRIES = 5
TO_ANYBODY = frozenset({"new_contact", "ask_for_help"})
"""Codes that prove a contact which nobody has on file yet. Every other code is sent to contacts on file only."""
BROWSER = "sign_in_code.browser"
VALUE = "sign_in_code.value"
WRONG_CODES = Backoff("code.wrong")
"""Wrong codes for one contact, however many codes it was sent and from whatever browser they were tried."""
LIMITS = {  # codes asked for; the hourly ones as NIST SP 800-63B and the house rules say, the others against floods
    "purpose": (Limit("code.identity.minute", 1, timedelta(minutes=1)),),
    "identity": (
        Limit("code.identity.hour", 5, timedelta(hours=1)),
        Limit("code.identity.day", 15, timedelta(days=1)),
    ),
    "address": (Limit("code.address.hour", 20, timedelta(hours=1)),),
    "everybody": (Limit("code.everybody.hour", 5_000, timedelta(hours=1)),),
    "order": (Limit("code.order.hour", 10, timedelta(hours=1)),),
}


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """What the next page needs: which attempt this is, and until when the code works."""

    id: uuid.UUID
    contact: Contact
    expires_at: datetime


def start_sign_in(
    session: Session,
    *,
    typed: str,
    browser_token: str,
    address: str,
    language: str,
    at: datetime,
    action: str = "sign_in",
    reference: str = "",
    by_call: bool = False,
    region: str = "CN",
    only_if_order: str | None = None,
) -> SignInAttempt:
    """Write a code and queue it for the contact that was typed; the same work whether or not anybody knows the contact.

    The code has six digits, lasts 10 minutes, works once, and only in the browser that holds `browser_token`, for `action`
    and for the request of `reference`. `address` is the client's IP address (hashed for counting, never kept). `by_call`:
    a phone is rung and the code read out. Refuses (422) what is no contact, and (429) more than one code a minute for one action, five an
    hour or fifteen a day per contact, twenty an hour per address. With `only_if_order` the code leaves only if that order
    names the contact, which the delivery finds out; one order may be asked for ten times an hour.
    """
    contact = read_contact(typed, region)
    whose = {"everybody": "", "address": address, "identity": f"{contact.kind}:{contact.value}"}
    whose["purpose"] = f"{whose['identity']}:{action}"
    whose |= {"order": compared_value("order", only_if_order)} if only_if_order is not None else {}
    count_all(session, [(limit, whose[who]) for who in whose for limit in LIMITS[who]], at)
    code = _write_code(session, contact, browser_token, (action, reference), language, at)
    code[0].address_hash = hashed_address(session, address)
    _queue_code(session, *code, contact, at, by_call=by_call, order=only_if_order)
    return SignInAttempt(code[0].id, contact, code[0].expires_at)


def send_again(
    session: Session,
    attempt: uuid.UUID,
    *,
    browser_token: str,
    address: str,
    at: datetime,
    reference: str = "",
    by_call: bool = False,
    only_if_order: str | None = None,
) -> SignInAttempt:
    """A new code for the contact of an earlier attempt, which ends; the same limits. Refuses an attempt of another browser."""
    row = session.get(SignInCode, attempt)
    bound = keyring_of(session).keyed_hash(browser_token, BROWSER)
    if row is None or not secrets.compare_digest(row.browser_hash, bound):
        raise code_refusal()
    return start_sign_in(
        session, typed=open_text(session, row.value_sealed, VALUE), browser_token=browser_token, address=address,
        language=row.language, at=at, action=row.action, reference=reference, by_call=by_call, only_if_order=only_if_order,
    )  # fmt: skip


def finish_proof(
    session: Session,
    attempt: uuid.UUID,
    code: str,
    browser_token: str,
    action: str,
    at: datetime,
    *,
    reference: str = "",
) -> Contact | None:
    """The contact that the right code proves; None for a wrong, old, used or foreign one.

    Refuses (429) while the contact's codes are not looked at: after 5 wrong ones for 30 s, doubling up to an hour.
    It answers None instead of refusing so that the wrong try is kept when the caller's transaction is. After the
    transaction, refuse with `code_refusal()`: one and the same for every failure.
    """
    alive = sa.and_(
        SignInCode.id == attempt,
        SignInCode.used_at.is_(None),
        SignInCode.tries < MOST_TRIES,
        SignInCode.expires_at > at,
    )
    counted = sa.update(SignInCode).where(alive).values(tries=SignInCode.tries + 1).returning(SignInCode)
    row = session.scalars(counted.execution_options(synchronize_session=False, populate_existing=True)).one_or_none()
    whose = f"{row.kind}:{row.value_index.hex()}" if row else f"attempt:{attempt}"
    refuse_while_slowed(session, WRONG_CODES, whose, at)
    expected = row.code_hash if row else "0" * 64
    given = _code_hash(session, attempt, browser_token, (action, reference), "".join(code.split()))
    if not secrets.compare_digest(expected, given) or row is None:
        note_wrong(session, WRONG_CODES, whose, at)
        return None
    forget_wrong(session, WRONG_CODES, whose)
    row.used_at, row.worked = at, True
    return Contact(row.kind, open_text(session, row.value_sealed, VALUE))


def finish_sign_in(
    session: Session, attempt: uuid.UUID, code: str, browser_token: str, at: datetime, *, language: str = "zh-CN"
) -> Person | None:
    """The person whom the right code signs in; None otherwise (see `finish_proof`)."""
    contact = finish_proof(session, attempt, code, browser_token, "sign_in", at)
    if contact is None:
        return None
    return find_or_create_person(session, contact.kind, contact.value, at, language=language)


def code_refusal() -> Refusal:
    """The one answer to a code that does not work, whatever the reason."""
    return Refusal(
        "验证码不对或已过期。请核对后再输入；错 5 次或超过 10 分钟，请重新获取。",
        "The code is not right or no longer works. Check it and enter it again; "
        "after 5 wrong tries or 10 minutes, ask for a new one.",
        status=422,
        field="code",
    )


def forget_codes(session: Session, before: datetime) -> int:
    """Remove the codes that ended before `before`, and with them the contacts that were typed; answers how many."""
    return session.execute(sa.delete(SignInCode).where(SignInCode.expires_at < before)).rowcount


def _write_code(
    session: Session, contact: Contact, browser_token: str, purpose: tuple[str, str], language: str, at: datetime
) -> tuple[SignInCode, str]:
    row = SignInCode(
        id=uuid.uuid4(),
        kind=contact.kind,
        value_sealed=seal_text(session, contact.value, VALUE),
        value_index=identity_index(session, contact.kind, contact.value),
        action=purpose[0],
        language=language,
        browser_hash=keyring_of(session).keyed_hash(browser_token, BROWSER),
        created_at=at,
        expires_at=at + CODE_LASTS,
        tries=0,
    )
    code = f"{secrets.randbelow(1_000_000):06}"
    row.code_hash = _code_hash(session, row.id, browser_token, purpose, code)
    _end_older(session, row, at)
    session.add(row)
    return row, code


def _end_older(session: Session, row: SignInCode, at: datetime) -> None:
    same = (
        SignInCode.value_index == row.value_index,
        SignInCode.kind == row.kind,
        SignInCode.browser_hash == row.browser_hash,
        SignInCode.action == row.action,
        SignInCode.used_at.is_(None),
    )
    session.execute(sa.update(SignInCode).where(*same).values(used_at=at).execution_options(synchronize_session=False))


def _queue_code(
    session: Session,
    row: SignInCode,
    code: str,
    contact: Contact,
    at: datetime,
    *,
    by_call: bool,
    order: str | None,
) -> None:
    does = ACTIONS[row.action]
    minutes = int(CODE_LASTS.total_seconds() // 60)
    put_message(
        session,
        kind=MessageKind.EMAIL if contact.kind == "email" else MessageKind.VOICE if by_call else MessageKind.SMS,
        address=contact.value,
        template="sign_in_code",
        context={
            "code": code,
            "action": row.action,
            "action_zh": does.zh,
            "action_en": does.en,
            "minutes": minutes,
            "domain": site_domain(session),
            "order": order or "",
        },
        dedupe_key=f"sign-in-code:{row.id}",
        language=row.language,
        at=at,
        only_if_on_file=None if row.action in TO_ANYBODY else contact.kind,
        expires_at=row.expires_at,
    )


def _code_hash(session: Session, attempt: uuid.UUID, browser_token: str, purpose: tuple[str, str], code: str) -> str:
    bound = "|".join((str(attempt), browser_token, *purpose, code))
    return keyring_of(session).keyed_hash(bound, "sign_in_code.code")
