"""One line of a plan, opened: its records page by page, each with masked values and a decision of its own."""

from collections.abc import Mapping

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.retention.verdict import Outcome
from privacy_center.review.drafts import drafted_overrides, keep_draft
from privacy_center.review.overrides import Override
from privacy_center.review.reasons import reasons_for
from privacy_center.web.filters import words
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.opened_records import (
    RecordPlace,
    line_at,
    note_records_opened,
    open_records,
    places_of,
)
from privacy_center.web.staff.pages import Pages, read_page
from privacy_center.web.staff.shown_items import ShownItem
from privacy_center.web.staff.shown_plan import ShownPlan
from privacy_center.web.staff.standing import standing_of
from privacy_center.web.staff.typed import NO_CODE, NO_WHY, item_fields
from privacy_center.web.staff.who import me
from privacy_center.web.units import reading, transaction


@staff.get("/requests/<reference>/items/<int:position>")
def item(reference: str, position: int) -> Response:
    """The records of one line, 25 a page. Each is then opened by the reader, and the look is in the audit trail."""
    return _draw(reference, position)


@staff.post("/requests/<reference>/items/<int:position>")
def decide_records(reference: str, position: int) -> Response:
    """Keep what was chosen for single records, until the decision is submitted."""
    form = request.form
    with transaction() as session:
        asked, shown, line, places = _line(session, reference, position)
        refuse_not_deciding(session, asked)
        if form.get("plan") != str(shown.plan.id):
            raise Refusal(
                "方案已更新。请返回申请页重新打开这一项。",
                "The plan has changed. Open the item again from the request.",
            )
        errors = _wrong(form, places, line)
        if not errors:
            keep_draft(session, asked, shown.plan.id, me().number, _chosen(form, places), clock.now())
    if errors:
        return _draw(reference, position, typed=form, errors=errors)
    back = {"page": form["page"]} if form.get("page", "").isdigit() else {}
    return go(url_for("staff.item", reference=reference, position=position, done="saved", **back))


def refuse_not_deciding(session: Session, asked: PrivacyRequest) -> None:
    """Refuses (409) whoever may not decide on this request now."""
    standing = standing_of(session, asked, me())
    if not standing.deciding:
        raise Refusal(standing.why_not or _("现在不能作决定。"), standing.why_not or _("现在不能作决定。"))


def _line(
    session: Session, reference: str, position: int
) -> tuple[PrivacyRequest, ShownPlan, ShownItem, list[RecordPlace]]:
    asked = request_by_reference(session, reference)
    shown, line = line_at(session, asked, position)
    return asked, shown, line, places_of(session, shown, line)


def _draw(
    reference: str, position: int, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> Response:
    with reading() as session:
        asked, shown, line, places = _line(session, reference, position)
        deciding = standing_of(session, asked, me()).deciding
        chosen = drafted_overrides(session, asked.id, shown.plan.id, me().number)
    cut = Pages(read_page((typed or request.args).get("page", "")), len(places))
    records = open_records(asked, places[cut.skip : cut.skip + cut.size], chosen, shown.states)
    with transaction() as session:
        note_records_opened(session, request_by_reference(session, reference), "record", records)
    return page(
        "staff/item.html",
        fragment="records",
        reference=reference,
        line=line,
        plan=shown,
        records=records,
        deciding=deciding and bool(line.choices),
        pages=cut.told(lambda number: url_for("staff.item", reference=reference, position=position, page=number)),
        page_number=cut.page,
        reasons=[("", _("选择理由")), *((one.code, words(one.title)) for one in reasons_for("override"))],
        outcomes=[("", _("按建议"))] + [(one.value, shown.outcome_names[one]) for one in line.choices],
        typed=typed,
        errors=errors or {},
        saved=request.args.get("done") == "saved",
        status=422 if errors else 200,
    )


def _wrong(form: Mapping[str, str], places: list[RecordPlace], line: ShownItem) -> dict[str, str]:
    """What is missing, field by field: an outcome that cannot be chosen, a reason, the words."""
    wrong = {}
    for place in places:
        outcome, code, why = item_fields(place.name)
        if not form.get(outcome):
            continue
        if form[outcome] not in [one.value for one in line.choices]:
            wrong[outcome] = _("这条记录不能这样处理。请另选。")
        if not form.get(code):
            wrong[code] = words(NO_CODE)
        if not form.get(why, "").strip():
            wrong[why] = words(NO_WHY)
    return wrong


def _chosen(form: Mapping[str, str], places: list[RecordPlace]) -> dict[str, Override | None]:
    """Record → what was chosen for it; None where the suggestion is accepted again. Records of other pages are not there."""
    chosen: dict[str, Override | None] = {}
    for place in places:
        outcome, code, why = item_fields(place.name)
        if outcome in form:
            said = form[outcome]
            chosen[place.decision_key] = Override(Outcome(said), form[code], form[why].strip()) if said else None
    return chosen
