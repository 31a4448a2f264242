"""Who is visiting: customers and staff come through two doors, with a cookie each that holds a random token and no more."""

import uuid
from dataclasses import dataclass

from flask import Response, request
from flask_login import UserMixin, current_user

from privacy_center import clock
from privacy_center.people.login import end_login
from privacy_center.people.models import Level
from privacy_center.web.cookies import cookie_name, cookie_path, sent_cookie
from privacy_center.web.units import center, transaction

CUSTOMER_COOKIE = "pc_customer"


@dataclass(frozen=True)
class Visitor(UserMixin):
    """Somebody who is signed in. `door`: customer or staff. `fresh`: proved who they are in the last five minutes;
    `fresh_for`: what for. `level`: how sure we are who it is; `device`: the keyed hash of the browser.
    """

    door: str
    login: uuid.UUID
    person: uuid.UUID
    fresh: bool = False
    fresh_for: str = ""
    level: Level = Level.V0
    device: str | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""

    def get_id(self) -> str:
        return str(self.person)


def staff_side() -> bool:
    """Whether this address belongs to the staff pages."""
    return request.path == "/staff" or request.path.startswith("/staff/")


def visitor() -> Visitor | None:
    """Who is signed in at this door, or nobody."""
    found = current_user._get_current_object()  # the proxy itself would look it up at each touch
    return found if found is not None and found.is_authenticated else None


def signed_in() -> Visitor:
    """Who is signed in; only for views that the access table opens to people who are."""
    found = visitor()
    assert found is not None, "the access table let nobody in"
    return found


def let_in(response: Response, cookie: str, token: str) -> Response:
    """Give the browser the token of a login: for this session, not readable by scripts, to our own pages only.

    The login that it came with, if any, ends: nobody goes on under it who does not know of the new one.
    """
    _end_login_before(cookie)
    secure, path = center().settings.secure_cookies, cookie_path(cookie)
    response.set_cookie(cookie_name(cookie), token, path=path, httponly=True, samesite="Lax", secure=secure)
    return response


def _end_login_before(cookie: str) -> None:
    before = sent_cookie(cookie)
    if before:
        with transaction() as session:
            end_login(session, before, clock.now())


def let_out(response: Response, cookie: str) -> Response:
    """Take the token away."""
    secure = center().settings.secure_cookies
    response.delete_cookie(cookie_name(cookie), path=cookie_path(cookie), httponly=True, samesite="Lax", secure=secure)
    return response
