"""The register of rows that stayed: what keeps them out of other use, the reason and the end."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only

from privacy_center.errors import Words
from privacy_center.execution.change import Change
from privacy_center.execution.models import RULES_KEY, ExecutionRun, HeldKind, HeldRows, RunKind
from privacy_center.execution.vault import destroy_sealed
from privacy_center.execution.work import DatasetWork
from privacy_center.keys.sealing import open_json, seal_json_like
from privacy_center.plans.decision import CHANGING, Action, Decision
from privacy_center.plans.draft import describe
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.plans.restriction import Restriction, restriction_of
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.deletable_from import deletable_from
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.row_keys import read_keys, write_keys
from privacy_center.sources.rows import Key

REVIEW_DAYS = 90
"""A hold without an end date is looked at again after 90 days, so that none is forgotten."""

UNDECIDED = Words("还需要核对，待人工判断。", "It needs a manual check first.")
_KIND = {Action.WAIT: HeldKind.ASK, Action.MASK: HeldKind.SKELETON}


def register_held(
    session: Session, run: ExecutionRun, work: DatasetWork, change: Change | None, today: date, at: datetime
) -> None:
    """Enter every row of one database that stays: as planned, newly held, or emptied because another row needs it."""
    planned = {
        (item.collection, key): item
        for item in work.items
        if item.act in (Action.RESTRICT, Action.SEAL, Action.WAIT, Action.DECIDE) or item.skeleton
        for key in keys_in(session, item)
    }
    taken = _turned(work, change) if change and run.kind is RunKind.ERASURE else {}
    groups: dict[tuple[Any, ...], list[Key]] = {}
    described: dict[tuple[Any, ...], tuple[str, dict[str, Any], Action]] = {}
    for (collection, key), item in planned.items():
        if change and item.act in CHANGING and not _took_effect(work, change, collection, key):
            continue
        like = ("item", item.id)
        groups.setdefault(like, []).append(key)
        said = _planned(item)
        described[like] = (collection, said, item.act)
    for (collection, key), decision in taken.items():
        like = ("turned", collection, decision)
        groups.setdefault(like, []).append(key)
        stays = {"ownership": decision.ownership, "whole": decision.whole, "asked": list(decision.asked)}
        said = describe(collection, decision) | stays
        described[like] = (collection, said, decision.action)
    for like, keys in groups.items():
        collection, said, action = described[like]
        names, keyless = _names(work, collection)
        entry = _enter(session, run, work.items[0], collection, names, keyless, keys, said, action, today, at)
        entry.restriction = restriction_of(action, _mark_of(work, collection))
        session.add(entry)


def _mark_of(work: DatasetWork, collection: str) -> Restriction:
    """How restricted rows of a collection are marked, as the plan was frozen."""
    return next(item.mark for item in work.items if item.collection == collection)


def _planned(item: PlanItem) -> dict[str, Any]:
    """What the register says of the rows of an item. Of rows that nobody has decided on it says no more than that."""
    said = {name: getattr(item, name) for name in ("ownership", "fields", "holds", "reason", "whole", "asked")}
    if item.act is Action.DECIDE:
        said["reason"] = UNDECIDED.as_json()
    return said


def _took_effect(work: DatasetWork, change: Change, collection: str, key: Key) -> bool:
    """Whether the row was there and was treated as planned."""
    seen = change.sheet.rows.get(collection, {}).get(key)
    return seen is not None and seen is work.sheet.rows[collection][key]


def _turned(work: DatasetWork, change: Change) -> Mapping[tuple[str, Key], Decision]:
    """Rows that the plan would delete and that stayed after all."""
    return {
        (collection, key): decision
        for collection, rows in change.sheet.rows.items()
        for key, decision in rows.items()
        if decision is not work.sheet.rows[collection][key]
    }


def _names(work: DatasetWork, collection: str) -> tuple[list[str], bool]:
    item = next(item for item in work.items if item.collection == collection)
    return list(item.key_fields), item.keyless


def _enter(
    session: Session,
    run: ExecutionRun,
    item: PlanItem,
    collection: str,
    names: list[str],
    keyless: bool,
    keys: list[Key],
    said: Mapping[str, Any],
    action: Action,
    today: date,
    at: datetime,
) -> HeldRows:
    ends = deletable_from(said["holds"])
    held_id = uuid.uuid4()
    return HeldRows(
        id=held_id,
        request_id=run.request_id,
        plan_id=run.plan_id,
        run_id=run.id,
        collection=collection,
        ownership=said["ownership"],
        kind=_KIND.get(action, HeldKind.HOLD),
        treatment=action.value,
        holds=list(said["holds"]),
        reason=said["reason"],
        rules=rules_key(said["holds"]),
        free_from=ends.day,
        awaits_event=not ends.day or bool(ends.events),
        review_on=today + timedelta(days=REVIEW_DAYS) if ends.events or not ends.known else None,
        key_fields=names,
        keyless=keyless,
        row_count=len(keys),
        released_count=0,
        deleted_count=0,
        keys_sealed=seal_json_like(session, write_keys(keys), f"held:{held_id}", item.keys_sealed),
        masked_fields=list(said["fields"]),
        whole=said["whole"],
        asked=list(said["asked"]),
        since=at,
    )


def rules_key(holds: Iterable[Mapping[str, Any]]) -> str:
    """The rules of an entry's holds as one text, by which alike entries are put together."""
    return " ".join(sorted(hold["rule"] for hold in holds))[:RULES_KEY]


def keys_held(session: Session, held: HeldRows) -> list[Key]:
    """The row keys of an entry, opened."""
    return read_keys(open_json(session, held.keys_sealed, f"held:{held.id}"))


def let_go(session: Session, held: HeldRows, released: set[Key], deleted: set[Key], at: datetime) -> None:
    """Take released rows out of an entry; the entry closes, and forgets its keys, with the last of them.

    `deleted`: those that went; the others are entered again, held by fewer rules or cleared.
    """
    keys = keys_held(session, held)
    left = [key for key in keys if key not in released]
    held.deleted_count += sum(1 for key in keys if key in deleted)
    held.released_count += held.row_count - held.released_count - len(left)
    held.keys_sealed = seal_json_like(session, write_keys(left), f"held:{held.id}", held.keys_sealed)
    if not left:
        held.released_at = at


def take_out_released(session: Session, run: ExecutionRun, work: DatasetWork, change: Change, at: datetime) -> None:
    """After a release: rows that are gone leave the register, and what was sealed of them is destroyed with them."""
    for collection, rows in work.sheet.rows.items():
        seen = change.sheet.rows.get(collection, {})
        gone = {key for key, planned in rows.items() if seen.get(key, planned) is planned}
        freed = {key for key in gone if rows[key].outcome is Outcome.ERASE and not rows[key].skeleton}
        for held in open_entries(session, request_id=run.request_id, collection=collection):
            let_go(session, held, gone, freed, at)
        destroy_sealed(session, collection, freed, request_id=run.request_id)


def open_entries(
    session: Session, *, request_id: uuid.UUID | None = None, collection: str | None = None
) -> list[HeldRows]:
    """Entries with rows still held, oldest first."""
    wanted = (
        sa.select(HeldRows)
        .where(HeldRows.released_at.is_(None))
        .order_by(HeldRows.since, HeldRows.collection, HeldRows.id)
    )
    if request_id is not None:
        wanted = wanted.where(HeldRows.request_id == request_id)
    if collection is not None:
        wanted = wanted.where(HeldRows.collection == collection)
    return list(session.scalars(wanted))


@dataclass(frozen=True, slots=True)
class KeptNow:
    """Of what a request had to leave: rows that are still kept, and rows that were deleted since."""

    rows: int
    deleted: int


def kept_now(session: Session, request_id: uuid.UUID) -> KeptNow | None:
    """What is kept of a request by now; None where nothing ever had to stay."""
    mine = HeldRows.request_id == request_id
    kept = sa.func.coalesce(sa.func.sum(HeldRows.row_count - HeldRows.released_count), 0)
    deleted = sa.func.coalesce(sa.func.sum(HeldRows.deleted_count), 0)
    count, rows, gone = session.execute(sa.select(sa.func.count(), kept, deleted).where(mine)).one()
    return KeptNow(int(rows), int(gone)) if count else None


def what_is_kept(session: Session, person: uuid.UUID) -> list[sa.Row[Any]]:
    """What earlier requests of a person left, oldest first: (entry, reference, state and waived rules of its request).

    The entries come without their keys and what was masked; pages show neither.
    """
    return list(session.execute(_kept(), {"person": person}))


@lru_cache(maxsize=1)
def _kept() -> sa.Select[Any]:
    shown = (HeldRows.collection, HeldRows.holds, HeldRows.row_count, HeldRows.released_count)
    asked = (PrivacyRequest.reference, PrivacyRequest.state, PrivacyRequest.waived)
    wanted = sa.select(HeldRows, *asked).join(PrivacyRequest, PrivacyRequest.id == HeldRows.request_id)
    mine = PrivacyRequest.person_id == sa.bindparam("person"), HeldRows.released_at.is_(None)
    ordered = wanted.where(*mine).order_by(HeldRows.since, HeldRows.collection, HeldRows.id)
    return ordered.options(load_only(*shown))
