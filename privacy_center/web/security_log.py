"""The log of what was refused: one line of JSON on the logger `privacy_center.security`, for whoever watches the doors.

What opened is in the record. What did not open is here, and not there: a record that strangers fill by guessing would name
people who were only guessed at. A line names no contact and no address: the client's address is a keyed hash.
"""

import json
import logging

from flask import Flask, Response, request

from privacy_center import clock
from privacy_center.web.units import center
from privacy_center.web.visitor import visitor

_log = logging.getLogger("privacy_center.security")
REFUSED = {401, 403, 429}
WRONG = 422
PROOFS = (
    "sign_in",
    "ways.",
    "order.",
    "oidc.",
    "fresh.",
    "staff.sign_in",
    "staff.second_step",
    "staff.passkey",
    "staff.confirm",
)


def note_refused(response: Response) -> Response:
    """Write a line when a page was refused, a proof was wrong, or somebody signed in asked for what is not theirs."""
    endpoint = request.endpoint or ""
    wrong_proof = response.status_code == WRONG and endpoint.startswith(PROOFS)
    if response.status_code in REFUSED or wrong_proof or (response.status_code == 404 and visitor() is not None):
        _log.warning(json.dumps(_line(endpoint, response.status_code, wrong_proof)))
    return response


def _line(endpoint: str, status: int, wrong_proof: bool) -> dict[str, object]:
    who = visitor()
    return {
        "at": clock.now().isoformat(),
        "event": "proof.wrong" if wrong_proof else "access.refused",
        "page": endpoint,
        "status": status,
        "door": who.door if who else "",
        "who": str(who.person) if who else "",
        "from": center().keyring.keyed_hash(request.remote_addr or "", "security_log.address")[:16],
    }


def install_security_log(app: Flask) -> None:
    """Look at every answer once it is made."""
    app.after_request(note_refused)
