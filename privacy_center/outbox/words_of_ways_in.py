"""The words of messages about how somebody signs in, and how sure we are who asked."""

from privacy_center.errors import Words
from privacy_center.outbox.template import Template

WAYS_IN = {
    "deletion_below_level": Template(
        Words("收到以您名义提交的删除申请", "A deletion was asked for in your name"),
        Words(
            "申请 {reference} 的身份核验没有达到要求，所以最早{until}之后才会执行，并由两人审核。"
            "如非本人操作，请登录后点“有不是我做的操作”，或马上致电热线。",
            "Request {reference} was proven less strongly than it takes, so nothing happens before {until} and two people review it. "
            "If it was not you, sign in and press “Something here was not me”, or call the hotline at once.",
        ),
    ),
    "level_wait": Template(
        Words("72 小时后可以继续", "You can go on in 72 hours"),
        Words(
            "您请求在没有第二种证明的情况下继续。{until} 之后的 7 天内可以办理，届时仍要用验证码。如非本人操作，请立即联系我们。",
            "You asked to go on without a second proof. You can from {until} on, for 7 days, again with a code. "
            "If this was not you, contact us at once.",
        ),
    ),
    "way_added": Template(
        Words("新增了一种登录方式", "A way to sign in was added"),
        Words(
            "您的隐私中心新增或更改了{what_zh}。如非本人操作，请立即联系我们。",
            "{what_en} was added or changed. If this was not you, contact us at once.",
        ),
    ),
    "way_removed": Template(
        Words("移除了一种登录方式", "A way to sign in was removed"),
        Words(
            "您的隐私中心移除了{what_zh}。如非本人操作，请立即联系我们。",
            "{what_en} was removed. If this was not you, contact us at once.",
        ),
    ),
    "account_notice": Template(
        Words("您有一条关于账号安全的通知", "You have a message about the safety of your account"),
        Words(
            "您的登录方式、联系方式或办理状态刚有变动。请自行打开 {site}，登录后查看。不是您本人的操作？打开 {stop} 马上叫停，不用登录。",
            "A way in, a contact or the standing of your account has just changed. Open {site} yourself and sign in to "
            "read it. Was this not you? Open {stop} to stop everything at once, without signing in.",
        ),
        private=False,
    ),
    "look_answered": Template(
        Words("您问的访问记录有答复了", "Your question about the access log is answered"),
        Words(
            "问题 {reference} 有答复。请打开“谁看过我的信息”，在那条记录下查看。",
            "Question {reference} is answered. Open “Who looked at my data” and read it under that entry.",
        ),
    ),
    "record_trouble": Template(
        Words("隐私中心：审计链头没有导出", "Privacy center: the audit heads did not leave"),
        Words(
            "有 {waiting} 个签名链头没能送到外部存放处（{error}）。请打开 {site}/staff/audit 查看，并检查目录或命令。",
            "{waiting} signed heads could not be brought to their place ({error}). Open {site}/staff/audit, and check "
            "the folder or the command.",
        ),
        private=False,
    ),
    "hold_review": Template(
        Words("隐私中心：保留待审查", "Privacy center: a hold is due for review"),
        Words(
            "一项人工保留已到审查日期 {review_on}。请打开 {site}/staff/holds/placed/{hold} 登录处理。",
            "A hold reached its review date {review_on}. Open {site}/staff/holds/placed/{hold} and sign in.",
        ),
        private=False,
    ),
    "anomaly_waiting": Template(
        Words("隐私中心：有异常访问要处理", "Privacy center: an unusual access to settle"),
        Words(
            "有新的异常访问等您处理。请打开 {site}/staff/anomalies 登录查看。",
            "An unusual access waits for you. Open {site}/staff/anomalies and sign in.",
        ),
        private=False,
    ),
}
