"""Which records a member of staff has opened, and which they must open before they confirm a decision on them."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.retention.verdict import Outcome
from privacy_center.review.models import OpenedRecord
from privacy_center.review.overrides import Item, Override, parts_of
from privacy_center.sources.rows import Ownership

Record = tuple[uuid.UUID, int]
"""A plan item and the number of a record in it, from 1."""


def note_opened(
    session: Session, request_id: uuid.UUID, item_id: uuid.UUID, records: Iterable[int], member: str, at: datetime
) -> None:
    """Enter the records of an item whose values were shown to a member; each once."""
    before = {number for one, number in opened_by(session, request_id, member) if one == item_id}
    for number in sorted(set(records) - before):
        about = {"request_id": request_id, "plan_item_id": item_id, "record": number, "member": member}
        session.add(OpenedRecord(**about, at=at))
    session.flush()


def opened_by(session: Session, request_id: uuid.UUID, member: str) -> set[Record]:
    """The records of a request that this member has opened."""
    wanted = sa.select(OpenedRecord.plan_item_id, OpenedRecord.record)
    mine = OpenedRecord.request_id == request_id, OpenedRecord.member == member
    return {(item_id, number) for item_id, number in session.execute(wanted.where(*mine))}


def must_open(items: Iterable[Item], overrides: Mapping[str, Override]) -> list[Record]:
    """The records that a decision erases although they are not surely the applicant's, in the order of the plan."""
    return [
        (item.id, number)
        for item in items
        if item.ownership == Ownership.UNCLEAR
        for override, numbers in parts_of(item, overrides)
        if override is not None and override.outcome is Outcome.ERASE
        for number in numbers
    ]


def check_opened(
    session: Session, request_id: uuid.UUID, items: Iterable[Item], overrides: Mapping[str, Override], member: str
) -> None:
    """Refuses (409) to confirm the erasure of records that are not surely the applicant's and that the member has not opened."""
    opened = opened_by(session, request_id, member)
    left = sum(record not in opened for record in must_open(items, overrides))
    if left:
        raise Refusal(
            f"有 {left} 条记录还不能确定是申请人的，决定删除。请先逐条打开，再同意。",
            f"The decision erases {left} records that are not surely the applicant's. Open each of them, then confirm.",
            status=409,
            field="unopened",
        )
