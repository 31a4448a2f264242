"""The queue of requests: tabs with counts, filters that can be taken off one by one, 25 to a page."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.execution.workers import count_workers
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.permits import Act, DataClass, permit
from privacy_center.people.staff.roster import all_staff
from privacy_center.privacy_requests.models import Channel, Kind, State
from privacy_center.privacy_requests.states import OPEN
from privacy_center.review.queue import PAGE, Filters, Order, QueuePage, QueueRow, Tab, queue_page, tab_counts
from privacy_center.web.filters import today
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.deadline import Badge, deadline_badge
from privacy_center.web.staff.looked import note_list_look
from privacy_center.web.staff.queue_filters import Wanted
from privacy_center.web.staff.vocabulary import (
    channel_words,
    flag_badge,
    kind_words,
    level_words,
    name_words,
    options,
    state_words,
)
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import center, reading


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the queue, in words. `items` and `holds` are None while there is no plan."""

    reference: str
    badge: Badge
    due: date
    kind: str
    customer: str
    channel: str
    level: str
    items: int | None
    holds: int | None
    flags: list[Badge]
    state: str
    assignee: str
    takeable: bool
    received: datetime


@staff.get("/")
def queue() -> Response:
    """One page of the queue, due first. Every filter stands in the address, so that a look can be kept and passed on."""
    with reading() as session:
        people = [one for one in all_staff(session) if one.active]
        wanted = Wanted.read(request.args, _choices(people))
        counts = tab_counts(session, reader=me(), today=today())
        found = queue_page(
            session,
            tab=Tab(wanted.tab),
            filters=_filters(wanted),
            reader=me(),
            today=today(),
            impersonal=[key for key, one in center().data_map.collections.items() if not one.personal],
            number=wanted.page,
            order=wanted.order,
            descending=wanted.descending,
        )
        rows = [_row(row) for row in found.rows]
        working = count_workers(session, clock.now()) > 0
    note_list_look([row.reference for row in found.rows if _sees(row)], "queue")
    return page(
        "staff/queue.html",
        fragment="listed",
        spoken=_("找到 %(n)s 件", n=found.total),
        at=clock.now(),
        working=working,
        wanted=wanted,
        rows=rows,
        tabs=_tabs(wanted, counts),
        filters=_selects(people),
        chips=_chips(wanted, people),
        sorts=_sorts(wanted),
        order_words=_order_words(wanted),
        empty_words=_nothing(wanted.tab),
        here=_url(wanted),
        plain=url_for("staff.queue", tab=wanted.tab),
        **_pager(wanted, found),
    )


def _choices(people: list[StaffMember]) -> dict[str, frozenset[str]]:
    return {
        "state": frozenset(State),
        "kind": frozenset(Kind),
        "channel": frozenset(Channel),
        "due": frozenset({"overdue", "today", "week"}),
        "hold": frozenset({"review"}),
        "assignee": frozenset(one.number for one in people),
    }


def _filters(wanted: Wanted) -> Filters:
    day = today()
    ends = {
        "overdue": (None, day - timedelta(days=1)),
        "today": (day, day),
        "week": (day, day + timedelta(days=7)),
    }
    first, last = ends.get(wanted.due, (None, None))
    return Filters(
        state=State(wanted.state) if wanted.state else None,
        kind=Kind(wanted.kind) if wanted.kind else None,
        channel=Channel(wanted.channel) if wanted.channel else None,
        assignee=wanted.assignee or None,
        reference=wanted.reference.upper() or None,
        due_from=first,
        due_until=last,
        hold_review_due=wanted.hold == "review",
    )


def _row(row: QueueRow) -> ShownRow:
    state = _("待复核") if row.awaits_second else state_words(row.state)
    return ShownRow(
        reference=row.reference,
        badge=deadline_badge(row, today()),
        due=row.due_on,
        kind=kind_words(row.kind),
        customer=_customer(row),
        channel=channel_words(row.channel),
        level=level_words(row.level),
        items=row.items or None,
        holds=row.held if row.items else None,
        flags=_flags(row),
        state=state,
        assignee=row.assignee or "",
        takeable=row.assignee is None and row.state in OPEN and may_open("staff.take"),
        received=row.received_at,
    )


def _flags(row: QueueRow) -> list[Badge]:
    """What calls for attention: signals of risk, for who may see whose request it is, and a hold whose review is due,
    another request that no longer deals with what this one waited for.
    """
    flags = [flag_badge(flag) for flag in row.risk_flags] if _sees(row) else []
    flags += [Badge(_("保留待审查"), "warn", "lock")] if row.hold_review_due else []
    return flags + ([Badge(_("可重新起草"), "info", "refresh-cw")] if row.draft_again else [])


def _sees(row: QueueRow) -> bool:
    """Whether the reader may see whose request this is."""
    mine = {"assigned": row.assignee == me().number, "opened": row.submitted_by == me().number}
    return permit(me(), Act.LOOK, DataClass.GENERAL, **mine) is not None


def _customer(row: QueueRow) -> str:
    return row.label or _("未知") if _sees(row) else _("不显示")


def _tabs(wanted: Wanted, counts: dict[Tab, int]) -> list[tuple[str, str, bool]]:
    words = {
        Tab.TODO: _("需要我处理"),
        Tab.UNASSIGNED: _("未分派"),
        Tab.MINE: _("我的"),
        Tab.SECOND: _("待复核"),
        Tab.WAITING: _("待客户"),
        Tab.FAILED: _("执行失败"),
        Tab.DUE: _("今日到期"),
        Tab.ALL: _("全部"),
    }
    return [(f"{words[tab]} {counts[tab]}", url_for("staff.queue", tab=tab.value), tab == wanted.tab) for tab in Tab]


def _sorts(wanted: Wanted) -> dict[str, tuple[str, str]]:
    """Column → the address that sorts by it, and its aria-sort ("" where the list is not sorted by it)."""
    now = "descending" if wanted.descending else "ascending"
    return {
        one.value: (_url(wanted, sort=wanted.turned(one), page=1), now if one is wanted.order else "") for one in Order
    }


def _order_words(wanted: Wanted) -> str:
    """How the list is sorted, for its caption."""
    said = {
        Order.DUE: (_("按期限从近到远"), _("按期限从远到近")),
        Order.RECEIVED: (_("先收到的在前"), _("后收到的在前")),
        Order.KIND: (_("按类型"), _("按类型，倒序")),
        Order.STATE: (_("按进度，早的在前"), _("按进度，晚的在前")),
    }
    return said[wanted.order][wanted.descending]


def _selects(people: list[StaffMember]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    due = [("", _("全部")), *_due_words().items()]
    who = [("", _("全部")), *((one.number, f"{one.number} {name_words(one)}") for one in people)]
    return [
        ("kind", _("类型"), options(Kind, kind_words)),
        ("state", _("状态"), options(State, state_words)),
        ("channel", _("渠道"), options(Channel, channel_words)),
        ("due", _("到期日"), due),
        ("hold", _("保留"), [("", _("全部")), ("review", _("待审查"))]),
        ("assignee", _("经办"), who),
    ]


def _due_words() -> dict[str, str]:
    return {"overdue": _("已逾期"), "today": _("今天"), "week": _("7 天内")}


def _chips(wanted: Wanted, people: list[StaffMember]) -> list[tuple[str, str]]:
    """What is narrowed, each with the address that takes it off."""
    labels = {name: (label, dict(choices)) for name, label, choices in _selects(people)}
    labels["reference"] = (_("编号"), {})
    return [
        (
            _("%(what)s：%(value)s", what=labels[name][0], value=labels[name][1].get(value, value)),
            _url(wanted, **{name: ""}),
        )
        for name, value in wanted.narrowed()
    ]


def _nothing(tab: str) -> tuple[str, str]:
    said = {
        "todo": (_("没有要您处理的申请"), _("新的申请进来，会出现在这里。")),
        "unassigned": (_("没有未分派的申请"), _("每一件都有人在办。")),
        "mine": (_("您手上没有申请"), _("到“未分派”里分派一件给自己。")),
        "second": (_("没有等复核的决定"), _("需要第二人看的决定会出现在这里。")),
        "waiting": (_("没有等客户答复的申请"), _("请客户补充以后，申请会在这里等。")),
        "failed": (_("没有执行失败的申请"), _("哪个数据库没有执行成功，会出现在这里。")),
        "due": (_("今天没有到期的申请"), _("今天到期和已经逾期的会出现在这里。")),
        "all": (_("还没有申请"), _("客户提交以后，会出现在这里。")),
    }
    return said[tab]


def _pager(wanted: Wanted, found: QueuePage) -> dict[str, object]:
    first = (found.number - 1) * PAGE
    turn = {"previous": found.number - 1, "next": found.number + 1}
    return {
        "first": first + 1 if found.total else 0,
        "last": first + len(found.rows),
        "total": found.total,
        **{name: _url(wanted, page=to) if 1 <= to <= found.pages else "" for name, to in turn.items()},
    }


def _url(wanted: Wanted, **changes: str | int) -> str:
    kept = replace(wanted, **changes) if changes else wanted  # type: ignore[arg-type]
    return url_for("staff.queue", **(kept.arguments() | ({"page": kept.page} if kept.page > 1 else {})))
