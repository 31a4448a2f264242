"""The certificate: what was erased, what is kept and until when, how it was checked. It holds no erased content."""

import hashlib
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.execution.begin import steps_of
from privacy_center.execution.held import open_entries
from privacy_center.execution.models import Certificate, ExecutionRun, ExecutionStep
from privacy_center.keys.canonical import canonical
from privacy_center.plans.decision import Action
from privacy_center.plans.followed import in_other_requests, other_requests
from privacy_center.plans.freeze import items_of
from privacy_center.plans.ground import Ground
from privacy_center.plans.models import Plan
from privacy_center.plans.scope_titles import scope_titles
from privacy_center.plans.unsearched import Unsearched
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.retention.signing import packs_of
from privacy_center.suppressions.register import count_suppressed

_MINE = (
    sa.select(Certificate)
    .where(Certificate.request_id == sa.bindparam("request", type_=sa.Uuid))
    .order_by(Certificate.issued_at)
)
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def issue_certificate(
    session: Session,
    ground: Ground,
    run: ExecutionRun,
    request: PrivacyRequest,
    *,
    purpose: str,
    residual: dict[str, Any],
    steps: list[ExecutionStep] | None = None,
    unsearched: Iterable[Unsearched] = (),
    at: datetime,
) -> Certificate:
    """Sign what a run has done, and what was not looked into. A later run of the same request extends the first certificate; the same run never twice."""
    earlier = certificates_of(session, request.id)
    for one in earlier:
        if (one.run_id, one.purpose) == (run.id, purpose):
            return one
    first = next((one for one in earlier if one.extends_id is None), None)
    named = [_without_names(one) for one in unsearched] or (first.body.get("unsearched", []) if first else [])
    plan, number = session.get_one(Plan, run.plan_id), _new_number(at)
    body = {
        "number": number,
        "reference": request.reference,
        "purpose": purpose,
        "extends": first.number if first else None,
        "issued_at": at.isoformat(timespec="seconds"),
        "plan": plan.digest,
        "scope": _describe_scope(ground, plan),
        "decided_by": plan.signed_by,
        "executed_by": "system",
        **_outcome(session, ground, request, steps_of(session, run.id) if steps is None else steps),
        "packs": describe_packs(session, request.id, plan.id),
        "unsearched": named,
        "suppressed_contacts": count_suppressed(session, request.id),
        "in_other_requests": in_other_requests(other_requests(session, request)),
        "residual": residual,
    }
    signed = {"run_id": run.id, "purpose": purpose, "number": number, "extends_id": first.id if first else None}
    certificate = Certificate(id=uuid.uuid4(), request_id=request.id, **signed, **_sign(session, body), issued_at=at)
    session.add(certificate)
    session.flush()
    return certificate


def _outcome(
    session: Session, ground: Ground, request: PrivacyRequest, steps: list[ExecutionStep]
) -> dict[str, list[Any] | dict[str, Any]]:
    return {
        "systems": [step.dataset for step in steps],
        "collections": count_collections(ground, steps),
        "cleared": describe_cleared(ground, steps),
        "held": describe_held(session, ground, request.id),
    }


def _sign(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """The columns that prove the body: its canonical form is what the digest and the signature are of."""
    message = canonical(body)
    signature = session.info["keyring"].sign(message)
    return {"body": body, "digest": hashlib.sha256(message).hexdigest(), "signature": signature}


def _without_names(one: Unsearched) -> dict[str, Any]:
    """What was not looked into; who declared it is for staff alone, so it is no part of what is signed and shown."""
    return one.as_json() | {"by": ""}


def count_collections(ground: Ground, steps: Iterable[ExecutionStep]) -> dict[str, dict[str, Any]]:
    """Rows by collection as the steps counted them, with the collection's name in both languages."""
    counts: dict[str, dict[str, Any]] = {}
    for step in steps:
        for collection, numbers in (step.result or {}).items():
            counts[collection] = {"title": ground.catalogue.collection(collection).title.as_json(), **numbers}
    return counts


def _describe_scope(ground: Ground, plan: Plan) -> dict[str, Any]:
    """What the request was about, in the customer's words."""
    titles = scope_titles(ground.catalogue, ground.data_map, plan.scope)
    return {"kind": plan.scope.kind.value, "titles": [one.as_json() for one in titles]}


def describe_cleared(ground: Ground, steps: Iterable[ExecutionStep]) -> list[dict[str, Any]]:
    """Every field that was cleared in records that stay, by its name for customers, with its count of records."""
    return [
        {
            "collection": collection,
            "title": ground.catalogue.collection(collection).title.as_json(),
            "records": cleared["records"],
            "fields": [
                {
                    "field": path,
                    "title": ground.catalogue.field_title(ground.data_map.collections[collection], path).as_json(),
                    "records": count,
                }
                for path, count in sorted(cleared["fields"].items())
            ],
        }
        for step in steps
        for collection, cleared in sorted(((step.checked or {}).get("cleared") or {}).items())
    ]


def describe_held(session: Session, ground: Ground, request_id: uuid.UUID) -> list[dict[str, Any]]:
    """What is still kept: which collection, how many rows, why, by what authority, until when."""
    return [
        {
            "collection": held.collection,
            "title": ground.catalogue.collection(held.collection).title.as_json(),
            "rows": held.row_count - held.released_count,
            "kind": held.kind.value,
            "deletable_from": held.ends.as_json(),
            "restriction": held.restriction.value,
            "meanwhile": held.meanwhile.as_json(),
            "rules": [hold["rule"] for hold in held.holds],
            "reason": held.holds[0]["reason"] if held.holds else held.reason,
        }
        for held in open_entries(session, request_id=request_id)
    ]


def describe_packs(session: Session, request_id: uuid.UUID, plan_id: uuid.UUID) -> list[dict[str, str]]:
    """The rule packs that kept records in this plan, or still keep some of the request, each with its status."""
    kept = [item.holds for item in items_of(session, plan_id) if item.act is not Action.DELETE]
    kept += [held.holds for held in open_entries(session, request_id=request_id)]
    return [one.as_json() for one in packs_of(hold for holds in kept for hold in holds)]


def certificates_of(session: Session, request_id: uuid.UUID) -> list[Certificate]:
    """The certificates of a request, oldest first."""
    return list(session.scalars(_MINE, {"request": request_id}))


def find_certificate(session: Session, number: str) -> Certificate | None:
    """The certificate with this number, however it was typed."""
    typed = "".join(number.upper().split())
    return session.scalars(sa.select(Certificate).where(Certificate.number == typed)).one_or_none()


def is_genuine(session: Session, certificate: Certificate) -> bool:
    """Whether body, digest and signature still belong together."""
    message = canonical(certificate.body)
    same = hashlib.sha256(message).hexdigest() == certificate.digest
    return same and session.info["keyring"].verify(message, certificate.signature)


def _new_number(at: datetime) -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"XH{at:%y%m}-{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"
