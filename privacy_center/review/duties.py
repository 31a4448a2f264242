"""Who may decide what: never one's own case, and two people where one is not enough."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from privacy_center.config import Settings
from privacy_center.errors import Refusal, Words
from privacy_center.people.age import AgeSign
from privacy_center.people.identity_cases.decide import handlers_of_case_before
from privacy_center.people.models import Level
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.permits import Act
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest, Scope
from privacy_center.review.conflict import refuse_conflict_over

DECIDERS = (Role.REVIEWER, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER)
MAY_HOLD = (*DECIDERS, Role.COMPLAINT_SPECIALIST)

MINOR = "minor"
BELOW_LEVEL = "below_level"
"""Kept with a request that was taken in at a lower level than the table of levels asks for."""

WHY_SECOND = {
    "refusal": Words("不批准的决定", "The request is refused"),
    "overrides": Words("有调整的项目", "Items were decided otherwise than planned"),
    "unclear": Words("删除不能确定属于申请人的记录", "Records that are not surely the applicant's are erased"),
    "sensitive": Words("保留了敏感个人信息", "Sensitive information is kept"),
    "account": Words("删除全部信息或账户", "Everything or the account is erased"),
    "counter": Words("在服务窗口核验身份", "Identity was verified at a counter"),
    "level": Words("核验强度低于要求", "Identity was verified less strongly than required"),
    "rows": Words("涉及的记录很多", "Many rows are concerned"),
    "child": Words("涉及未满 14 岁的未成年人", "A child under 14 is concerned"),
    "age": Words("登记的出生日期互相矛盾", "The dates of birth on file contradict each other"),
    "extension": Words("延长答复期限", "The reply is put off"),
}


@dataclass(frozen=True, slots=True)
class SecondPolicy:
    """When a second person must confirm: `required` switches all of it; more than `rows` rows; below `level`.

    `alone`: grounds (codes of WHY_SECOND) for which the company lets one person decide, and `reason`: why.
    """

    required: bool = True
    rows: int = 1_000
    level: Level = Level.V1
    alone: frozenset[str] = frozenset()
    reason: str = ""

    def needs_two(self, ground: str) -> bool:
        """Whether this ground needs a second person."""
        return self.required and ground not in self.alone


def policy_of(settings: Settings) -> SecondPolicy:
    """The policy of two people of this company."""
    chosen = settings.second_review
    reason = chosen.reason or settings.second_approval_reason
    return SecondPolicy(settings.require_second_approval, alone=frozenset(chosen.alone), reason=reason)


def check_may_decide(session: Session, request: PrivacyRequest, by: StaffMember) -> None:
    """Refuses whoever is no reviewer, whose own or relatives' case it is, who took the request in or verified the customer,
    and who decided or confirmed the identity case from which it follows.
    """
    if not by.has(*DECIDERS):
        raise Refusal(
            "只有审核人员可以作决定。请转给审核人员。", "Only reviewers decide. Hand it to a reviewer.", status=409
        )
    refuse_conflict_over(session, by, request)
    numbers = numbers_of(session, by)
    if numbers & {request.submitted_by, request.verified_by}:
        raise Refusal(
            "这个申请由您经手受理，须由其他人审核。请转给同事。",
            "You took this request in yourself. Hand it to a colleague for review.",
        )
    if request.represented_as is not None and numbers & handlers_of_case_before(session, request.reference):
        raise Refusal(
            "这个申请来自您经手的核验案件，须由其他人审核。请转给同事。",
            "This request follows from an identity case in which you had a hand. Hand it to a colleague for review.",
        )


def check_may_hold(session: Session, request: PrivacyRequest, by: StaffMember) -> None:
    """Refuses to give a case to who neither decides nor handles complaints, and to who has a conflict of interest."""
    if by.has(*DECIDERS):
        return check_may_decide(session, request, by)
    if not by.has(*MAY_HOLD):
        raise Refusal(
            "案件只能分派给审核人员或投诉专员。",
            "A case is given to reviewers and complaint specialists only.",
            status=422,
            field="assignee",
        )
    return refuse_conflict_over(session, by, request)


def check_may_write(session: Session, request: PrivacyRequest, by: StaffMember) -> None:
    """Refuses to write on a case: whoever may not hold it, and a complaint specialist to whom it is not given."""
    check_may_hold(session, request, by)
    if not by.has(*DECIDERS) and request.assignee != by.number:
        raise Refusal(
            "这个申请没有分派给您。请高级审核员分派。",
            "This request is not given to you. Ask a senior reviewer for it.",
        )


@dataclass(frozen=True, slots=True)
class Weight:
    """What a decision does: `refusal`, or how many items it decides otherwise, how many rows it is about, which items keep
    something sensitive, and which erase what is not surely the applicant's.
    """

    refusal: bool = False
    overrides: int = 0
    rows: int = 0
    sensitive: Collection[object] = ()
    unclear: Collection[object] = ()


def grounds_of(policy: SecondPolicy, request: PrivacyRequest, weight: Weight) -> list[str]:
    """Every ground (codes of WHY_SECOND) on which a decision is one for two people, whatever the company's policy says of it."""
    child = AgeSign.UNDER_14 in request.risk_flags or request.represented_as == MINOR
    if weight.refusal:
        return ["refusal", *(["child"] if child else [])]
    applies = {
        "overrides": weight.overrides > 0,
        "unclear": bool(weight.unclear),
        "sensitive": bool(weight.sensitive),
        "account": request.kind is Kind.DELETION and request.scope is Scope.EVERYTHING,
        "counter": request.channel is Channel.COUNTER,
        "level": request.level < policy.level or BELOW_LEVEL in request.risk_flags,
        "rows": weight.rows > policy.rows,
        "child": child,
        "age": AgeSign.UNCLEAR in request.risk_flags,
    }
    return [code for code, holds in applies.items() if holds]


def why_second(policy: SecondPolicy, request: PrivacyRequest, weight: Weight) -> list[str]:
    """The grounds for which a second person must confirm; empty when one person is enough."""
    return [code for code in grounds_of(policy, request, weight) if policy.needs_two(code)]


def alone_by_policy(policy: SecondPolicy, request: PrivacyRequest, weight: Weight) -> list[str]:
    """The grounds that need two people by default and one by the company's settings, to be named where it applies."""
    return [code for code in grounds_of(policy, request, weight) if not policy.needs_two(code)]


def standing_to(asked: PrivacyRequest, number: str, act: Act) -> dict[str, bool]:
    """Whether a case was given to a member, or taken in by them, as `permit` asks. What was taken in for somebody whom nobody
    had verified shows the member nothing of what the company holds: they may hand it in, and not look.
    """
    looks_unverified = act is not Act.ASSIST and asked.verified_by is None
    return {"assigned": asked.assignee == number, "opened": asked.submitted_by == number and not looks_unverified}
