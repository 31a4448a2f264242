"""What the person who works here may do with a request now, and why not where they may not."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.staff.models import StaffMember
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.states import OPEN
from privacy_center.review.decide import waiting_decision
from privacy_center.review.duties import check_may_decide
from privacy_center.review.models import ReviewDecision
from privacy_center.web.filters import words
from privacy_center.web.staff.vocabulary import state_words
from privacy_center.web.staff.who import may_open


@dataclass(frozen=True, slots=True)
class Standing:
    """`deciding`: the decision is theirs to make. `waiting`: a decision that waits for them as the second person."""

    deciding: bool = False
    waiting: ReviewDecision | None = None
    why_not: str = ""
    takeable: bool = field(default=False)


def standing_of(session: Session, asked: PrivacyRequest, member: StaffMember) -> Standing:
    """Where this person stands with this request. Nobody decides on their own case, or confirms their own decision."""
    if not may_open("staff.decision"):
        return Standing(why_not=_("您的岗位可以看，不能作决定。"))
    if asked.frozen_at is not None:
        return Standing(why_not=_("客户说这不是本人操作，已叫停。重新核验本人、解除叫停之后才能作决定。"))
    try:
        check_may_decide(session, asked, member)
    except Refusal as refusal:
        return Standing(why_not=words(refusal.words))
    takeable = asked.state in OPEN and asked.assignee != member.number
    waiting = waiting_decision(session, asked.id)
    if waiting is not None:
        return _second(waiting, member, takeable)
    if asked.state is not State.IN_REVIEW:
        return Standing(
            why_not=_("申请现在是“%(state)s”，不用您作决定。", state=state_words(asked.state)), takeable=takeable
        )
    return Standing(deciding=True, takeable=takeable)


def _second(waiting: ReviewDecision, member: StaffMember, takeable: bool) -> Standing:
    if waiting.first_by == member.number:
        return Standing(why_not=_("您已作出决定，等第二个人复核。复核要由别人做。"))
    if not may_open("staff.second_person"):
        return Standing(why_not=_("已有决定在等复核。复核要由高级审核员或个人信息保护负责人做。"), takeable=takeable)
    return Standing(waiting=waiting)
