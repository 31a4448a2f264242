"""One's own account: where one is signed in, and ending it there."""

import uuid

import sqlalchemy as sa
from flask import Response, url_for

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.login import IDLE
from privacy_center.people.models import LoginKind, LoginSession
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import role_words
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import signed_in


@staff.get("/account")
def account() -> Response:
    """Who one is here, and every browser in which one is signed in."""
    at = clock.now()
    mine = sa.select(LoginSession).where(
        LoginSession.owner_id == me().id,
        LoginSession.kind == LoginKind.STAFF,
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > at,
        LoginSession.last_seen_at > at - IDLE[LoginKind.STAFF],
    )
    with reading() as session:
        logins = list(session.scalars(mine.order_by(LoginSession.last_seen_at.desc())))
    roles = [role_words(role) for role in me().roles]
    return page("staff/account.html", member=me(), roles=roles, logins=logins, this=signed_in().login)


@staff.post("/account/logins/<uuid:login>/end")
def revoke_login(login: uuid.UUID) -> Response:
    """Sign out in one browser; refuses (404) a login that is not one's own."""
    at = clock.now()
    with transaction() as session:
        found = session.get(LoginSession, login)
        if found is None or found.owner_id != me().id:
            raise Refusal("没有这次登录。", "There is no such sign-in.", status=404)
        found.revoked_at = found.revoked_at or at
        record(session, actor=actor(), act="staff.login_ended", details={"login": str(login)}, at=at)
    return go(url_for("staff.account"))
