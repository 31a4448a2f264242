"""What an act in the audit trail is called."""

from flask_babel import gettext as _

from privacy_center.audit.purposes import ACTS, RECORD_ACTS
from privacy_center.web.filters import words
from privacy_center.web.staff.happenings import happening_words


def act_words(act: str) -> str:
    """The words for an act that the product records; an act that nobody named is shown as it is."""
    if act.startswith("hold."):
        return happening_words(act.replace(".", "_"))
    known = _acts_on_staff() | _acts_of_customers() | _acts_of_the_system() | _acts_on_cases()
    if act in ACTS or act in RECORD_ACTS:
        return words((ACTS | RECORD_ACTS)[act])
    noun, _dot, what = act.partition(".")
    return known.get(act) or (happening_words(what) if noun == "request" else act)


def _acts_on_cases() -> dict[str, str]:
    """What staff do with requests, identity cases and the record."""
    return {
        "audit.verified": _("核对记录链"),
        "person.unfreeze": _("解除叫停"),
        "customer.verified": _("核验了客户"),
        "customer.guardian_seen": _("看过监护人的证件原件"),
        "customer.assisted": _("替客户提交了删除申请"),
        "case.filed": _("提交了案件"),
        "case.verified": _("记下了核验"),
        "case.second_needed": _("作出决定，等第二人复核"),
        "case.approved": _("通过，图片已销毁"),
        "case.refused": _("不通过，图片已销毁"),
        "case.contact_replaced": _("更换了联系方式"),
        "case.request_opened": _("替当事人开了申请"),
        "message.resent": _("重发消息"),
        "vault.asked": _("请求打开保险库"),
        "vault.agreed": _("同意打开保险库"),
        "vault.declined": _("不同意打开保险库"),
        "execution.hit_explained": _("说明了回查发现的记录"),
        "execution.retried": _("再执行一次"),
        "holds.checked": _("检查可放行的数据"),
    }


def _acts_of_customers() -> dict[str, str]:
    """What customers do with their own ways in, contacts and data."""
    return {
        "login.open": _("客户登录"),
        "login.prove": _("客户再次证明是本人"),
        "login.end": _("客户结束一次登录"),
        "level.wait": _("客户选择等 72 小时"),
        "identity.add": _("客户核对了又一个联系方式"),
        "contact.change": _("客户改了联系方式"),
        "person.way_added": _("客户添加了登录方式"),
        "person.way_removed": _("客户去掉了登录方式"),
        "person.freeze": _("客户叫停"),
        "data.view": _("客户查看自己的信息"),
        "data.reveal_own": _("客户完整查看自己的信息"),
    }


def _acts_of_the_system() -> dict[str, str]:
    """What is done without a person, or on the machine itself."""
    return {
        "execution.done": _("执行完成，已回查"),
        "execution.failed": _("执行没有完成"),
        "residual.scan": _("在各系统里回查有没有剩下"),
        "vault.opened": _("打开了保险库"),
        "keys.rotated": _("换了密钥，重新加密"),
        "keys.rewrapped": _("换了包裹密钥的密钥（KEK）"),
        "keys.destroyed": _("销毁了当事人的密钥"),
    }


def _acts_on_staff() -> dict[str, str]:
    """What staff do with their own accounts and with each other's posts."""
    return {
        "staff.signed_in": _("员工登录"),
        "staff.signed_in_by_recovery_code": _("员工用恢复码登录"),
        "staff.second_proof_set_up": _("设置动态码"),
        "staff.signed_in_by_passkey": _("员工用通行密钥登录"),
        "staff.added": _("新增员工"),
        "staff.pledge_signed": _("签了保密承诺书"),
        "staff.role_given": _("给了岗位"),
        "staff.role_taken": _("收回了岗位"),
        "staff.dates_set": _("改了任职日期"),
        "staff.training_entered": _("登记了培训"),
        "staff.deactivated": _("停用了账号"),
        "staff.reactivated": _("重新启用了账号"),
        "staff.access_review_opened": _("开始权限复核"),
        "staff.access_review_signed": _("签了权限复核"),
        "staff.access_review_forgotten": _("权限复核过了保存期，已删除"),
        "staff.secrets_forgotten": _("离职员工的登录方式过了保存期，已删除"),
        "staff.name_forgotten": _("离职员工的姓名和邮箱过了保存期，已换成工号"),
        "staff.enrolled_anew": _("给回来的员工重新开通账号"),
        "staff.password_chosen": _("用链接设了密码"),
        "staff.person_declared": _("申报了认识的客户"),
        "staff.recovery_codes_made": _("换了恢复码"),
        "staff.passkey_added": _("登记了通行密钥"),
        "staff.passkey_removed": _("删除了通行密钥"),
        "staff.proved_again": _("再次核对身份"),
        "staff.proof_refused": _("再次核对没有通过"),
        "staff.login_ended": _("结束一次登录"),
        "staff.logins_ended": _("结束了一位员工的所有登录"),
        "staff.password_changed": _("改了密码"),
        "staff.password_refused": _("改密码没有成功"),
    }
