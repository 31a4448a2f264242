"""What has happened to a request, in words: for the timeline of the request page and for the audit trail."""

from flask_babel import gettext as _

from privacy_center.audit.append import Actor
from privacy_center.privacy_requests.models import Channel
from privacy_center.privacy_requests.timeline import Happening
from privacy_center.web.filters import day_text
from privacy_center.web.staff.vocabulary import channel_words, role_words


def happening_words(what: str) -> str:
    """The words for one line of a timeline; a key that nobody named is shown as it is."""
    steps = {
        "submitted": _("收到申请"),
        "confirmed": _("客户确认了要处理的信息"),
        "review_started": _("进入审核"),
        "assigned": _("分派给审核员"),
        "approved": _("批准"),
        "partly_approved": _("部分批准"),
        "refused": _("不批准"),
        "cooling_off": _("进入可撤回期"),
        "execution_started": _("开始执行"),
        "checking_started": _("开始回查"),
        "completed": _("全部完成"),
        "completed_with_holds": _("完成，部分暂时保留"),
        "hold_released": _("保留到期，接着删除"),
        "execution_problem": _("执行遇到问题"),
        "cancelled": _("客户撤回申请"),
        "cancelled_for": _("替客户撤回申请"),
        "guardian_instead": _("监护人的申请接替了这个申请"),
        "asked": _("请客户补充"),
        "answered": _("客户作了答复"),
        "message": _("客户来信"),
        "reply": _("给客户回信"),
        "frozen": _("客户说不是本人，已叫停"),
        "unfrozen": _("重新核验本人，解除叫停"),
        "put_off": _("联系方式刚改过，推后执行"),
        "waived": _("客户放弃了保留的权益"),
        "note": _("记了一笔"),
        "redrafted": _("重新起草方案"),
        "first_ended": _("另一份申请不再处理这些记录，可重新起草"),
        "second_needed": _("作出决定，等第二人复核"),
        "second_agreed": _("第二人同意"),
        "second_refused": _("第二人退回"),
    }
    return (steps | _deadline_words() | _hold_words() | _later_words()).get(what, what)


def _deadline_words() -> dict[str, str]:
    return {
        "extended": _("延长期限并通知客户"),
        "extension_proposed": _("申请延长期限，待第二人复核"),
        "extension_rejected": _("第二人不同意延长"),
        "unanswered": _("客户到期未回复，回到审核"),
        "closed_unanswered": _("客户到期未回复，申请关闭"),
    }


def _hold_words() -> dict[str, str]:
    return {
        "hold_placed": _("设置人工保留"),
        "hold_not_placed": _("记录已变，未设置保留"),
        "hold_reviewed": _("审查后继续保留"),
        "hold_given": _("更换保留负责人"),
        "hold_end_proposed": _("提出结束保留"),
        "hold_end_refused": _("复核后继续保留"),
        "hold_ended": _("结束保留"),
        "hold_forgotten": _("已结束的人工保留过了保存期，已删除"),
    }


def _later_words() -> dict[str, str]:
    """The words for what happens after a request had ended."""
    return {
        "found_again": _("复查又发现了记录，重新打开"),
        "finds_settled": _("复查发现的都核对完了，再次办结"),
    }


def actor_words(who: Actor) -> str:
    """Who acted: customers and the system by what they are, staff by number and role, never by name."""
    if who.kind == "customer":
        return _("客户")
    if who.kind == "system":
        return _("系统")
    return _("%(role)s %(number)s", role=role_words(who.role), number=who.id)


def timeline_lines(happenings: list[Happening]) -> list[tuple[str, object, str]]:
    """Words, moment and actor of each line, in the order given."""
    return [(_with_details(one), one.at, actor_words(one.actor)) for one in happenings]


def _with_details(one: Happening) -> str:
    words = happening_words(one.what)
    if one.what == "extended":
        return _(
            "%(words)s：到 %(day)s，因为%(why)s",
            words=words,
            day=day_text(one.details["due_on"]),
            why=one.details["reason"],
        )
    if one.what == "cancelled_for" and one.details:
        return _("%(words)s，%(where)s", words=words, where=channel_words(Channel(one.details["channel"])))
    return words
