"""What every call of the company's other systems has in common: a token, JSON in and out, refusals in JSON.

A token instead of a cookie, so there is no form of ours that another site could send.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from privacy_center.errors import Refusal
from privacy_center.looks.models import LogSystem
from privacy_center.looks.systems import SystemRight, find_system
from privacy_center.people.rate import Backoff, Limit, count_once, note_wrong, refuse_while_slowed
from privacy_center.web.units import transaction

LARGEST = 1024 * 1024
"""Bytes of one batch."""
WRONG_TOKENS = Backoff("access_log.token", free=20, longest=timedelta(minutes=5))
WAIT = 60
"""Seconds after which a system that sent too much tries again."""
_log = logging.getLogger("privacy_center.web")


def calling_system(right: SystemRight, limit: Limit, at: datetime) -> LogSystem:
    """The system whose token was sent. The count of its batches is kept whatever becomes of this one.

    Refuses a token that is unknown (401), without the right (403), or too often used (429). Wrong tokens are counted for
    each address: after twenty in a day they get 429 for a while. A right one is always taken, so that no system keeps
    another from calling.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    address = request.remote_addr or ""
    try:
        with transaction() as session:
            found = find_system(session, token if scheme.lower() == "bearer" else "", at, right=right)
            count_once(session, limit, found.name, at)
            session.flush()
            session.expunge_all()
    except Refusal as refusal:
        if refusal.status == 401:
            with transaction() as session:
                refuse_while_slowed(session, WRONG_TOKENS, address, at)
                note_wrong(session, WRONG_TOKENS, address, at)
        raise
    return found


def sent_json() -> Any:
    """The JSON that was sent; refuses another type (415), more than 1 MiB (413), and what is no JSON (422)."""
    request.max_content_length = LARGEST
    if request.mimetype != "application/json":
        raise Refusal("请用 application/json 发送。", "Send it as application/json.", status=415)
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise Refusal("内容不是 JSON。", "The content is no JSON.", status=422) from None


def answer_errors_in_json(blueprint: Blueprint) -> None:
    """Every refusal and error of a blueprint as JSON, in both languages."""
    blueprint.register_error_handler(Refusal, _refuse)
    blueprint.register_error_handler(HTTPException, _refuse_http)
    blueprint.register_error_handler(Exception, _break_down)


def error_answer(status: int, told: dict[str, Any]) -> Response:
    """An error as JSON, with the headers that belong to its status."""
    response = jsonify({"error": told})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response.headers["Retry-After"] = str(WAIT)
    return response


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """What is wrong in both languages, with the field where there is one."""
    told: dict[str, Any] = {"message": refusal.words.as_json()}
    if refusal.field:
        told["field"] = refusal.field
    return told


def _refuse(refusal: Refusal) -> Response:
    return error_answer(refusal.status, refusal_json(refusal))


def _refuse_http(error: HTTPException) -> Response:
    """A body that is too large, and the like."""
    if isinstance(error, RequestEntityTooLarge):
        message = {"zh-CN": "一批最多 1 MiB。请分成几批。", "en": "A batch may have 1 MiB. Send it in parts."}
        return error_answer(413, {"message": message})
    return error_answer(error.code or 500, {"message": {"zh-CN": "没有办成。", "en": "It could not be done."}})


def _break_down(_error: Exception) -> Response:
    """What nobody foresaw: nothing was kept, so the same batch may be sent again."""
    _log.exception("unforeseen error in a call of another system")
    message = {
        "zh-CN": "我们这边出了问题，没有写入。请稍后重发。",
        "en": "Our fault; nothing was kept. Send it again later.",
    }
    return error_answer(500, {"message": message})
