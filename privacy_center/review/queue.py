"""The queue of reviewers: tabs, filters, pages of 25, what is due first on top."""

import enum
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.sealing import show_text
from privacy_center.people.staff.conflict import persons_close_to
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.permits import Act, DataClass, Scope, permits_of
from privacy_center.plans.followed import can_be_drafted_again
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.privacy_requests.models import Channel, Kind, PrivacyRequest, State
from privacy_center.privacy_requests.states import OPEN
from privacy_center.privacy_requests.submit import LABEL
from privacy_center.retention.verdict import Outcome
from privacy_center.review.models import DecisionState, ReviewDecision
from privacy_center.review.overdue_holds import on_overdue_holds
from privacy_center.sources.rows import Ownership

PAGE = 25
TO_DECIDE = (State.CONFIRMED, State.IN_REVIEW)


class Tab(enum.StrEnum):
    """The tabs of the queue, in the order in which they stand."""

    TODO = "todo"
    UNASSIGNED = "unassigned"
    MINE = "mine"
    SECOND = "second"
    WAITING = "waiting"
    FAILED = "failed"
    DUE = "due"
    ALL = "all"


class Order(enum.StrEnum):
    """What the queue is sorted by."""

    DUE = "due"
    RECEIVED = "received"
    KIND = "kind"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the queue; `due_from` and `due_until` are local dates, both included. `hold_review_due`: only requests that
    depend on a hold by hand whose review date has come.
    """

    state: State | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    assignee: str | None = None
    reference: str | None = None
    due_from: date | None = None
    due_until: date | None = None
    hold_review_due: bool = False


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. `items` and `held`: the customer's rows in the current plan, and those of them that are kept.
    `draft_again`: the plan waited for another request, which no longer deals with the records.
    """

    id: uuid.UUID
    reference: str
    kind: Kind
    channel: Channel
    state: State
    label: str
    level: str
    jurisdiction: str
    risk_flags: tuple[str, ...]
    assignee: str | None
    submitted_by: str | None
    received_at: datetime
    due_on: date
    items: int
    held: int
    awaits_second: bool
    hold_review_due: bool
    draft_again: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue; `number` counts from 1."""

    rows: tuple[QueueRow, ...]
    total: int
    number: int
    pages: int


def queue_page(
    session: Session,
    *,
    tab: Tab,
    filters: Filters,
    reader: StaffMember,
    today: date,
    impersonal: Collection[str] = (),
    number: int = 1,
    order: Order = Order.DUE,
    descending: bool = False,
) -> QueuePage:
    """One page of what the reader may see of a tab, what is due first on top unless another `order` is wanted; what is alike stays by due day.

    `today` is the local date; a page past the end gives the last one. `impersonal`: collections that hold nothing about a
    person, whose untouched rows do not count.
    """
    which = sa.and_(_visible(reader), _in_tab(tab, reader, today), *_narrowed(session, filters, today))
    total = session.scalar(sa.select(sa.func.count()).select_from(PrivacyRequest).where(which)) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(1, number), pages)
    found = sa.select(PrivacyRequest).where(which).order_by(*_sorted_by(order, descending))
    requests = session.scalars(found.limit(PAGE).offset((number - 1) * PAGE)).all()
    return QueuePage(_rows(session, requests, impersonal, today), total, number, pages)


def tab_counts(session: Session, *, reader: StaffMember, today: date) -> dict[Tab, int]:
    """How many requests stand in each tab, in one query."""
    counts = [sa.func.count().filter(_in_tab(tab, reader, today)).label(tab.value) for tab in Tab]
    row = session.execute(sa.select(*counts).select_from(PrivacyRequest).where(_visible(reader))).one()
    return dict(zip(Tab, row, strict=True))


def _sorted_by(order: Order, descending: bool) -> list[sa.ColumnElement]:
    """Kinds and states stand in the order in which they are declared: a request's way, not the alphabet's."""
    state, kind = PrivacyRequest.state, PrivacyRequest.kind
    first: sa.ColumnElement = {
        Order.DUE: PrivacyRequest.due_on,
        Order.RECEIVED: PrivacyRequest.received_at,
        Order.KIND: sa.case({one: place for place, one in enumerate(Kind)}, value=kind),
        Order.STATE: sa.case({one: place for place, one in enumerate(State)}, value=state),
    }[order]
    wanted = first.desc() if descending else first.asc()
    return [wanted, PrivacyRequest.due_on, PrivacyRequest.received_at, PrivacyRequest.id]


def _visible(reader: StaffMember) -> sa.ColumnElement[bool]:
    """The cases that the reader's permits open, save one's own and those of people one is close to."""
    scopes = {one.scope for one in permits_of(reader.roles, Act.LOOK, DataClass.CASE)}
    others = PrivacyRequest.person_id.not_in(persons_close_to(reader))
    given = {
        Scope.ANY: sa.true(),
        Scope.ASSIGNED: PrivacyRequest.assignee == reader.number,
        Scope.OPENED_BY_ME: sa.and_(
            PrivacyRequest.submitted_by == reader.number, PrivacyRequest.verified_by.is_not(None)
        ),
    }
    return sa.and_(others, sa.or_(sa.false(), *(given[scope] for scope in scopes if scope in given)))


def _in_tab(tab: Tab, reader: StaffMember, today: date) -> sa.ColumnElement[bool]:
    state, assignee = PrivacyRequest.state, PrivacyRequest.assignee
    mine = sa.or_(assignee.is_(None), assignee == reader.number)
    waiting = sa.and_(ReviewDecision.request_id == PrivacyRequest.id, ReviewDecision.state == DecisionState.WAITING)
    second = sa.exists().where(waiting)
    second_for_reader = sa.exists().where(waiting, ReviewDecision.first_by != reader.number)
    own_failed = sa.and_(state == State.NEEDS_ATTENTION, mine)
    to_decide = sa.and_(state.in_(TO_DECIDE), mine, ~second)
    conditions = {
        Tab.TODO: sa.or_(to_decide, second_for_reader, own_failed),
        Tab.UNASSIGNED: sa.and_(state.in_(OPEN), assignee.is_(None)),
        Tab.MINE: sa.and_(state.in_(OPEN), assignee == reader.number),
        Tab.SECOND: second,
        Tab.WAITING: state == State.WAITING_CUSTOMER,
        Tab.FAILED: state == State.NEEDS_ATTENTION,
        Tab.DUE: sa.and_(state.in_(OPEN), PrivacyRequest.due_on <= today),
        Tab.ALL: sa.true(),
    }
    return conditions[tab]


def _narrowed(session: Session, filters: Filters, today: date) -> list[sa.ColumnElement[bool]]:
    wanted = {
        PrivacyRequest.state: filters.state,
        PrivacyRequest.kind: filters.kind,
        PrivacyRequest.channel: filters.channel,
        PrivacyRequest.assignee: filters.assignee,
        PrivacyRequest.reference: filters.reference,
    }
    conditions = [column == value for column, value in wanted.items() if value is not None]
    if filters.due_from is not None:
        conditions.append(PrivacyRequest.due_on >= filters.due_from)
    if filters.due_until is not None:
        conditions.append(PrivacyRequest.due_on <= filters.due_until)
    if filters.hold_review_due:
        conditions.append(PrivacyRequest.id.in_(on_overdue_holds(session, today)))
    return conditions


def _rows(
    session: Session,
    requests: Sequence[PrivacyRequest],
    impersonal: Collection[str],
    today: date,
) -> tuple[QueueRow, ...]:
    ids = [request.id for request in requests]
    plans, waiting = _plan_counts(session, ids, impersonal), _waiting(session, ids)
    overdue = on_overdue_holds(session, today, among=ids)
    again = can_be_drafted_again(session, [request.id for request in requests if request.state in OPEN])
    return tuple(_row(session, request, plans.get(request.id, (0, 0)), waiting, overdue, again) for request in requests)


def _row(
    session: Session,
    request: PrivacyRequest,
    counts: tuple[int, int],
    waiting: Collection[uuid.UUID],
    overdue: Collection[uuid.UUID],
    again: Collection[uuid.UUID],
) -> QueueRow:
    return QueueRow(
        id=request.id,
        reference=request.reference,
        kind=request.kind,
        channel=request.channel,
        state=request.state,
        label=show_text(session, request.label_sealed, LABEL),
        level=request.level.value,
        jurisdiction=request.jurisdiction,
        risk_flags=tuple(request.risk_flags),
        assignee=request.assignee,
        submitted_by=request.submitted_by,
        received_at=request.received_at,
        due_on=request.due_on,
        items=counts[0],
        held=counts[1],
        awaits_second=request.id in waiting,
        hold_review_due=request.id in overdue,
        draft_again=request.id in again,
    )


def _plan_counts(
    session: Session, requests: list[uuid.UUID], impersonal: Collection[str]
) -> dict[uuid.UUID, tuple[int, int]]:
    """Rows as the request page counts them: without other people's, and without goods and shops that stay as they are."""
    outcome = sa.func.coalesce(PlanItem.decided_outcome, PlanItem.outcome)
    held = sa.func.sum(sa.case((outcome == Outcome.RESTRICT.value, PlanItem.row_count), else_=0))
    beside = sa.and_(outcome == Outcome.KEEP.value, PlanItem.collection.in_(impersonal))
    counted = (
        sa.select(Plan.request_id, sa.func.sum(PlanItem.row_count), held)
        .join(PlanItem, PlanItem.plan_id == Plan.id)
        .where(Plan.request_id.in_(requests), Plan.superseded_at.is_(None), Plan.parent_id.is_(None))
        .where(PlanItem.ownership != Ownership.THIRD_PARTY, ~beside)
        .group_by(Plan.request_id)
    )
    return {request: (int(items), int(kept)) for request, items, kept in session.execute(counted)}


def _waiting(session: Session, requests: list[uuid.UUID]) -> frozenset[uuid.UUID]:
    found = sa.select(ReviewDecision.request_id).where(
        ReviewDecision.request_id.in_(requests), ReviewDecision.state == DecisionState.WAITING
    )
    return frozenset(session.scalars(found))
