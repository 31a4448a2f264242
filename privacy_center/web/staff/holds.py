"""The hold register: what rules keep, put together by request and reason, and what people keep."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Words
from privacy_center.execution.models import HeldKind, HeldRows
from privacy_center.holds.queries import ListedHold, count_holds, list_holds
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.deletable_from import DeletableFrom
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.hold_filters import HoldFilters, reason_options
from privacy_center.web.staff.pages import Pages, read_page
from privacy_center.web.staff.who import may_open
from privacy_center.web.units import center, reading

MOST_OVERDUE = 100
OF_ONE_KIND = sa.case((HeldRows.rules == "", HeldRows.collection), else_="")
"""Entries that no rule holds have reasons of their own: they are put together by what they are."""
TABS = ("open", "placed", "review", "past", "released")


@dataclass(slots=True)
class ShownHeld:
    """Entries of one request that are held for the same reasons. `past`: their day has come and no event is awaited.

    `emptied`: nothing is left in them; other records point to them. `meanwhile`: what is in force on the records until they can
    go, each sentence once.
    """

    reference: str
    titles: list[Words]
    why: list[Words]
    authority: str
    waits_for_customer: bool
    emptied: bool
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
    """25 lines at a time: what is held, what people hold, what must be reviewed, what is due, what was deleted."""
    tab = request.args.get("tab", "open")
    tab = tab if tab in TABS else "open"
    filters = HoldFilters.read(request.args)
    with reading() as session:
        counts = {one: _count(session, one, filters) for one in TABS}
        pages = Pages(read_page(request.args.get("page", "")), counts[tab])
        rows = _groups(session, tab, filters, pages) if tab != "placed" else []
        placed = _placed(session, tab, filters, pages)
    return page(
        "staff/holds.html",
        tab=tab,
        rows=rows,
        placed=placed,
        filters=filters,
        reasons=reason_options(),
        tabs=_tabs(tab, counts, filters),
        may_check=may_open("staff.check_release"),
        may_place=may_open("staff.place_hold"),
        said=_said(request.args.get("found", "")),
        **pages.told(lambda number: url_for("staff.holds", tab=tab, page=number, **filters.arguments())),
    )


def _placed(session: Session, tab: str, filters: HoldFilters, pages: Pages) -> list[ListedHold]:
    """The holds by hand of a tab; those whose review is due all at once, above the entries of rules."""
    listed = filters.placed(overdue=tab == "review")
    if listed is None or tab not in ("placed", "review"):
        return []
    return list_holds(session, listed, *((pages.skip, pages.size) if tab == "placed" else (0, MOST_OVERDUE)))


def _grouped(session: Session, tab: str, filters: HoldFilters) -> sa.Select[tuple[object, str, str]]:
    """Request, rules, and collection where there is no rule, of the lines of a tab, the soonest end first."""
    group = (HeldRows.request_id, HeldRows.rules, OF_ONE_KIND)
    wanted = sa.select(*group[:2], OF_ONE_KIND.label("of_one_kind")).where(
        *_conditions(tab), *filters.of_register(session)
    )
    first = sa.func.min(HeldRows.free_from)
    order = (sa.func.max(HeldRows.released_at).desc(),) if tab == "released" else (first.is_(None), first)
    return wanted.group_by(*group).order_by(*order, *group)


def _groups(session: Session, tab: str, filters: HoldFilters, pages: Pages) -> list[ShownHeld]:
    lines: dict[tuple[object, ...], ShownHeld] = {}
    keys = [tuple(row) for row in session.execute(_grouped(session, tab, filters).offset(pages.skip).limit(pages.size))]
    if not keys:
        return []
    wanted = (
        sa.select(HeldRows, PrivacyRequest.reference)
        .join(PrivacyRequest, PrivacyRequest.id == HeldRows.request_id)
        .where(HeldRows.request_id.in_({key[0] for key in keys}), HeldRows.rules.in_({key[1] for key in keys}))
        .where(*_conditions(tab))
    )
    for held, named in session.execute(wanted):
        key = (held.request_id, held.rules, "" if held.rules else held.collection)
        if key in keys:
            _add(lines.setdefault(key, _begin(held, named)), held)
    return [lines[key] for key in keys if key in lines]


def _begin(held: HeldRows, reference: str) -> ShownHeld:
    why = [Words.read(hold["title"]) for hold in held.holds] or ([Words.read(held.reason)] if held.reason else [])
    authority = held.holds[0]["authority"] if held.holds else ""
    placed = [hold["rule"].removeprefix("placed:") for hold in held.holds if hold["rule"].startswith("placed:")]
    return ShownHeld(
        reference,
        [],
        why,
        authority,
        held.kind == HeldKind.ASK,
        held.kind == HeldKind.SKELETON,
        placed,
        [],
        since=held.since,
    )


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


def _count(session: Session, tab: str, filters: HoldFilters) -> int:
    listed = filters.placed(overdue=tab == "review")
    by_hand = count_holds(session, listed) if listed and tab in ("placed", "review") else 0
    if tab == "placed":
        return by_hand
    grouped = _grouped(session, tab, filters).subquery()
    return by_hand + (session.scalar(sa.select(sa.func.count()).select_from(grouped)) or 0)


def _tabs(tab: str, counts: dict[str, int], filters: HoldFilters) -> list[tuple[str, str, bool]]:
    words = {
        "open": _("全部保留"),
        "placed": _("人工保留"),
        "review": _("待审查"),
        "past": _("已到期，待删除"),
        "released": _("已删除"),
    }
    kept = filters.arguments()
    return [(f"{words[one]} {counts[one]}", url_for("staff.holds", tab=one, **kept), one == tab) for one in TABS]


def _said(found: str) -> str:
    """What a check for ended holds that was just made has to say."""
    if not (found.isascii() and found.isdigit()):
        return ""
    if found == "0":
        return _("检查完成，目前没有可以删除的记录。")
    return _("检查完成，%(n)s 个申请有到期记录，已开始删除。", n=int(found[:9]))
