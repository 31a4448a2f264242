"""Handing in a deletion for the customer at the counter or on the hotline: verify, what and its preview, confirm."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Refusal, Words
from privacy_center.plans.draft import DraftedPlan
from privacy_center.privacy_requests.submit import MOST_WORDS
from privacy_center.web.choices import known_groups, known_kinds
from privacy_center.web.filters import answer_by, words, words_by_field
from privacy_center.web.language import speak
from privacy_center.web.page import go, page
from privacy_center.web.staff.assist_choices import choices_in
from privacy_center.web.staff.assist_guardian import see_guardian, told_of_age
from privacy_center.web.staff.assist_pages import confirm_page, scope_words, told_of, verify_page, what_page
from privacy_center.web.staff.assist_proof import take_answer
from privacy_center.web.staff.assist_submission import (
    draft_for,
    kinds_in,
    refuse_in_the_way,
    submit_for_customer,
)
from privacy_center.web.staff.assist_visit import Visit, keep_visit, note_look, visit_of
from privacy_center.web.staff.blueprint import staff
from privacy_center.web.units import reading

LANGUAGES = ("zh-CN", "en")


@staff.route("/search/<key>/verify", methods=["GET", "POST"])
def assist_verify(key: str) -> Response:
    """Step 1: is it the customer? What stands in the way of any deletion is said here, before anything is asked."""
    visit = visit_of(key)
    blocked = _in_the_way(visit)
    if visit.reference or blocked is not None or request.method == "GET":
        return _done(visit) if visit.reference else verify_page(visit, blocked=blocked)
    try:
        onward = take_answer(visit)
    except Refusal as refusal:
        if refusal.status not in (422, 429):
            raise
        return verify_page(visit, refusal=refusal)
    return go(url_for("staff.assist_what" if onward else "staff.assist_verify", key=key))


@staff.route("/search/<key>/what", methods=["GET", "POST"])
def assist_what(key: str) -> Response:
    """Step 2: everything or some kinds, and the language that the customer speaks."""
    visit = _verified(key)
    if isinstance(visit, Response):
        return visit
    if request.method == "GET":
        return what_page(visit, {})
    form = request.form
    scope, some = form.get("scope", ""), form.get("scope") == "categories"
    visit.groups = known_groups(form.getlist("categories")) if some else []
    visit.kinds = known_kinds(form.getlist("kinds")) if some else []
    visit.scope, visit.language, visit.waived = scope, form.get("language", ""), []
    errors = _wrong_choice(visit)
    if errors:
        return what_page(visit, errors)
    keep_visit(visit)
    return go(url_for("staff.assist_preview" if visit.proven else "staff.assist_confirm", key=key))


@staff.route("/search/<key>/preview", methods=["GET", "POST"])
def assist_preview(key: str) -> Response:
    """Step 2, to be read out: kinds and counts, what stays and until when, no value; and whether it is a child, with the
    guardian who stands beside. Shut while nobody was verified.
    """
    visit = _chosen(key)
    if request.method == "GET" or isinstance(visit, Response) or not visit.proven:
        return _preview(key, "staff/assist/preview.html", "preview")
    try:
        see_guardian(visit)
    except Refusal as refusal:
        return _preview(key, "staff/assist/preview.html", "preview", refusal=refusal)
    return go(url_for("staff.assist_preview", key=key))


@staff.get("/search/<key>/paper")
def assist_paper(key: str) -> Response:
    """The same for print, in the customer's language."""
    return _preview(key, "staff/assist/paper.html", "paper", for_customer=True)


@staff.route("/search/<key>/confirm", methods=["GET", "POST"])
def assist_confirm(key: str) -> Response:
    """Step 3: the customer says yes, and the request is handed in."""
    visit = _chosen(key)
    if isinstance(visit, Response):
        return visit
    drafted = draft_for(visit)
    if request.method == "GET":
        return confirm_page(visit, drafted, {})
    errors = _wrong_answers(visit, drafted)
    if errors:
        return confirm_page(visit, drafted, errors, 422)
    try:
        visit.reference = submit_for_customer(visit, drafted, request.form.get("words", ""))
    except Refusal as refusal:
        return confirm_page(visit, drafted, {"": words(refusal.words)}, refusal.status)
    keep_visit(visit)
    return _done(visit)


def _preview(
    key: str, template: str, step: str, *, for_customer: bool = False, refusal: Refusal | None = None
) -> Response:
    visit = _chosen(key)
    if isinstance(visit, Response):
        return visit
    if not visit.proven:
        return go(url_for("staff.assist_confirm", key=key))
    drafted = draft_for(visit)
    note_look(visit, step, counts_of=kinds_in(drafted))
    if for_customer:
        speak(visit.language)
    return page(
        template,
        visit=visit,
        scope=scope_words(visit),
        answer_by=answer_by(),
        choices=choices_in(visit, drafted),
        age=told_of_age(visit, drafted),
        typed=request.form,
        errors=words_by_field(refusal) if refusal else {},
        status=refusal.status if refusal else 200,
        **told_of(drafted),
    )


def _verified(key: str) -> Visit | Response:
    """The visit, or the page where it stands: done, stopped, or not verified yet."""
    visit = visit_of(key)
    if visit.reference:
        return _done(visit)
    blocked = _in_the_way(visit)
    if blocked is not None:
        return verify_page(visit, blocked=blocked)
    return visit if visit.how else go(url_for("staff.assist_verify", key=key))


def _chosen(key: str) -> Visit | Response:
    visit = _verified(key)
    if isinstance(visit, Response) or visit.scope:
        return visit
    return go(url_for("staff.assist_what", key=key))


def _done(visit: Visit) -> Response:
    return go(url_for("staff.assist_done", reference=visit.reference))


def _in_the_way(visit: Visit) -> Words | None:
    if not visit.known:
        return None
    try:
        with reading() as session:
            refuse_in_the_way(session, visit, clock.now())
    except Refusal as refusal:
        return refusal.words
    return None


def _wrong_choice(visit: Visit) -> dict[str, str]:
    errors = {}
    if visit.scope not in ("everything", "categories"):
        errors["scope"] = _("选一个范围：全部，或只删几类")
    elif visit.scope == "categories" and not (visit.groups or visit.kinds):
        errors["categories"] = _("至少勾选一类信息")
    if visit.language not in LANGUAGES:
        errors["language"] = _("选一下客户说哪种语言")
    return errors


def _wrong_answers(visit: Visit, drafted: DraftedPlan) -> dict[str, str]:
    form, errors = request.form, {}
    if visit.proven and form.get("digest") != drafted.digest:
        errors[""] = _("念过之后，有记录变了。请把预览再念一遍，再提交。")
    if len(form.get("words", "")) > MOST_WORDS:
        errors["words"] = _("最多 %(n)d 字，请写短一些", n=MOST_WORDS)
    if visit.proven and form.get("read") != "yes":
        errors["read"] = _("先把预览念给客户，或请客户看过，再勾选")
    if form.get("yes") != "yes":
        errors["yes"] = _("客户亲口说了“同意提交”，才能勾选和提交")
    return errors
