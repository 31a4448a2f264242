"""A request that had ended and of which a later scan found something: open again, until every find is settled."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center.audit.append import Actor
from privacy_center.errors import Words
from privacy_center.execution.certify import certificates_of, issue_certificate
from privacy_center.execution.held import open_entries
from privacy_center.execution.models import Certificate, ExecutionRun, ResidualHit, RunKind, RunState
from privacy_center.execution.residue import open_hits
from privacy_center.plans.ground import Ground
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import SYSTEM, end_again, found_again

RECHECK = "recheck"
FOUND_LATER = Words(
    "复查又发现 {count} 处记录里有这位客户的联系方式。逐处写明为什么可以留，或删掉以后再扫描一次。",
    "A later scan found the customer's contacts in {count} more places. Say of each why it may stay, or delete it and scan "
    "again.",
)
ENDED = frozenset({State.COMPLETED, State.COMPLETED_WITH_HOLDS})


def reopen_for_finds(session: Session, request: PrivacyRequest, finds: Iterable[ResidualHit], at: datetime) -> bool:
    """Lay an ended request before a person because of what was found; whether it was ended until now."""
    if request.state not in ENDED:
        return False
    problem = {"residual": FOUND_LATER.filled(count=len(list(finds))).as_json()}
    found_again(session, request, problem=problem, at=at)
    return True


def end_when_settled(
    session: Session, ground: Ground, request: PrivacyRequest, at: datetime, actor: Actor = SYSTEM
) -> Certificate | None:
    """End a request again once nothing that was found is left unsettled, with a certificate that extends the first one.

    None where it was not open for that reason, or something is still unsettled.
    """
    run = _finished_erasure(session, request)
    if request.state is not State.NEEDS_ATTENTION or run is None or open_hits(session, request.id):
        return None
    return end_with_certificate(session, ground, run, request, at, actor)


def end_with_certificate(
    session: Session, ground: Ground, run: ExecutionRun, request: PrivacyRequest, at: datetime, actor: Actor = SYSTEM
) -> Certificate:
    """The certificate of a recheck, and the request ended again."""
    earlier = sum(one.purpose.startswith(RECHECK) for one in certificates_of(session, request.id))
    hits = sa.select(sa.func.count()).select_from(ResidualHit).where(ResidualHit.request_id == request.id)
    residual = {
        "indexed": run.finished_at.isoformat(timespec="seconds") if run.finished_at else None,
        "full": at.isoformat(timespec="seconds"),
        "explained": session.scalar(hits),
    }
    purpose = f"{RECHECK}-{earlier + 1}"
    certificate = issue_certificate(session, ground, run, request, purpose=purpose, residual=residual, at=at)
    kept = bool(open_entries(session, request_id=request.id))
    end_again(session, request, with_holds=kept, details={"certificate": certificate.number}, actor=actor, at=at)
    return certificate


def _finished_erasure(session: Session, request: PrivacyRequest) -> ExecutionRun | None:
    """The last erasure of a request, if it came to its end."""
    mine = sa.select(ExecutionRun).where(ExecutionRun.request_id == request.id, ExecutionRun.kind == RunKind.ERASURE)
    last = session.scalars(mine.order_by(ExecutionRun.created_at.desc()).limit(1)).first()
    return last if last is not None and last.state is RunState.DONE else None
