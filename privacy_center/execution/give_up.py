"""When a run cannot be brought to its end: a person is told, and may hand it in again."""

import uuid
from datetime import datetime

from privacy_center.audit.append import record
from privacy_center.errors import Words
from privacy_center.execution.conclude import EXECUTOR
from privacy_center.execution.models import ExecutionRun, RunKind, RunState
from privacy_center.execution.office import Office
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.moves import need_attention

NOT_CONCLUDED = Words(
    "最后的核对没有做完。查看日志，排除原因后重试。",
    "The last check could not be finished. See the log, mend the cause and try again.",
)


def give_up(office: Office, run_id: uuid.UUID, at: datetime) -> RunState:
    """Note that a run failed at its end. Safe to repeat."""
    with office.database.transaction() as session:
        run = session.get_one(ExecutionRun, run_id, with_for_update=True)
        if run.state in (RunState.DONE, RunState.FAILED):
            return run.state
        run.state, run.finished_at = RunState.FAILED, at
        request = session.get_one(PrivacyRequest, run.request_id)
        if run.kind is RunKind.ERASURE and request.state in (State.EXECUTING, State.CHECKING):
            problem = {"conclusion": NOT_CONCLUDED.as_json()}
            need_attention(session, request, problem=problem, at=at)
        about = {"subject": request.person_id, "request": request.reference}
        details = {"run": str(run_id), "kind": run.kind.value}
        record(session, actor=EXECUTOR, act="execution.failed", **about, details=details, at=at)
        return run.state
