"""What customers may not see for now: asked for by the privacy officer, agreed to by the security officer."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.looks.hidden import GROUNDS, agree, all_hidden, hide, lift
from privacy_center.web.filters import today, words, words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.who import actor, may_open, me
from privacy_center.web.units import reading, transaction


@staff.get("/hidden-looks")
def hidden_looks() -> Response:
    """Cases and entries that customers may not see for now, and those that wait for a second person."""
    return _hidden_page({}, {})


@staff.post("/hidden-looks")
def hide_look() -> Response:
    """Ask to hide a case, or one entry by its number, until a day; nothing is hidden yet."""
    form = request.form
    try:
        with transaction() as session:
            hide(session, **_wish(), actor=actor(), at=clock.now(), today=today())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _hidden_page(form, words_by_field(refusal))
    return go(url_for("staff.hidden_looks"))


def _wish() -> dict[str, Any]:
    """What was typed: a case, or the number of an entry; what is no day is none."""
    form = request.form
    what = form.get("what", "").strip()
    number = int(what) if what.isascii() and what.isdigit() and len(what) < 16 else None
    case = what or None if number is None else None
    told = {"until": _day(form.get("until", "")), "ground": form.get("ground", ""), "reason": form.get("reason", "")}
    return {"case": case, "seq": number, **told}


@staff.post("/hidden-looks/<uuid:hidden>/lift")
def lift_hidden(hidden: uuid.UUID) -> Response:
    """Show it to the customer again."""
    with transaction() as session:
        lift(session, hidden, actor=actor(), at=clock.now())
    return go(url_for("staff.hidden_looks"))


@staff.get("/hiding")
def hiding_asked() -> Response:
    """The same list for whoever agrees, with the ground and the reason of each."""
    return _hidden_page({}, {})


@staff.post("/hiding/<uuid:hidden>")
def answer_hiding(hidden: uuid.UUID) -> Response:
    """Agree, or decline: then it is shown for good. Refuses (422) neither of the two, and what `agree` refuses."""
    answer = request.form.get("do", "")
    if answer not in ("agree", "decline"):
        raise Refusal("选同意，或不同意。", "Agree, or decline.", status=422)
    with transaction() as session:
        if answer == "agree":
            agree(session, hidden, by=me(), at=clock.now(), today=today())
        else:
            lift(session, hidden, actor=actor(), at=clock.now())
    return go(url_for("staff.hiding_asked"))


def _hidden_page(typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    with reading() as session:
        rows = all_hidden(session, today())
    may = {"ask": may_open("staff.hide_look"), "agree": may_open("staff.answer_hiding")}
    grounds = [("", _("选一种")), *((code, words(said)) for code, said in GROUNDS.items())]
    told = {"rows": rows, "typed": typed, "errors": errors, "may": may, "grounds": grounds}
    return page("staff/hidden_looks.html", status=422 if errors else 200, **told)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said.strip())
    except ValueError:
        return None
