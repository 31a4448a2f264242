"""The register of rows that stayed: taken out of use, with the reason and the end."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only

from privacy_center.errors import Words
from privacy_center.execution.change import Change
from privacy_center.execution.models import ExecutionRun, HeldKind, HeldRows, RunKind, VaultEntry
from privacy_center.execution.work import DatasetWork
from privacy_center.keys.sealing import open_json, seal_json_like
from privacy_center.plans.decision import CHANGING, Action, Decision
from privacy_center.plans.draft import describe
from privacy_center.plans.freeze import keys_in
from privacy_center.plans.models import PlanItem
from privacy_center.privacy_requests.models import PrivacyRequest
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
        session.add(_enter(session, run, work.items[0], collection, names, keyless, keys, said, action, today, at))


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
    until = _end(said["holds"])
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
        until=until,
        review_on=None if until else today + timedelta(days=REVIEW_DAYS),
        key_fields=names,
        keyless=keyless,
        row_count=len(keys),
        released_count=0,
        keys_sealed=seal_json_like(session, write_keys(keys), f"held:{held_id}", item.keys_sealed),
        masked_fields=list(said["fields"]),
        whole=said["whole"],
        asked=list(said["asked"]),
        since=at,
    )


def _end(holds: Iterable[Mapping[str, Any]]) -> date | None:
    """The last day of the longest hold; None when one of them ends with an event."""
    ends = [hold["until"] for hold in holds]
    return date.fromisoformat(max(ends)) if ends and all(ends) else None


def keys_held(session: Session, held: HeldRows) -> list[Key]:
    """The row keys of an entry, opened."""
    return read_keys(open_json(session, held.keys_sealed, f"held:{held.id}"))


def let_go(session: Session, held: HeldRows, released: set[Key], at: datetime) -> None:
    """Take released rows out of an entry; the entry closes, and forgets its keys, with the last of them."""
    left = [key for key in keys_held(session, held) if key not in released]
    held.released_count += held.row_count - held.released_count - len(left)
    held.keys_sealed = seal_json_like(session, write_keys(left), f"held:{held.id}", held.keys_sealed)
    if not left:
        held.released_at = at


def take_out_released(session: Session, run: ExecutionRun, work: DatasetWork, change: Change, at: datetime) -> None:
    """After a release: rows that are gone leave the register, and what was sealed of them is destroyed with the last."""
    for collection, rows in work.sheet.rows.items():
        seen = change.sheet.rows.get(collection, {})
        gone = {key for key, planned in rows.items() if seen.get(key, planned) is planned}
        for held in open_entries(session, request_id=run.request_id, collection=collection):
            let_go(session, held, gone, at)
    if not open_entries(session, request_id=run.request_id):
        session.execute(sa.delete(VaultEntry).where(VaultEntry.request_id == run.request_id))


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


def what_is_kept(session: Session, person: uuid.UUID) -> list[sa.Row[Any]]:
    """What earlier requests of a person left, oldest first: (entry, reference, state and waived rules of its request).

    The entries come without their keys and what was masked; pages show neither.
    """
    return list(session.execute(_kept(), {"person": person}))


@lru_cache(maxsize=1)
def _kept() -> sa.Select[Any]:
    shown = (HeldRows.collection, HeldRows.holds, HeldRows.until, HeldRows.row_count, HeldRows.released_count)
    asked = (PrivacyRequest.reference, PrivacyRequest.state, PrivacyRequest.waived)
    wanted = sa.select(HeldRows, *asked).join(PrivacyRequest, PrivacyRequest.id == HeldRows.request_id)
    mine = PrivacyRequest.person_id == sa.bindparam("person"), HeldRows.released_at.is_(None)
    ordered = wanted.where(*mine).order_by(HeldRows.since, HeldRows.collection, HeldRows.id)
    return ordered.options(load_only(*shown))
