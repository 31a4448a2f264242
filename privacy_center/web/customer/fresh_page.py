"""The page on which a customer proves themselves before a sensitive step, and the wait for those who cannot prove more."""

from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.outbox.days import on_the_wall
from privacy_center.people.enough import Verdict, begin_waiting, waiting_for
from privacy_center.people.levels import Action
from privacy_center.people.tell import tell_person
from privacy_center.privacy_requests.stopped import refuse_frozen_person
from privacy_center.web.customer.fresh import MINUTES, Asked, ask_for_proof, take_proof
from privacy_center.web.customer.identity import as_actor, me
from privacy_center.web.filters import moment
from privacy_center.web.guard import own_path
from privacy_center.web.page import go, page
from privacy_center.web.proven import is_proven, standing
from privacy_center.web.units import reading, transaction

fresh = Blueprint("fresh", __name__, url_prefix="/me")
EVERY_WAY = ("email", "phone_number")


@fresh.route("/confirm", methods=["GET", "POST"])
def confirm() -> Response:
    """A fresh proof before a sensitive step, then on to it; who has nothing more to show may wait instead."""
    onward = own_path(request.values.get("next", ""), "/me/")
    action = action_at(onward)
    if request.method == "GET":
        return _page(ask_for_proof(action), onward)
    if request.form.get("do") == "wait":
        _wait(action)
        return _page(ask_for_proof(action), onward)
    asked = take_proof(action)
    if asked is not None:
        return _page(asked, onward)
    return go(url_for("fresh.confirm", next=onward) if not _may_go_on(action) else onward)


def action_at(path: str) -> Action:
    """What the page at a path of ours is for, by the access table; seeing in full where it says nothing."""
    from privacy_center.web.access import ACCESS

    try:
        endpoint, _values = current_app.url_map.bind("").match(path.split("?")[0], method="GET")
    except HTTPException:
        return Action.REVEAL
    may = ACCESS.get(endpoint)
    return may.action if may is not None and may.action is not None else Action.REVEAL


def verify_page(asked: Asked, *, step: str, here: str, back_url: str, onward: str = "") -> Response:
    """The page in the colours of the journey it stands in."""
    with reading() as session:
        waiting = waiting_for(session, me().person, asked.action, clock.now())
    return page(
        "customer/verify.html",
        asked=asked,
        step=step,
        here=here,
        back_url=back_url,
        next=onward,
        minutes=MINUTES,
        may_wait=asked.verdict is Verdict.WAIT and not asked.one_will_do and here == url_for("fresh.confirm"),
        waiting_until=moment(waiting.ready_at) if waiting else "",
        errors=asked.errors,
        status=asked.status,
    )


def _may_go_on(action: Action) -> bool:
    """Whether the proof that was just given is enough; it is fresh, since it was just given."""
    with reading() as session:
        needed, verdict = standing(session, me(), action, clock.now())
    return verdict is Verdict.ENOUGH or (verdict is Verdict.WAIT and needed.as_request)


def _wait(action: Action) -> None:
    """Start the 72 hours and tell every contact, once; nothing where the thing itself waits. Refuses (409) while everything of this person is stopped."""
    at = clock.now()
    with transaction() as session:
        refuse_frozen_person(session, me().person)
        needed, verdict = standing(session, me(), action, at)
        if verdict is not Verdict.WAIT or needed.as_request:
            return
        waiting = begin_waiting(session, me().person, action, at)
        key, context = f"level-wait:{waiting.id}", {"until": on_the_wall(session, waiting.ready_at)}
        if tell_person(session, me().person, "level_wait", context, dedupe_key=key, at=at, ways=EVERY_WAY):
            told = {"for": action.value}
            record(session, actor=as_actor(), act="level.wait", subject=me().person, details=told, at=at)


def _page(asked: Asked, onward: str) -> Response:
    if request.method == "GET" and is_proven(me(), asked.action) and onward != "/me/":
        return go(onward)
    return verify_page(asked, step="", here=url_for("fresh.confirm"), back_url=url_for("home.show"), onward=onward)
