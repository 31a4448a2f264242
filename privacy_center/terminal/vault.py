"""Commands on the vault: open."""

from argparse import Namespace

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.center import Center
from privacy_center.errors import Refusal
from privacy_center.execution.vault import Opened, open_vault
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.terminal.say import say


def run_open(arguments: Namespace) -> int:
    """Show what is sealed of a request, on the word of two people and with a reason; it is on record before it is shown."""
    center = Center.open(arguments.home)
    with center.database.transaction() as session:
        by, second = (_member(session, number) for number in (arguments.by, arguments.second))
        request = request_by_reference(session, arguments.reference)
        rows = open_vault(session, request, by=by, second=second, reason=arguments.reason, at=clock.now())
        record_look(
            session, actor=by.as_actor(), subject=request.person_id, data=_categories(center, rows),
            purpose="request.review", case=request.reference, act="data.reveal", channel="terminal",
            more={"page": "vault", "records": len(rows)}, at=clock.now(),
        )  # fmt: skip
    document = [{"collection": row.collection, "key": row.key, "values": row.values} for row in rows]
    say(arguments, document, [f"{row.collection} {row.key}: {row.values}" for row in rows])
    return 0


def _categories(center: Center, rows: list[Opened]) -> set[str]:
    """The data categories of what was opened; of a field that left the map, that it is about a person."""
    found = set()
    for row in rows:
        collection = center.data_map.collections.get(row.collection)
        fields = collection.fields if collection else {}
        for name in row.values:
            found |= set(fields[name].data_categories) if name in fields else {"user"}
    return found


def _member(session, number: str) -> StaffMember:
    found = find_staff(session, number)
    if found is None:
        raise Refusal(f"没有工号 {number}。", f"There is no staff number {number}.")
    return found
