"""The papers of a request: the decision letter and the certificates, for reading and for print."""

import io
from typing import Any

import segno
from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from privacy_center.errors import Refusal, Words
from privacy_center.execution.certify import certificates_of
from privacy_center.execution.models import Certificate
from privacy_center.execution.residue import open_hits
from privacy_center.plans.followed import certificate_words, customer_words, other_requests
from privacy_center.plans.freeze import current_plan
from privacy_center.plans.unsearched import read_unsearched
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.privacy_requests.queries import label_of, request_by_reference
from privacy_center.privacy_requests.timeline import Happening, timeline_of
from privacy_center.review.reasons import letter_words
from privacy_center.web.customer.identity import me
from privacy_center.web.customer.lines import scope_words, told_of
from privacy_center.web.customer.progress import progress_of
from privacy_center.web.customer.sight import request_seen
from privacy_center.web.page import go, page
from privacy_center.web.preview_words import default_ends, held_on, parts_of, until_words
from privacy_center.web.units import center, reading
from privacy_center.web.unsearched import customer_reach, reach_of_plan

papers = Blueprint("papers", __name__, url_prefix="/me/requests")

DECIDED = ("refused", "partly_approved", "approved")


@papers.get("/<reference>/letter")
def letter(reference: str) -> Response:
    """The decision: each item, why, until when, and how to object (PIPL art. 50). 404 while nothing is decided.

    Who may not see the whole request is sent back to it, where the way to more stands.
    """
    if (less := _less_of(reference)) is not None:
        return less
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
        happened = timeline_of(session, asked.id, customer_only=True)
        told, label = told_of(session, asked), label_of(session, asked)
        plan = current_plan(session, asked.id)
        reach, refused_contacts = reach_of_plan(plan), plan.refused_contacts if plan else 0
        others = customer_words(other_requests(session, asked), done_only=True)
    if asked.decided_at is None:
        raise Refusal(
            "还没有决定书。审核完成后，它会出现在这里。",
            "There is no decision letter yet. It appears here when the review is done.",
            status=404,
        )
    decision = next((one for one in happened if one.what in DECIDED), None)
    return page(
        "customer/requests/letter.html",
        asked=asked,
        label=label,
        way=progress_of(asked, happened),
        told=told,
        reach=reach,
        refused_contacts=refused_contacts,
        others=others,
        parts=parts_of(told),
        default_end=default_ends(asked),
        until_words=until_words(),
        reasons=letter_words(decision.details.get("reason_codes", [])) if decision else [],
        scope_words=scope_words(asked),
        refused=asked.state is State.REFUSED,
        said=_said(decision),
        active="requests",
    )


@papers.get("/<reference>/certificate")
def certificate(reference: str) -> Response:
    """Every certificate of the request, the first and what extends it, each with a code by which anybody can check it."""
    if (less := _less_of(reference)) is not None:
        return less
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
        found, label = certificates_of(session, asked.id), label_of(session, asked)
        unsettled = len(open_hits(session, asked.id))
    if not found:
        raise Refusal(
            "还没有删除证明。删完并回查以后，它会出现在这里。",
            "There is no certificate yet. It appears here when the data is deleted and checked.",
            status=404,
        )
    return page(
        "customer/requests/certificate.html",
        asked=asked,
        label=label,
        papers=[paper_of(one) for one in found],
        unsettled=unsettled,
        paper_titles={
            "erasure": _("删除记录"),
            "release": _("到期删除"),
            "scan": _("全部文本扫描"),
            "recheck": _("复查后的补充"),
        },
        active="requests",
    )


def _less_of(reference: str) -> Response | None:
    _asked, sight = request_seen(reference)
    return None if sight.whole else go(url_for("requests.show", reference=reference))


def certificates_for(session: Session, asked: PrivacyRequest) -> list[Certificate]:
    """The certificates of a request, oldest first."""
    return certificates_of(session, asked.id)


def paper_of(one: Certificate) -> dict[str, Any]:
    """What a certificate says, as lines: erased, kept, how it was checked, and the square code."""
    body = one.body
    address = center().settings.base_url.rstrip("/") + url_for("public.verify", number=one.number)
    lines = [_line_of(counts) for counts in body["collections"].values()]
    return {
        "number": one.number,
        "digest": " ".join(one.digest[start : start + 4] for start in range(0, 16, 4)),
        "issued_at": one.issued_at,
        "extends": body["extends"],
        "purpose": one.purpose.partition("-")[0],
        "lines": [line for line in lines if line["erased"]],
        "erased": sum(line["erased"] for line in lines),
        "scope": [Words.read(one) for one in body.get("scope", {}).get("titles", [])],
        "cleared": [_cleared_in(one) for one in body.get("cleared", [])],
        "cleared_records": sum(one["records"] for one in body.get("cleared", [])),
        "held": held_on(body),
        "systems": len(body["systems"]),
        "reach": customer_reach(read_unsearched(body.get("unsearched", ()))),
        "suppressed": body.get("suppressed_contacts", 0),
        "others": certificate_words(body.get("in_other_requests", ())),
        "full_scan": bool(body["residual"].get("full")),
        "verify_at": address,
        "qr": _square_code(address),
    }


def _line_of(counts: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": Words.read(counts["title"]),
        "erased": counts.get("erased", 0),
    }


def _cleared_in(told: dict[str, Any]) -> dict[str, Any]:
    """One kind of record of which fields were cleared: its title, records, and each field's title with its records."""
    fields = [(Words.read(one["title"]), one["records"]) for one in told["fields"]]
    return {"title": Words.read(told["title"]), "records": told["records"], "fields": fields}


def _square_code(address: str) -> Markup:
    """A QR code as inline SVG: black on white, no style, no script."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgns=False, svgclass="qr", lineclass=None, omitsize=True, border=2)
    return Markup(drawn.getvalue().decode())


def _said(decision: Happening | None) -> str:
    if decision is None:
        return ""
    return str(decision.details.get("text", ""))
