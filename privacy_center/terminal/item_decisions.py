"""Decisions on items and on single records as they are typed at the terminal, and the changes that a second person reads."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.people.staff.models import StaffMember
from privacy_center.plans.models import PlanItem
from privacy_center.retention.verdict import Outcome
from privacy_center.review.confirm import note_change_opened
from privacy_center.review.decide import overrides_of
from privacy_center.review.models import ReviewDecision
from privacy_center.review.overrides import Override, read_key, record_key


def typed_overrides(options: Sequence[str], items: Sequence[PlanItem]) -> dict[str, Override]:
    """What `--item N=…` (an item) and `--item N.R=…` (its record R, from 1) decide; refuses what is not in the plan."""
    return {_key(one, items): _override(one) for one in options}


def _key(text: str, items: Sequence[PlanItem]) -> str:
    named = text.partition("=")[0]
    number, dot, record = named.partition(".")
    item = items[int(number)] if number.isascii() and number.isdigit() and int(number) < len(items) else None
    if item is None:
        raise Refusal(
            f"没有第 {number} 项。用 request show 查看编号。",
            f"There is no item {number}. See the numbers with request show.",
        )
    if not dot:
        return str(item.id)
    if not (record.isascii() and record.isdigit() and 0 < int(record) <= item.row_count):
        raise Refusal(
            f"第 {number} 项只有 1 到 {item.row_count} 号记录，没有 {record}。",
            f"Item {number} has the records 1 to {item.row_count}, and no {record}.",
        )
    return record_key(item.id, int(record))


def _override(text: str) -> Override:
    outcome, _, why = text.partition("=")[2].partition(":")
    code, _, words = why.partition(":")
    try:
        return Override(Outcome(outcome), code or "other", words or code)
    except ValueError as error:
        raise Refusal(
            f"--item 要写成 编号[.记录]=erase|keep|restrict:原因代码:说明，收到的是 {text}",
            f"--item is written N[.R]=erase|keep|restrict:CODE:TEXT; it was {text}",
        ) from error


def read_changes(
    session: Session,
    waiting: ReviewDecision,
    items: Sequence[PlanItem],
    *,
    by: StaffMember,
    seen: bool,
    at: datetime,
) -> None:
    """Refuses to confirm a decision that differs from the suggestion before its changes were read: the refusal names them. With
    `seen` it is kept that this member of staff read each.
    """
    changes = overrides_of(session, waiting)
    if changes and not seen:
        listed = "\n".join(_line(key, one, items) for key, one in changes.items())
        raise Refusal(
            f"这个决定与建议不同：\n{listed}\n核对以后，加上 --seen 再确认。",
            f"The decision differs from the suggestion:\n{listed}\nRead it, then confirm with --seen.",
        )
    for key in changes:
        note_change_opened(session, waiting, key, by, at)


def _line(key: str, override: Override, items: Sequence[PlanItem]) -> str:
    item_id, record = read_key(key)
    item = next(one for one in items if str(one.id) == item_id)
    number = f"{item.position}.{record}" if record else str(item.position)
    return (
        f"  {number} {item.collection}: {item.outcome.value} -> {override.outcome.value}"
        f"  {override.reason_code}: {override.text}"
    )
