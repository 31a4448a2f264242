"""The kinds of hold that a person can place: what customers and staff read, how strong it is, and who may end it."""

import enum
from dataclasses import dataclass

from privacy_center.errors import Words
from privacy_center.retention.verdict import Authority


class PlacedKind(enum.StrEnum):
    """Why somebody keeps a record although no rule does."""

    EVIDENCE = "evidence"
    LEGAL_CLAIM = "legal_claim"
    AUTHORITY_ORDER = "authority_order"
    TAKEOVER = "takeover"
    MINOR = "minor"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindWords:
    """`customer`: the reason in letters and certificates where staff write no other. `ends_when`: what ends it, as part of a
    sentence. `two_to_end`: ending it takes two people. `needs_matter`: a case or file number must be given.
    """

    title: Words
    customer: Words
    ends_when: Words
    authority: Authority
    two_to_end: bool = False
    needs_matter: bool = False


KINDS: dict[PlacedKind, KindWords] = {
    PlacedKind.EVIDENCE: KindWords(
        Words("争议证据", "Evidence in a dispute"),
        Words("未结争议须留证，争议结束后删除。", "Needed as evidence in an open dispute; deleted once it ends."),
        Words("争议结束", "the dispute has ended"),
        Authority.COMPANY_POLICY,
    ),
    PlacedKind.LEGAL_CLAIM: KindWords(
        Words("诉讼或仲裁", "Legal claim"),
        Words("诉讼或仲裁需要，结案后删除。", "Needed for a legal claim; deleted once it is settled."),
        Words("诉讼或仲裁结案", "the claim is settled"),
        Authority.LAW,
        two_to_end=True,
        needs_matter=True,
    ),
    PlacedKind.AUTHORITY_ORDER: KindWords(
        Words("主管机关要求", "Order of an authority"),
        Words("依法须继续保存，要求解除后删除。", "We are legally required to keep it; deleted once that ends."),
        Words("保存要求解除", "the requirement to keep it is lifted"),
        Authority.LAW,
        two_to_end=True,
        needs_matter=True,
    ),
    PlacedKind.TAKEOVER: KindWords(
        Words("疑似账号被盗用", "Suspected account takeover"),
        Words(
            "账号可能被他人使用，核实前保留，以免误删。",
            "Someone else may have used your account; kept until this is checked, so that nothing is deleted by mistake.",
        ),
        Words("账号情况核实完毕", "the account has been checked"),
        Authority.COMPANY_POLICY,
    ),
    PlacedKind.MINOR: KindWords(
        Words("涉及未成年人", "Concerns a minor"),
        Words("涉及未成年人，核实前保留。", "It concerns a minor; kept until this is checked."),
        Words("未成年人情况核实完毕", "the minor's situation has been checked"),
        Authority.COMPANY_POLICY,
    ),
    PlacedKind.OTHER: KindWords(
        Words("其他原因", "Another reason"),
        Words("我们核实后决定暂时保留。", "After a check, we keep it for now."),
        Words("保留原因消除", "the reason to keep it has ended"),
        Authority.COMPANY_POLICY,
    ),
}
