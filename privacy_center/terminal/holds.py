"""Commands on holds placed by staff: list, place, review, end."""

import uuid
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.center import Center
from privacy_center.errors import Refusal
from privacy_center.execution.holdable import HoldableRecords, find_record, holdable_records
from privacy_center.execution.placed import end_placed, hold_records, settle_end
from privacy_center.holds.kinds import PlacedKind
from privacy_center.holds.models import PlacedHold
from privacy_center.holds.place import NewHold, Records
from privacy_center.holds.queries import Listed, find_hold, list_holds, records_of
from privacy_center.holds.review_dates import move_review
from privacy_center.people.staff.models import Role, StaffMember
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.conflict import refuse_conflict_over
from privacy_center.review.duties import check_may_hold
from privacy_center.terminal.asked import asked_collection
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.requests import staff_member
from privacy_center.terminal.say import say, spoken

MOST = 10_000
"""So many holds are listed at most."""


def run_list(arguments: Namespace) -> int:
    """The holds that have not ended, next review date first; with `--ended` all."""
    center = open_to_act(arguments.home)
    today = center.today(clock.now())
    wanted = Listed(
        reference=arguments.request,
        owner=arguments.owner,
        kind=PlacedKind(arguments.kind) if arguments.kind else None,
        overdue=today if arguments.overdue else None,
        ended=arguments.ended,
    )
    with center.database.reading() as session:
        holds = [describe_hold(session, one.hold, today) for one in list_holds(session, wanted, 0, MOST)]
    say(arguments, holds, (line for one in holds for line in hold_lines(one)))
    return 0


def run_place(arguments: Namespace) -> int:
    """Place a hold; what it names is protected from then on, whether a plan knows the records or not."""
    center, at = open_to_act(arguments.home), clock.now()
    with center.database.transaction() as session:
        by = staff_member(session, arguments.by, Role.REVIEWER, at)
        request = request_by_reference(session, arguments.reference) if arguments.reference else None
        if request is not None:
            check_may_hold(session, request, by)
        records = _records(session, center, arguments, request)
    texts = {name: getattr(arguments, name) for name in ("customer", "ends_when", "owner", "authority", "matter")}
    days = {"review_on": arguments.review_on, "last_day": arguments.last_day}
    wanted = NewHold(PlacedKind(arguments.kind), arguments.reason, **texts, **days)
    hold_id = hold_records(center, wanted, records, by=by, request_id=request.id if request else None)
    return _show(arguments, center, hold_id)


def run_review(arguments: Namespace) -> int:
    """A hold was reviewed and stays until another date."""

    def act(session: Session, hold: PlacedHold, by: StaffMember, today: date) -> None:
        day, at = arguments.review_on, clock.now()
        move_review(session, hold, to=day, by=by, reason=arguments.reason, today=today, at=at)

    return _change(arguments, act)


def run_end(arguments: Namespace) -> int:
    """End a hold with a reason; one that takes two people is proposed first, and confirmed or rejected by somebody else."""
    answer = arguments.answer or arguments.flag
    if answer and arguments.reason:
        raise Refusal(
            "复核时不写原因。不同意请写 reject。", "A second review takes no reason. Write reject to keep the hold."
        )

    def act(session: Session, hold: PlacedHold, by: StaffMember, today: date) -> None:
        if answer:
            settle_end(session, hold, by=by, agree=answer == "confirm", at=clock.now())
        else:
            end_placed(session, hold, by=by, reason=arguments.reason, at=clock.now())

    return _change(arguments, act)


def _change(arguments: Namespace, act: Callable[[Session, PlacedHold, StaffMember, date], None]) -> int:
    center, at = open_to_act(arguments.home), clock.now()
    with center.database.transaction() as session:
        hold = find_hold(session, _hold_id(arguments.hold))
        by = staff_member(session, arguments.by, Role.REVIEWER, at)
        request = session.get(PrivacyRequest, hold.request_id) if hold.request_id else None
        if request is not None:
            refuse_conflict_over(session, by, request)
        act(session, hold, by, center.today(at))
        hold_id = hold.id
    return _show(arguments, center, hold_id)


def _hold_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text.removeprefix("placed:"))
    except ValueError:
        raise Refusal(
            f"没有保留 {text}。用 hold list 查看编号。", f"There is no hold {text}. See them with hold list."
        ) from None


def _records(
    session: Session, center: Center, arguments: Namespace, request: PrivacyRequest | None
) -> dict[str, Records]:
    """What `--record` and `--field` name; refuses (422) what neither the request nor the company's database has."""
    kinds = {}
    if request is not None:
        kinds = {one.collection: one for one in holdable_records(session, center.data_map, request)}
    keys: dict[str, list[Any]] = {}
    for written in arguments.record:
        collection, _, key = written.partition("=")
        asked_collection(center, collection)
        keys.setdefault(collection, []).extend(_keys(center, collection, key, kinds))
    fields = _fields(arguments.field, keys)
    return {
        collection: Records(center.sources.key_fields(collection), found, fields.get(collection, ()))
        for collection, found in keys.items()
    }


def _keys(center: Center, collection: str, key: str, kinds: Mapping[str, HoldableRecords]) -> list[Any]:
    kind = kinds.get(collection)
    if not key and kind is not None:
        return kind.keys
    if not key:
        raise Refusal(
            f"请写明 {collection} 的主键，或写明有这些记录的申请：--record {collection}=主键",
            f"Name the record by its key, or a request that has records there: --record {collection}=KEY",
            status=422,
        )
    known = kind.key_written(key) if kind else None
    return [known or find_record(center, collection, key)]


def _fields(named: list[str], keys: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for written in named:
        collection = next((one for one in keys if written.startswith(f"{one}.")), None)
        if collection is None:
            raise Refusal(
                f"--field {written} 不属于 --record 写明的任何数据表。",
                f"--field {written} is in none of the collections that --record names.",
                status=422,
            )
        fields[collection] = (*fields.get(collection, ()), written.removeprefix(f"{collection}."))
    return fields


def _show(arguments: Namespace, center: Center, hold_id: uuid.UUID) -> int:
    with center.database.reading() as session:
        shown = describe_hold(session, find_hold(session, hold_id), center.today(clock.now()))
    say(arguments, shown, hold_lines(shown))
    return 0


def describe_hold(session: Session, hold: PlacedHold, today: date) -> dict[str, Any]:
    """A hold as JSON, without the reason that only staff read."""
    request = session.get(PrivacyRequest, hold.request_id) if hold.request_id else None
    return {
        "hold": str(hold.id),
        "kind": hold.kind.value,
        "state": "ended" if hold.ended_at else "end proposed" if hold.end_proposed_at else "in force",
        "records": [
            {"collection": one.collection, "rows": one.row_count, "fields": one.fields}
            for one in records_of(session, hold.id)
        ],
        "request": request.reference if request else None,
        "authority": hold.authority,
        "matter": hold.matter,
        "owner": hold.owner,
        "review_on": hold.review_on.isoformat(),
        "overdue": hold.ended_at is None and hold.review_on <= today,
        "ends_when": spoken(hold.ends_when_words),
        "last_day": hold.last_day.isoformat() if hold.last_day else None,
        "placed_by": hold.placed_by,
        "placed_at": hold.placed_at.isoformat(timespec="seconds"),
        "end_proposed_by": hold.end_proposed_by,
        "ended_by": hold.ended_by,
        "ended_at": hold.ended_at.isoformat(timespec="seconds") if hold.ended_at else None,
    }


def hold_lines(shown: Mapping[str, Any]) -> Iterator[str]:
    """The same for people."""
    overdue = ", review due" if shown["overdue"] else ""
    yield (
        f"{shown['hold']}  {shown['kind']}  {shown['state']}  owner {shown['owner']}  review {shown['review_on']}{overdue}"
        f"  {shown['matter']}  {shown['request'] or ''}".rstrip()
    )
    for one in shown["records"]:
        fields = f"  only {', '.join(one['fields'])}" if one["fields"] else ""
        yield f"  {one['collection']} {one['rows']}{fields}"
