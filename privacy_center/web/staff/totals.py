"""The managers' page: totals of a year, small numbers hidden, nothing to open."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center.review.reasons import all_reasons
from privacy_center.review.small_cells import Cell
from privacy_center.totals import totals_of, years_with_requests
from privacy_center.web.filters import number, today, words
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.vocabulary import channel_words, kind_words
from privacy_center.web.units import center, reading


@staff.get("/totals")
def totals() -> Response:
    """The totals of one year; the newest one unless the address names another that has requests."""
    timezone = center().settings.timezone
    with reading() as session:
        years = years_with_requests(session, timezone) or [today().year]
        asked = request.args.get("year", "")
        year = next((one for one in years if str(one) == asked), years[0])
        found = totals_of(session, year, timezone)
    reasons = all_reasons()
    return page(
        "staff/totals.html",
        found=found,
        received=cell_words(found.received),
        years=[(str(one), url_for("staff.totals", year=one), one == year) for one in years],
        tables=[
            (_("按类型"), [(kind_words(kind), cell_words(cell)) for kind, cell in found.by_kind.items()]),
            (_("按渠道"), [(channel_words(one), cell_words(cell)) for one, cell in found.by_channel.items()]),
            (_("办结情况"), [(_end_words(one), cell_words(cell)) for one, cell in found.by_end.items()]),
            (_("办结时限"), [(_time_words(one), cell_words(cell)) for one, cell in found.by_time.items()]),
            (_("不批准的理由"), [(_reason(reasons, one), cell_words(cell)) for one, cell in found.refusals.items()]),
            (_("正在保留的依据"), [(words(title), cell_words(cell)) for title, cell in found.holds]),
        ],
    )


def cell_words(cell: Cell) -> str:
    """A number as it may be shown: itself, <5, or not at all."""
    if cell.small:
        return "<5"
    return _("不显示") if cell.hidden or cell.count is None else number(cell.count)


def _end_words(end: str) -> str:
    return {"closed": _("已办结"), "open": _("在办")}[end]


def _time_words(end: str) -> str:
    return {"on_time": _("按时"), "late": _("逾期")}[end]


def _reason(reasons: dict, code: str) -> str:
    return words(reasons[code].title) if code in reasons else code
