"""Looking at a picture: asked for by a button, drawn once on a page of its own, and written down."""

import uuid

from flask import Response, make_response, url_for

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.errors import Refusal
from privacy_center.people.evidence.keep import evidence_of, grant_look, open_once
from privacy_center.people.identity_cases.decide import case_by_reference, check_may_handle
from privacy_center.web.filters import words
from privacy_center.web.page import page
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.who import actor, me
from privacy_center.web.units import transaction

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@staff.post("/identity-cases/<case>/evidence/<uuid:evidence>")
def look_at_evidence(case: str, evidence: uuid.UUID) -> Response:
    """The page on which the picture stands once, or why not, with the way back to the case."""
    try:
        token = _grant(case, evidence)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return page("staff/identity_cases/picture.html", case=case, said=words(refusal.words), status=409)
    address = url_for("staff.evidence_picture", token=token)
    return page("staff/identity_cases/picture.html", case=case, address=address, said="")


def _grant(case: str, evidence: uuid.UUID) -> str:
    """The token for one look, which is written down before anything is shown."""
    at = clock.now()
    with transaction() as session:
        found = case_by_reference(session, case)
        check_may_handle(session, found, me())
        picture = next((one for one in evidence_of(session, found.id) if one.id == evidence), None)
        if picture is None:
            raise Refusal("没有这张图片。", "There is no such picture.", status=404)
        token = grant_look(session, picture, me().number, at)
        record_look(
            session,
            actor=actor(),
            subject=found.asker_id,
            data=["user.government_id"],
            purpose="identity.verification",
            case=case,
            act="data.reveal",
            more={"page": "evidence", "evidence": str(evidence)},
            at=at,
        )
    return token


@staff.get("/evidence/<token>")
def evidence_picture(token: str) -> Response:
    """The picture itself, for the member of staff and the two minutes that the token is good for, once."""
    at = clock.now()
    with transaction() as session:
        evidence, data = open_once(session, token, me().number, at)
    answer = make_response(data, 200)
    answer.headers["Content-Type"] = "image/jpeg"
    answer.headers["Content-Disposition"] = f'attachment; filename="{evidence.shows}.jpg"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
