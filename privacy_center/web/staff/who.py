"""Who of the staff is here, for views and for the frame around every page."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from privacy_center.audit.append import Actor
from privacy_center.people.staff.models import StaffMember
from privacy_center.web.may import May
from privacy_center.web.staff.access import STAFF_ACCESS
from privacy_center.web.staff.gate import FRONT, member_at_gate
from privacy_center.web.staff.vocabulary import role_words
from privacy_center.web.visitor import signed_in, visitor

_BELOW = {
    "staff.queue": "requests",
    "staff.rules": "levels",
    "staff.look_questions": "hidden-looks",
    "staff.anomalies_page": "hiding",
    "staff.account": "pledge",
}
"""Pages that are not in the rail, by the page of the rail that leads to them."""


@dataclass(frozen=True, slots=True)
class Badge:
    """What the top line says of the person who works here."""

    name: str
    roles: str
    number: str


@dataclass(frozen=True, slots=True)
class RailLink:
    """One page of the rail."""

    url: str
    icon: str
    words: str
    here: bool
    first: bool
    """Whether a new group begins with it."""


def me() -> StaffMember:
    """The member of staff who is signed in, with the roles in force today; only for views that are open to staff."""
    return member_at_gate(signed_in())


def actor() -> Actor:
    """The same person as the audit trail knows them."""
    return me().as_actor()


def may_open(endpoint: str) -> bool:
    """Whether the person who is signed in may open a page, by the access table."""
    may: May = STAFF_ACCESS[endpoint]
    return not may.roles or any(role in may.roles for role in me().roles)


def staff_me() -> Badge | None:
    """The top line's words, or nothing before sign-in."""
    if visitor() is None:
        return None
    return Badge(me().name, gettext("、").join(role_words(role) for role in me().roles), me().number)


def staff_rail() -> list[RailLink]:
    """The pages that this person may open; empty before sign-in."""
    if visitor() is None:
        return []
    return [
        RailLink(url_for(name), icon, words, _here(name), first=number == 0)
        for group in _rail_groups()
        for number, (name, icon, words) in enumerate(one for one in group if may_open(one[0]))
    ]


def staff_start() -> tuple[str, str]:
    """Where to begin anew, address and words: the queue, or where a post without one starts; before sign-in, the door."""
    if visitor() is None:
        return url_for("staff.sign_in"), gettext("去登录")
    words = gettext("回到申请队列") if may_open(FRONT) else gettext("回到您的第一页")
    return url_for(FRONT), words


def _rail_groups() -> list[list[tuple[str, str, str]]]:
    """Endpoint, icon and words of every page of the rail: requests, rules and running, the record, people, oneself."""
    return [
        [
            ("staff.queue", "inbox", gettext("申请")),
            ("staff.search", "search", gettext("查找客户")),
            (
                "staff.identity_cases",
                "user-check",
                gettext("核验与叫停") if may_open("staff.stop") else gettext("窗口核验"),
            ),
            ("staff.holds", "lock", gettext("保留台账")),
        ],
        [
            ("staff.rules", "scale", gettext("规则")),
            ("staff.map", "database", gettext("数据地图")),
            ("staff.messages", "send", gettext("消息")),
            ("staff.totals", "gauge", gettext("统计")),
        ],
        [
            ("staff.audit", "history", gettext("审计")),
            ("staff.anomalies_page", "siren", gettext("异常访问")),
            ("staff.login_records", "log-in", gettext("登录与设备")),
            ("staff.look_questions", "message-circle-question-mark", gettext("查看疑问")),
        ],
        [
            ("staff.people", "users", gettext("员工")),
            ("staff.access_reviews", "list-checks", gettext("权限复核")),
            ("staff.permits", "eye", gettext("权限表")),
        ],
        [("staff.account", "user", gettext("账号"))],
    ]


def _here(endpoint: str) -> bool:
    at = request.path.split("/")[2:3]
    return url_for(endpoint).split("/")[2:3] == at or at == [_BELOW.get(endpoint)]
