"""'It was not me': stop everything that can still be stopped, at once."""

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import Actor, record
from privacy_center.people.login import end_all_logins
from privacy_center.privacy_requests.moves import cancel_request
from privacy_center.privacy_requests.queries import requests_of
from privacy_center.privacy_requests.states import CANCELLABLE
from privacy_center.web.page import page
from privacy_center.web.units import transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, Visitor, let_out, signed_in

freeze = Blueprint("freeze", __name__)


@freeze.get("/not-me")
def not_me() -> Response:
    """What a person can do whose contact somebody else has used; linked from every notice."""
    return _page(done=False)


@freeze.route("/me/stop", methods=["GET", "POST"])
def stop() -> Response:
    """Sign out everywhere and cancel what has not been carried out."""
    if request.method == "GET":
        return _page(done=False)
    with transaction() as session:
        stopped = _stop_all(session, signed_in())
    return let_out(_page(done=True, stopped=stopped), CUSTOMER_COOKIE)


def _stop_all(session: Session, who: Visitor) -> list[str]:
    at, actor = clock.now(), Actor("customer", str(who.person))
    stopped = []
    for asked in requests_of(session, who.person, open_only=True):
        if asked.state in CANCELLABLE:
            cancel_request(session, asked, actor=actor, at=at)
            stopped.append(asked.reference)
    ended = end_all_logins(session, who.person, at)
    record(
        session,
        actor=actor,
        act="person.freeze",
        subject=who.person,
        details={"logins": ended, "requests": stopped},
        at=at,
    )
    return stopped


def _page(*, done: bool, stopped: list[str] | None = None) -> Response:
    return page("public/not_me.html", done=done, stopped=stopped or [])
