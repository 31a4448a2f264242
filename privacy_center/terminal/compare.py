"""Commands `request compare` and `request redraft`: what a look today would do otherwise than the frozen plan, and its use."""

from argparse import Namespace
from typing import Any

from privacy_center import clock
from privacy_center.people.staff.models import Role
from privacy_center.plans.compare import Change
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.redraft import keep_second_draft, look_again
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.requests import staff_member
from privacy_center.terminal.say import say, spoken
from privacy_center.terminal.show import describe_request, request_lines


def run_compare(arguments: Namespace) -> int:
    """Draft the plan of a request in review once more and say what differs; nothing is written anywhere."""
    center = open_to_act(arguments.home)
    with center.database.reading() as session:
        request = request_by_reference(session, arguments.reference)
        again = look_again(session, center, request, center.today(clock.now()))
        document: dict[str, Any] = {
            "reference": request.reference,
            "same": again.same,
            "frozen": again.frozen.digest,
            "now": again.drafted.digest,
            "rules_changed": again.rules_changed,
            "changes": [_as_json(one) for one in again.changes],
            "problems": [
                {"collection": one.collection, "blocking": one.blocking, "words": spoken(one.words)}
                for one in again.drafted.problems
            ],
        }
    say(arguments, document, _lines(document))
    return 0


def run_redraft(arguments: Namespace) -> int:
    """Put the plan of a look today in place of the frozen one; refuses (409) outside of review. Shows the request with it."""
    center, at = open_to_act(arguments.home), clock.now()
    with center.database.transaction() as session:
        request = request_by_reference(session, arguments.reference)
        by = staff_member(session, arguments.by, Role.REVIEWER, at)
        again = look_again(session, center, request, center.today(at))
        if not again.same:
            keep_second_draft(session, center, request, again, by=by, version=request.version, at=at)
        document = describe_request(session, center, request)
    say(arguments, document, request_lines(document))
    return 0


def _as_json(one: Change) -> dict[str, Any]:
    was, now = ({"verdict": step[0].value, "action": step[1].value} if step else None for step in (one.was, one.now))
    return {"collection": one.collection, "kind": one.kind, "was": was, "now": now, "rows": one.rows}


def _lines(document: dict[str, Any]) -> list[str]:
    lines = [
        f"{one['collection']:40} {one['kind']:8} {one['rows']:6}  {_step(one['was'])} -> {_step(one['now'])}"
        for one in document["changes"]
    ]
    lines += [f"{'!' if one['blocking'] else '·'} {one['collection']}: {one['words']}" for one in document["problems"]]
    if document["rules_changed"]:
        lines.append("the rules are others now")
    if document["same"]:
        return [*lines, "same plan"]
    alike = document["frozen"] == document["now"]
    told = f"digest {document['frozen'][:16]} -> {document['now'][:16]}"
    return [*lines, "same rows; what stands in the way has changed" if alike else told]


def _step(told: dict[str, str] | None) -> str:
    return told["action"] if told else "none"
