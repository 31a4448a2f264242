"""The words of every message, in both languages. `{reference}` and the like are filled from the message's context."""

from privacy_center.errors import Words
from privacy_center.outbox.days import say_days
from privacy_center.outbox.template import Template
from privacy_center.outbox.words_of_ways_in import WAYS_IN

ANTI_FRAUD = Words(
    "我们不会要求您转账、共享屏幕，也不会向您索要验证码。遇到请立即挂断。",
    "We never ask you to transfer money, share your screen or tell anyone a code. If someone does, hang up.",
)


NOTICE = Template(
    Words("您有一条隐私通知", "You have a privacy message"),
    Words(
        "您有一条隐私通知，编号 {reference}。请自行打开 {site}，登录后查看。不是您本人的操作？打开 {stop} 马上叫停，不用登录。",
        "You have a privacy message, reference {reference}. Open {site} yourself and sign in to read it. "
        "Was this not you? Open {stop} to stop everything at once, without signing in.",
    ),
    private=False,
)

SIGN_IN_CODE = Template(
    Words("您的验证码", "Your code"),
    Words(
        "验证码 {code}，用于{action_zh}，{minutes} 分钟内有效。如非本人操作，不必理会，也不要告诉任何人。",
        "Your code is {code}, for {action_en}, valid for {minutes} minutes. "
        "If this was not you, do nothing and tell nobody the code.",
    ),
    private=False,
)

ACTIONS = {
    "sign_in": Words("登录隐私中心", "signing in to the privacy center"),
    "delete": Words("删除您的信息", "deleting your information"),
    "track": Words("查看您的申请", "seeing your request"),
    "see_data": Words("查看您的信息", "seeing your information"),
    "reveal": Words("查看完整信息", "seeing information in full"),
    "change_contact": Words("更换您的联系方式", "changing your contact"),
    "new_contact": Words("添加这个联系方式", "adding this contact"),
    "ask_for_help": Words(
        "登录隐私中心，办理人工核验", "signing in to the privacy center, so that a person can verify you"
    ),
    "prove": Words("确认这也是您的联系方式", "confirming that this contact is yours as well"),
    "hotline_delete": Words(
        "您本人打来热线要求删除信息（只在我们网站输入，不要念给任何人）",
        "deleting your information as you ask on the hotline (type it on our website, tell it to nobody)",
    ),
    "hotline_cancel": Words(
        "您本人打来热线要求撤回申请（只在我们网站输入，不要念给任何人）",
        "cancelling a request as you ask on the hotline (type it on our website, tell it to nobody)",
    ),
    "manage_ways": Words("更改您的登录方式", "changing how you sign in"),
    "act_for_minor": Words("替未成年人办理", "acting for a minor"),
}

TEMPLATES = {
    **WAYS_IN,
    "sign_in_code": SIGN_IN_CODE,
    "notice": NOTICE,
    "request_received": Template(
        Words("我们收到了您的申请", "We have received your request"),
        Words(
            "申请编号 {reference}。最晚{due_on}前答复您。您可以随时登录查看进度。",
            "Your reference is {reference}. We answer by {due_on} at the latest. Sign in at any time to follow it.",
        ),
    ),
    "request_in_your_name": Template(
        Words("工作人员替您提交了删除申请", "A deletion was handed in for you"),
        Words(
            "有人在窗口或热线以您的名义要求删除信息，工作人员提交了申请 {reference}。"
            "不是您本人要求的？请马上点“有不是我做的操作”叫停，或致电热线。",
            "At a counter or on the hotline somebody asked in your name for deletion, and our staff handed in request "
            "{reference}. Was it not you? Press “Something here was not me” at once, or call the hotline.",
        ),
    ),
    "need_information": Template(
        Words("需要您补充信息", "We need something from you"),
        Words(
            "申请 {reference} 需要您补充信息，请在{answer_by}前回复。{silence_zh}请打开该申请，查看问题并回复。",
            "Request {reference} needs more information from you by {answer_by}. {silence_en} Open the request to read and reply.",
        ),
    ),
    "answer_soon": Template(
        Words("请尽快回复", "Please reply soon"),
        Words(
            "申请 {reference} 仍待您补充信息，回复期限是{answer_by}。{silence_zh}",
            "Request {reference} still needs more information from you, by {answer_by}. {silence_en}",
        ),
    ),
    "closed_unanswered": Template(
        Words("申请已关闭", "Your request is closed"),
        Words(
            "申请 {reference} 到期未收到您的补充，已关闭，没有删除任何信息。您可以随时重新提交。",
            "Request {reference} is closed because no answer came in time. Nothing was erased. You can ask again at any time.",
        ),
    ),
    "approved": Template(
        Words("您的申请已通过", "Your request is approved"),
        Words(
            "申请 {reference} 已通过审核。决定书里写明了每一项的处理。",
            "Request {reference} is approved. The decision letter says what happens to each item.",
        ),
    ),
    "partly_approved": Template(
        Words("您的申请部分通过", "Your request is approved in part"),
        Words(
            "申请 {reference} 部分通过。决定书里写明哪些删除、哪些保留、原因和期限。",
            "Request {reference} is approved in part. The letter says what goes, what stays, why, and until when.",
        ),
    ),
    "refused": Template(
        Words("您的申请未通过", "Your request is refused"),
        Words(
            "申请 {reference} 未通过。决定书里写明原因，以及您如何要求复核、投诉或起诉。",
            "Request {reference} is refused. The letter says why, and how to ask for a review, complain or go to court.",
        ),
    ),
    "cooling_off": Template(
        Words("撤回期已开始", "You can still change your mind"),
        Words(
            "申请 {reference} 将在{until}之后执行。在此之前您可以撤回；登录不会撤回申请。",
            "Request {reference} is carried out after {until}. Until then you can cancel; signing in does not cancel.",
        ),
    ),
    "cooling_off_last_day": Template(
        Words("撤回期明天结束", "Last day to change your mind"),
        Words(
            "申请 {reference} 将在{until}之后执行。要撤回，请在此之前打开该申请。",
            "Request {reference} is carried out after {until}. To cancel, open the request before then.",
        ),
    ),
    "completed": Template(
        Words("您的申请已完成", "Your request is done"),
        Words(
            "申请 {reference} 已完成，并已复查。您可以查看、打印删除证明。",
            "Request {reference} is done and has been checked. You can read and save the certificate.",
        ),
    ),
    "completed_with_holds": Template(
        Words("已删除，部分信息暂时保留", "Deleted; some things are kept for now"),
        Words(
            "申请 {reference} 已完成。其余信息暂时保留，到期或经您处理后删除，届时通知您。",
            "Request {reference} is complete. The rest is kept for now and deleted when its period ends or you act; we "
            "will tell you.",
        ),
    ),
    "hold_released": Template(
        Words("保留的信息已删除", "What was kept has now been deleted"),
        Words(
            "申请 {reference} 中曾暂时保留的信息，保留原因已结束，现已删除。证明已更新。",
            "The reason to keep part of request {reference} has ended. It is deleted and the certificate extended.",
        ),
    ),
    "extended": Template(
        Words("答复时间延长", "We need more time"),
        Words(
            "申请 {reference} 的答复时间由{old_due_on}延长到{due_on}。原因请在该申请中查看。",
            "The answer to request {reference} moves from {old_due_on} to {due_on}. The request says why.",
        ),
    ),
    "cancelled": Template(
        Words("您的申请已撤回", "Your request is cancelled"),
        Words(
            "申请 {reference} 已撤回，您的信息没有任何改动。如非本人操作，请立即联系我们。",
            "Request {reference} is cancelled; nothing was changed. If this was not you, contact us at once.",
        ),
    ),
    "cancelled_for": Template(
        Words("工作人员替您撤回了申请", "A request of yours was cancelled for you"),
        Words(
            "有人在窗口或热线核验了本人，要求撤回申请 {reference}，工作人员已经撤回，您的信息没有任何改动。"
            "不是您本人要求的？请马上点“有不是我做的操作”叫停，或致电热线。要删除，随时可以再申请。",
            "At a counter or on the hotline somebody who was verified as you asked to cancel request {reference}, and our "
            "staff cancelled it; nothing was changed. Was it not you? Press “Something here was not me” at once, or call "
            "the hotline. You can ask for deletion again at any time.",
        ),
    ),
    "taking_longer": Template(
        Words("处理需要多一点时间", "This is taking a little longer"),
        Words(
            "申请 {reference} 在执行中遇到问题，已有专人处理。已完成的部分不受影响，您无需操作。",
            "Request {reference} met a problem while it was carried out; a person is on it. Nothing is asked of you.",
        ),
    ),
    "staff_reply": Template(
        Words("您有新的回复", "You have a reply"),
        Words(
            "申请 {reference} 有新的回复。请打开该申请查看。",
            "There is a reply on request {reference}. Open it to read.",
        ),
    ),
    "contact_changed": Template(
        Words("您的联系方式有变动", "Your contacts were changed"),
        Words(
            "您的隐私中心{what_zh}。{until}之前不能申请删除。不是您本人的操作？请打开“不是我做的”，旧联系方式马上恢复。",
            "In your privacy center, {what_en}. Until {until} nothing can be deleted. "
            "Was this not you? Open “It was not me” and the old contact comes back at once.",
        ),
    ),
    "put_off": Template(
        Words("执行时间推后了", "It is carried out later"),
        Words(
            "联系方式刚改过，申请 {reference} 推迟到{until}之后执行。您不用做什么。",
            "A contact was just changed, so request {reference} is carried out after {until}. Nothing is asked of you.",
        ),
    ),
    "frozen": Template(
        Words("已经全部叫停", "Everything is stopped"),
        Words(
            "有人说最近的操作不是本人所为。所有设备已退出，没有办完的申请全部停住，什么都不会删除。"
            "我们会重新核验您本人，再决定继续还是撤回。请打电话或到窗口找我们。",
            "Somebody said that what happened lately was not them. All devices are signed out and every open request "
            "stands still; nothing is deleted. We verify you anew before anything goes on. Call us or come to a counter.",
        ),
    ),
    "unfrozen": Template(
        Words("叫停已解除", "The stop is lifted"),
        Words(
            "我们已重新核验您本人，叫停已解除。{outcome_zh}",
            "We have verified you anew and lifted the stop. {outcome_en}",
        ),
    ),
    "case_received": Template(
        Words("我们收到了您的核验申请", "We have received what you sent us"),
        Words(
            "编号 {reference}。最晚{due_on}前答复您。证明图片只给经办人看一次，决定后马上销毁。",
            "Your reference is {reference}. We answer by {due_on} at the latest. Pictures are looked at once by who decides, "
            "and destroyed right after the decision.",
        ),
    ),
    "case_approved": Template(
        Words("核验通过", "Your proof was accepted"),
        Words(
            "{reference} 核验通过。证明图片已销毁。接下来的进度在“替别人办的”里看。",
            "Your proof for {reference} was accepted and the pictures are destroyed. Follow it under “For others”.",
        ),
    ),
    "case_refused": Template(
        Words("核验没有通过", "Your proof was not accepted"),
        Words(
            "{reference} 没有通过，原因：{why}。证明图片已销毁。您可以带原件到窗口再办，也可以投诉。",
            "Your proof for {reference} was not accepted. Why: {why}. The pictures are destroyed. You can bring the "
            "originals to a counter, or complain.",
        ),
    ),
    "asked_for_you": Template(
        Words("有人替您提出了申请", "Somebody asked on your behalf"),
        Words(
            "{kind_zh}替您提出了申请，编号 {reference}，我们核验了对方的材料。您可以查看、撤回；不是您的意思，请马上叫停。",
            "{kind_en} asked on your behalf, reference {reference}; their proof was checked. You can follow and cancel it. "
            "If it is not what you want, stop it at once.",
        ),
    ),
    "contact_replaced": Template(
        Words("联系方式已更换", "Your contact was changed"),
        Words(
            "我们在窗口核对了证件原件，已把 {contact} 设为您的联系方式。{until}之前不能申请删除。",
            "We saw your original document at the counter and made {contact} your contact. Until {until} nothing can be "
            "deleted.",
        ),
    ),
    "identity_added": Template(
        Words("新增了一个联系方式", "A contact was added"),
        Words(
            "您的隐私中心新增了一个已验证的联系方式。如非本人操作，请立即联系我们。",
            "A proven contact was added to your privacy center. If this was not you, contact us at once.",
        ),
    ),
}


def write_words(template: str, context: dict[str, object]) -> tuple[Words, Words]:
    """Title and body of a message, filled; the line against fraud always ends the body.

    After it, a code with a `domain` has a last line that phones read: it is offered on our own pages only.
    https://wicg.github.io/sms-one-time-codes/
    """
    chosen = TEMPLATES[template]
    zh, en = say_days(context, "zh-CN"), say_days(context, "en")
    body = Words(chosen.body.zh.format(**zh), chosen.body.en.format(**en))
    bound = f"\n\n@{context['domain']} #{context['code']}" if context.get("domain") else ""
    closing = Words(f"{body.zh}\n\n{ANTI_FRAUD.zh}{bound}", f"{body.en}\n\n{ANTI_FRAUD.en}{bound}")
    return chosen.title.filled(**context), closing
