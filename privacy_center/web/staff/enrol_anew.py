"""A former member comes back: somebody who manages staff makes a link, and the member chooses a password by it, once."""

from datetime import timedelta

from flask import Response, request, url_for

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.rate import Limit, count_once
from privacy_center.people.staff.enrol_anew import LASTS, choose_password, link_owner, make_link
from privacy_center.web.filters import words, words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.people import draw_person, member_of
from privacy_center.web.staff.who import me
from privacy_center.web.units import center, reading, transaction

FROM_ONE_ADDRESS = Limit("staff.first_password.address", 100, timedelta(hours=1))


@staff.post("/people/<number>/enrol")
def enrol_anew(number: str) -> Response:
    """A link for a member without a password; it is shown once and kept nowhere."""
    at, typed = clock.now(), request.form
    try:
        with transaction() as session:
            member = member_of(session, number)
            told = {"name": typed.get("name", ""), "email": typed.get("email", "")}
            token = make_link(session, member, **told, by=me(), at=at)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return draw_person(number, typed=typed, errors=words_by_field(refusal), status=refusal.status)
    link = center().settings.base_url.rstrip("/") + url_for("staff.first_password", token=token)
    return page("staff/enrol_link.html", member=member, link=link, ends=at + LASTS)


@staff.route("/sign-in/first/<token>", methods=["GET", "POST"])
def first_password(token: str) -> Response:
    """The member behind a link chooses a password, and goes on to sign in and set the app up. Refuses (404) a dead link."""
    if request.method == "GET":
        return _password_page(token)
    at, typed = clock.now(), request.form
    wanted = typed.get("password", "")
    if wanted != typed.get("password_again", ""):
        return _password_page(token, "password_again", _unequal())
    try:
        with transaction() as session:
            count_once(session, FROM_ONE_ADDRESS, request.remote_addr or "", at)
            choose_password(session, token, wanted, at)
    except Refusal as refusal:
        if refusal.field != "password":
            raise
        return _password_page(token, "password", refusal)
    return go(url_for("staff.sign_in"))


def _unequal() -> Refusal:
    return Refusal("两次写的新密码不一样。再写一次。", "The two new passwords differ. Write it once more.", status=422)


def _password_page(token: str, field: str = "", refusal: Refusal | None = None) -> Response:
    with reading() as session:
        member = link_owner(session, token, clock.now())
    errors = {field: words(refusal.words)} if refusal else {}
    status = refusal.status if refusal else 200
    return page("staff/first_password.html", number=member.number, token=token, errors=errors, status=status)
