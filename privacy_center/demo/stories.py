"""The people of the sample company whom it is worth signing in as, and what each of them shows."""

from dataclasses import dataclass

from privacy_center.errors import Words


@dataclass(frozen=True, slots=True)
class Story:
    """One person: `number` is their customer number in the shop; `contact` is what they sign in with."""

    key: str
    number: int
    name: str
    phone: str
    email: str | None
    title: Words
    what_to_try: Words

    @property
    def contact(self) -> str:
        return self.email or self.phone

    @property
    def customer_no(self) -> str:
        return f"QH{self.number:08d}"


STORIES: tuple[Story, ...] = (
    Story(
        "open-case",
        1,
        "林晓霞",
        "13800010001",
        "lin.xiaoxia@example.com",
        Words("一笔售后还没处理完", "An after-sales case is still open"),
        Words(
            "申请删除：多数信息可以删，售后的对话和照片留到处理完。处理完后自动删除。",
            "Ask for deletion: most goes; the messages and photos of the open case stay until it closes, then go by themselves.",
        ),
    ),
    Story(
        "bound-card",
        2,
        "陈建国",
        "13800010002",
        "chen.jianguo@example.com",
        Words("银行卡还没有解绑，一笔退款在途", "A bank card still bound, a refund on its way"),
        Words(
            "申请删除：银行卡要您先解绑，退款记录留到退款到账。",
            "Ask for deletion: the card waits for you to unbind it, and the refund's records stay until it has arrived.",
        ),
    ),
    Story(
        "unused-points",
        3,
        "王丽萍",
        "13800010003",
        "wang.liping@example.com",
        Words("还有 320 分积分没用", "320 points not used yet"),
        Words(
            "申请删除：积分要您先用掉或放弃，别的照常删除。",
            "Ask for deletion: points wait for you to use or waive them; everything else goes ahead.",
        ),
    ),
    Story(
        "family-mother",
        4,
        "周敏",
        "13800010004",
        "zhou.min@example.com",
        Words("和家人共用一个地址，替家人付过一次款", "Shares an address with family, and once paid for a relative"),
        Words(
            "申请删除：共用的地址留给家人，只断开和您的联系。周浩的订单不会被删。",
            "Ask for deletion: the shared address stays for the family, only your link to it goes. Zhou Hao's order is untouched.",
        ),
    ),
    Story(
        "family-son",
        5,
        "周浩",
        "13800010005",
        "zhou.hao@example.com",
        Words("订单是用周敏的银行卡付的", "His order was paid with Zhou Min's bank card"),
        Words(
            "申请删除：周敏的银行卡不是您的，不会删除，“我的信息”里也看不到。",
            "Ask for deletion: Zhou Min's card is not yours; it is neither deleted nor shown under “My data”.",
        ),
    ),
    Story(
        "invoices",
        6,
        "刘海洋",
        "13800010006",
        "liu.haiyang@example.com",
        Words("上个月一张发票，十二年前一张发票", "An invoice of last month and one of twelve years ago"),
        Words(
            "申请删除：上个月的发票要保存，十二年前的发票已到期，可以删除。记账凭证保存三十年。",
            "Ask for deletion: last month's invoice must stay; the one of twelve years ago may go. Accounting vouchers stay thirty years.",
        ),
    ),
    Story(
        "wrong-dates",
        7,
        "孙丽娟",
        "13800010007",
        "sun.lijuan@example.com",
        Words("一笔订单的完成时间早于下单时间", "An order that was completed before it was placed"),
        Words(
            "申请删除：这笔订单算不出期限，转给审核员看，不会悄悄删除，也不会悄悄保留。",
            "Ask for deletion: no period can be told for this order, so a person looks at it. It is neither deleted nor kept in silence.",
        ),
    ),
    Story(
        "two-numbers",
        8,
        "赵静怡",
        "13800010008",
        "zhao.jingyi@example.com",
        Words("商城和会员系统里是两个编号、两个手机号", "Two numbers and two phones in the shop and in the CRM"),
        Words(
            "用邮箱登录：两边都能找到。系统会问：尾号 0088 的手机也是您的吗？",
            "Sign in by e-mail: both are found. You are asked whether the phone ending in 0088 is yours too.",
        ),
    ),
    Story(
        "two-e-mails",
        21,
        "沈雨桐",
        "13800010021",
        "shen.yutong@example.com",
        Words("账户里有两个邮箱", "Two e-mail addresses on one account"),
        Words(
            "用常用邮箱登录：账户和订单都是她的，备用邮箱会问“这也是您吗”，不当作别人的。",
            "Sign in with the first address: account and orders are hers; the recovery address is offered as “is this also you?”.",
        ),
    ),
    Story(
        "recycled-old",
        9,
        "吴国栋",
        "13800010009",
        "wu.guodong@example.com",
        Words("手机号停用后被运营商给了别人", "His phone number was given to somebody else"),
        Words(
            "用邮箱登录：只看到自己的，看不到新号主的。",
            "Sign in by e-mail: he sees his own data and none of the number's new owner.",
        ),
    ),
    Story(
        "recycled-new",
        10,
        "何欣怡",
        "13800010009",
        "he.xinyi@example.com",
        Words("用着别人以前的手机号", "Uses a phone number that was somebody else's"),
        Words(
            "用手机号登录再申请删除：和邮箱对不上的那位老客户，转给审核员判断。",
            "Sign in by phone and ask for deletion: the earlier customer, whose e-mail differs, is left for a reviewer to judge.",
        ),
    ),
    Story(
        "child",
        11,
        "马小雨",
        "13800010011",
        "ma.xiaoyu@example.com",
        Words("十二岁的孩子，监护人是马志军", "A child of twelve; the guardian is Ma Zhijun"),
        Words(
            "未满十四岁由监护人办理：不登录，从“电话与窗口”里“替未满 14 岁的孩子办”开始，用您自己的邮箱收验证码。",
            "Under fourteen a guardian acts: without signing in, begin at “For a child under 14” under “Phone and counter”, with an "
            "e-mail address of your own.",
        ),
    ),
    Story(
        "seventy",
        12,
        "郭秀英",
        "13800010012",
        None,
        Words("七十岁，没有邮箱，常打电话", "Seventy years old, no e-mail, prefers to call"),
        Words(
            "打开关怀版，用手机号登录：字大，一屏一件事，随时能找到人。号码丢了，试试“我不再用那个号码了”。",
            "Switch to the care mode and sign in by phone: large type, one thing at a time, a person always in reach. "
            "If the number were lost: “I no longer have the old number”.",
        ),
    ),
    Story(
        "nothing",
        13,
        "高远航",
        "13800010013",
        "gao.yuanhang@example.com",
        Words("注册后什么也没做过", "Registered and did nothing more"),
        Words("申请删除：没有要保留的，整个删除。", "Ask for deletion: nothing has to stay, so all of it goes."),
    ),
    Story(
        "forty-thousand",
        14,
        "罗一鸣",
        "13800010014",
        "luo.yiming@example.com",
        Words("四万条浏览记录", "Forty thousand rows of browsing history"),
        Words(
            "申请删除：页面照样快，一次删完。",
            "Ask for deletion: the pages stay quick, and all of it goes in one run.",
        ),
    ),
    Story(
        "employee",
        15,
        "徐婷婷",
        "13800010015",
        "xu.tingting@example.com",
        Words("员工，也是顾客", "An employee who is a customer too"),
        Words(
            "申请删除：只涉及她自己的购物信息。她经手的客户售后不是她的，不会碰。",
            "Ask for deletion: only her own shopping. The customers' cases that she handled are not hers and stay untouched.",
        ),
    ),
    Story(
        "held-by-hand",
        18,
        "唐思远",
        "13800010018",
        "tang.siyuan@example.com",
        Words("过敏记录和一笔订单被员工留作争议证据", "Staff keep an allergy note and an order as evidence"),
        Words(
            "申请删除：过敏记录和订单完整保留到争议结束，谁的申请、哪次检查都不会动它；其余照常删除。",
            "Ask for deletion: the allergy note and the order stay whole until the dispute has ended, whoever asks; the rest"
            " goes as usual.",
        ),
    ),
    Story(
        "order-since",
        19,
        "韩雪",
        "13800010019",
        "han.xue@example.com",
        Words("申请删除之后又下了一单", "Placed an order after asking for deletion"),
        Words(
            "申请已获批准，演示建好约十分钟后执行。之后新下的订单不在计划内，会留下；账号只清空，订单完成后自动删除。",
            "The deletion is approved and carried out about ten minutes after the demo is made. The order placed since is in no plan "
            "and stays; the account is only cleared, and goes by itself once the order is gone.",
        ),
    ),
    Story(
        "ill-after-meal",
        22,
        "顾文博",
        "13800010022",
        "gu.wenbo@example.com",
        Words(
            "餐后不适的投诉还没办结，过敏记录要加密封存",
            "Ill after a meal: the allergy note is encrypted while that is looked into",
        ),
        Words(
            "申请删除：过敏记录移入保险库并加密，打开要两个人；投诉和订单在业务系统中标记为限制处理。投诉办结后，过敏记录和投诉自动删除。",
            "Ask for deletion: the allergy note moves into the vault, encrypted, and takes two people to open; the complaint and the"
            " order are marked as restricted in the company's systems. Note and complaint go by themselves once it is closed.",
        ),
    ),
    Story(
        "no-marketing",
        23,
        "邓佳宁",
        "13800010023",
        "deng.jianing@example.com",
        Words("拒绝过营销邮件", "Said no to marketing e-mail"),
        Words(
            "申请删除：全部删除，但“不接收营销邮件”的选择以加密摘要保留。删除后运行 privacy-center suppression check "
            "--identity email=deng.jianing@example.com，回答是；手机号没有拒绝，回答否。",
            "Ask for deletion: all of it goes, but her “no” to marketing e-mail is kept as a keyed hash. Afterwards, privacy-center "
            "suppression check --identity email=deng.jianing@example.com answers yes; her phone number, which said no to nothing, "
            "answers no.",
        ),
    ),
)


def story(key: str) -> Story:
    """The story of that key; a KeyError where there is none."""
    return {one.key: one for one in STORIES}[key]
