"""Numbers for a monitoring system: totals of ours, never a person. Asked from this machine, or with the token of the settings."""

import hmac
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, request
from sqlalchemy.orm import Session

from privacy_center import clock
from privacy_center.anomalies.items import count_items
from privacy_center.audit.export import export_state
from privacy_center.execution.models import ExecutionRun, HeldRows, ResidualHit, ScanRecord
from privacy_center.execution.workers import count_workers
from privacy_center.holds.review_dates import overdue_holds
from privacy_center.looks.questions import count_open
from privacy_center.outbox.models import OutboxMessage
from privacy_center.people.evidence.keep import count_overdue
from privacy_center.privacy_requests.models import PrivacyRequest
from privacy_center.privacy_requests.states import OPEN
from privacy_center.web.units import center, reading

metrics = Blueprint("metrics", __name__)
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@metrics.get("/metrics")
def numbers() -> Response:
    """Prometheus text: requests, runs and messages by state, overdue, held rows, open finds, workers."""
    if not _may_ask():
        abort(404)
    with reading() as session:
        text = "".join(f"{line}\n" for line in _lines(session))
    return make_response(text, 200, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


def _may_ask() -> bool:
    token = center().settings.metrics_token.get_secret_value()
    if not token:
        return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(said.encode(), token.encode())


def _lines(session: Session) -> Iterator[str]:
    yield from _by_state(session, "privacy_requests", PrivacyRequest.state)
    yield from _by_state(session, "privacy_execution_runs", ExecutionRun.state)
    yield from _by_state(session, "privacy_messages", OutboxMessage.state)
    at = clock.now()
    open_requests = PrivacyRequest.state.in_(OPEN)
    overdue = sa.and_(open_requests, PrivacyRequest.due_on < center().today(at))
    yield _line("privacy_requests_overdue", _count(session, PrivacyRequest, overdue))
    held = sa.select(sa.func.coalesce(sa.func.sum(HeldRows.row_count - HeldRows.released_count), 0))
    yield _line("privacy_held_rows", session.scalar(held.where(HeldRows.released_at.is_(None))))
    yield _line("privacy_holds_overdue", len(overdue_holds(session, center().today(at))))
    unexplained = sa.and_(ResidualHit.explanation.is_(None), ResidualHit.settled_at.is_(None))
    yield _line("privacy_residual_hits_open", _count(session, ResidualHit, unexplained))
    yield _line("privacy_evidence_overdue", count_overdue(session, at))
    yield from _record_lines(session, at)
    yield _line("privacy_workers", count_workers(session, at))
    last = session.scalar(sa.select(sa.func.max(ScanRecord.finished_at)))
    if last is not None:
        yield _line("privacy_last_scan_age_seconds", round((at - last).total_seconds()))


def _record_lines(session: Session, at: datetime) -> Iterator[str]:
    """The record: heads that did not leave, unusual access and questions that wait."""
    export, unusual = export_state(session), count_items(session, at)
    yield _line("privacy_audit_heads_waiting", export.waiting)
    yield _line("privacy_audit_head_failures", export.failures)
    if export.last is not None:
        yield _line("privacy_audit_last_export_age_seconds", round((at - export.last).total_seconds()))
    yield _line("privacy_anomalies_open", unusual.open)
    yield _line("privacy_anomalies_overdue", unusual.overdue)
    yield _line("privacy_look_questions_open", count_open(session))
    yield _line("privacy_look_questions_overdue", count_open(session, due_before=center().today(at)))


def _by_state(session: Session, name: str, column: sa.orm.InstrumentedAttribute) -> Iterator[str]:
    for state, count in session.execute(sa.select(column, sa.func.count()).group_by(column).order_by(column)):
        yield f'{name}{{state="{state.value}"}} {count}'


def _count(session: Session, model: type, condition: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(condition)) or 0


def _line(name: str, value: object) -> str:
    return f"{name} {value}"
