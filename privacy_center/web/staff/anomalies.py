"""Unusual access as the security officer settles it: the list, one item with the log lines behind it, the outcome."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.anomalies.items import (
    anomalies,
    anomaly_by_id,
    count_items,
    count_lines,
    count_settled,
    is_concerned,
    lines_behind,
    reason_of,
    settle,
)
from privacy_center.anomalies.models import Anomaly, Settled, Severity
from privacy_center.errors import Refusal
from privacy_center.web.filters import words, words_by_field
from privacy_center.web.page import go, page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.pages import Pages, read_page
from privacy_center.web.staff.shown_looks import ShownLine, show_line, subject_sign
from privacy_center.web.staff.who import may_open, me
from privacy_center.web.units import reading, transaction


@dataclass(frozen=True, slots=True)
class ShownAnomaly:
    """One item in words. `whom`: whose access it is about; a data subject stands as a sign, never by name."""

    item: Anomaly
    title: str
    why: str
    whom: str
    severity: tuple[str, str]
    outcome: str
    late: bool


@staff.get("/anomalies")
def anomalies_page() -> Response:
    """Items that wait, by the day on which they should be settled, or those that are; 25 at a time."""
    settled, at = request.args.get("tab") == "settled", clock.now()
    with reading() as session:
        counts, done = count_items(session, at), count_settled(session)
        pages = Pages(read_page(request.args.get("page", "")), done if settled else counts.open)
        rows = [_shown(one, at) for one in anomalies(session, settled=settled, skip=pages.skip, limit=pages.size)]
    tab = "settled" if settled else "open"
    tabs = [
        (f"{_('待处理')} {counts.open}", url_for("staff.anomalies_page"), not settled),
        (f"{_('已处理')} {done}", url_for("staff.anomalies_page", tab="settled"), settled),
    ]
    told = pages.told(lambda number: url_for("staff.anomalies_page", tab=tab, page=number))
    told |= {"may_agree": may_open("staff.answer_hiding")}
    return page("staff/anomalies.html", rows=rows, tabs=tabs, overdue=counts.overdue, settled=settled, **told)


@staff.get("/anomalies/<uuid:item>")
def anomaly(item: uuid.UUID) -> Response:
    """One item with the log lines behind it."""
    return _item_page(item, {}, {})


@staff.post("/anomalies/<uuid:item>/settle")
def settle_anomaly(item: uuid.UUID) -> Response:
    """Settle it with an outcome and a reason; refused (403) to whoever it concerns."""
    form = request.form
    outcome = Settled(form["outcome"]) if form.get("outcome") in set(Settled) else None
    try:
        with transaction() as session:
            found = anomaly_by_id(session, item)
            settle(session, found, by=me(), outcome=outcome, reason=form.get("reason", ""), at=clock.now())
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _item_page(item, form, words_by_field(refusal))
    return go(url_for("staff.anomaly", item=item))


def _item_page(item: uuid.UUID, typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    with reading() as session:
        found = anomaly_by_id(session, item)
        context = _told(session, found)
    return page(
        "staff/anomaly.html", one=_shown(found, clock.now()), typed=typed, errors=errors, outcomes=_outcomes(),
        status=422 if errors else 200, **context,
    )  # fmt: skip


def _told(session: Session, found: Anomaly) -> dict[str, object]:
    lines: list[ShownLine] = [show_line(session, one, content=False) for one in lines_behind(session, found.id)]
    waiting = found.settled_at is None
    concerned = is_concerned(session, found, me())
    return {
        "lines": lines,
        "all_lines": count_lines(session, found.id),
        "reason": reason_of(session, found),
        "concerned": concerned,
        "may_settle": waiting and not concerned and may_open("staff.settle_anomaly"),
    }


def _shown(one: Anomaly, at: datetime) -> ShownAnomaly:
    return ShownAnomaly(
        item=one,
        title=words(one.title["title"]),
        why=words(one.title["why"]),
        whom=_whom(one),
        severity=_severity(one.severity),
        outcome=dict((key, said) for key, said, _small in _outcomes()).get(one.outcome or "", ""),
        late=one.settled_at is None and one.due_at < at,
    )


def _whom(one: Anomaly) -> str:
    by = one.title["by"]
    if by == "actor_subject":
        number, _bar, subject = one.group_key.partition("|")
        return _("员工 %(number)s，客户 %(sign)s", number=number, sign=subject_sign(subject))
    return {
        "actor": _("员工 %(number)s", number=one.group_key),
        "subject": _("客户 %(sign)s", sign=subject_sign(one.group_key)),
        "address": _("网络地址 %(sign)s", sign=subject_sign(one.group_key)),
    }.get(by, one.group_key)


def _severity(said: Severity) -> tuple[str, str]:
    return {
        Severity.HIGH: (_("严重"), "stop"),
        Severity.MEDIUM: (_("中等"), "warn"),
        Severity.LOW: (_("轻微"), "info"),
    }[said]


def _outcomes() -> list[tuple[str, str, str]]:
    return [
        (Settled.EXPLAINED.value, _("有正当理由"), _("核对过事由，属于正常办理")),
        (Settled.MISTAKE.value, _("操作失误"), _("不该看，但不是故意，已提醒本人")),
        (Settled.MISUSE.value, _("违规查看"), _("已另行上报处理，并评估要不要告诉客户")),
        (Settled.RULE_TOO_STRICT.value, _("规则太严"), _("要改阈值或条件")),
    ]
