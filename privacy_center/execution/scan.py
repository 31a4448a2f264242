"""The full residual scan: one pass over every text of every collection, for everybody erased since the last one."""

import uuid
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.execution.certify import issue_certificate
from privacy_center.execution.conclude import EXECUTOR, identifiers_of_run
from privacy_center.execution.models import Certificate, ExecutionRun, RunKind, RunState, ScanRecord
from privacy_center.execution.office import Office
from privacy_center.execution.reopen import end_with_certificate, reopen_for_finds
from privacy_center.execution.residue import explain_hits, open_hits, settle_gone
from privacy_center.plans.models import Plan
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.sources.residual import Hit, Progress, scan_full
from privacy_center.sources.trouble import SKIPPED_BY_MAP

PURPOSE = "scan"


def runs_to_scan(session: Session, request_ids: Iterable[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """Finished erasures without a full scan yet; with `request_ids`, those of these requests, scanned before or not."""
    wanted = sa.select(ExecutionRun.id).where(ExecutionRun.kind == RunKind.ERASURE, ExecutionRun.state == RunState.DONE)
    if request_ids is not None:
        return list(session.scalars(wanted.where(ExecutionRun.request_id.in_(list(request_ids)))))
    scanned = sa.select(Certificate.run_id).where(Certificate.purpose == PURPOSE)
    return list(session.scalars(wanted.where(ExecutionRun.id.not_in(scanned))))


def scan_everything(office: Office, run_ids: list[uuid.UUID]) -> ScanRecord:
    """Look for everybody behind these runs in one pass; enter what is found and extend the certificates.

    Reads every mapped row once, in pages of 1,000; a collection that cannot be read is named in the record, and the
    certificates are then not extended: the next scan looks again.
    """
    begun = clock.now()
    with office.database.reading() as session:
        people = {str(run_id): identifiers_of_run(session, run_id)[0] for run_id in run_ids}
    progress = Progress()
    hits: dict[str, list[Hit]] = {}
    for hit in scan_full(office.sources, office.data_map, people, progress) if people else ():
        hits.setdefault(hit.person, []).append(hit)
    skipped = {key: words for key, words in progress.skipped.items() if words != SKIPPED_BY_MAP}
    skipped = {key: words for key, words in skipped.items() if not office.data_map.collections[key].out_of_scope}
    for run_id in run_ids:
        with office.database.transaction() as session:
            _enter(office, session, run_id, hits.get(str(run_id), []), begun, complete=not skipped)
    with office.database.transaction() as session:
        record_of = ScanRecord(
            id=uuid.uuid4(),
            started_at=begun,
            finished_at=clock.now(),
            people=len(people),
            rows_read=progress.rows,
            hits=sum(map(len, hits.values())),
            skipped={key: words.as_json() for key, words in skipped.items()},
        )
        session.add(record_of)
    return record_of


def _enter(
    office: Office, session: Session, run_id: uuid.UUID, hits: list[Hit], begun: datetime, *, complete: bool
) -> None:
    run = session.get_one(ExecutionRun, run_id)
    request = session.get_one(PrivacyRequest, run.request_id)
    proven = identifiers_of_run(session, run_id)[1]
    at = clock.now()
    left = settle_gone(session, request.id, hits, at) if complete else open_hits(session, request.id)
    entries = explain_hits(session, office.data_map, session.get_one(Plan, run.plan_id), hits, proven, at)
    left += [entry for entry in entries if entry.explanation is None]
    unexplained = len(left)
    if left:
        reopen_for_finds(session, request, left, at)
    elif complete and request.state is State.NEEDS_ATTENTION:
        session.flush()
        end_with_certificate(session, office, run, request, at)
    elif complete:
        residual = {
            "indexed": run.finished_at.isoformat(timespec="seconds") if run.finished_at else None,
            "full": begun.isoformat(timespec="seconds"),
            "explained": len(entries),
        }
        issue_certificate(session, office, run, request, purpose=PURPOSE, residual=residual, at=at)
    record(
        session,
        actor=EXECUTOR,
        act="residual.scan",
        subject=request.person_id,
        request=request.reference,
        details={"hits": len(entries), "unexplained": unexplained, "complete": complete},
        at=at,
    )
