"""What the privacy center itself holds on a person, for their own eyes: few lines, values masked."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.datamap.display import mask_for_display
from privacy_center.errors import Words
from privacy_center.outbox.models import InboxMessage
from privacy_center.people.identity import identities_of
from privacy_center.privacy_requests.models import PrivacyRequest, RequestMessage

MASKS = {"email": "email", "phone_number": "phone"}
UNTIL_REQUESTS = Words(
    "申请办结三年后销毁密钥，内容谁也读不到", "until the key is destroyed, three years after the request is closed"
)


@dataclass(frozen=True, slots=True)
class OwnItem:
    """One kind of record of ours. `samples`: masked values or references, at most five."""

    title: Words
    rows: int
    samples: tuple[str, ...]
    kept: Words


def held_here(session: Session, person: uuid.UUID) -> list[OwnItem]:
    """Proven contacts, requests, what was written on them, and messages; kinds of which there is nothing are left out."""
    contacts = [
        mask_for_display(value, MASKS.get(kind, "text"))
        for kind, values in identities_of(session, person).items()
        for value in values
    ]
    mine = sa.select(PrivacyRequest.reference).where(PrivacyRequest.person_id == person)
    references = list(session.scalars(mine.order_by(PrivacyRequest.received_at.desc())))
    written = sa.select(sa.func.count()).join(PrivacyRequest, PrivacyRequest.id == RequestMessage.request_id)
    letters = session.scalar(written.select_from(RequestMessage).where(PrivacyRequest.person_id == person)) or 0
    told = session.scalar(sa.select(sa.func.count()).where(InboxMessage.person_id == person)) or 0
    three_years = Words(
        "三年没有登录，也没有办理中的申请，就删除", "until three years without a sign-in or an open request"
    )
    items = [
        OwnItem(Words("已验证的联系方式", "Proven contacts"), len(contacts), tuple(contacts[:5]), three_years),
        OwnItem(Words("您的申请", "Your requests"), len(references), tuple(references[:5]), UNTIL_REQUESTS),
        OwnItem(Words("申请里的往来消息", "Messages about requests"), letters, (), UNTIL_REQUESTS),
        OwnItem(Words("通知", "Notices"), told, (), Words("发出后三年", "for three years after they were sent")),
    ]
    return [one for one in items if one.rows]
