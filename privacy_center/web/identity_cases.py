"""For whom a code is not enough: four pages that say what is needed and why, and a form behind a proven contact."""

from flask import Blueprint, Response, abort, request, url_for
from flask import session as browser

from privacy_center.errors import Refusal
from privacy_center.people.identity_cases.models import Path
from privacy_center.people.sign_in import code_refusal
from privacy_center.web.code_attempt import attempt_for, send_code, take_code
from privacy_center.web.device import keep_device
from privacy_center.web.filters import words
from privacy_center.web.identity_case_form import take_in_case, typed_facts
from privacy_center.web.identity_case_words import DESTROYED, PATHS, SEEN_BY, SEEN_BY_TWO, URLS
from privacy_center.web.page import go, page
from privacy_center.web.units import center
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_in, visitor

identity_cases = Blueprint("identity_cases", __name__, url_prefix="/help")

ACTION = "ask_for_help"


@identity_cases.route("/<path>", methods=["GET", "POST"])
def path(path: str) -> Response:
    """Which proof, why, who sees it, when it is destroyed; and a code to a contact that reaches the asker."""
    _path_of(path)
    if request.method == "GET":
        return _path_page(path)
    try:
        send_code(request.form.get("contact", ""), ACTION)
    except Refusal as refusal:
        return _path_page(path, refusal)
    return go(url_for("identity_cases.code", path=path))


@identity_cases.route("/<path>/code", methods=["GET", "POST"])
def code(path: str) -> Response:
    """The code; a right one signs the asker in, so that they can follow the case."""
    _path_of(path)
    attempt = attempt_for(ACTION)
    if not attempt:
        return go(url_for("identity_cases.path", path=path))
    if request.method == "GET":
        return _code_page(path, attempt)
    try:
        tokens = take_code(attempt, request.form.get("code", ""), ACTION)
    except Refusal as refusal:
        return _code_page(path, attempt, refusal)
    if tokens is None:
        return _code_page(path, attempt, code_refusal())
    browser.clear()
    answer = let_in(go(url_for("identity_cases.form", path=path)), CUSTOMER_COOKIE, tokens[0])
    return keep_device(answer, tokens[1])


@identity_cases.route("/<path>/form", methods=["GET", "POST"])
def form(path: str) -> Response:
    """What is asked, whom it concerns, and pictures. The answer is the same whether or not the person is known."""
    kind = _path_of(path)
    if visitor() is None:
        return go(url_for("identity_cases.path", path=path))
    if request.method == "GET":
        return _form_page(path, kind, {})
    reference, errors, status = take_in_case(kind)
    if reference:
        return go(url_for("for_others.sent", reference=reference))
    return _form_page(path, kind, errors, status)


def _path_of(given: str) -> Path:
    kind = URLS.get(given)
    return kind if kind is not None else abort(404)


def _path_page(path: str, refusal: Refusal | None = None) -> Response:
    return page(
        "public/identity_cases/path.html",
        path=path,
        it=PATHS[URLS[path]],
        seen_by=SEEN_BY_TWO if URLS[path] is Path.DECEASED else SEEN_BY,
        destroyed=DESTROYED,
        typed=request.form.get("contact", ""),
        errors={"contact": words(refusal.words)} if refusal else {},
        status=refusal.status if refusal else 200,
    )


def _code_page(path: str, attempt: dict[str, str], refusal: Refusal | None = None) -> Response:
    return page(
        "public/identity_cases/code.html",
        path=path,
        sent_to=attempt["to"],
        errors={"code": words(refusal.words)} if refusal else {},
        status=refusal.status if refusal else 200,
    )


def _form_page(path: str, kind: Path, errors: dict[str, str], status: int = 200) -> Response:
    return page(
        "public/identity_cases/form.html",
        path=path,
        kind=kind.value,
        it=PATHS[kind],
        typed=typed_facts(),
        wants=request.form.get("wants", ""),
        watermark=request.method == "GET" or request.form.get("watermark") == "yes",
        largest=center().settings.evidence_largest_mb,
        errors=errors,
        status=status,
    )
