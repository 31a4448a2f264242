"""Cancelling a request for the customer at the counter or on the hotline: verify, which one, confirm."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center.errors import Refusal, Words
from privacy_center.people.call import CANCEL
from privacy_center.privacy_requests.models import State
from privacy_center.web.page import go, page
from privacy_center.web.staff.assist_cancelling import cancel_in_visit, one_standing, proof_for_cancelling, standing_of
from privacy_center.web.staff.assist_pages import verify_page
from privacy_center.web.staff.assist_proof import language_of, take_answer
from privacy_center.web.staff.assist_visit import Visit, is_over_at, note_look, visit_of
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.staff.shown_request import method_words
from privacy_center.web.units import reading

SCRIPT = Words(
    "您要撤回申请 {reference}。撤回以后，什么都不会删除，您的信息照原样保存。以后想删，可以再申请，次数不限。"
    "您的联系方式会收到通知。您同意我现在撤回吗？",
    "You want to cancel request {reference}. Once it is cancelled nothing is deleted, and your information stays as it is. "
    "You can ask again at any time, as often as you like. Your contacts will be told. Do you agree that I cancel it?",
)


@staff.route("/search/<key>/requests", methods=["GET", "POST"])
def assist_requests(key: str) -> Response:
    """Step 1, is it the customer, and step 2: their requests by number, kind, day and state. To stop something needs one
    proof, whatever the signs of risk, as on the customer's own page; without any nothing is shown.
    """
    visit = visit_of(key)
    if not visit.known:
        return go(url_for("staff.assist_verify", key=key))
    if request.method == "POST":
        return _verify(visit)
    if not visit.may_cancel:
        return verify_page(visit, cancelling=True)
    standing = standing_of(visit)
    note_look(visit, "requests")
    return page(
        "staff/assist/requests.html",
        visit=visit,
        standing=standing,
        method=method_words(proof_for_cancelling(visit)["by"]),
        until=is_over_at(visit),
    )


@staff.route("/search/<key>/requests/<number>", methods=["GET", "POST"])
def assist_cancel(key: str, number: str) -> Response:
    """Step 3: what cancelling means is read out, the customer says yes, and it is cancelled; the same page says what came of
    it. Pressing twice cancels once.
    """
    visit = visit_of(key)
    if not (visit.known and visit.may_cancel):
        return go(url_for("staff.assist_requests", key=key))
    if request.method == "GET":
        return _cancel_page(visit, number, {})
    if request.form.get("yes") != "yes":
        return _cancel_page(visit, number, {"yes": _("客户亲口说了“同意撤回”，才能勾选和撤回")})
    cancel_in_visit(visit, number, request.form.get("version", ""))
    return go(url_for("staff.assist_cancel", key=key, number=number))


def _verify(visit: Visit) -> Response:
    try:
        take_answer(visit, CANCEL)
    except Refusal as refusal:
        if refusal.status not in (422, 429):
            raise
        return verify_page(visit, refusal=refusal, cancelling=True)
    return go(url_for("staff.assist_requests", key=visit.key))


def _cancel_page(visit: Visit, number: str, errors: dict[str, str]) -> Response:
    one = one_standing(visit, number)
    note_look(visit, "cancel")
    with reading() as session:
        spoken = visit.language or language_of(session, visit)
    return page(
        "staff/assist/cancel.html",
        visit=visit,
        one=one,
        cancelled=one.asked.state is State.CANCELLED,
        method=method_words(proof_for_cancelling(visit)["by"]),
        spoken_now=spoken,
        script=SCRIPT.spoken(spoken).format(reference=one.asked.reference),
        errors=errors,
        status=422 if errors else 200,
    )
