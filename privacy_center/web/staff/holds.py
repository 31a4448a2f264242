"""The register of rows that stayed: why, by what authority, and until when."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.execution.models import HeldRows
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.pages import Pages, read_page
from privacy_center.web.staff.who import may_open
from privacy_center.web.units import center, reading

TABS = ("open", "review", "past", "released")


@dataclass(frozen=True, slots=True)
class ShownHeld:
    """One entry. `past`: its day has come; `late`: it should have been looked at again by now."""

    held: HeldRows
    title: Words
    reference: str
    past: bool
    late: bool


@staff.get("/holds")
def holds() -> Response:
    """Entries 25 at a time: those that are held, those to look at again, those whose day has come, those released."""
    tab = request.args.get("tab", "open")
    tab = tab if tab in TABS else "open"
    with reading() as session:
        counts = {one: _count(session, one) for one in TABS}
        pages = Pages(read_page(request.args.get("page", "")), counts[tab])
        found = session.execute(_entries(tab).offset(pages.skip).limit(pages.size)).all()
    rows = [_shown(held, reference, today()) for held, reference in found]
    return page(
        "staff/holds.html",
        rows=rows,
        tabs=_tabs(tab, counts),
        may_check=may_open("staff.check_release"),
        said=_said(request.args.get("found", "")),
        **pages.told(lambda number: url_for("staff.holds", tab=tab, page=number)),
    )


def _entries(tab: str) -> sa.Select[tuple[HeldRows, str]]:
    wanted = sa.select(HeldRows, PrivacyRequest.reference).join(
        PrivacyRequest, PrivacyRequest.id == HeldRows.request_id
    )
    order = (HeldRows.until.is_(None), HeldRows.until, HeldRows.since, HeldRows.id)
    if tab == "released":
        order = (HeldRows.released_at.desc(), HeldRows.id)
    return wanted.where(*_conditions(tab)).order_by(*order)


def _conditions(tab: str) -> tuple[sa.ColumnElement[bool], ...]:
    still = HeldRows.released_at.is_(None)
    return {
        "open": (still,),
        "review": (still, HeldRows.review_on <= today()),
        "past": (still, HeldRows.until < today()),
        "released": (HeldRows.released_at.is_not(None),),
    }[tab]


def _count(session: Session, tab: str) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(HeldRows).where(*_conditions(tab))) or 0


def _shown(held: HeldRows, reference: str, day: date) -> ShownHeld:
    title = center().catalogue.collection(held.collection).title
    open_ = held.released_at is None
    past = open_ and held.until is not None and held.until < day
    late = open_ and held.review_on is not None and held.review_on <= day
    return ShownHeld(held, title, reference, past, late)


def _tabs(tab: str, counts: dict[str, int]) -> list[tuple[str, str, bool]]:
    words = {"open": _("正在保留"), "review": _("该复查的"), "past": _("已到期"), "released": _("已放行")}
    return [(f"{words[one]} {counts[one]}", url_for("staff.holds", tab=one), one == tab) for one in TABS]


def _said(found: str) -> str:
    """What a check for releases that was just made has to say."""
    if not (found.isascii() and found.isdigit()):
        return ""
    if found == "0":
        return _("检查完了。现在没有可以放行的数据。")
    return _("检查完了。%(n)s 件申请里有数据可以放行，已开始删除。", n=int(found[:9]))
