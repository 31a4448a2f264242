"""The customer's requests: the list, one request with its progress and messages, cancelling it, its papers."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.execution.held import kept_now
from privacy_center.execution.waive import waivable_rules, waive
from privacy_center.plans.followed import customer_words, other_requests
from privacy_center.privacy_requests.models import PrivacyRequest, Side, State
from privacy_center.privacy_requests.moves import cancel_request, out_of_date
from privacy_center.privacy_requests.queries import request_by_reference, requests_of
from privacy_center.privacy_requests.question import silence_words
from privacy_center.privacy_requests.states import CANCELLABLE, CLOSED
from privacy_center.privacy_requests.thread import Said, answer, thread_of
from privacy_center.privacy_requests.timeline import timeline_of
from privacy_center.web.customer.identity import as_actor, me
from privacy_center.web.customer.lines import scope_words, told_of
from privacy_center.web.customer.papers import certificates_for
from privacy_center.web.customer.progress import event_by, event_words, progress_of
from privacy_center.web.customer.sight import Sight, ask_first, request_seen
from privacy_center.web.language import language
from privacy_center.web.page import go, page, wants_fragment
from privacy_center.web.preview_words import default_ends, outcome_words, outcome_words_done, parts_of
from privacy_center.web.units import center, reading, transaction
from privacy_center.web.waiving import waivable_holds

requests = Blueprint("requests", __name__, url_prefix="/me/requests")


@requests.get("/")
def listed() -> Response:
    """Every request of the customer, the open ones with their dots."""
    with reading() as session:
        found = [progress_of(one, timeline_of(session, one.id)) for one in requests_of(session, me().person)]
    opened = [one for one in found if not one.closed]
    return page(
        "customer/requests/listed.html",
        open=opened,
        closed=[one for one in found if one.closed],
        active="requests",
    )


@requests.get("/<reference>")
def show(reference: str) -> Response:
    """One request: where it is, what comes, each item, messages, what happened.

    Who is not as sure as the table of levels asks sees where it is and what happened when, and can still stop it.
    """
    asked, sight = request_seen(reference)
    if (asks := ask_first(sight)) is not None:
        return asks
    return _show_page(reference) if sight.whole else _show_less(asked, sight)


@requests.post("/<reference>/messages")
def say(reference: str) -> Response:
    """Write to the staff, or answer what they asked; an answer is for those only who may read the question."""
    typed = request.form.get("text", "")
    asked, sight = request_seen(reference)
    if not sight.whole and asked.state is State.WAITING_CUSTOMER:
        return go(sight.ways)
    try:
        with transaction() as session:
            asked = request_by_reference(session, reference, person=me().person)
            answer(session, asked, text=typed, actor=as_actor(), at=clock.now())
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        errors = {"text": refusal.words.spoken(language())}
        return _show_page(reference, typed, errors) if sight.whole else _show_less(asked, sight, typed, errors)
    return go(url_for("requests.show", reference=reference) + "#say-heading")


@requests.route("/<reference>/cancel", methods=["GET", "POST"])
def cancel(reference: str) -> Response:
    """A page of its own says what cancelling means; the button there does it."""
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
    if asked.state not in CANCELLABLE:
        raise Refusal(
            "这个申请已经开始执行或已经办结，不能撤回了。有疑问请留言或打电话。",
            "This request is being carried out or is closed, so it cannot be cancelled. Write to us or call.",
        )
    if request.method == "GET":
        return page("customer/requests/cancel.html", asked=asked, active="requests")
    with transaction() as session:
        asked = request_by_reference(session, reference, person=me().person)
        if request.form.get("version") != str(asked.version):
            raise out_of_date()
        cancel_request(session, asked, actor=as_actor(), at=clock.now())
    return go(url_for("requests.show", reference=reference))


@requests.route("/<reference>/give-up", methods=["GET", "POST"])
def give_up(reference: str) -> Response:
    """A page of its own says what giving up means; a button for each thing that waits only for the customer."""
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
        waiting = waivable_holds(waivable_rules(session, asked))
    if request.method == "GET":
        return page("customer/requests/give_up.html", asked=asked, waiting=waiting, active="requests")
    at = clock.now()
    with transaction() as session:
        asked = request_by_reference(session, reference, person=me().person)
        rules = [request.form.get("rule", "")]
        waive(session, center(), asked, rules, actor=as_actor(), today=center().today(at), at=at)
    return go(url_for("requests.show", reference=reference))


def _show_page(reference: str, typed: str = "", errors: dict[str, str] | None = None) -> Response:
    with reading() as session:
        asked = request_by_reference(session, reference, person=me().person)
        happened = timeline_of(session, asked.id, customer_only=True)
        said = thread_of(session, asked.id)
        told = told_of(session, asked)
        papers = certificates_for(session, asked)
        waiting = waivable_holds(waivable_rules(session, asked))
        kept = kept_now(session, asked.id)
        others = customer_words(other_requests(session, asked), done_only=asked.state in CLOSED)
    way = progress_of(asked, happened)
    finished = way.asked.completed_at is not None
    return page(
        "customer/requests/show.html",
        fragment="progress",
        asked=asked,
        way=way,
        silence=silence_words(asked),
        told=told,
        parts=parts_of(told, done=finished),
        outcome_words=outcome_words_done() if finished else outcome_words(),
        default_end=default_ends(asked),
        scope_words=scope_words(asked),
        certificates=papers,
        waivable=waiting,
        kept_now=kept,
        others=others,
        messages=[_message(one) for one in said],
        events=[(event_words(one), one.at, event_by(one)) for one in happened],
        can_write=asked.state is not State.CANCELLED,
        typed=typed,
        errors=errors or {},
        active="requests",
        spoken=way.state,
        status=422 if errors else 200,
    )


def _show_less(asked: PrivacyRequest, sight: Sight, typed: str = "", errors: dict[str, str] | None = None) -> Response:
    """State, dots and dates. htmx, which asks for a piece of the whole page, is sent to this one."""
    if wants_fragment():
        return go(url_for("requests.show", reference=asked.reference))
    with reading() as session:
        happened = timeline_of(session, asked.id, customer_only=True)
    way = progress_of(asked, happened)
    return page(
        "customer/requests/less.html",
        asked=asked,
        way=way,
        sight=sight,
        events=[(event_words(one, brief=True), one.at, event_by(one)) for one in happened],
        can_write=asked.state not in (State.CANCELLED, State.WAITING_CUSTOMER),
        typed=typed,
        errors=errors or {},
        active="requests",
        spoken=way.state,
        status=422 if errors else 200,
    )


def _message(one: Said) -> tuple[str, datetime, str, bool]:
    mine = one.side is Side.CUSTOMER
    return one.text, one.at, _("您") if mine else _("隐私部"), mine
