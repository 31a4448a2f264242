"""`POST /api/access-log`: looks that happened in the company's other systems, written into the same record."""

from flask import Blueprint, Response, jsonify

from privacy_center import clock
from privacy_center.looks import receive
from privacy_center.looks.receive import WrongBatch, read_batch, take_batch
from privacy_center.looks.systems import SystemRight
from privacy_center.web.api.system_calls import (
    answer_errors_in_json,
    calling_system,
    error_answer,
    refusal_json,
    sent_json,
)
from privacy_center.web.units import center, transaction

access_log = Blueprint("access_log", __name__, url_prefix="/api")
answer_errors_in_json(access_log)


@access_log.post("/access-log")
def write() -> Response:
    """Take a batch whole, or say what is wrong with it: 401 and 403 token, 413 size, 415 type, 422 entries, 429 too many."""
    at = clock.now()
    system = calling_system(SystemRight.WRITE_LOOKS, receive.BATCHES, at)
    looks = read_batch(sent_json(), center().settings.access_log_months, at)
    with transaction() as session:
        done = take_batch(session, system.name, looks, at)
    return jsonify({"written": done.written, "known": done.known})


@access_log.errorhandler(WrongBatch)
def refuse_batch(refusal: WrongBatch) -> Response:
    """What is wrong with a batch, entry by entry."""
    told = refusal_json(refusal)
    told["entries"] = [
        {"place": one.place, "id": one.id, "field": one.field, "message": one.words.as_json()} for one in refusal.faults
    ]
    return error_answer(refusal.status, told)
