"""Pages for everyone: the entry, the notices, other ways than the web, and the check of a certificate's number."""

from datetime import timedelta

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.execution.certify import find_certificate, is_genuine
from privacy_center.execution.models import Certificate
from privacy_center.execution.residue import open_hits
from privacy_center.people.rate import Limit, count_once
from privacy_center.plans.unsearched import read_unsearched
from privacy_center.web.collected import collected
from privacy_center.web.filters import answer_by, moment
from privacy_center.web.page import go, page
from privacy_center.web.schedule import duration_words, schedule
from privacy_center.web.units import reading, transaction
from privacy_center.web.unsearched import customer_reach

public = Blueprint("public", __name__)

CHECKED = Limit("certificate.address", 120, timedelta(hours=1))


@public.get("/")
def entry() -> Response:
    """What can be done here, what is needed, how long it takes, and the ways other than the web (ux P1)."""
    return page("public/entry.html", answer_by=answer_by())


@public.get("/privacy-notice")
def privacy_notice() -> Response:
    """What the company collects, group by group, from the data map and its catalogue."""
    return page("public/privacy_notice.html", groups=collected())


@public.get("/how-long-we-keep")
def how_long() -> Response:
    """Every retention rule in force: what it covers, how long, by what authority."""
    keeping, deleting = schedule()
    return page("public/how_long.html", keeping=keeping, deleting=deleting, duration_words=duration_words)


@public.get("/accessibility")
def accessibility() -> Response:
    """What works for whom, and whom to tell when something does not."""
    return page("public/accessibility.html")


@public.get("/help")
def help_page() -> Response:
    """Ways other than the web: hotline, counter, letter, no longer the same number."""
    return page("public/help.html")


@public.get("/verify")
def verify_form() -> Response:
    """Type the number of a certificate; a number in the address goes on to its answer."""
    number = request.args.get("number", "").strip()
    if number:
        return go(url_for("public.verify", number=number))
    errors = {"number": _("写下证明上的编号")} if "number" in request.args else {}
    return page("public/verify.html", number=number, errors=errors, status=422 if errors else 200)


@public.get("/verify/<number>")
def verify(number: str) -> Response:
    """Genuine or not, with totals; never whose it is or what was in it."""
    with transaction() as session:
        count_once(session, CHECKED, request.remote_addr or "", clock.now())
    with reading() as session:
        found = find_certificate(session, number)
        genuine = found is not None and is_genuine(session, found)
        unsettled = len(open_hits(session, found.request_id)) if found is not None and genuine else 0
    rows = _totals(found) if found is not None and genuine else []
    kept = found.body.get("unsearched", ()) if found is not None and genuine else ()
    reach = customer_reach(read_unsearched(kept))
    told = {"genuine": genuine, "rows": rows, "reach": reach, "unsettled": unsettled}
    return page("public/verified.html", number=number, **told, status=200 if genuine else 404)


def _totals(found: Certificate) -> list[tuple[str, object]]:
    counts = found.body["collections"].values()
    held = sum(one["rows"] for one in found.body["held"])
    return [
        (_("发证时间"), moment(found.issued_at)),
        (_("已删除"), _records(sum(one.get("erased", 0) for one in counts))),
        (_("部分内容已清空"), _records(sum(one["records"] for one in found.body.get("cleared", [])))),
        (_("发证时仍保留"), _records(held)),
        (_("系统"), _("%(n)s 个", n=len(found.body["systems"]))),
    ]


def _records(number: int) -> str:
    return _("1 条") if number == 1 else _("%(n)s 条", n=f"{number:,}")
