"""The words for classes of data, acts and scopes of the table of permits."""

from flask_babel import gettext as _

from privacy_center.people.staff.permits import Act, DataClass, Permit, Scope
from privacy_center.people.staff.roles import Role


def class_words(data_class: DataClass) -> str:
    """What a class of data is called."""
    return {
        DataClass.HOUSE: _("内部资料"),
        DataClass.TOTALS: _("统计数"),
        DataClass.CASE: _("案件"),
        DataClass.GENERAL: _("一般个人信息"),
        DataClass.SENSITIVE: _("敏感个人信息"),
        DataClass.FINANCIAL: _("银行卡与支付"),
        DataClass.SECURITY: _("登录与设备"),
        DataClass.RESTRICTED: _("封存内容"),
    }[data_class]


def class_meaning(data_class: DataClass) -> str:
    """What belongs to a class."""
    return {
        DataClass.HOUSE: _("规则、数据地图、系统情况、员工名单"),
        DataClass.TOTALS: _("只有数目，不到 5 的不显示"),
        DataClass.CASE: _("编号、状态、期限、行数、执行情况，不含个人信息"),
        DataClass.GENERAL: _("姓名、联系方式、订单、沟通记录"),
        DataClass.SENSITIVE: _("证件、健康、行踪、未成年人等"),
        DataClass.FINANCIAL: _("银行卡号、账户、支付记录"),
        DataClass.SECURITY: _("登录记录、设备号、IP 地址、凭据"),
        DataClass.RESTRICTED: _("删除以后，法律要求留下的内容"),
    }[data_class]


def act_words(act: Act) -> str:
    """What is done."""
    return {
        Act.LOOK: _("看遮盖后的"),
        Act.REVEAL: _("看完整的"),
        Act.SEARCH: _("按两项准确信息查找客户"),
        Act.ASSIST: _("替客户提交申请"),
        Act.WRITE: _("给客户写消息，写内部记录"),
        Act.DECIDE: _("审核，作决定"),
        Act.CONFIRM: _("作为第二人复核"),
        Act.HOLD: _("设置、审查和结束人工保留"),
        Act.ASSIGN: _("分派案件，收回案件"),
        Act.EXECUTE: _("再执行、放行、重发消息"),
        Act.SETTLE: _("处理异常"),
        Act.READ_RULES: _("看规则和数据地图"),
        Act.CHANGE_RULES: _("改规则和数据地图"),
        Act.READ_RECORD: _("看操作记录"),
        Act.VERIFY_RECORD: _("核对整条记录链"),
        Act.ANSWER_LOOKS: _("答复对查看的疑问"),
        Act.HIDE_LOOKS: _("暂不公开调查中的查看"),
        Act.AGREE_HIDING: _("作为第二人同意暂不公开"),
        Act.READ_PERMITS: _("看谁能看什么"),
        Act.ENTER_FITNESS: _("登记培训和任职日期"),
        Act.MANAGE_STAFF: _("给岗位，收岗位，停用账号"),
        Act.SIGN_REVIEW: _("签权限复核"),
    }[act]


def sight_words(act: Act, data_class: DataClass) -> str:
    """How a class of data is seen: numbers are counted and cases name nobody, so that there is nothing to mask."""
    bare = {DataClass.TOTALS: _("看数目"), DataClass.CASE: _("看")}
    return bare.get(data_class, act_words(act)) if act is Act.LOOK else act_words(act)


def permit_words(permit: Permit) -> str:
    """On which cases, and what it takes; empty where it is every case and takes nothing."""
    said = {
        Scope.ANY: "",
        Scope.ASSIGNED: _("只限分派给本人的"),
        Scope.OPENED_BY_ME: _("只限本人受理的"),
        Scope.NONE: _("没有"),
    }[permit.scope]
    parts = [said, _("要写事由") if permit.needs_reason else "", _("要第二人") if permit.needs_second else ""]
    told = _("，").join(part for part in parts if part)
    return _("（%(what)s）", what=told) if told else ""


def role_meaning(role: Role) -> str:
    """What a role is there for."""
    return {
        Role.AGENT: _("在热线和门店替客户提交申请，看自己受理的"),
        Role.COMPLAINT_SPECIALIST: _("办分派给自己的投诉，看不到银行卡"),
        Role.REVIEWER: _("看申请，作决定"),
        Role.SENIOR_REVIEWER: _("作第二人复核，分派案件"),
        Role.PRIVACY_OFFICER: _("对个人信息保护负责"),
        Role.SECURITY_OFFICER: _("看登录和设备记录，处理异常"),
        Role.MANAGER: _("只看统计数，管岗位，签权限复核"),
        Role.AUDITOR: _("查记录，看遮盖后的案件，什么都不改"),
        Role.STEWARD: _("管数据地图和规则，登记培训"),
        Role.OPERATOR: _("让系统正常运行，不看个人信息"),
    }[role]
