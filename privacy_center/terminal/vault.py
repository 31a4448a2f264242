"""Commands on the vault: open what two people have agreed on."""

from argparse import Namespace

from privacy_center import clock
from privacy_center.audit.look import record_look
from privacy_center.center import Center
from privacy_center.errors import Refusal
from privacy_center.execution.vault import Opened
from privacy_center.execution.vault_opening import openings_of, read_opening
from privacy_center.people.staff.models import StaffMember
from privacy_center.people.staff.roster import find_staff
from privacy_center.privacy_requests.queries import request_by_reference
from privacy_center.terminal.say import say


def run_open(arguments: Namespace) -> int:
    """Show what is sealed of a request, once, to whoever asked for it on the staff pages and got a second person's word.

    Both have proven who they are there. Refuses while nobody has agreed; it is on record before it is shown.
    """
    center, at = Center.open(arguments.home), clock.now()
    with center.database.transaction() as session:
        by = _member(session, arguments.by)
        request = request_by_reference(session, arguments.reference)
        agreed = [one for one in openings_of(session, request, at) if one.agreed and one.asked_by == by.number]
        if not agreed:
            raise Refusal(
                "还没有人同意。请先在员工端的保险库页面写明事由，由另一个人同意，再运行这个命令。",
                "Nobody has agreed yet. Ask with a reason on the vault page of the staff side, "
                "let somebody else agree, and run this again.",
            )
        rows = read_opening(session, request, agreed[0].id, by=by, at=at)
        record_look(
            session, actor=by.as_actor(), subject=request.person_id, data=_categories(center, rows),
            purpose="request.review", case=request.reference, act="data.reveal", channel="terminal",
            more={"page": "vault", "records": len(rows)}, at=at,
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
