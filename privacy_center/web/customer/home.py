"""The customer's home: what is under way, what needs them, what goes by itself."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from privacy_center.execution.held import what_is_kept
from privacy_center.execution.waive import AFTER, waivable_in, waivable_rules
from privacy_center.privacy_requests.queries import under_way_of
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.web.customer.also import seen_offers
from privacy_center.web.customer.glance import glance
from privacy_center.web.customer.identity import me
from privacy_center.web.customer.kept import kept_lines
from privacy_center.web.customer.progress import Progress, progress_of
from privacy_center.web.customer.prove import said_once
from privacy_center.web.customer.who_looked import look_words
from privacy_center.web.page import page
from privacy_center.web.units import reading

home = Blueprint("home", __name__, url_prefix="/me")

SOON_SHOWN = 5


@home.get("/")
def show() -> Response:
    """The page after signing in (ux P3)."""
    with reading() as session:
        mine = under_way_of(session, me().person)
        opened = [progress_of(one, timeline_of(session, one.id)) for one in mine]
        left = what_is_kept(session, me().person)
        deciding = [one.reference for one in mine if waivable_rules(session, one)] + _to_decide(left)
        seen = glance(session)
        kept = kept_lines(one.HeldRows for one in left)[:SOON_SHOWN]  # the soonest end first
    return page(
        "customer/home.html",
        open=opened,
        todo=_todo(opened, deciding) + _to_prove(opened),
        added=said_once(),
        requests_words=_("%(n)d 件在办", n=len(opened)) if opened else _("还没有在办的申请"),
        unread_words=_("%(n)d 条没有读", n=seen.unread) if seen.unread else _("都读过了"),
        looked_words=look_words(seen.looks),
        name=seen.name,
        contact=seen.contact,
        kept=kept,
        stopped=seen.stopped,
        active="home",
    )


def _todo(opened: list[Progress], deciding: list[str]) -> list[tuple[str, str, str]]:
    answers = [
        (_("请回答"), _("申请 %(reference)s 等您补充信息", reference=one.asked.reference), _address(one))
        for one in opened
        if one.waiting
    ]
    choices = [
        (
            _("请决定"),
            _("申请 %(reference)s 里有为您留着的权益，要不要放弃", reference=one),
            url_for("requests.give_up", reference=one),
        )
        for one in deciding
    ]
    return answers + choices


def _to_decide(left: Iterable[Row[Any]]) -> list[str]:
    """References of finished requests that keep something for the customer which they may give up."""
    open_still = (one.reference for one in left if one.state is AFTER and waivable_in(one.HeldRows.holds, one.waived))
    return list(dict.fromkeys(open_still))


def _to_prove(opened: list[Progress]) -> list[tuple[str, str, str]]:
    """Contacts on the customer's own records that only they can say are theirs."""
    return [
        (
            _("请核对"),
            _("您的记录里还有%(contact)s，也是您的吗？", contact=masked),
            url_for("prove.ask", token=token, next=url_for("home.show")),
        )
        for token, masked in seen_offers([one.asked.reference for one in opened])
    ]


def _address(one: Progress) -> str:
    return url_for("requests.show", reference=one.asked.reference) + "#say-heading"
