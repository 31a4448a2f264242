"""When the reason ends: rows that were held are deleted under the same approval."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal
from privacy_center.execution.begin import open_run
from privacy_center.execution.held import keys_held, open_entries
from privacy_center.execution.models import ExecutionRun, HeldKind, HeldRows, RunKind, RunState
from privacy_center.execution.office import Office
from privacy_center.holds.lookup import HoldsByRecord
from privacy_center.people.not_me.models import PersonFreeze
from privacy_center.plans.anchor import anchor_rows
from privacy_center.plans.decision import Action, Decision, Sheet
from privacy_center.plans.draft import DraftedPlan, facts_for
from privacy_center.plans.freeze import freeze_release
from privacy_center.plans.models import Plan
from privacy_center.plans.overlap import claim_released, in_other_plans
from privacy_center.plans.scope import CollectionScope
from privacy_center.plans.settle import decide_row, may_waive
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.verdict import Outcome, Verdict
from privacy_center.sources.keys import rows_with
from privacy_center.sources.rows import FoundRow, Key, Ownership
from privacy_center.sources.trouble import Trouble


@dataclass(slots=True)
class Due:
    """What of one request can go now. `unreachable`: databases that did not answer, to be asked again later. `register`: its
    entries in the hold register as they were when the databases were asked.
    """

    request_id: uuid.UUID
    register: frozenset[tuple[object, ...]] = frozenset()
    sheet: Sheet = field(default_factory=Sheet)
    unreachable: set[str] = field(default_factory=set)

    @property
    def rows(self) -> int:
        return sum(map(len, self.sheet.rows.values()))


def requests_with_holds(session: Session, *, collection: str | None = None) -> list[uuid.UUID]:
    """Requests with rows still held, no run of theirs waiting or running, and nobody's whose everything is stopped."""
    busy = sa.select(ExecutionRun.request_id).where(ExecutionRun.state.in_((RunState.WAITING, RunState.RUNNING)))
    stopped = sa.select(PrivacyRequest.id).join(PersonFreeze, PersonFreeze.person_id == PrivacyRequest.person_id)
    standing = stopped.where(PersonFreeze.lifted_at.is_(None))
    wanted = sa.select(HeldRows.request_id).where(
        HeldRows.released_at.is_(None), HeldRows.request_id.not_in(busy), HeldRows.request_id.not_in(standing)
    )
    if collection is not None:
        wanted = wanted.where(HeldRows.collection == collection)
    return list(session.scalars(wanted.distinct()))


def find_due(session: Session, office: Office, request_id: uuid.UUID, today: date) -> Due:
    """Ask the databases again about every row held for a request: those no rule holds any more can go.

    Rows that were only emptied because another row needed them go along once nothing refers to them. Rows of which nobody
    has said whose they are never go by themselves; those that another request deals with now are left to it.
    """
    entries = open_entries(session, request_id=request_id)
    due = Due(request_id, _register(entries))
    for held in entries:
        due.sheet.key_fields[held.collection] = tuple(held.key_fields)
        if held.keyless:
            due.sheet.keyless.add(held.collection)
    for dataset, mine in _by_dataset(entries).items():
        try:
            _look_in(session, office, due, dataset, mine, today)
        except Trouble:
            due.unreachable.add(dataset)
            due.sheet.rows = {key: rows for key, rows in due.sheet.rows.items() if not key.startswith(f"{dataset}.")}
    return due


def is_unchanged(session: Session, due: Due) -> bool:
    """Whether the request's entries in the register still are what `find_due` saw, holds by hand among them."""
    return _register(open_entries(session, request_id=due.request_id)) == due.register


def _register(entries: Iterable[HeldRows]) -> frozenset[tuple[object, ...]]:
    return frozenset((one.id, one.row_count, one.released_count, one.rules) for one in entries)


def _by_dataset(entries: Iterable[HeldRows]) -> dict[str, list[HeldRows]]:
    grouped: dict[str, list[HeldRows]] = {}
    for held in entries:
        grouped.setdefault(held.collection.split(".", 1)[0], []).append(held)
    return grouped


def _look_in(session: Session, office: Office, due: Due, dataset: str, entries: list[HeldRows], today: date) -> None:
    waived = frozenset(session.get_one(PrivacyRequest, due.request_id).waived)
    due.sheet.scope = approved_plan(session, due.request_id).scope
    shells: set[tuple[str, Key]] = set()
    with office.sources.engine(dataset).connect() as connection:
        for held in entries:
            if held.ownership is not Ownership.OWN:
                continue  # nobody decided that it is the customer's, so it never goes by itself
            keys = keys_held(session, held)
            elsewhere = in_other_plans(session, due.request_id, held.collection, keys)
            keys = [key for key in keys if key not in elsewhere]
            if held.kind is HeldKind.SKELETON:
                placed = _placed_on(office, held, keys, today)
                free = [key for key in keys if (held.collection, key) not in placed]
                shells.update((held.collection, key) for key in free)
                moving = dict.fromkeys(free, once_free(held))
            else:
                moving = moved_rows(office, connection, held, keys, today, waived)
            due.sheet.rows.setdefault(held.collection, {}).update(moving)
        anchor_rows(office, due.sheet, connection, dataset, today)
    for collection, key in shells:
        if due.sheet.rows[collection][key].skeleton:
            del due.sheet.rows[collection][key]


def once_free(held: HeldRows) -> Decision:
    """What happens to the rows of an entry when nothing holds them any more."""
    stayed = Decision(Ownership.OWN, Outcome.RESTRICT, Action.RESTRICT, whole=held.whole, asked=tuple(held.asked))
    return stayed.once_free


def _placed_on(office: Office, held: HeldRows, keys: list[Key], today: date) -> HoldsByRecord:
    """The holds that people placed on the rows of an entry."""
    return office.hold_register.on({held.collection: keys}, {held.collection: tuple(held.key_fields)}, today)


def moved_rows(
    office: Office,
    connection: sa.Connection,
    held: HeldRows,
    keys: list[Key],
    today: date,
    waived: frozenset[str] = frozenset(),
) -> dict[Key, Decision]:
    """Of the rows of an entry, those for which something changes today, with what happens to them.

    Rows that nothing holds any more, neither a rule nor a person, that the customer gives up or that are gone are free;
    rows with fewer holds stay, with more of them masked.
    """
    names, found = tuple(held.key_fields), {}
    table = office.sources.table(held.collection)
    columns = [table.c[name] for name in names] + facts_for(office, today)(held.collection)
    for condition in rows_with(table, names, keys):
        for row in connection.execute(sa.select(*columns).where(condition)):
            found[tuple(row[: len(names)])] = office.rules.judge(held.collection, tuple(row[len(names) :]), today)
    placed = _placed_on(office, held, keys, today)
    moved = {}
    for key in keys:
        verdict = found.get(key)
        if verdict is not None:
            verdict = verdict.joined_by(placed.get((held.collection, key), ()))
        if verdict is None or verdict.outcome is Outcome.ERASE:
            moved[key] = once_free(held)
        elif may_waive(verdict, waived):
            moved[key] = replace(once_free(held), waived=tuple(hold.rule for hold in verdict.holds))
        elif verdict.outcome is Outcome.RESTRICT and _held_by_fewer(held, verdict):
            moved[key] = _held_anew(office, held, key, verdict)
    return moved


def _held_by_fewer(held: HeldRows, verdict: Verdict) -> bool:
    before, now = {hold["rule"] for hold in held.holds}, {hold.rule for hold in verdict.holds}
    return held.treatment == Action.RESTRICT.value and now < before


def _held_anew(office: Office, held: HeldRows, key: Key, verdict: Verdict) -> Decision:
    row = FoundRow(key, Ownership.OWN)
    return decide_row(
        row, verdict, CollectionScope(tuple(held.asked), held.whole), office.rules.fields_used(held.collection)
    )


def open_release(session: Session, office: Office, due: Due, at: datetime) -> ExecutionRun | None:
    """A run that deletes what is due, as a plan of its own under the approved one. None where nothing is due, and where
    another request has come to deal with some of it: the next pass asks again.
    """
    leaving = Sheet({}, due.sheet.key_fields, due.sheet.keyless)
    leaving.rows = {collection: rows for collection, rows in due.sheet.rows.items() if rows}
    if not leaving.rows:
        return None
    if not claim_released(session, due.request_id, leaving.rows):
        return None
    request = session.get_one(PrivacyRequest, due.request_id)
    parent = approved_plan(session, request.id)
    drafted = DraftedPlan(leaving, office.today(at), parent.scope, office.rules.version)
    plan = freeze_release(session, office, drafted, parent, at)
    return open_run(session, request, plan, RunKind.RELEASE, at)


def approved_plan(session: Session, request_id: uuid.UUID) -> Plan:
    """The plan that was signed for a request."""
    wanted = sa.select(Plan).where(Plan.request_id == request_id, Plan.parent_id.is_(None), Plan.signed_at.is_not(None))
    plan = session.scalars(wanted.order_by(Plan.signed_at.desc())).first()
    if plan is None:
        raise Refusal("这个申请还没有批准，什么都不能删。", "This request is not approved; nothing may be deleted.")
    return plan
