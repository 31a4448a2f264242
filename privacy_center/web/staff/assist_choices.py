"""What the customer says of what waits only for them, such as unused points: to be given up, or left as it is."""

from dataclasses import dataclass

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center.errors import Words
from privacy_center.plans.draft import DraftedPlan
from privacy_center.web.choices import low_risk
from privacy_center.web.deletion_terms import Terms
from privacy_center.web.page import go
from privacy_center.web.staff.assist_submission import draft_for
from privacy_center.web.staff.assist_visit import Visit, keep_visit, visit_of
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.waiving import Waivable, waivable_in, waived_titles

_GIVEN_UP = Words(
    "您放弃为您留着的：{titles}。放弃以后拿不回来，和别的信息一起删除。",
    "You give up what is kept for you: {titles}. What is given up cannot be brought back, and is deleted with the rest.",
)

_BETWEEN = Words("、", ", ")


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be given up, and what has been: (rule, title)."""

    open: tuple[Waivable, ...]
    waived: tuple[tuple[str, Words], ...]

    def said(self, spoken: str) -> str:
        """What is read out of it before the customer says yes; nothing where nothing is given up."""
        titles = _BETWEEN.spoken(spoken).join(f"“{one.spoken(spoken)}”" for _rule, one in self.waived)
        return _GIVEN_UP.spoken(spoken).format(titles=titles) if titles else ""


def choices_in(visit: Visit, drafted: DraftedPlan) -> Choices:
    """The choices for this plan, which was drafted with what is given up so far."""
    return Choices(tuple(waivable_in(drafted).values()), tuple(waived_titles(visit.waived)))


@staff.post("/search/<key>/choices")
def assist_choices(key: str) -> Response:
    """Note what the customer says; only of what this plan leaves waiting, and only for somebody who was verified."""
    visit = visit_of(key)
    if visit.scope and visit.proven and not visit.reference:
        given_up = {request.form.get("give_up", "")} & waivable_in(draft_for(visit)).keys()
        visit.waived = sorted({*visit.waived, *given_up} - {request.form.get("take_back")})
        keep_visit(visit)
    return go(url_for("staff.assist_preview", key=key) + "#choices")


def why_not_at_once(visit: Visit, terms: Terms) -> str:
    """Where customers may choose to be deleted at once on their own page: why nobody chooses that for them."""
    if not (terms.enough and terms.days and low_risk(visit.request_scope)):
        return ""
    return _(
        "“审核通过就删除”只能由客户自己登录后选。选了就没有撤回期：口头说的，事后谁也核对不了，所以这里不替客户选。"
    )
