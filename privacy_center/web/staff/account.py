"""One's own account: where one is signed in, ending it there, and a new password."""

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.login import IDLE
from privacy_center.people.models import LoginKind, LoginSession
from privacy_center.people.staff.change_password import change_password as take_password
from privacy_center.people.staff.models import StaffMember
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import role_words
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import signed_in


@staff.get("/account")
def account() -> Response:
    """Who one is here, and every browser in which one is signed in."""
    said = {"password": _("密码已改。别处的登录都已结束。")}.get(request.args.get("done", ""), "")
    return _account_page(said=said)


@staff.post("/account/password")
def change_password() -> Response:
    """A new password, on the word of the present one and a fresh code; sign-ins elsewhere end."""
    typed, at = request.form, clock.now()
    wanted = typed.get("password", "")
    if wanted != typed.get("password_again", ""):
        return _account_page({"password_again": _("两次写的新密码不一样。再写一次。")})
    try:
        with transaction() as session:
            member = session.get_one(StaffMember, me().id)
            proofs = {"present": typed.get("present", ""), "code": typed.get("code", "")}
            taken = take_password(session, member, wanted=wanted, this=signed_in().login, at=at, **proofs)
            act = "staff.password_changed" if taken else "staff.password_refused"
            record(session, actor=actor(), act=act, at=at)
    except Refusal as refusal:
        return _account_page({"password": words(refusal.words)})
    if not taken:
        return _account_page({"present": _("现在的密码或动态码不对，或尝试过多。一个动态码只能用一次，等下一个再写。")})
    return go(url_for("staff.account", done="password"))


def _account_page(errors: Mapping[str, str] | None = None, *, said: str = "") -> Response:
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
    return page(
        "staff/account.html",
        member=me(),
        roles=roles,
        logins=logins,
        this=signed_in().login,
        errors=errors or {},
        said=said,
        status=422 if errors else 200,
    )


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
