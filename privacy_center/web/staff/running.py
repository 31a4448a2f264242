"""What operators do: carry out again what failed, explain what a scan found, look for what can be released."""

import uuid

from flask import Response, request, url_for

from privacy_center import clock
from privacy_center.audit.append import record
from privacy_center.errors import Refusal, Words
from privacy_center.execution.due import release_due
from privacy_center.execution.models import ResidualHit, RunState
from privacy_center.execution.proceed import retry_run, runs_of
from privacy_center.execution.reopen import end_when_settled
from privacy_center.execution.residue import settle_hit
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.web.page import go
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.handing_in import hand_in
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import center, transaction


@staff.post("/requests/<reference>/retry")
def retry(reference: str) -> Response:
    """Hand the failed run in again; the databases that are done stay done."""
    at = clock.now()
    with transaction() as session:
        asked = request_by_reference(session, reference)
        failed = [run for run in runs_of(session, asked.id) if run.state is RunState.FAILED]
        if not failed:
            raise Refusal(
                "没有失败的执行。刷新页面看最新情况。", "No run has failed. Reload the page to see where it is."
            )
        retry_run(session, failed[-1], hand_in, actor(), at)
        about = {"subject": asked.person_id, "request": reference}
        record(session, actor=actor(), act="execution.retried", **about, at=at)
    return go(url_for("staff.request_page", reference=reference, done="retried") + "#execution")


@staff.post("/requests/<reference>/hits/<uuid:hit>")
def explain_hit(reference: str, hit: uuid.UUID) -> Response:
    """Say why an identifier that a scan found may stay; refuses (422) an empty explanation."""
    at, why = clock.now(), request.form.get("why", "").strip()[:500]
    if not why:
        raise Refusal("写明为什么还在。", "Write why it is still there.", status=422, field="why")
    with transaction() as session:
        asked = request_by_reference(session, reference)
        found = session.get(ResidualHit, hit)
        if found is None or found.request_id != asked.id:
            raise Refusal("没有这一处。", "There is no such find.", status=404)
        settle_hit(found, Words(why, why), me().number, at)
        about = {"subject": asked.person_id, "request": reference, "details": {"hit": str(hit)}}
        record(session, actor=actor(), act="execution.hit_explained", **about, at=at)
        session.flush()
        end_when_settled(session, center(), asked, at, actor())
    return go(url_for("staff.request_page", reference=reference, done="explained") + "#execution")


@staff.post("/holds/check")
def check_release() -> Response:
    """Ask the databases now which held rows no rule holds any more, and hand in their deletion."""
    at = clock.now()
    opened = release_due(center(), hand_in, at)
    with transaction() as session:
        record(session, actor=actor(), act="holds.checked", details={"released": len(opened)}, at=at)
    return go(url_for("staff.holds", found=len({run.request_id for run in opened})))
