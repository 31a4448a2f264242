"""The command that puts off the day of a reply: proposed by one person, confirmed or rejected by another."""

from argparse import Namespace

from privacy_center import clock
from privacy_center.errors import Refusal
from privacy_center.people.staff.models import Role
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.review.decide import lock_request
from privacy_center.review.duties import policy_of
from privacy_center.review.extensions import propose_extension, settle_extension
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.requests import staff_member
from privacy_center.terminal.say import say
from privacy_center.terminal.show import clock_lines, describe_request


def run_extend(arguments: Namespace) -> int:
    """Propose an extension, or as a second person confirm or reject the one that waits; the customer is told once it is confirmed."""
    answer = arguments.answer or arguments.flag
    _check(arguments, answer)
    center, at = open_to_act(arguments.home), clock.now()
    with center.database.transaction() as session:
        request = request_by_reference(session, arguments.reference)
        by = staff_member(session, arguments.by, Role.REVIEWER, at)
        lock_request(session, request, request.version)
        if answer:
            made = settle_extension(session, request, agree=answer == "confirm", by=by, at=at)
        else:
            made = propose_extension(
                session,
                request,
                to=arguments.until,
                reason_code=arguments.reason,
                text=arguments.text,
                by=by,
                policy=policy_of(center.settings),
                at=at,
            )
        document = describe_request(session, center, request) | {"extension": made.state.value}
    say(arguments, document, [f"{arguments.reference}  due {document['due_on']}", *clock_lines(document)])
    return 0


def _check(arguments: Namespace, answer: str | None) -> None:
    """Refuses (422) a proposal without its day, and an answer that also proposes."""
    if answer is None and arguments.until is None:
        raise Refusal(
            "请用 --until 写新的答复期限，用 --reason 写理由代码；复核别人提出的延长，写 confirm 或 reject。",
            "Give the new last day with --until and a reason code with --reason; to answer an extension that waits, "
            "write confirm or reject.",
            status=422,
        )
    if answer and (arguments.until or arguments.reason or arguments.text):
        raise Refusal(
            "复核时不能改日期和理由。不同意请写 reject，再重新提出。",
            "A second review changes neither day nor reason. Write reject, then propose again.",
            status=422,
        )
