"""The command that lists requests."""

from argparse import Namespace
from typing import Any

import sqlalchemy as sa

from privacy_center.errors import Refusal
from privacy_center.execution.residue import count_open_hits
from privacy_center.privacy_requests.models import PrivacyRequest, State
from privacy_center.terminal.opening import open_to_act
from privacy_center.terminal.say import say


def run_list(arguments: Namespace) -> int:
    """Requests by the day they are due, with what a later scan found and nobody has settled."""
    center = open_to_act(arguments.home)
    wanted = sa.select(PrivacyRequest).order_by(PrivacyRequest.due_on, PrivacyRequest.received_at)
    if arguments.state:
        wanted = wanted.where(PrivacyRequest.state == _state(arguments.state))
    with center.database.reading() as session:
        finds = count_open_hits(session)
        rows = [
            {
                "reference": one.reference,
                "kind": one.kind.value,
                "state": one.state.value,
                "due_on": one.due_on.isoformat(),
                "unexplained": finds.get(one.id, 0),
            }
            for one in session.scalars(wanted)
        ]
    say(arguments, rows, [_line(row) for row in rows])
    return 0


def _line(row: dict[str, Any]) -> str:
    later = f"  {row['unexplained']} found later" if row["unexplained"] else ""
    return f"{row['reference']}  {row['kind']:10} {row['state']:20} {row['due_on']}{later}"


def _state(text: str) -> State:
    try:
        return State(text)
    except ValueError as error:
        known = ", ".join(one.value for one in State)
        raise Refusal(
            f"没有 {text} 这个状态。可用：{known}", f"There is no state {text}. There are: {known}"
        ) from error
