"""How the customer signs in: password, passkeys, and where they are signed in now. Changes need a fresh proof of their own."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal, Words
from privacy_center.keys.sealing import show_text
from privacy_center.people.levels import Action
from privacy_center.people.login import open_logins
from privacy_center.people.models import LoginKind, LoginSession
from privacy_center.people.passkey_store import passkeys_of
from privacy_center.people.password import password_of, set_password
from privacy_center.people.password import remove_password as take_away
from privacy_center.people.step_up import DEVICE
from privacy_center.people.tell import tell_person
from privacy_center.web.customer.identity import as_actor, me
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.proof_words import proof_words
from privacy_center.web.proven import is_proven, standing
from privacy_center.web.units import reading, transaction

security = Blueprint("security", __name__, url_prefix="/me/security")
PASSWORD = Words("密码", "A password")


@dataclass(frozen=True, slots=True)
class Place:
    """One browser in which the customer is signed in."""

    id: uuid.UUID
    device: str
    method: str
    since: datetime
    seen: datetime
    here: bool


@security.get("/")
def show() -> Response:
    """What there is. Changing it needs a proof, which the forms lead to."""
    return draw()


@security.route("/password", methods=["GET", "POST"])
def password() -> Response:
    """Set or change the password; every contact is told."""
    if request.method == "GET":
        return _password_page({})
    wanted, at = request.form.get("password", ""), clock.now()
    if wanted != request.form.get("password_again", ""):
        return _password_page({"password_again": _("两次写的密码不一样。再写一次。")})
    try:
        with transaction() as session:
            needed, _verdict = standing(session, me(), Action.MANAGE_WAYS, at)
            set_password(session, me().person, wanted, level=me().level, at=at, needed=needed.level)
            tell_change(session, "way_added", PASSWORD, at)
    except Refusal as refusal:
        return _password_page({"password": refusal.words.spoken(language())})
    return go(url_for("security.show", done="password"))


@security.route("/password/remove", methods=["GET", "POST"])
def remove_password() -> Response:
    """Do without a password again; every contact is told."""
    if request.method == "POST":
        with transaction() as session:
            if take_away(session, me().person):
                tell_change(session, "way_removed", PASSWORD, clock.now())
        return go(url_for("security.show", done="removed"))
    here = url_for("security.remove_password")
    return page("customer/security/remove.html", what=_("密码"), here=here, active="")


@security.post("/logins/<uuid:login>/end")
def end_login(login: uuid.UUID) -> Response:
    """Sign out in one browser; refuses (404) a login that is not one's own."""
    at = clock.now()
    with transaction() as session:
        found = session.get(LoginSession, login)
        if found is None or found.owner_id != me().person or found.kind is not LoginKind.CUSTOMER:
            raise Refusal("没有这次登录。", "There is no such sign-in.", status=404)
        found.revoked_at = found.revoked_at or at
        record(session, actor=as_actor(), act="login.end", subject=me().person, at=at)
    return go(url_for("security.show", done="ended"))


def draw(errors: dict[str, str] | None = None, status: int = 200) -> Response:
    """The page as things stand."""
    at = clock.now()
    with reading() as session:
        kept = password_of(session, me().person)
        keys = passkeys_of(session, LoginKind.CUSTOMER, me().person)
        places = [_place(session, one) for one in open_logins(session, me().person, LoginKind.CUSTOMER, at)]
    return page(
        "customer/security/show.html",
        password=kept,
        keys=keys,
        places=places,
        at=at,
        proven=is_proven(me(), Action.MANAGE_WAYS),
        said=_said(request.args.get("done", "")),
        errors=errors or {},
        active="",
        status=status,
    )


def tell_change(session: Session, template: str, what: Words, at: datetime) -> None:
    """Tell every contact, and write it down."""
    context = {"what_zh": what.zh, "what_en": what.en}
    ways = ("email", "phone_number")
    tell_person(session, me().person, template, context, dedupe_key=f"{template}:{uuid.uuid4()}", at=at, ways=ways)
    told = {"what": what.en}
    record(session, actor=as_actor(), act=f"person.{template}", subject=me().person, details=told, at=at)


def _place(session: Session, login: LoginSession) -> Place:
    device = show_text(session, login.device_sealed, DEVICE) if login.device_sealed else ""
    how = proof_words(login.method)
    return Place(
        login.id, device or _("不认识的设备"), how, login.created_at, login.last_seen_at, login.id == me().login
    )


def _said(done: str) -> str:
    return {
        "password": _("密码设好了。我们已通知您的每一个联系方式。"),
        "removed": _("已移除。我们已通知您的每一个联系方式。"),
        "passkey": _("通行密钥设好了。我们已通知您的每一个联系方式。"),
        "renamed": _("名称已改。"),
        "ended": _("那里的登录已结束。"),
    }.get(done, "")


def _password_page(errors: dict[str, str]) -> Response:
    return page("customer/security/password.html", errors=errors, status=422 if errors else 200)
