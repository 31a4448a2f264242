"""What the details of an entry in the audit trail are called, and what their codes mean."""

import json
from collections.abc import Callable, Mapping

from privacy_center.audit.purposes import CHANNELS, PURPOSES_TO_STAFF, ROLES, words_for
from privacy_center.errors import Words
from privacy_center.people.identity_cases.decide import DOCUMENTS
from privacy_center.web.filters import words
from privacy_center.web.units import center

NAMES: dict[str, Words] = {
    "answer_by": Words("客户回复期限", "Customer replies by"),
    "asked_by": Words("提出人", "Asked by"),
    "hold": Words("人工保留", "Hold"),
    "by": Words("证明方式", "Proven by"),
    "case_told": Words("对方写的案件编号", "Case as the sender wrote it"),
    "cases": Words("案件", "Cases"),
    "certificate": Words("证明", "Certificate"),
    "channel": Words("渠道", "Channel"),
    "choice": Words("结论", "Conclusion"),
    "collection": Words("数据集合", "Collection"),
    "complete": Words("是否查完", "Complete"),
    "contacts": Words("联系方式数", "Contacts"),
    "counted": Words("计数", "Count"),
    "counts_of": Words("只看了名称和行数的种类", "Kinds of which only names and row counts were seen"),
    "data": Words("个人信息种类", "Kinds of data"),
    "department": Words("部门", "Department"),
    "document": Words("看过的证件原件", "Original seen"),
    "done_on": Words("完成日期", "Done on"),
    "due_on": Words("最迟日期", "Due on"),
    "earlier": Words("原来的方案", "Earlier plan"),
    "entries": Words("记录条数", "Entries"),
    "entry": Words("记录编号", "Entry"),
    "evidence": Words("证明图片", "Picture"),
    "files": Words("文件数", "Files"),
    "for": Words("用于", "For"),
    "found": Words("是否找到", "Found"),
    "from": Words("起", "From"),
    "ground": Words("法律依据", "Lawful ground"),
    "heads": Words("签名链头数", "Signed heads"),
    "hidden": Words("暂不公开的项目", "Hidden item"),
    "hit": Words("回查发现", "Find"),
    "hits": Words("发现条数", "Finds"),
    "holds": Words("人工保留数", "Holds"),
    "how": Words("方式", "How"),
    "item": Words("项目", "Item"),
    "kept": Words("保留", "Kept"),
    "key": Words("密钥编号", "Key"),
    "key_destroyed": Words("密钥已销毁", "Key destroyed"),
    "kind": Words("种类", "Kind"),
    "kinds": Words("种类", "Kinds"),
    "level": Words("核验强度", "Level"),
    "login": Words("登录", "Login"),
    "logins": Words("结束的登录数", "Sign-ins ended"),
    "may": Words("权限", "Rights"),
    "marketing_channel": Words("营销渠道", "Marketing channel"),
    "message": Words("消息", "Message"),
    "number": Words("工号", "Staff number"),
    "ok": Words("是否完整", "Whole"),
    "old_due_on": Words("原最迟日期", "Due before"),
    "opening": Words("打开保险库的请求", "Wish to open the vault"),
    "operator_region": Words("员工所在地区", "Region of the member of staff"),
    "outcome": Words("结论", "Outcome"),
    "overrides": Words("调整项数", "Items overridden"),
    "page": Words("页面", "Page"),
    "path": Words("哪一种案件", "Kind of case"),
    "pictures": Words("图片数", "Pictures"),
    "pictures_destroyed": Words("销毁的图片数", "Pictures destroyed"),
    "plan": Words("方案", "Plan"),
    "purpose": Words("目的", "Purpose"),
    "reason": Words("理由", "Reason"),
    "reason_codes": Words("理由", "Reasons"),
    "records": Words("记录数", "Records"),
    "references": Words("申请编号", "Request references"),
    "relation": Words("关系", "Relation"),
    "released": Words("放行数", "Released"),
    "removed": Words("收回", "Removed"),
    "request": Words("申请", "Request"),
    "requests": Words("停下的申请数", "Requests that stand still"),
    "review": Words("权限复核", "Access review"),
    "role": Words("岗位", "Role"),
    "roles": Words("岗位", "Roles"),
    "rows": Words("行数", "Rows"),
    "rule": Words("规则", "Rule"),
    "rules": Words("规则", "Rules"),
    "run": Words("执行", "Run"),
    "second": Words("第二人", "Second person"),
    "severity": Words("程度", "Severity"),
    "state": Words("状态", "State"),
    "steps": Words("步骤", "Steps"),
    "subject_index": Words("当事人的盲索引", "Blind index of the data subject"),
    "subject_keys": Words("个人密钥数", "Keys of data subjects"),
    "subject_region": Words("客户所在地区", "Region of the customer"),
    "suppressed": Words("拒绝营销的联系方式", "Suppressed contacts"),
    "system": Words("系统", "System"),
    "ticket": Words("工单", "Ticket"),
    "to": Words("交给", "Given to"),
    "tokens": Words("令牌数", "Tokens"),
    "training": Words("培训", "Training"),
    "unexplained": Words("未说明", "Unexplained"),
    "until": Words("到", "Until"),
    "values": Words("值的个数", "Values"),
    "version": Words("版本", "Version"),
    "wants": Words("要什么", "Asked for"),
    "ways": Words("登录方式数", "Ways in"),
    "on_silence": Words("到期未回复时", "Without an answer"),
    "went_on": Words("申请是否继续", "Requests went on"),
    "what": Words("什么", "What"),
    "why": Words("原因", "Why"),
    "why_second": Words("为什么要第二人", "Why a second person"),
}
YES, NO, NONE = Words("是", "Yes"), Words("否", "No"), Words("没有", "None")


def detail_words(name: str) -> str:
    """What a detail is called; one that nobody named is shown without its signs."""
    return words(words_for(NAMES, name))


def value_words(name: str, value: object) -> str:
    """What a detail says: codes that have words in words, the others as they are kept."""
    if value is None or value == [] or value == "":
        return words(NONE)
    if isinstance(value, bool):
        return words(YES if value else NO)
    if isinstance(value, list):
        return words(Words("、", ", ")).join(dict.fromkeys(value_words(name, one) for one in value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    said = str(value)
    return words(CODES[name](said)) if name in CODES else said


def _category(code: str) -> Words:
    return center().catalogue.category(code).title


CODES: Mapping[str, Callable[[str], Words]] = {
    "channel": lambda code: words_for(CHANNELS, code),
    "counts_of": _category,
    "data": _category,
    "document": lambda code: words_for(DOCUMENTS, code),
    "purpose": lambda code: words_for(PURPOSES_TO_STAFF, code),
    "role": lambda code: words_for(ROLES, code),
    "roles": lambda code: words_for(ROLES, code),
}
"""Details whose values are codes with words of their own."""
