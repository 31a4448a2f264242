"""Freeze a plan: from now on exactly these rows, until it is superseded."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.keys.canonical import canonical
from privacy_center.keys.sealing import open_json, seal_json_like, show_json
from privacy_center.plans.decision import Decision
from privacy_center.plans.draft import DraftedPlan, describe, totals
from privacy_center.plans.ground import Ground
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.plans.restriction import mark_of
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.sources.row_keys import read_keys, write_keys
from privacy_center.sources.rows import Key

CHUNK = 5_000
_ITEMS = sa.select(PlanItem).where(PlanItem.plan_id == sa.bindparam("plan", type_=sa.Uuid)).order_by(PlanItem.position)
_SEALED = sa.select(Plan.id, Plan.identifiers_sealed).where(
    Plan.request_id == sa.bindparam("request", type_=sa.Uuid), Plan.parent_id.is_(None)
)
_CURRENT = sa.select(Plan).where(
    Plan.request_id == sa.bindparam("request", type_=sa.Uuid), Plan.superseded_at.is_(None), Plan.parent_id.is_(None)
)


def freeze_plan(
    session: Session, ground: Ground, drafted: DraftedPlan, *, request_id: uuid.UUID | None, at: datetime
) -> Plan:
    """Keep a drafted plan with its digest; row keys and identifiers are sealed. An earlier plan is superseded."""
    if request_id is not None:
        earlier = sa.update(Plan).where(
            Plan.request_id == request_id, Plan.superseded_at.is_(None), Plan.parent_id.is_(None)
        )
        session.execute(earlier.values(superseded_at=at))
    request = session.get_one(PrivacyRequest, request_id) if request_id else None
    return _keep(session, ground, drafted, request_id, None, request.identities_sealed if request else b"", at)


def freeze_release(session: Session, ground: Ground, drafted: DraftedPlan, parent: Plan, at: datetime) -> Plan:
    """Keep the plan of a release or a replay. It is signed by the center itself, under the approval of its parent."""
    plan = _keep(session, ground, drafted, parent.request_id, parent.id, parent.identifiers_sealed, at)
    sign_plan(session, plan, by=f"under:{parent.digest[:16]}", at=at)
    return plan


def _keep(
    session: Session,
    ground: Ground,
    drafted: DraftedPlan,
    request_id: uuid.UUID | None,
    parent_id: uuid.UUID | None,
    like: bytes,
    at: datetime,
) -> Plan:
    plan_id = uuid.uuid4()
    identifiers = {kind: sorted(values) for kind, values in drafted.identifiers.items()}
    plan = Plan(
        id=plan_id,
        request_id=request_id,
        parent_id=parent_id,
        digest=drafted.digest,
        drafted_on=drafted.today,
        frozen_at=at,
        rules_version=drafted.rules_version,
        scope_details=drafted.scope.as_json(),
        totals=totals(ground, drafted.sheet),
        problems=[problem.as_json() for problem in drafted.problems],
        skipped={key: words.as_json() for key, words in drafted.skipped.items()},
        unsearched=[one.as_json() for one in drafted.unsearched],
        offered={kind: len(values) for kind, values in drafted.offered.items()},
        refused_contacts=drafted.refused_contacts,
        identifiers_sealed=seal_json_like(session, identifiers, f"plan:{plan_id}:identifiers", like),
    )
    session.add(plan)
    session.flush()
    session.add_all(_items(session, ground, plan, drafted))
    session.flush()
    return plan


def _items(session: Session, ground: Ground, plan: Plan, drafted: DraftedPlan) -> Iterator[PlanItem]:
    position = 0
    for collection, decision, keys in drafted.sheet.groups():
        names = drafted.sheet.key_fields[collection]
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            keyless = collection in drafted.sheet.keyless
            item = make_item(session, plan, position, collection, decision, names, part, keyless)
            item.mark = mark_of(ground.catalogue, collection, keyless=keyless)
            yield item
            position += 1


def make_item(
    session: Session,
    plan: Plan,
    position: int,
    collection: str,
    decision: Decision,
    key_fields: tuple[str, ...],
    keys: list[Key],
    keyless: bool,
) -> PlanItem:
    """One item with its keys sealed to this plan and position, by the key of the person whose plan it is."""
    said = describe(collection, decision)
    return PlanItem(
        id=uuid.uuid4(),
        plan_id=plan.id,
        position=position,
        collection=collection,
        ownership=decision.ownership,
        outcome=decision.outcome,
        action=decision.action,
        skeleton=decision.skeleton,
        waived=list(decision.waived),
        person_mark=decision.person_mark,
        whole=decision.whole,
        asked=list(decision.asked),
        fields=said["fields"],
        holds=said["holds"],
        reason=said["reason"],
        key_fields=list(key_fields),
        keyless=keyless,
        row_count=len(keys),
        keys_sealed=seal_json_like(session, write_keys(keys), f"plan:{plan.id}:{position}", plan.identifiers_sealed),
    )


def keys_in(session: Session, item: PlanItem) -> list[Key]:
    """The row keys of an item, opened."""
    return read_keys(open_json(session, item.keys_sealed, f"plan:{item.plan_id}:{item.position}"))


def identifiers_in(session: Session, plan: Plan) -> dict[str, set[str]]:
    """Identity kind → values on the customer's own rows when the plan was frozen."""
    opened = open_json(session, plan.identifiers_sealed, f"plan:{plan.id}:identifiers")
    return {kind: set(values) for kind, values in opened.items()}


def identifiers_met(session: Session, request_id: uuid.UUID) -> dict[str, set[str]]:
    """Identity kind → values on the customer's own rows in any plan of a request, those that were superseded too; none
    where the person's key was destroyed. Releases and replays are left out: they meet what their parent met.
    """
    found: dict[str, set[str]] = {}
    for plan, sealed in session.execute(_SEALED, {"request": request_id}):
        for kind, values in show_json(session, sealed, f"plan:{plan}:identifiers", {}).items():
            found.setdefault(kind, set()).update(values)
    return found


def items_of(session: Session, plan_id: uuid.UUID) -> list[PlanItem]:
    """The items of a plan in their order."""
    return list(session.scalars(_ITEMS, {"plan": plan_id}))


def current_plan(session: Session, request_id: uuid.UUID) -> Plan | None:
    """The plan of a request that is not superseded and is not a release of another."""
    return session.scalars(_CURRENT, {"request": request_id}).one_or_none()


def sign_plan(session: Session, plan: Plan, *, by: str, at: datetime) -> None:
    """Sign what was decided: the digest, every person's change to an item, who, and when (Ed25519)."""
    plan.signed_at, plan.signed_by = at, by
    plan.signature = session.info["keyring"].sign(canonical(signed_content(session, plan)))


def signed_content(session: Session, plan: Plan) -> dict[str, object]:
    """What the signature of a plan covers: also which records an item holds where records were decided one by one."""
    with session.no_autoflush:
        items = items_of(session, plan.id)
    overrides = {str(item.position): item.decided_outcome.value for item in items if item.decided_outcome}
    at = plan.signed_at.isoformat(timespec="microseconds") if plan.signed_at else ""
    signed = {
        "plan": str(plan.id),
        "digest": plan.digest,
        "scope": plan.scope_details,
        "overrides": overrides,
        "by": plan.signed_by,
        "at": at,
    }
    records = {str(item.position): item.keys_hash for item in items if item.keys_hash}
    return signed | ({"records": records} if records else {})
