"""A frozen plan with a few items, and reviewers, for the tests of reviews."""

import uuid

import sqlalchemy as sa

from privacy_center.keys.sealing import seal_json
from privacy_center.people.staff.models import Role
from privacy_center.people.staff.roster import create_staff
from privacy_center.plans.decision import Action
from privacy_center.plans.models import Plan, PlanItem
from privacy_center.retention.verdict import Outcome
from privacy_center.sources.row_keys import write_keys
from privacy_center.sources.rows import Ownership

DIGEST = "d" * 64
LAW = [{"rule": "ecl-31", "authority": "law"}]
POLICY = [{"rule": "basic-3y", "authority": "company_policy"}]


def hire(session, at, number, *roles, **more):
    told = {"name": number, "email": f"{number.lower()}@company.example", "password": "a long enough password"}
    return create_staff(session, number=number, roles=roles or [Role.REVIEWER], at=at, **(told | more))


def draft(session, request, at, *items):
    earlier = sa.update(Plan).where(Plan.request_id == request.id, Plan.superseded_at.is_(None))
    session.execute(earlier.values(superseded_at=at))
    plan = Plan(
        id=uuid.uuid4(),
        request_id=request.id,
        digest=DIGEST,
        drafted_on=at.date(),
        frozen_at=at,
        rules_version="1",
        scope_details={},
        totals={},
        problems=[],
        skipped={},
        unsearched=[],
        offered={},
        identifiers_sealed=b"",
    )
    session.add(plan)
    session.flush()
    rows = [item(plan, place, **told) for place, told in enumerate(items)]
    for row in rows:
        keys = [(str(uuid.uuid4()),) for _ in range(row.row_count)]
        row.keys_sealed = seal_json(session, write_keys(keys), f"plan:{plan.id}:{row.position}")
    session.add_all(rows)
    session.flush()
    return rows


def item(plan, place, outcome=Outcome.ERASE, ownership=Ownership.OWN, holds=(), rows=1, collection="shop.customer"):
    acts = {Outcome.ERASE: Action.DELETE, Outcome.RESTRICT: Action.RESTRICT}
    return PlanItem(
        id=uuid.uuid4(),
        plan_id=plan.id,
        position=place,
        collection=collection,
        ownership=ownership,
        outcome=outcome,
        action=acts.get(outcome, Action.KEEP),
        skeleton=False,
        waived=[],
        whole=True,
        asked=[],
        fields=[],
        holds=list(holds),
        key_fields=["id"],
        keyless=False,
        row_count=rows,
        keys_sealed=b"x",
    )
