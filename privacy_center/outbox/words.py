"""The words of every message, in both languages. `{reference}` and the like are filled from the message's context."""

from dataclasses import dataclass

from privacy_center.errors import Words

ANTI_FRAUD = Words(
    "我们不会要求您转账、共享屏幕，也不会向您索要验证码。遇到请立即挂断。",
    "We never ask you to transfer money, share your screen or tell anyone a code. If someone does, hang up.",
)


@dataclass(frozen=True, slots=True)
class Template:
    """A message: its title and its body. `private`: the body may only be read after signing in."""

    title: Words
    body: Words
    private: bool = True


NOTICE = Template(
    Words("您有一条隐私通知", "You have a privacy message"),
    Words(
        "您有一条隐私通知，编号 {reference}。请自行打开 {site}，登录后查看。",
        "You have a privacy message, reference {reference}. Open {site} yourself and sign in to read it.",
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
    "reveal": Words("查看完整信息", "seeing information in full"),
    "export": Words("下载您的信息副本", "downloading a copy of your information"),
    "prove": Words("确认这也是您的联系方式", "confirming that this contact is yours as well"),
}

TEMPLATES = {
    "sign_in_code": SIGN_IN_CODE,
    "notice": NOTICE,
    "request_received": Template(
        Words("我们收到了您的申请", "We have received your request"),
        Words(
            "申请编号 {reference}。最晚 {due_on} 前答复您。您可以随时登录查看进度。",
            "Your reference is {reference}. We answer by {due_on} at the latest. Sign in at any time to follow it.",
        ),
    ),
    "need_information": Template(
        Words("需要您补充信息", "We need something from you"),
        Words(
            "申请 {reference} 需要您补充信息，我们才能继续。请打开该申请，查看问题并回复。",
            "We need an answer from you to go on with request {reference}. Open the request to read and reply.",
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
            "申请 {reference} 将在 {until} 之后执行。在此之前您可以撤回；登录不会撤回申请。",
            "Request {reference} is carried out after {until}. Until then you can cancel; signing in does not cancel.",
        ),
    ),
    "cooling_off_last_day": Template(
        Words("撤回期明天结束", "Last day to change your mind"),
        Words(
            "申请 {reference} 将在 {until} 之后执行。要撤回，请在此之前打开该申请。",
            "Request {reference} is carried out after {until}. To cancel, open the request before then.",
        ),
    ),
    "completed": Template(
        Words("您的申请已完成", "Your request is done"),
        Words(
            "申请 {reference} 已完成，并已复查。您可以查看并下载销毁证明。",
            "Request {reference} is done and has been checked. You can read and save the certificate.",
        ),
    ),
    "completed_with_holds": Template(
        Words("已删除，部分信息暂时保留", "Deleted; some things are kept for now"),
        Words(
            "申请 {reference} 已完成。依法暂时保留的部分已停止使用，到期自动删除，届时通知您。",
            "Request {reference} is done. What must stay is out of use, goes by itself when its time ends, "
            "and we tell you.",
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
            "申请 {reference} 的答复时间由 {old_due_on} 延长到 {due_on}。原因请在该申请中查看。",
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
    body = chosen.body.filled(**context)
    bound = f"\n\n@{context['domain']} #{context['code']}" if context.get("domain") else ""
    closing = Words(f"{body.zh}\n\n{ANTI_FRAUD.zh}{bound}", f"{body.en}\n\n{ANTI_FRAUD.en}{bound}")
    return chosen.title.filled(**context), closing
