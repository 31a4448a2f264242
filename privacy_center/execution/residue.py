"""What a look for the customer's identifiers found after an erasure, and how each find is explained."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.datamap.graph import DataMap
from privacy_center.errors import Words
from privacy_center.execution.held import keys_held, open_entries
from privacy_center.execution.models import ResidualHit
from privacy_center.plans.decision import Action
from privacy_center.plans.freeze import items_of, keys_in
from privacy_center.plans.models import Plan
from privacy_center.plans.scope import is_covered
from privacy_center.sources.residual import Hit
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Key, Ownership

HELD = Words("按规则保留。", "Kept by a rule.")
WAITS = Words("等客户或专人处理。", "Waits for the customer or for a person.")
OTHERS = Words("属于其他人的记录，不能删。", "It is somebody else's record and may not be deleted.")
KEPT = Words("决定中写明保留。", "The decision says that it stays.")
EMPTIED = Words(
    "这一行已清空；这一列是键或只读列，不能改，行不再需要时一起删除。",
    "The row is emptied. This column is a key or read-only and cannot be changed; it goes with the row once nothing needs it.",
)
NOT_ASKED = Words("不在这次申请的范围内。", "It is outside the scope of this request.")
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


@dataclass(frozen=True, slots=True)
class _Stayed:
    """Why a row is still there, and the fields of it that were to be masked."""

    words: Words
    masked: frozenset[str]


def explain_hits(
    session: Session, data_map: DataMap, plan: Plan, hits: Iterable[Hit], proven: frozenset[str], at: datetime
) -> list[ResidualHit]:
    """Enter what was found, each with its explanation; without one (None) the request does not close.

    `proven`: the kinds of identity that the customer has proven. A row is explained by the plan that kept it.
    """
    found = list(hits)
    if not found:
        return []
    stayed = _rows_that_stayed(session, plan)
    seen = sa.select(ResidualHit.row_digest, ResidualHit.explanation).where(ResidualHit.request_id == plan.request_id)
    known = {digest for digest, why in session.execute(seen) if why != GONE.as_json()}
    scope, keyring = plan.scope, session.info["keyring"]
    entries = []
    for hit in found:
        digest = row_digest(hit)
        if digest not in known:
            known.add(digest)
            covered = is_covered(data_map.collections[hit.collection], hit.column, hit.key, scope, keyring)
            words = _explain(hit, stayed, proven) if covered else NOT_ASKED
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


def count_open_hits(session: Session) -> dict[uuid.UUID, int]:
    """Request → finds that nobody has explained yet, where there are any."""
    left = sa.select(ResidualHit.request_id, sa.func.count()).where(
        ResidualHit.explanation.is_(None), ResidualHit.settled_at.is_(None)
    )
    return {request: count for request, count in session.execute(left.group_by(ResidualHit.request_id))}


def settle_hit(hit: ResidualHit, words: Words, by: str, at: datetime) -> None:
    """A person explains a find."""
    hit.explanation, hit.settled_by, hit.settled_at = words.as_json(), by, at


def _rows_that_stayed(session: Session, plan: Plan) -> dict[tuple[str, Key], _Stayed]:
    """Rows that the plan leaves or empties, and those that have become held or needed when it was carried out."""
    stayed = {
        (item.collection, key): _Stayed(_words_for(item.ownership, item.act), frozenset(item.cleared))
        for item in items_of(session, plan.id)
        if item.act is not Action.DELETE
        for key in keys_in(session, item)
    }
    for held in open_entries(session, request_id=plan.request_id):
        words = _words_for(Ownership.OWN, Action(held.treatment))
        stayed |= {
            (held.collection, key): _Stayed(words, frozenset(held.masked_fields)) for key in keys_held(session, held)
        }
    return stayed


def _explain(hit: Hit, stayed: Mapping[tuple[str, Key], _Stayed], proven: frozenset[str]) -> Words | None:
    row = stayed.get((hit.collection, hit.key))
    if row is None:
        return None if hit.kind in proven else NOT_PROVEN
    return None if hit.column in row.masked else row.words


def _words_for(ownership: Ownership, act: Action) -> Words:
    if ownership in (Ownership.THIRD_PARTY, Ownership.SHARED):
        return OTHERS
    if act in (Action.RESTRICT, Action.SEAL):
        return HELD
    if act is Action.MASK:
        return EMPTIED
    return KEPT if act is Action.KEEP else WAITS


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
