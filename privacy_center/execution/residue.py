"""What a look for the customer's identifiers found after an erasure, and how each find is explained."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.datamap.graph import DataMap, is_within
from privacy_center.errors import Words
from privacy_center.execution.models import ResidualHit
from privacy_center.plans.decision import Action
from privacy_center.plans.freeze import items_of, keys_in
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.plans.row_keys import write_keys
from privacy_center.sources.residual import Hit
from privacy_center.sources.rows import Key, Ownership

HELD = Words("按规则保留，已停止使用。", "Kept by a rule and taken out of use.")
WAITS = Words("等客户或专人处理。", "Waits for the customer or for a person.")
OTHERS = Words("属于其他人的记录，不能删。", "It is somebody else's record and may not be deleted.")
KEPT = Words("决定中写明保留。", "The decision says that it stays.")
NOT_ASKED = Words("这次申请不包括这一项。", "This request is not about it.")
GONE = Words("再次检查时已不在。", "It was not there any more at the next look.")
NOT_PROVEN = Words(
    "这个联系方式没有经客户核验，记录也不在计划里。",
    "The customer has not proven this contact, and the record is not in the plan.",
)

_OPEN = sa.select(ResidualHit).where(
    ResidualHit.request_id == sa.bindparam("request", type_=sa.Uuid),
    ResidualHit.explanation.is_(None),
    ResidualHit.settled_at.is_(None),
)


def explain_hits(
    session: Session, data_map: DataMap, plan: Plan, hits: Iterable[Hit], proven: frozenset[str], at: datetime
) -> list[ResidualHit]:
    """Enter what was found, each with its explanation; without one (None) the request does not close.

    `proven`: the kinds of identity that the customer has proven. A row is explained by the plan that kept it.
    """
    found = list(hits)
    if not found:
        return []
    kept = _kept_rows(session, plan)
    known = set(session.scalars(sa.select(ResidualHit.row_digest).where(ResidualHit.request_id == plan.request_id)))
    entries = []
    for hit in found:
        digest = row_digest(hit)
        if digest not in known:
            known.add(digest)
            words = _explain(hit, kept, proven) if _is_asked(data_map, plan, hit) else NOT_ASKED
            entries.append(_enter(plan.request_id, hit, digest, words, at))
    session.add_all(entries)
    return entries


def settle_gone(session: Session, request_id: uuid.UUID, hits: Iterable[Hit], at: datetime) -> list[ResidualHit]:
    """Finds of an earlier look that are not there any more need no explanation. Returns those that still do."""
    still = {row_digest(hit) for hit in hits}
    left = []
    for entry in open_hits(session, request_id):
        if entry.row_digest in still:
            left.append(entry)
        else:
            settle_hit(entry, GONE, "system", at)
    return left


def row_digest(hit: Hit) -> str:
    """A fingerprint of row and column that says nothing about either."""
    return hashlib.sha256(repr((hit.collection, write_keys([hit.key]), hit.column)).encode()).hexdigest()


def open_hits(session: Session, request_id: uuid.UUID) -> list[ResidualHit]:
    """Finds that nobody has explained yet."""
    return list(session.scalars(_OPEN, {"request": request_id}))


def settle_hit(hit: ResidualHit, words: Words, by: str, at: datetime) -> None:
    """A person explains a find."""
    hit.explanation, hit.settled_by, hit.settled_at = words.as_json(), by, at


def _kept_rows(session: Session, plan: Plan) -> Mapping[tuple[str, Key], PlanItem]:
    return {
        (item.collection, key): item
        for item in items_of(session, plan.id)
        if item.act not in (Action.DELETE, Action.MASK)
        for key in keys_in(session, item)
    }


def _is_asked(data_map: DataMap, plan: Plan, hit: Hit) -> bool:
    """Whether the request is about the column: one for some categories leaves the others as they are."""
    if plan.categories is None:
        return True
    collection = data_map.collections[hit.collection]
    field = collection.fields.get(hit.column)
    said = (field.data_categories if field else ()) or collection.data_categories
    return any(is_within(category, asked) for category in said for asked in plan.categories)


def _explain(hit: Hit, kept: Mapping[tuple[str, Key], PlanItem], proven: frozenset[str]) -> Words | None:
    item = kept.get((hit.collection, hit.key))
    if item is None:
        return None if hit.kind in proven else NOT_PROVEN
    if item.ownership in (Ownership.THIRD_PARTY, Ownership.SHARED):
        return OTHERS
    if item.act in (Action.RESTRICT, Action.SEAL):
        return HELD
    return KEPT if item.act is Action.KEEP else WAITS


def _enter(request_id: uuid.UUID | None, hit: Hit, digest: str, explanation: Words | None, at: datetime) -> ResidualHit:
    return ResidualHit(
        request_id=request_id,
        collection=hit.collection,
        column=hit.column,
        kind=hit.kind,
        row_digest=digest,
        explanation=explanation.as_json() if explanation else None,
        found_at=at,
    )
