"""For whom a code is not enough: four pages that say what is needed and why, and a form behind a proven contact."""

import secrets
import uuid

from flask import Blueprint, Response, abort, request, url_for
from flask import session as browser

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.contact import mask_contact
from privacy_center.people.identity import find_or_create_person
from privacy_center.people.identity_cases.models import Path
from privacy_center.people.sign_in import code_refusal, finish_proof, start_sign_in
from privacy_center.people.step_up import Proof
from privacy_center.web.device import keep_device
from privacy_center.web.filters import words
from privacy_center.web.identity_case_form import take_in_case, typed_facts
from privacy_center.web.identity_case_words import DESTROYED, PATHS, SEEN_BY, URLS
from privacy_center.web.language import language
from privacy_center.web.page import go, page
from privacy_center.web.units import center, transaction
from privacy_center.web.visitor import CUSTOMER_COOKIE, let_in, visitor
from privacy_center.web.welcome import open_for

identity_cases = Blueprint("identity_cases", __name__, url_prefix="/help")

ATTEMPT, ACTION = "help_contact", "ask_for_help"


@identity_cases.route("/<path>", methods=["GET", "POST"])
def path(path: str) -> Response:
    """Which proof, why, who sees it, when it is destroyed; and a code to a contact that reaches the asker."""
    _path_of(path)
    if request.method == "GET":
        return _path_page(path)
    try:
        _send_code(request.form.get("contact", ""))
    except Refusal as refusal:
        return _path_page(path, refusal)
    return go(url_for("identity_cases.code", path=path))


@identity_cases.route("/<path>/code", methods=["GET", "POST"])
def code(path: str) -> Response:
    """The code; a right one signs the asker in, so that they can follow the case."""
    _path_of(path)
    attempt = browser.get(ATTEMPT)
    if not attempt:
        return go(url_for("identity_cases.path", path=path))
    if request.method == "GET":
        return _code_page(path, attempt)
    try:
        tokens = _check_code(attempt, request.form.get("code", ""))
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


def _send_code(typed: str) -> None:
    bound = secrets.token_urlsafe(24)
    with transaction() as session:
        started = start_sign_in(
            session,
            typed=typed,
            browser_token=bound,
            address=request.remote_addr or "",
            language=language(),
            at=clock.now(),
            action=ACTION,
        )
    browser[ATTEMPT] = {"id": str(started.id), "browser": bound, "to": mask_contact(started.contact)}


def _check_code(attempt: dict[str, str], typed: str) -> tuple[str, str] | None:
    at = clock.now()
    with transaction() as session:
        contact = finish_proof(session, uuid.UUID(attempt["id"]), typed, attempt["browser"], ACTION, at)
        if contact is None:
            return None
        person = find_or_create_person(session, contact.kind, contact.value, at, language=language())
        return open_for(session, person.id, Proof("code", contact), at)


def _path_page(path: str, refusal: Refusal | None = None) -> Response:
    return page(
        "public/identity_cases/path.html",
        path=path,
        it=PATHS[URLS[path]],
        seen_by=SEEN_BY,
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
