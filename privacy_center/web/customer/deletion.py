"""Asking for deletion in five steps: what, preview, proof, check, done. Nothing is kept of it until the fourth."""

from datetime import timedelta

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.plans.draft import DraftedPlan, draft_plan
from privacy_center.plans.overlap import own_in_others
from privacy_center.plans.preview import preview_sheet
from privacy_center.privacy_requests.models import Kind
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.privacy_requests.states import CANCELLABLE
from privacy_center.privacy_requests.stopped import refuse_stopped
from privacy_center.privacy_requests.submit import open_deletion_of
from privacy_center.sources.rows import Ownership
from privacy_center.web.account_fate import account_fate
from privacy_center.web.choices import group_choices, known_groups, known_kinds, low_risk, titles_of_scope
from privacy_center.web.customer.also import Offer, forget_seen, offers_from, remember_seen
from privacy_center.web.customer.draft import (
    Chosen,
    chosen_so_far,
    forget_chosen,
    keep_chosen,
    keep_waived,
    scope_of_choice,
)
from privacy_center.web.customer.fresh import Asked, ask_for_proof, take_proof
from privacy_center.web.customer.fresh_page import verify_page
from privacy_center.web.customer.held import count_held
from privacy_center.web.customer.identity import me, my_identities
from privacy_center.web.customer.prove import said_once
from privacy_center.web.customer.submission import submit_deletion
from privacy_center.web.customer.terms import action_of, terms_for
from privacy_center.web.deletion_terms import Terms
from privacy_center.web.filters import answer_by, day_text, today
from privacy_center.web.language import language
from privacy_center.web.ledger import Ledger, ledger_of
from privacy_center.web.page import go, page
from privacy_center.web.preview_words import parts_of, summary_of
from privacy_center.web.proof_words import proof_words
from privacy_center.web.proven import is_proven
from privacy_center.web.units import center, reading
from privacy_center.web.unsearched import customer_reach
from privacy_center.web.waiving import waivable_in, waived_titles

deletion = Blueprint("deletion", __name__, url_prefix="/me/deletion")


@deletion.route("/", methods=["GET", "POST"])
def what() -> Response:
    """Step 1: everything, or some groups of *My data*, or single kinds of record in them."""
    if request.method == "GET":
        return _what_page(chosen_so_far() or Chosen(scope=""), {})
    form = request.form
    groups, kinds = known_groups(form.getlist("categories")), known_kinds(form.getlist("kinds"))
    made = Chosen(form.get("scope", ""), groups, kinds)
    errors = _wrong_choice(made)
    if errors:
        return _what_page(made, errors)
    some = made.scope == "categories"
    keep_chosen(made.scope, groups if some else [], kinds if some else [])
    return go(url_for("deletion.preview_page"))


@deletion.route("/preview", methods=["GET", "POST"])
def preview_page() -> Response:
    """Step 2: every line of what would happen, before anything happens. POST gives something up, or takes that back."""
    chosen = chosen_so_far()
    if chosen is None:
        return go(url_for("deletion.what"))
    drafted = draft_for(chosen)
    if request.method == "POST":
        given_up = {request.form.get("give_up", "")} & waivable_in(drafted).keys()
        keep_waived(chosen, list(set(chosen.waived) - {request.form.get("take_back")} | given_up))
        return go(url_for("deletion.preview_page") + "#choices")
    told = _told(drafted)
    days = center().settings.cooling_off_days
    return page(
        "customer/deletion/preview.html",
        told=told,
        parts=parts_of(told),
        account=account_fate(drafted),
        summary=summary_of(told) + _("现在还没有提交，看完再决定。"),
        offers=[(one.token, one.masked) for one in _offers(drafted)],
        added=said_once(),
        waivable=waivable_in(drafted),
        waived=waived_titles(chosen.waived),
        in_the_way=_in_the_way(),
        reach=customer_reach(drafted.unsearched),
        in_others=_in_others(drafted),
        refused_contacts=drafted.refused_contacts,
        troubles=[problem.words for problem in drafted.problems if problem.blocking],
        cooling_off_days=days,
        erase_on=today() + timedelta(days=days),
        answer_by=answer_by(),
    )


@deletion.route("/verify", methods=["GET", "POST"])
def verify() -> Response:
    """Step 3: is it you? A proof for deleting, by whatever the customer has; signing in is not one."""
    chosen = chosen_so_far()
    if chosen is None:
        return go(url_for("deletion.what"))
    action = action_of(chosen)
    if request.method == "GET":
        return go(url_for("deletion.check")) if is_proven(me(), action) else _verify_page(ask_for_proof(action))
    asked = take_proof(action)
    return _verify_page(asked) if asked else go(url_for("deletion.verify"))


@deletion.route("/check", methods=["GET", "POST"])
def check() -> Response:
    """Step 4: the answers once more, what cannot be undone, and the submission."""
    chosen = chosen_so_far()
    if chosen is None:
        return go(url_for("deletion.what"))
    if not is_proven(me(), action_of(chosen)):
        return go(url_for("deletion.verify"))
    drafted = draft_for(chosen)
    if request.method == "GET":
        return _check_page(chosen, drafted, {})
    errors = _wrong_answers(chosen, drafted)
    if errors:
        return _check_page(chosen, drafted, errors, status=422)
    try:
        reference = submit_deletion(
            chosen, drafted, hurried=request.form["cooling"] == "now", words=request.form.get("words", "")
        )
    except Refusal as refusal:
        return _check_page(chosen, drafted, {"": refusal.words.spoken(language())}, status=refusal.status)
    forget_chosen()
    forget_seen()
    return go(url_for("deletion.done", reference=reference))


@deletion.get("/done/<reference>")
def done(reference: str) -> Response:
    """Step 5: received, with its reference; may be kept as a bookmark."""
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
    return page("customer/deletion/done.html", asked=asked, can_cancel=asked.state in CANCELLABLE, active="requests")


def draft_for(chosen: Chosen) -> DraftedPlan:
    """The plan for the signed-in customer and what they chose, as of today."""
    with reading() as session:
        identities = my_identities(session)
    return draft_plan(center(), identities, scope_of_choice(chosen), today(), chosen.waived)


def _in_others(drafted: DraftedPlan) -> int:
    with reading() as session:
        return own_in_others(session, drafted)


def _offers(drafted: DraftedPlan) -> list[Offer]:
    with reading() as session:
        identities = my_identities(session)
    unclear = any(decision.ownership is Ownership.UNCLEAR for _key, decision, _rows in drafted.sheet.groups())
    offers = offers_from(identities, drafted.offered, unclear=unclear)
    remember_seen(offers)
    return offers


def _told(drafted: DraftedPlan) -> Ledger:
    return ledger_of(preview_sheet(center().catalogue, center().data_map, drafted.sheet))


def _wrong_choice(made: Chosen) -> dict[str, str]:
    if made.scope not in ("everything", "categories"):
        return {"scope": _("选一个范围：全部，或只删几类")}
    if made.scope == "categories" and not (made.groups or made.kinds):
        return {"categories": _("至少勾选一类信息")}
    return {}


def _wrong_answers(chosen: Chosen, drafted: DraftedPlan) -> dict[str, str]:
    form, errors = request.form, {}
    if form.get("digest") != drafted.digest:
        errors[""] = _("您看过之后，有记录变了。请再看一遍每一项，再提交。")
    if form.get("cooling") not in [key for key, _words, _small in _cooling_choices(chosen, terms_for(chosen, drafted))]:
        errors["cooling"] = _("选一下什么时候删除")
    if form.get("understood") != "yes":
        errors["understood"] = _("勾选“我看过每一项”，才能提交")
    return errors


def _cooling_choices(chosen: Chosen, terms: Terms) -> list[tuple[str, str, str]]:
    days = terms.days
    last = day_text(today() + timedelta(days=days))
    choices = [("days", _("%(n)d 天内可以撤回（推荐）", n=days), _("最早%(day)s删除", day=last))] if days else []
    if terms.enough and (low_risk(scope_of_choice(chosen)) or not days):
        choices.append(("now", _("审核通过就删除"), _("审核通过以后不能再撤回")))
    return choices


def _open_deletion() -> str:
    """The reference of a deletion that is still open: a second one would be refused at the last step."""
    with reading() as session:
        asked = open_deletion_of(session, me().person)
        return asked.reference if asked else ""


def _in_the_way() -> str:
    """Why the last step would refuse a deletion now: everything stopped, or a contact just changed. Else nothing."""
    try:
        with reading() as session:
            refuse_stopped(session, me().person, Kind.DELETION, clock.now())
    except Refusal as refusal:
        return refusal.words.spoken(language())
    return ""


def _what_page(made: Chosen, errors: dict[str, str]) -> Response:
    return page(
        "customer/deletion/what.html",
        under_way=_open_deletion(),
        in_the_way=_in_the_way(),
        scope=made.scope,
        chosen_groups=made.groups,
        chosen_kinds=made.kinds,
        choices=group_choices(count_held()),
        errors=errors,
        status=422 if errors else 200,
    )


def _verify_page(asked: Asked) -> Response:
    step, here = _("申请删除个人信息，第 3 步，共 5 步"), url_for("deletion.verify")
    return verify_page(asked, step=step, here=here, back_url=url_for("deletion.preview_page"))


def _check_page(chosen: Chosen, drafted: DraftedPlan, errors: dict[str, str], status: int = 200) -> Response:
    told = _told(drafted)
    terms = terms_for(chosen, drafted)
    choices = _cooling_choices(chosen, terms)
    return page(
        "customer/deletion/check.html",
        scope=chosen.scope,
        account=account_fate(drafted),
        scope_titles=titles_of_scope(scope_of_choice(chosen)),
        parts=parts_of(told),
        summary=summary_of(told),
        answer_by=answer_by(),
        digest=drafted.digest,
        terms=terms,
        method=proof_words(terms.method),
        cooling_choices=choices,
        cooling=request.form.get("cooling", choices[0][0]),
        typed_words=request.form.get("words", ""),
        understood=request.form.get("understood") == "yes",
        errors=errors,
        status=status,
    )
