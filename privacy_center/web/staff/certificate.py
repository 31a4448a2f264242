"""The certificates of a request as staff see them: what the customer sees, whether they are genuine, and the runs behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.execution.certify import certificates_of, is_genuine
from privacy_center.execution.models import Certificate
from privacy_center.plans.followed import certificate_words
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.retention.signing import DecidingPack
from privacy_center.web.page import page
from privacy_center.web.preview_words import held_on
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.looked import note_request_look
from privacy_center.web.staff.shown_execution import ShownRun, hits_of, show_runs
from privacy_center.web.staff.shown_request import show_request
from privacy_center.web.units import reading
from privacy_center.web.unsearched import StaffPlace, staff_places


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """One certificate; `run` stands on the first certificate that it led to; `lines` are (title, collection, records deleted), `cleared`
    (title, collection, field, records), `held` as its body says it, `packs` the rule packs
    behind what is kept.
    """

    number: str
    title: str
    issued: datetime
    extends: str | None
    plan: str
    decided_by: str
    systems: list[str]
    scope: list[Words]
    lines: list[tuple[Words, str, int]]
    cleared: list[tuple[Words, str, Words, int]]
    held: list[dict[str, Any]]
    packs: list[DecidingPack]
    places: list[StaffPlace]
    suppressed: int
    others: list[Words]
    full_scan: bool
    digest: str
    genuine: bool
    run: ShownRun | None


@staff.get("/requests/<reference>/certificate")
def certificate(reference: str) -> Response:
    """Every certificate of the request, the first one first; 404 while there is none."""
    with reading() as session:
        asked = request_by_reference(session, reference)
        runs = {run.id: run for run in show_runs(session, asked.id)}
        papers = [_shown(session, one, runs.pop(one.run_id, None)) for one in certificates_of(session, asked.id)]
        if not papers:
            raise Refusal(
                "还没有删除证明。删完并回查以后，它会出现在这里。",
                "There is no certificate yet. It appears here when the data is deleted and checked.",
                status=404,
            )
        it, hits = show_request(session, asked), hits_of(session, asked.id)
    note_request_look(reference, "certificate", purpose="request.execution")
    return page("staff/certificate.html", it=it, papers=papers, hits=hits)


def _shown(session: Session, one: Certificate, run: ShownRun | None) -> ShownCertificate:
    body = one.body
    titles = {
        "erasure": _("删除记录"),
        "release": _("到期删除"),
        "scan": _("全部文本扫描"),
        "recheck": _("复查后的补充"),
    }
    lines = [
        (Words.read(told["title"]), collection, told.get("erased", 0))
        for collection, told in body["collections"].items()
    ]
    cleared = [
        (Words.read(one["title"]), one["collection"], Words.read(field["title"]), field["records"])
        for one in body.get("cleared", [])
        for field in one["fields"]
    ]
    return ShownCertificate(
        number=one.number,
        title=titles.get(one.purpose.partition("-")[0], _("删除记录")),
        issued=one.issued_at,
        extends=body["extends"],
        plan=body["plan"],
        decided_by=body["decided_by"] or "",
        systems=body["systems"],
        scope=[Words.read(one) for one in body.get("scope", {}).get("titles", [])],
        lines=[line for line in lines if line[2]],
        cleared=cleared,
        held=held_on(body),
        packs=[DecidingPack.read(pack) for pack in body.get("packs", ())],
        places=staff_places(body.get("unsearched", ())),
        suppressed=body.get("suppressed_contacts", 0),
        others=certificate_words(body.get("in_other_requests", ())),
        full_scan=bool(body["residual"].get("full")),
        digest=one.digest,
        genuine=is_genuine(session, one),
        run=run,
    )
