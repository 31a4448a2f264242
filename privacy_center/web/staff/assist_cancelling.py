"""What may become of the requests of a customer who was verified in a visit: those that are shown, and cancelling one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.people.models import Level
from privacy_center.privacy_requests.cancel_for import cancel_for_customer
from privacy_center.privacy_requests.models import Channel, PrivacyRequest, State
from privacy_center.privacy_requests.moves import out_of_date
from privacy_center.privacy_requests.queries import request_by_reference, requests_of
from privacy_center.privacy_requests.states import CANCELLABLE
from privacy_center.review.conflict import refuse_conflict_over
from privacy_center.web.staff.assist_visit import Visit, ticket_of
from privacy_center.web.staff.vocabulary import kind_words, state_words
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import reading, transaction

LATELY = timedelta(days=30)
"""For so long a closed request is still named, so that the caller hears why it cannot be cancelled."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One request as it is shown: nothing of what it is about. `stuck`: why it cannot be cancelled and what remains possible;
    nothing where it can be.
    """

    asked: PrivacyRequest
    kind: str
    state: str
    stuck: str


def standing_of(visit: Visit) -> list[Standing]:
    """The open requests of the customer and those closed in the last 30 days, newest first. Refuses (403) the member's own
    and those of somebody whom they declared, by every number that stands on the records.
    """
    since = clock.now() - LATELY
    with reading() as session:
        found = [one for one in requests_of(session, visit.subject) if one.closed_at is None or one.closed_at > since]
        _refuse_conflicts(session, found)
    return [_standing(one) for one in found]


def one_standing(visit: Visit, reference: str) -> Standing:
    """The request with this reference. Refuses (404) one that is not this customer's, (403) as `standing_of` does."""
    with reading() as session:
        return _standing(_theirs(session, visit, reference))


def cancel_in_visit(visit: Visit, reference: str, version: str) -> None:
    """Cancel it as the customer says; nothing more happens where it was cancelled before. Refuses (404, 403) as above, (409)
    what cannot be cancelled any more, and another version than the one that was read out.
    """
    at, proof = clock.now(), {**ticket_of(visit), **proof_for_cancelling(visit)}
    with transaction() as session:
        asked = _theirs(session, visit, reference)
        if asked.state is State.CANCELLED:
            return
        if version != str(asked.version):
            raise out_of_date()
        where = Channel(visit.channel if visit.proven else Channel.HOTLINE)
        cancel_for_customer(session, asked, channel=where, proof=proof, actor=actor(), at=at)


def proof_for_cancelling(visit: Visit) -> dict[str, str]:
    """What verified the customer, in codes. One proof is enough, whatever the signs of risk, as on their own page."""
    if not visit.proven:
        return {"by": visit.cancelling, "level": Level.V1.value}
    document = {"document": visit.document} if visit.document else {}
    return {"by": visit.method, "level": visit.level, **document}


def _theirs(session: Session, visit: Visit, reference: str) -> PrivacyRequest:
    asked = request_by_reference(session, reference, person=visit.subject)
    _refuse_conflicts(session, [asked])
    return asked


def _refuse_conflicts(session: Session, found: Sequence[PrivacyRequest]) -> None:
    for one in found:
        refuse_conflict_over(session, me(), one)


def _standing(asked: PrivacyRequest) -> Standing:
    stuck = "" if asked.state in CANCELLABLE else _why_stuck(asked.state)
    return Standing(asked, kind_words(asked.kind), state_words(asked.state), stuck)


def _why_stuck(state: State) -> str:
    return {
        State.REFUSED: _("没有通过，什么都没有删，不用撤回。决定书写明怎样要求复核、投诉或起诉。"),
        State.COMPLETED: _("已经办完，删了的找不回来，不能撤回。客户登录后可以看证明、给我们留言。"),
        State.COMPLETED_WITH_HOLDS: _(
            "已经办完，删了的找不回来，不能撤回。暂时保留的到期自动删除；只为客户留着的（例如积分），照常有效，客户登录后也可以放弃。"
        ),
        State.CANCELLED: _("已经撤回，什么都没有删除。以后想删，可以再申请，次数不限。"),
    }.get(state, _("已经开始执行，删了的找不回来，不能撤回。办完后客户收到证明；有疑问，登录后留言或打电话。"))
