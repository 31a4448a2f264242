"""A caller proves a contact by typing its code on the website: never to whoever is on the phone, who could be anybody."""

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import keyring_of, open_text
from privacy_center.people.contact import Contact
from privacy_center.people.models import SignInCode
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.sign_in import BROWSER, VALUE, SignInAttempt, finish_proof, start_sign_in

DELETE, CANCEL = "hotline_delete", "hotline_cancel"
"""What a caller may be asked to prove themselves for; the message says which, and a code for one opens no other."""
DIGITS = 8
TRIES = Limit("call.address", 20, timedelta(hours=1))


def begin_call(
    session: Session, contact: Contact, *, action: str, by: str, language: str, at: datetime
) -> tuple[SignInAttempt, str]:
    """Send a code to a contact on file, and draw the number of this call, 8 digits, which the caller is told.

    Codes are counted for `by`, the number of the member of staff: a call centre has one address. Refuses as `start_sign_in`.
    """
    number = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    whose = {"address": f"staff:{by}", "language": language, "action": action}
    return start_sign_in(session, typed=contact.value, browser_token=number, at=at, **whose), number


def prove_in_call(session: Session, number: str, code: str, *, address: str, at: datetime) -> bool:
    """Whether both numbers are right; a wrong one says nothing of the other. Keep the transaction either way: the try counts.

    Refuses (429) the 21st try of an address within an hour, and while wrong codes slow a contact down.
    """
    count_once(session, TRIES, address, at)
    number = "".join(number.split())
    bound = keyring_of(session).keyed_hash(number, BROWSER)
    mine = (SignInCode.browser_hash == bound, SignInCode.action.in_((DELETE, CANCEL)), SignInCode.expires_at > at)
    newest = sa.select(SignInCode.id, SignInCode.action).where(*mine).order_by(SignInCode.created_at.desc()).limit(1)
    attempt, action = session.execute(newest).one_or_none() or (uuid.uuid4(), DELETE)
    return finish_proof(session, attempt, code, number, action, at) is not None


def proven_in_call(session: Session, attempt: uuid.UUID, action: str, at: datetime) -> Contact | None:
    """The contact whose code for `action` the caller has typed on the website, while that code lasts; None until then."""
    row = session.get(SignInCode, attempt)
    if row is None or not row.worked or row.action != action or row.expires_at <= at:
        return None
    return Contact(row.kind, open_text(session, row.value_sealed, VALUE))
