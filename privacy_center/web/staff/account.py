"""One's own account: where one is signed in, new proofs, and whom one knows among the customers."""

import uuid
from collections.abc import Mapping

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.keys.sealing import show_text
from privacy_center.people.login import DEVICE, open_logins
from privacy_center.people.models import LoginKind, LoginSession
from privacy_center.people.passkey_store import passkeys_of
from privacy_center.people.staff.change_password import change_password as take_password
from privacy_center.people.staff.conflict import declare, declared_counts
from privacy_center.people.staff.fit import trainings_of, what_is_missing
from privacy_center.people.staff.models import Relation, StaffMember
from privacy_center.people.staff.second_factor import codes_left, new_recovery_codes
from privacy_center.web.filters import today, words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import role_words
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import signed_in


@staff.get("/account")
def account() -> Response:
    """Who one is here, and every browser in which one is signed in."""
    done = {
        "password": _("密码已改。别处的登录都已结束。"),
        "declared": _("已申报。这位客户的申请不会再出现在您这里。"),
        "passkey": _("通行密钥已登记，下次可以直接用它登录。"),
        "removed": _("通行密钥已删除。"),
    }
    return _account_page(said=done.get(request.args.get("done", ""), ""))


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


@staff.post("/account/known-persons")
def declare_person() -> Response:
    """Declare oneself as a customer, or somebody one is close to; kept as a blind index, and never shown again."""
    typed, at = request.form, clock.now()
    try:
        relation = _relation(typed.get("relation", ""))
        with transaction() as session:
            member = session.get_one(StaffMember, me().id)
            declare(session, member, typed.get("kind", ""), typed.get("value", ""), relation)
            record(session, actor=actor(), act="staff.person_declared", details={"relation": relation.value}, at=at)
    except Refusal as refusal:
        return _account_page({refusal.field or "value": words(refusal.words)})
    return go(url_for("staff.account", done="declared"))


@staff.post("/account/recovery-codes")
def new_codes() -> Response:
    """Ten new recovery codes, told once; the old ones end."""
    at = clock.now()
    with transaction() as session:
        codes = new_recovery_codes(session, session.get_one(StaffMember, me().id))
        record(session, actor=actor(), act="staff.recovery_codes_made", at=at)
    return page("staff/recovery_codes.html", codes=codes, next=url_for("staff.account"))


def _relation(said: str) -> Relation:
    try:
        return Relation(said)
    except ValueError as error:
        raise Refusal(
            "选是本人还是亲友。", "Say whether it is you or somebody close.", status=422, field="relation"
        ) from error


def _account_page(errors: Mapping[str, str] | None = None, *, said: str = "") -> Response:
    at = clock.now()
    with reading() as session:
        member = session.get_one(StaffMember, me().id)
        told = {
            "logins": [
                (one, show_text(session, one.device_sealed, DEVICE) or _("不认识的设备"))
                for one in open_logins(session, member.id, LoginKind.STAFF, at)
            ],
            "passkeys": passkeys_of(session, LoginKind.STAFF, member.id),
            "declared": declared_counts(session, member),
            "codes_left": codes_left(session, member),
            "trainings": trainings_of(session, member),
            "gaps": what_is_missing(session, member, today()),
        }
    return page(
        "staff/account.html",
        member=me(),
        roles=[role_words(role) for role in me().roles],
        this=signed_in().login,
        typed=request.form,
        day=today(),
        errors=errors or {},
        said=said,
        status=422 if errors else 200,
        **told,
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
