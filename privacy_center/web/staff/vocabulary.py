"""The words for what the rooms name with a value: roles, kinds, states, levels, flags, outcomes."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.decision import Action
from privacy_center.privacy_requests.models import Channel, Kind, State
from privacy_center.privacy_requests.scope import Scope
from privacy_center.retention.duration import Duration
from privacy_center.retention.verdict import Outcome
from privacy_center.web.staff.deadline import Badge


def role_words(role: str) -> str:
    """What a role is called."""
    return {
        "reviewer": _("审核员"),
        "senior_reviewer": _("高级审核员"),
        "privacy_officer": _("个人信息保护负责人"),
        "operator": _("运维"),
        "auditor": _("审计员"),
        "agent": _("客服"),
        "complaint_specialist": _("投诉专员"),
        "security_officer": _("安全负责人"),
        "manager": _("主管"),
        "steward": _("数据管家"),
    }.get(role, role)


def giver_words(number: str) -> str:
    """Who gave or entered something: a staff number, or the machine's own terminal in words."""
    return _("管理终端") if number == "terminal" else number


def name_words(member: StaffMember) -> str:
    """What a member is called; one whose name is forgotten is somebody who left, with the number beside it."""
    return _("离职员工") if member.nameless else member.name


def kind_words(kind: Kind) -> str:
    """Which right is exercised."""
    return {
        Kind.DELETION: _("删除"),
        Kind.ACCESS: _("查阅"),
        Kind.CORRECTION: _("更正"),
        Kind.WITHDRAWAL: _("撤回同意"),
    }[kind]


def scope_words(scope: Scope) -> str:
    """How much of it."""
    return {
        Scope.SELECTION: _("选定的记录"),
        Scope.CATEGORIES: _("选定的数据类别"),
        Scope.EVERYTHING: _("全部信息，包括账户"),
    }[scope]


def channel_words(channel: Channel) -> str:
    """Where the person came in."""
    return {Channel.ONLINE: _("线上"), Channel.HOTLINE: _("热线"), Channel.COUNTER: _("门店")}[channel]


def state_words(state: State) -> str:
    """Where a request stands, for staff."""
    return {
        State.RECEIVED: _("已收到"),
        State.VERIFYING: _("核验身份"),
        State.CONFIRMED: _("信息确认"),
        State.IN_REVIEW: _("审核中"),
        State.WAITING_CUSTOMER: _("待客户"),
        State.APPROVED: _("已批准"),
        State.PARTLY_APPROVED: _("部分批准"),
        State.REFUSED: _("不批准"),
        State.COOLING_OFF: _("可撤回期"),
        State.EXECUTING: _("执行中"),
        State.CHECKING: _("回查中"),
        State.NEEDS_ATTENTION: _("执行失败"),
        State.COMPLETED: _("已完成"),
        State.COMPLETED_WITH_HOLDS: _("已完成，有保留"),
        State.CANCELLED: _("客户已撤回"),
    }[state]


def level_words(level: str) -> str:
    """How sure we are who asked, in a word beside its code."""
    return {"V0": _("V0 未核验"), "V1": _("V1 低"), "V2": _("V2 中"), "V3": _("V3 高")}.get(level, level)


def outcome_words(outcome: Outcome) -> str:
    """What becomes of a row."""
    return {
        Outcome.ERASE: _("删除"),
        Outcome.RESTRICT: _("限制处理"),
        Outcome.KEEP: _("不动"),
        Outcome.ASK: _("待客户"),
        Outcome.MANUAL: _("要人判断"),
    }[outcome]


def action_words(action: Action) -> str:
    """How a verdict is carried out, where the verdict alone does not say it; else nothing."""
    return {Action.MASK: _("清空内容，留空记录"), Action.SEAL: _("封存"), Action.WAIT: "", Action.DECIDE: ""}.get(
        action, ""
    )


def flag_badge(flag: str) -> Badge:
    """A risk signal or a care note on a request."""
    known = {
        "under_14": Badge(_("按出生日期未满 14 岁"), "warn", "users"),
        "age_unclear": Badge(_("出生日期互相矛盾"), "warn", "users"),
        "elderly": Badge(_("年长者"), "info", "users"),
        "new_number": Badge(_("新号码"), "warn", "triangle-alert"),
        "recycled_number": Badge(_("二次号"), "warn", "triangle-alert"),
        "unusual_place": Badge(_("异地登录"), "warn", "triangle-alert"),
        "new_device": Badge(_("新设备"), "warn", "triangle-alert"),
        "many_failures": Badge(_("验证码多次输错"), "warn", "triangle-alert"),
        "contact_changed": Badge(_("刚改过联系方式"), "warn", "triangle-alert"),
        "password_reset": Badge(_("刚改过密码"), "warn", "triangle-alert"),
        "shared_device": Badge(_("一台设备多人登录"), "warn", "triangle-alert"),
        "below_level": Badge(_("只有一种证明，要第二人复核"), "warn", "triangle-alert"),
        "not_me": Badge(_("客户说不是本人"), "stop", "circle-alert"),
    }
    return known.get(flag) or Badge(flag.replace("_", " "), "warn", "triangle-alert")


def options(values: type[Kind] | type[State] | type[Channel], words: Callable[..., str]) -> list[tuple[str, str]]:
    """The choices of a filter: everything first."""
    return [("", _("全部")), *((value.value, words(value)) for value in values)]


def period_words(period: Duration) -> str:
    """A span of calendar time: 3 years, 6 months, 30 days."""
    years, months = divmod(period.months, 12)
    said = [
        ngettext("%(num)d 年", "%(num)d 年", years) if years else "",
        ngettext("%(num)d 个月", "%(num)d 个月", months) if months else "",
        ngettext("%(num)d 天", "%(num)d 天", period.days) if period.days else "",
    ]
    return " ".join(part for part in said if part)
