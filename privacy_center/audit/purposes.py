"""The words of an access log: what was done with the data, what for, by which way, by which post."""

from privacy_center.errors import Words

DEFAULT_CHANNEL = "staff_page"

ACTS = {
    "data.look": Words("查看", "Looked at"),
    "data.reveal": Words("查看完整内容", "Saw in full"),
    "data.search": Words("查找", "Searched for"),
    "data.export": Words("导出", "Exported"),
    "data.change": Words("修改", "Changed"),
    "data.share": Words("提供给其他单位", "Shared with another organisation"),
}

RECORD_ACTS = {
    "look.hiding_asked": Words("提出暂不公开查看记录", "Asked to hide entries of the access log for now"),
    "look.hidden": Words("同意暂不公开查看记录", "Agreed to hide entries of the access log for now"),
    "look.lifted": Words("恢复公开查看记录", "Showed hidden entries again"),
    "question.asked": Words("客户对查看提出疑问", "Customer asked about a look"),
    "question.answered": Words("答复对查看的疑问", "Answered a question about a look"),
    "anomaly.opened": Words("发现异常访问", "Unusual access found"),
    "anomaly.settled": Words("处理异常访问", "Unusual access settled"),
    "system.added": Words("给系统开令牌", "Gave a system a token"),
    "system.revoked": Words("停用系统的令牌", "Ended a system's tokens"),
    "suppression.checked": Words("查询联系方式是否拒绝营销", "Asked whether contacts are suppressed from marketing"),
    "suppression.added": Words("登记联系方式拒绝营销", "Suppressed a contact from marketing"),
    "suppression.removed": Words("本人重新同意，解除营销屏蔽", "Ended a suppression: the person agreed anew"),
}

PURPOSES = {
    "request.review": Words("审核您的隐私申请", "Reviewing your privacy request"),
    "request.assist": Words("协助您办理隐私申请", "Helping you with a privacy request"),
    "request.answer": Words("回复您的问题", "Answering you"),
    "request.execution": Words("检查申请的执行结果", "Checking how your request was carried out"),
    "identity.verification": Words("核验身份", "Making sure that it is you"),
    "question.answer": Words("回答您对查看记录的疑问", "Answering your question about this log"),
    "anomaly.check": Words("核查异常访问", "Checking an unusual access"),
    "audit.check": Words("内部审计", "Internal audit"),
    "customer.service": Words("客户服务", "Customer service"),
    "complaint": Words("处理投诉", "Handling a complaint"),
    "after_sales": Words("售后服务", "After-sales service"),
    "order.fulfilment": Words("履行订单", "Fulfilling an order"),
    "account.security": Words("保护您的账户安全", "Keeping your account safe"),
    "security.incident": Words("处理安全事件", "Handling a security incident"),
    "fraud.prevention": Words("防范欺诈", "Preventing fraud"),
    "billing": Words("结算和发票", "Billing and invoices"),
    "legal.duty": Words("履行法定义务", "A duty by law"),
    "operations": Words("系统维护", "Running the systems"),
}

PURPOSES_TO_STAFF = PURPOSES | {
    "request.review": Words("审核隐私申请", "Reviewing a privacy request"),
    "request.assist": Words("协助客户办理隐私申请", "Helping a customer with a privacy request"),
    "request.answer": Words("回复客户", "Answering a customer"),
    "request.execution": Words("检查申请的执行结果", "Checking how a request was carried out"),
    "identity.verification": Words("核验客户身份", "Verifying a customer"),
    "account.security": Words("保护客户的账户安全", "Keeping a customer's account safe"),
    "question.answer": Words("答复对查看记录的疑问", "Answering a question about the access log"),
}
"""The same purposes as members of staff read them."""

CHANNELS = {
    "staff_page": Words("员工端页面", "Staff pages"),
    "terminal": Words("管理终端", "Administration terminal"),
    "hotline": Words("热线", "Hotline"),
    "counter": Words("门店", "Shop counter"),
    "app": Words("业务系统", "Business system"),
    "batch": Words("批量任务", "Batch job"),
}

ROLES = {
    "agent": Words("客服", "Customer service"),
    "complaint_specialist": Words("投诉专员", "Complaint specialist"),
    "reviewer": Words("审核员", "Reviewer"),
    "senior_reviewer": Words("高级审核员", "Senior reviewer"),
    "privacy_officer": Words("个人信息保护负责人", "Privacy officer"),
    "security_officer": Words("安全负责人", "Security officer"),
    "manager": Words("主管", "Manager"),
    "auditor": Words("审计", "Auditor"),
    "steward": Words("数据管理员", "Data steward"),
    "operator": Words("运维", "Operator"),
}


def words_for(known: dict[str, Words], code: str) -> Words:
    """What a code is called; a code of the company's own is shown as it is, without its signs."""
    return known.get(code) or Words.read(code.replace("_", " ").replace(".", " "))
