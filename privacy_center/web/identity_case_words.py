"""What each path asks for and promises: which proof, why, who sees it, when it is destroyed, and the way without the web."""

from dataclasses import dataclass

from privacy_center.errors import Words
from privacy_center.people.identity_cases.models import Path

URLS = {
    "lost-number": Path.LOST_NUMBER,
    "for-a-child": Path.MINOR,
    "as-agent": Path.AGENT,
    "after-a-death": Path.DECEASED,
}
"""The last part of each page's address."""


@dataclass(frozen=True, slots=True)
class PathWords:
    """One page. `proof`: what is needed, each with the reason for it."""

    title: Words
    lead: Words
    proof: tuple[tuple[Words, Words], ...]
    counter: Words


SEEN_BY = Words(
    "只有办理这件事的工作人员能看，每人只能看一次，看过就记下来。",
    "Only who decides the case can look at it, once each, and every look is written down.",
)
SEEN_BY_TWO = Words(
    "只有办理这件事的工作人员，和复核的一位高级审核员能看。每人只能看一次，看过就记下来。",
    "Only who decides the case and a senior reviewer who checks it can look, once each, and every look is written down.",
)
DESTROYED = Words(
    "作出决定的同时销毁；最长 30 天，到期没有决定也销毁。只留下“看过哪种证件、末四位”这一行。",
    "Destroyed with the decision, and after 30 days at the latest. One line stays: which kind of document, last four signs.",
)

PATHS: dict[Path, PathWords] = {
    Path.LOST_NUMBER: PathWords(
        Words("旧号码不用了，换一个", "I no longer have the old number"),
        Words(
            "先在这里登记新的联系方式，再带证件原件到窗口核对一次。核对以后，新号码代替旧号码。",
            "Register your new contact here, then show your original ID at a counter once. After that the new contact "
            "takes the place of the old one.",
        ),
        (
            (
                Words("新的手机号或邮箱", "A new phone number or e-mail"),
                Words("收一个验证码，证明能联系到您", "It receives a code, so that we know we can reach you"),
            ),
            (
                Words("到窗口出示证件原件", "Your original ID, shown at a counter"),
                Words(
                    "号码会被重新发给别人，只凭号码不能认人",
                    "Numbers are given to other people; a number alone proves nobody",
                ),
            ),
        ),
        Words(
            "不上网也行：直接带证件到窗口，工作人员替您登记。",
            "Without the web: come to a counter with your ID; staff file it for you.",
        ),
    ),
    Path.MINOR: PathWords(
        Words("替未满 14 岁的孩子办", "For a child under 14"),
        Words(
            "监护人可以替未满 14 岁的孩子申请删除信息。满 14 岁由孩子本人办理。",
            "A guardian can ask for a child's information to be deleted. From 14 on young people act for themselves.",
        ),
        (
            (
                Words("您的手机号或邮箱", "Your phone number or e-mail"),
                Words("收一个验证码，以后在这里看进度", "It receives a code, and you follow the case here"),
            ),
            (
                Words("能说明监护关系的材料", "Something that shows you are the guardian"),
                Words(
                    "户口簿或出生医学证明里有你们两人的那一页，防止别人冒充家长",
                    "The page of the household register or birth certificate with both names, so that nobody poses as a parent",
                ),
            ),
        ),
        Words(
            "也可以带原件到窗口，我们只看，不复印。", "Or bring the originals to a counter; we look and copy nothing."
        ),
    ),
    Path.AGENT: PathWords(
        Words("受人委托代办", "On somebody's behalf"),
        Words(
            "有本人签名的委托就能办；没有，我们联系本人确认。两样有一样就行，不用公证，不收费。",
            "With a signed permission, or, without one, after we have asked the person. Either is enough; no notary, no fee.",
        ),
        (
            (
                Words("您的手机号或邮箱", "Your phone number or e-mail"),
                Words("收一个验证码，以后在这里看进度", "It receives a code, and you follow the case here"),
            ),
            (
                Words("本人签名的委托，或由我们问本人", "A signed permission, or we ask the person"),
                Words("确认这是本人的意思", "So that we know it is what the person wants"),
            ),
        ),
        Words("也可以和本人一起到窗口。", "Or come to a counter together."),
    ),
    Path.DECEASED: PathWords(
        Words("亲人去世以后", "After a death"),
        Words(
            "近亲属为了自己的合法、正当利益，可以申请删除逝者的信息；逝者生前另有安排的，按其安排。",
            "Close relatives may ask to delete the information for their own lawful and legitimate interests, unless the "
            "person arranged otherwise.",
        ),
        (
            (
                Words("能证明近亲属关系的材料", "Something that shows you are a close relative"),
                Words(
                    "户口簿、结婚证或出生证明，防止外人冒充",
                    "Household register, marriage or birth certificate, to keep strangers out",
                ),
            ),
            (
                Words("死亡证明", "The death certificate"),
                Words(
                    "医院、社区或派出所出具的都可以，确认人已去世",
                    "From a hospital, the community or the police, so that we know",
                ),
            ),
            (
                Words("您自己的理由", "Your own interest"),
                Words("例如办理继承、退订服务", "Such as settling the estate or ending a service"),
            ),
            (
                Words("您的证件原件，到窗口出示一次", "Your original ID, shown at a counter once"),
                Words(
                    "本人已不能说话，所以核对得最严，由两个人决定",
                    "The person cannot speak any more, so we check most strictly; two people decide",
                ),
            ),
        ),
        Words(
            "可以把材料都带到窗口，一次办完，不用上传。",
            "You can bring everything to a counter at once and upload nothing.",
        ),
    ),
}
