"""What an act in the audit trail is called."""

from flask_babel import gettext as _

from privacy_center.audit.purposes import ACTS
from privacy_center.web.filters import words
from privacy_center.web.staff.happenings import happening_words


def act_words(act: str) -> str:
    """The words for an act that the product records; an act that nobody named is shown as it is."""
    known = {
        "sign_in": _("客户登录"),
        "staff.signed_in": _("员工登录"),
        "staff.signed_in_by_recovery_code": _("员工用恢复码登录"),
        "staff.second_proof_set_up": _("设置动态码"),
        "staff.login_ended": _("结束一次登录"),
        "staff.password_changed": _("改了密码"),
        "staff.password_refused": _("改密码没有成功"),
        "audit.verified": _("核对记录链"),
        "message.resent": _("重发消息"),
        "vault.asked": _("请求打开保险库"),
        "vault.agreed": _("同意打开保险库"),
        "vault.declined": _("不同意打开保险库"),
        "data.view": _("客户查看自己的信息"),
        "data.reveal_own": _("客户完整查看自己的信息"),
        "execution.retried": _("再执行一次"),
        "holds.checked": _("检查可放行的数据"),
    }
    if act in ACTS:
        return words(ACTS[act])
    noun, _dot, what = act.partition(".")
    return known.get(act) or (happening_words(what) if noun == "request" else act)
