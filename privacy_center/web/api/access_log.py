"""`POST /api/access-log`: looks that happened in the company's other systems, written into the same record.

A token instead of a cookie, JSON in and out, so there is no form of ours that another site could send.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.looks.models import LogSystem
from privacy_center.looks.receive import WrongBatch, count_batch, read_batch, take_batch
from privacy_center.looks.systems import find_system
from privacy_center.people.rate import Backoff, note_wrong, refuse_while_slowed
from privacy_center.web.units import center, transaction

access_log = Blueprint("access_log", __name__, url_prefix="/api")
LARGEST = 1024 * 1024
"""Bytes of one batch."""
WRONG_TOKENS = Backoff("access_log.token", free=20, longest=timedelta(minutes=5))
WAIT = 60
"""Seconds after which a system that sent too much tries again."""
_log = logging.getLogger("privacy_center.web")


@access_log.post("/access-log")
def write() -> Response:
    """Take a batch whole, or say what is wrong with it: 401 token, 413 size, 415 type, 422 entries, 429 too many."""
    at = clock.now()
    system = _who(at)
    looks = read_batch(_body(), center().settings.access_log_months, at)
    with transaction() as session:
        done = take_batch(session, system.name, looks, at)
    return jsonify({"written": done.written, "known": done.known})


def _who(at: datetime) -> LogSystem:
    """The system whose token was sent. The count of its batches is kept whatever becomes of this one.

    Wrong tokens are counted for each address: after twenty in a day they get 429 for a while. A right one is always taken,
    so that no system keeps another from writing.
    """
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    address = request.remote_addr or ""
    try:
        with transaction() as session:
            found = find_system(session, token if scheme.lower() == "bearer" else "", at)
            count_batch(session, found.name, at)
            session.flush()
            session.expunge_all()
    except Refusal as refusal:
        if refusal.status == 401:
            with transaction() as session:
                refuse_while_slowed(session, WRONG_TOKENS, address, at)
                note_wrong(session, WRONG_TOKENS, address, at)
        raise
    return found


def _body() -> Any:
    request.max_content_length = LARGEST
    if request.mimetype != "application/json":
        raise Refusal("请用 application/json 发送。", "Send it as application/json.", status=415)
    try:
        return json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError):
        raise Refusal("内容不是 JSON。", "The content is no JSON.", status=422) from None


@access_log.errorhandler(Refusal)
def refuse(refusal: Refusal) -> Response:
    """What is wrong in both languages; for a batch, entry by entry."""
    told: dict[str, Any] = {"message": refusal.words.as_json()}
    if refusal.field:
        told["field"] = refusal.field
    if isinstance(refusal, WrongBatch):
        told["entries"] = [
            {"place": one.place, "id": one.id, "field": one.field, "message": one.words.as_json()}
            for one in refusal.faults
        ]
    return _answer(refusal.status, told)


@access_log.errorhandler(HTTPException)
def refuse_http(error: HTTPException) -> Response:
    """A body that is too large, and the like."""
    if isinstance(error, RequestEntityTooLarge):
        message = {"zh-CN": "一批最多 1 MiB。请分成几批。", "en": "A batch may have 1 MiB. Send it in parts."}
        return _answer(413, {"message": message})
    return _answer(error.code or 500, {"message": {"zh-CN": "没有办成。", "en": "It could not be done."}})


@access_log.errorhandler(Exception)
def break_down(_error: Exception) -> Response:
    """What nobody foresaw: nothing was kept, so the same batch may be sent again."""
    _log.exception("unforeseen error at the access log")
    message = {
        "zh-CN": "我们这边出了问题，没有写入。请稍后重发。",
        "en": "Our fault; nothing was kept. Send it again later.",
    }
    return _answer(500, {"message": message})


def _answer(status: int, told: dict[str, Any]) -> Response:
    response = jsonify({"error": told})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        response.headers["Retry-After"] = str(WAIT)
    return response
