"""Somebody else was faster: both versions side by side, and the way on."""

from collections.abc import Mapping

from flask import Response

from privacy_center.plans.freeze import current_plan
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.review.models import Choice
from privacy_center.web.page import page
from privacy_center.web.staff.happenings import timeline_lines
from privacy_center.web.staff.shown_decisions import changes, choice_words, reason_titles
from privacy_center.web.staff.shown_plan import show_plan
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.staff.typed import Typed
from privacy_center.web.units import reading

RECENT = 5


def draw_changed(reference: str, form: Mapping[str, str]) -> Response:
    """409: what was typed stands beside the request as it is now; nothing was done. What was typed can be taken along."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        plan = current_plan(session, asked.id)
        shown = show_plan(session, plan) if plan else None
        typed = Typed(form, shown)
        items = {str(item.id): item for item in shown.items} if shown else {}
        return page(
            "staff/changed.html",
            it=show_request(session, asked),
            timeline=timeline_lines(timeline_of(session, asked.id, limit=RECENT)),
            choice_words=choice_words(typed.choice) if isinstance(typed.choice, Choice) else "",
            reason_words="".join(reason_titles([form.get("code", "")])),
            text=form.get("text", ""),
            diff=changes(typed.overrides(), items),
            kept=[(name, value) for name, value in typed.kept if name != "version"],
            status=409,
        )
