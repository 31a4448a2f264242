"""Who may decide what: never one's own case, and two people where one is not enough."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.people.age import AgeSign
from privacy_center.people.identity_cases.decide import handlers_of_case_before
from privacy_center.people.models import Level
from privacy_center.people.staff.conflict import numbers_of
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.people.staff.permits import Act
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.review.conflict import refuse_conflict_over

DECIDERS = (Role.REVIEWER, Role.SENIOR_REVIEWER, Role.PRIVACY_OFFICER)
MAY_HOLD = (*DECIDERS, Role.COMPLAINT_SPECIALIST)

BELOW_LEVEL = "below_level"
"""Kept with a request that was taken in at a lower level than the table of levels asks for."""

WHY_SECOND = {
    "overrides": Words("有改判的项目", "Items were decided otherwise than planned"),
    "sensitive": Words("保留了敏感个人信息", "Sensitive information is kept"),
    "level": Words("核验强度低于要求", "Identity was verified less strongly than required"),
    "rows": Words("涉及的记录很多", "Many rows are concerned"),
    "child": Words("按出生日期未满 14 岁", "Under 14 by the date of birth"),
    "age": Words("登记的出生日期互相矛盾", "The dates of birth on file contradict each other"),
}


@dataclass(frozen=True, slots=True)
class SecondPolicy:
    """When a second person must confirm: `required` comes from the settings; more than `rows` rows; below `level`."""

    required: bool = True
    rows: int = 1_000
    level: Level = Level.V1


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


def why_second(
    policy: SecondPolicy, request: PrivacyRequest, *, overrides: int, rows: int, sensitive: Collection[object]
) -> list[str]:
    """The reasons for which a second person must confirm (codes of WHY_SECOND); empty when one person is enough."""
    if not policy.required:
        return []
    found = {
        "overrides": overrides > 0,
        "sensitive": bool(sensitive),
        "level": request.level < policy.level or BELOW_LEVEL in request.risk_flags,
        "rows": rows > policy.rows,
        "child": AgeSign.UNDER_14 in request.risk_flags,
        "age": AgeSign.UNCLEAR in request.risk_flags,
    }
    return [code for code, holds in found.items() if holds]


def standing_to(asked: PrivacyRequest, number: str, act: Act) -> dict[str, bool]:
    """Whether a case was given to a member, or taken in by them, as `permit` asks. What was taken in for somebody whom nobody
    had verified shows the member nothing of what the company holds: they may hand it in, and not look.
    """
    looks_unverified = act is not Act.ASSIST and asked.verified_by is None
    return {"assigned": asked.assignee == number, "opened": asked.submitted_by == number and not looks_unverified}
