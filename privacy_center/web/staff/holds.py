"""The hold register: what rules keep, put together by request and reason, and what people keep."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.execution.models import HeldRows
from privacy_center.holds.queries import Listed, count_holds, list_holds
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.deletable_from import DeletableFrom
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.pages import Pages, read_page
from privacy_center.web.staff.who import may_open
from privacy_center.web.units import center, reading

TABS = ("open", "placed", "review", "past", "released")


@dataclass(slots=True)
class ShownHeld:
    """Entries of one request that are held for the same reasons. `past`: their day has come and no event is awaited.

    `meanwhile`: what is in force on the records until they can go, each sentence once.
    """

    reference: str
    titles: list[Words]
    why: list[Words]
    authority: str
    waits_for_customer: bool
    placed: list[str]
    meanwhile: list[Words]
    rows: int = 0
    released: int = 0
    ends: DeletableFrom | None = None
    review_on: object = None
    since: object = None
    past: bool = False
    late: bool = False


@staff.get("/holds")
def holds() -> Response:
    """25 lines at a time: what is held, what people hold, what must be reviewed, what is due, what was deleted.

    `request`: only those of one request. `owner`: only holds that this member of staff owns.
    """
    tab = request.args.get("tab", "open")
    tab = tab if tab in TABS else "open"
    reference, owner = request.args.get("request", "").strip()[:40], request.args.get("owner", "").strip()[:40]
    with reading() as session:
        counts = {one: _count(session, one, reference, owner) for one in TABS}
        pages = Pages(read_page(request.args.get("page", "")), counts[tab])
        placed = list_holds(session, _listed(tab, reference, owner), pages.skip, pages.size) if tab == "placed" else []
        rows = _groups(session, tab, reference, pages) if tab != "placed" else []
        overdue = list_holds(session, Listed(overdue=today(), owner=owner), 0, 100) if tab == "review" else []
    return page(
        "staff/holds.html",
        tab=tab,
        rows=rows,
        placed=placed or overdue,
        reference=reference,
        owner=owner,
        tabs=_tabs(tab, counts, reference, owner),
        may_check=may_open("staff.check_release"),
        may_place=may_open("staff.place_hold"),
        said=_said(request.args.get("found", "")),
        **pages.told(lambda number: url_for("staff.holds", tab=tab, page=number, request=reference, owner=owner)),
    )


def _listed(tab: str, reference: str, owner: str) -> Listed:
    return Listed(reference=reference, owner=owner, overdue=today() if tab == "review" else None)


def _grouped(tab: str, reference: str) -> sa.Select[tuple[object, str]]:
    """Request and rules of the lines of a tab, the soonest end first."""
    wanted = sa.select(HeldRows.request_id, HeldRows.rules).where(*_conditions(tab))
    if reference:
        wanted = wanted.join(PrivacyRequest, PrivacyRequest.id == HeldRows.request_id)
        wanted = wanted.where(PrivacyRequest.reference == reference)
    first = sa.func.min(HeldRows.free_from)
    order = (sa.func.max(HeldRows.released_at).desc(),) if tab == "released" else (first.is_(None), first)
    return wanted.group_by(HeldRows.request_id, HeldRows.rules).order_by(*order, HeldRows.request_id, HeldRows.rules)


def _groups(session: Session, tab: str, reference: str, pages: Pages) -> list[ShownHeld]:
    lines: dict[tuple[object, str], ShownHeld] = {}
    keys = [tuple(row) for row in session.execute(_grouped(tab, reference).offset(pages.skip).limit(pages.size))]
    if not keys:
        return []
    wanted = (
        sa.select(HeldRows, PrivacyRequest.reference)
        .join(PrivacyRequest, PrivacyRequest.id == HeldRows.request_id)
        .where(HeldRows.request_id.in_({key[0] for key in keys}), HeldRows.rules.in_({key[1] for key in keys}))
        .where(*_conditions(tab))
    )
    for held, named in session.execute(wanted):
        if (held.request_id, held.rules) in keys:
            _add(lines.setdefault((held.request_id, held.rules), _begin(held, named)), held)
    return [lines[key] for key in keys if key in lines]


def _begin(held: HeldRows, reference: str) -> ShownHeld:
    why = [Words.read(hold["title"]) for hold in held.holds] or ([Words.read(held.reason)] if held.reason else [])
    authority = held.holds[0]["authority"] if held.holds else ""
    placed = [hold["rule"].removeprefix("placed:") for hold in held.holds if hold["rule"].startswith("placed:")]
    return ShownHeld(reference, [], why, authority, held.kind == "ask", placed, [], since=held.since)


def _add(line: ShownHeld, held: HeldRows) -> None:
    title, ends = center().catalogue.collection(held.collection).title, held.ends
    if title not in line.titles:
        line.titles.append(title)
    if held.meanwhile not in line.meanwhile:
        line.meanwhile.append(held.meanwhile)
    line.rows += held.row_count - held.released_count
    line.released += held.released_count
    line.ends = line.ends.with_other(ends) if line.ends else ends
    line.since = min(line.since, held.since)
    if held.review_on is not None:
        line.review_on = min(line.review_on or held.review_on, held.review_on)
    open_ = held.released_at is None
    line.past = line.past or (open_ and not held.awaits_event and held.free_from <= today())
    line.late = line.late or (open_ and held.review_on is not None and held.review_on <= today())


def _conditions(tab: str) -> tuple[sa.ColumnElement[bool], ...]:
    still = HeldRows.released_at.is_(None)
    return {
        "open": (still,),
        "review": (still, HeldRows.review_on <= today()),
        "past": (still, HeldRows.free_from <= today(), HeldRows.awaits_event.is_(False)),
        "released": (HeldRows.deleted_count > 0,),
    }[tab]


def _count(session: Session, tab: str, reference: str, owner: str) -> int:
    if tab == "placed":
        return count_holds(session, Listed(reference=reference, owner=owner))
    count = session.scalar(sa.select(sa.func.count()).select_from(_grouped(tab, reference).subquery())) or 0
    return count + (count_holds(session, Listed(owner=owner, overdue=today())) if tab == "review" else 0)


def _tabs(tab: str, counts: dict[str, int], reference: str, owner: str) -> list[tuple[str, str, bool]]:
    words = {
        "open": _("全部保留"),
        "placed": _("人工保留"),
        "review": _("待复查"),
        "past": _("已到期，待删除"),
        "released": _("已删除"),
    }
    kept = {"request": reference or None, "owner": owner or None}
    return [(f"{words[one]} {counts[one]}", url_for("staff.holds", tab=one, **kept), one == tab) for one in TABS]


def _said(found: str) -> str:
    """What a check for ended holds that was just made has to say."""
    if not (found.isascii() and found.isdigit()):
        return ""
    if found == "0":
        return _("检查完成，目前没有可以删除的记录。")
    return _("检查完成，%(n)s 个申请有到期记录，已开始删除。", n=int(found[:9]))
