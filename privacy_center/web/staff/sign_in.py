"""Staff sign in with a password and then a code from an app; the first time they set the app up."""

from datetime import datetime, timedelta

import segno
import sqlalchemy as sa
from flask import Response, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal
from privacy_center.people.login import end_login
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.passwords import check_password, staff_refusal
from privacy_center.people.staff.second_factor import (
    check_totp,
    new_recovery_codes,
    start_totp,
    totp_address,
    use_recovery_code,
)
from privacy_center.people.staff.sign_in import open_staff_login
from privacy_center.web.cookies import STAFF_COOKIE, sent_cookie
from privacy_center.web.device import device_words
from privacy_center.web.guard import own_path
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.half_way import come_half_way, forget_half_way, half_way
from privacy_center.web.surroundings import company
from privacy_center.web.units import reading, transaction
from privacy_center.web.visitor import let_in, let_out

FROM_ONE_ADDRESS = Limit("staff.sign_in.address", 100, timedelta(hours=1))


@staff.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Response:
    """Staff number or e-mail, and password. A wrong one, an unknown one and a locked one get the same answer."""
    if request.method == "GET":
        return _password_page()
    at = clock.now()
    with transaction() as session:
        count_once(session, FROM_ONE_ADDRESS, request.remote_addr or "", at)
        number = _number(session, request.form.get("number", ""))
        found = check_password(session, number, request.form.get("password", ""), at)
        enrolled = found is not None and found.totp_confirmed_at is not None
        if found is not None and not enrolled:
            start_totp(session, found, company()["short_name"])
    if found is None:
        return _password_page(staff_refusal())
    come_half_way(found, at)
    return go(url_for("staff.second_step" if enrolled else "staff.enrol", next=_next()))


@staff.route("/sign-in/second-step", methods=["GET", "POST"])
def second_step() -> Response:
    """The code of the app, or a recovery code from paper."""
    at, token = clock.now(), None
    with transaction() if request.method == "POST" else reading() as session:
        found = half_way(session)
        if found is None or found.totp_confirmed_at is None:
            return go(url_for("staff.sign_in", next=_next()))
        if request.method == "POST":
            token = _prove(session, found, request.form.get("code", ""), at)
    if request.method == "GET":
        return _second_page()
    return _enter(go(own_path(_next(), "/staff/")), token) if token else _second_page(staff_refusal())


@staff.route("/sign-in/enrol", methods=["GET", "POST"])
def enrol() -> Response:
    """Set the app up: a QR code, the same as text, and the first code as proof. Then ten recovery codes, told once."""
    at, token, codes = clock.now(), None, []
    with transaction() if request.method == "POST" else reading() as session:
        found = half_way(session)
        address = totp_address(session, found, company()["short_name"]) if found else None
        if found is None or address is None:
            return go(url_for("staff.sign_in", next=_next()))
        if request.method == "POST" and check_totp(session, found, request.form.get("code", ""), at):
            codes = new_recovery_codes(session, found)
            token = _open(session, found, "staff.second_proof_set_up", at)
    if token is None:
        return _enrol_page(address, staff_refusal() if request.method == "POST" else None)
    return _enter(page("staff/recovery_codes.html", codes=codes, next=own_path(_next(), "/staff/")), token)


@staff.post("/sign-out")
def leave() -> Response:
    """End the login and forget it in this browser."""
    with transaction() as session:
        end_login(session, sent_cookie(STAFF_COOKIE), clock.now())
    forget_half_way()
    return let_out(go(url_for("staff.sign_in")), STAFF_COOKIE)


def _prove(session: Session, member: StaffMember, code: str, at: datetime) -> str | None:
    typed = "".join(code.split())
    if len(typed) == 6 and typed.isdigit():
        return _open(session, member, "staff.signed_in", at) if check_totp(session, member, typed, at) else None
    used = use_recovery_code(session, member, typed, at)
    return _open(session, member, "staff.signed_in_by_recovery_code", at) if used else None


def _open(session: Session, member: StaffMember, act: str, at: datetime) -> str:
    here = device_words(request.headers.get("User-Agent", ""))
    token = open_staff_login(session, member, here, at)
    record(session, actor=member.as_actor(), act=act, at=at)
    return token


def _enter(response: Response, token: str) -> Response:
    forget_half_way()
    return let_in(response, STAFF_COOKIE, token)


def _number(session: Session, typed: str) -> str:
    """The staff number that was typed, or that belongs to the e-mail that was typed."""
    if "@" not in typed:
        return typed
    wanted = sa.select(StaffMember.number).where(sa.func.lower(StaffMember.email) == typed.strip().lower())
    found = session.scalars(wanted.limit(2)).all()
    return found[0] if len(found) == 1 else ""


def _next() -> str:
    return own_path(request.values.get("next", ""), "/staff/")


def _errors(field: str, refusal: Refusal | None) -> dict[str, str]:
    return {field: refusal.words.spoken(language())} if refusal else {}


def _password_page(refusal: Refusal | None = None) -> Response:
    typed = request.form.get("number", "")
    errors = _errors("number", refusal)
    return page("staff/sign_in.html", errors=errors, typed=typed, next=_next(), status=_status(refusal))


def _second_page(refusal: Refusal | None = None) -> Response:
    errors = _errors("code", refusal)
    return page("staff/second_step.html", errors=errors, next=_next(), status=_status(refusal))


def _enrol_page(address: str, refusal: Refusal | None = None) -> Response:
    drawn = segno.make(address, micro=False).svg_inline(scale=4, border=3, light="#fff", svgclass="qr", omitsize=True)
    secret = address.partition("secret=")[2].partition("&")[0]
    shown = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    errors = _errors("code", refusal)
    return page(
        "staff/enrol.html", qr=Markup(drawn), secret=shown, errors=errors, next=_next(), status=_status(refusal)
    )


def _status(refusal: Refusal | None) -> int:
    return refusal.status if refusal else 200
