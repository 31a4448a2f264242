"""The last step of every way in: a login for the person, its token and the device's cookie for the browser."""

import uuid
from datetime import datetime

from flask import Response
from flask import session as browser
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor, record
from privacy_center.people.step_up import Proof, open_proven
from privacy_center.web.device import keep_device, this_device
from privacy_center.web.guard import own_path
from privacy_center.web.page import go
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_in


def open_for(session: Session, person: uuid.UUID, proof: Proof, at: datetime) -> tuple[str, str]:
    """A login with the level of this proof; the tokens of the login and of the device."""
    device, cookie = this_device()
    token = open_proven(session, person, proof, device, at)
    told = {"by": proof.how}
    record(session, actor=Actor("customer", str(person)), act="login.open", subject=person, details=told, at=at)
    return token, cookie


def welcome(tokens: tuple[str, str], onward: str) -> Response:
    """On to the page that was wanted, or home; what the browser held of other attempts is forgotten."""
    token, cookie = tokens
    browser.clear()
    return keep_device(let_in(go(own_path(onward, "/me/")), CUSTOMER_COOKIE, token), cookie)
