"""The guard in front of every view: it reads the access table and nothing else."""

from urllib.parse import quote

from flask import Flask, Response, request

from privacy_center.errors import Refusal
from privacy_center.people.levels import Action
from privacy_center.web.access import ACCESS
from privacy_center.web.may import Door
from privacy_center.web.page import go
from privacy_center.web.proven import is_proven, refuse_stopped_person
from privacy_center.web.staff.gate import guard_staff
from privacy_center.web.visitor import Visitor, visitor


def guard() -> Response | None:
    """Let the visitor through (None), or send them to the door that this page needs.

    Refuses with 404 an endpoint that the table does not know, with 409 a sensitive step of a customer who said that it was
    not them; for what it refuses members of staff see `staff/gate.py`.
    """
    if request.endpoint is None:
        return None
    may = ACCESS.get(request.endpoint)
    if may is None:
        raise Refusal("没有这一页。", "There is no such page.", status=404)
    if may.door is Door.ANYONE:
        return None
    who = visitor()
    if may.door is Door.STAFF:
        return guard_staff(may, who, _here())
    if who is None:
        return go(f"/sign-in?next={quote(_here())}")
    if may.door is Door.CUSTOMER_FRESH:
        if not _is_proven(who, may.action):
            return go(f"/me/confirm?next={quote(_here())}")
        refuse_stopped_person(who)
    return None


def _is_proven(who: Visitor, action: Action | None) -> bool:
    """Whether the visitor has proven enough; before values are shown in full, by what the records themselves tell of risk."""
    proven = is_proven(who, action)
    if action is not Action.REVEAL or not proven:
        return proven
    from privacy_center.web.customer.sight import search_anew

    search_anew()
    return is_proven(who, action)


def _here() -> str:
    """Where to come back to: this page for a look, the page it belongs to for a form that was sent."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def own_path(given: str, default: str) -> str:
    """The path to go on to, if it is one of ours and of this door; else `default`. Never another site."""
    safe = given.startswith("/") and not given.startswith("//") and "\\" not in given and given.isprintable()
    root = default.split("/")[1]
    return given if safe and given.split("?")[0].split("/")[1] == root else default


def install_guard(app: Flask) -> None:
    """Ask the guard before every view."""
    app.before_request(guard)
